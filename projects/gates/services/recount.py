"""Counting the figures of every project anew, once, when a release counts by other rules than the one before."""

from typing import Final

from projects.gates.models import ReadinessSpan
from projects.gates.services.readiness import refresh_readiness
from projects.ledger.models import Project
from registry.audit.recording import record
from registry.audit.selectors import has_happened
from registry.kernel.authority import Actor, Permission
from registry.kernel.errors import Refused
from registry.store.acts import write

RULES: Final = "2022-4"  # each building as it was on the day; a home is counted from the day it came into the books
PORTION: Final = 20


def is_counted_before() -> bool:
    """Return whether there are figures that were counted by the rules of an earlier release. Three queries at most."""
    if not ReadinessSpan.objects.exists():
        return False
    return not any(has_happened(event, rules=RULES) for event in ("figures.recounted", "figures.counted"))


@write(Permission.AUDIT_VERIFY)
def note_counted(*, actor: Actor) -> int:
    """Note that a database which was just filled was counted by the rules of today: its next start counts nothing anew.

    Returns how many projects. Refused if that is known already.
    """
    if not is_counted_before():
        raise Refused("各项目的数已按现行口径算过，不必再记。", code="counted")
    count: int = Project.objects.count()

    record(event="figures.counted", facts={"rules": RULES, "projects": count})
    return count


@write(Permission.AUDIT_VERIFY)
def recount_figures(*, actor: Actor) -> int:
    """Count the figures of every project by the rules of today; return how many projects. Once for each rules.

    What was counted before stays as it was known: closed months do not change.
    """
    if not is_counted_before():
        raise Refused("各项目的数已按现行口径算过，不必再算。", code="counted")
    keys = list(Project.objects.order_by("id").values_list("id", flat=True))
    for start in range(0, len(keys), PORTION):
        refresh_readiness(keys[start : start + PORTION])

    record(event="figures.recounted", facts={"rules": RULES, "projects": len(keys)})
    return len(keys)
