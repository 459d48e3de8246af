"""Conditions of C types: what is checked, and what an instrument still lacks. Commitments ask before they sign."""

from collections.abc import Iterable
from datetime import date

from projects.gates.models import Blocker, ConditionCheck, LiftKind


def checks_of(blocker: Blocker) -> list[ConditionCheck]:
    """List the recorded checks of a blocker's condition, the last first. One query."""
    return list(ConditionCheck.objects.filter(blocker=blocker).order_by("-checked_on", "-id"))


def unchecked_conditions(blockers: Iterable[Blocker], *, on: date) -> list[tuple[str, str]]:
    """Return the number and condition of each C blocker without a recorded check by a day. One query."""
    wanted = {blocker.pk: blocker for blocker in blockers if blocker.type.lift == LiftKind.CONDITIONAL}
    checks = ConditionCheck.objects.filter(blocker__in=wanted, checked_on__lte=on)
    met = set(checks.values_list("blocker_id", flat=True))
    return [(one.number, one.type.condition) for key, one in wanted.items() if key not in met]
