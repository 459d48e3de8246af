"""Who may send which rung of the ladder, and when: a district's dated setting, or the default of practitioners.

By default the task-force office reminds, the district's government (its supervision office, its office, its leaders)
supervises, circulates and summons. A branch of a bureau never circulates or summons a township government.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from django.db.models import Q, QuerySet

from commitments.models import LadderRule
from projects.ledger.models import Project
from projects.ledger.selectors.participation import named_into
from registry.accounts.choices import OrganisationKind
from registry.accounts.models import Organisation
from registry.kernel.ladder import OFFSETS, Rung

OFFICES: Final = (OrganisationKind.DISTRICT_TASK_FORCE, OrganisationKind.CITY_TASK_FORCE)
GOVERNMENT: Final = (OrganisationKind.GOVERNMENT,)
SENDERS: Final[Mapping[Rung, tuple[str, ...]]] = {
    Rung.REMINDER: OFFICES,
    Rung.SECOND: OFFICES,
    Rung.SUPERVISION: GOVERNMENT,
    Rung.CIRCULAR: GOVERNMENT,
    Rung.SUMMONS: GOVERNMENT,
}
WHO: Final[Mapping[Rung, str]] = {
    Rung.REMINDER: "工作专班办公室",
    Rung.SECOND: "工作专班办公室",
    Rung.SUPERVISION: "区人民政府办公室",
    Rung.CIRCULAR: "区人民政府办公室或领导小组",
    Rung.SUMMONS: "区领导（由区人民政府办公室发通知）",
}
BRANCHES: Final = (OrganisationKind.DEPARTMENT, OrganisationKind.REGISTRATION_CENTRE, OrganisationKind.TAX)
ABOVE_BRANCHES: Final = (Rung.CIRCULAR, Rung.SUMMONS)


@dataclass(frozen=True)
class Ladder:
    """The setting of a district on a day: offsets and senders by rung."""

    offsets: Mapping[Rung, int]
    senders: Mapping[Rung, tuple[str, ...]]


DEFAULT: Final = Ladder(OFFSETS, SENDERS)


def ladders_on(district_codes: Iterable[str], on: date) -> Mapping[str, Ladder]:
    """Return the setting of each district on a day; the default where none is laid down. One query."""
    wanted = set(district_codes)
    rules = LadderRule.objects.filter(district_code__in=wanted, effective_on__lte=on).order_by("effective_on", "id")
    found = dict.fromkeys(wanted, DEFAULT)
    for rule in rules:
        found[rule.district_code] = ladder_of(rule)
    return found


def ladder_of(rule: LadderRule) -> Ladder:
    """Read a stored setting; a rung it does not name keeps its default senders. No query."""
    return Ladder(
        {rung: rule.offsets[rung.value] for rung in Rung},
        {rung: tuple(rule.senders.get(rung.value, SENDERS[rung])) for rung in Rung},
    )


def organ_for(project: Project, rung: Rung, ladder: Ladder) -> Organisation | None:
    """Return the organ that sends a rung in a project, the district's own before the city's. One query.

    An organ beside the task forces counts only where it is named into the project: of the departments that see it by
    the rule of their kind, none is the one that presses for it.
    """
    named = ladder.senders[rung]
    near = Q(area_code__in=(project.district_code, ""))
    inside = Q(kind__in=OFFICES) | Q(pk__in=named_into(project))
    found: Organisation | None = (
        Organisation.objects.filter(near, inside, Q(kind__in=named) | Q(code__in=named), is_active=True)
        .order_by("-area_code", "code")
        .first()
    )
    return found


def may_send(organ: Organisation, rung: Rung, ladder: Ladder, promisor: Organisation) -> bool:
    """Return whether an organ sends a rung to a promisor. No query."""
    named = {organ.kind, organ.code} & set(ladder.senders[rung])
    return bool(named) and organ.pk != promisor.pk and not is_below(organ, rung, promisor)


def is_below(organ: Organisation, rung: Rung, promisor: Organisation) -> bool:
    """Return whether a branch of a bureau would circulate or summon a government. No query."""
    to_government = promisor.kind in (OrganisationKind.TOWNSHIP, OrganisationKind.GOVERNMENT)
    return rung in ABOVE_BRANCHES and organ.kind in BRANCHES and to_government


def sender_words(named: Iterable[str] | None, rung: Rung) -> str:
    """Say who sends a rung: the organisations named by code or kind, or the default. One query at most."""
    wanted = list(named or ())
    if not wanted or set(wanted) == set(SENDERS[rung]):
        return WHO[rung]
    names = dict(Organisation.objects.filter(code__in=wanted).values_list("code", "name"))
    kinds = dict(OrganisationKind.choices)
    return "、".join(names.get(one) or str(kinds.get(one, one)) for one in wanted)


def ladder_rules_in_force(on: date) -> list[tuple[str, str, LadderRule | None, list[tuple[str, int, str]]]]:
    """Return every district of the ledger with its rule and its rungs. Two queries, one a named rung."""
    districts = list(Project.objects.order_by("district_code").values_list("district_code", "district_name").distinct())
    rules = LadderRule.objects.select_related("proposed_by", "approved_by").filter(effective_on__lte=on)
    latest = {rule.district_code: rule for rule in rules.order_by("effective_on", "id")}
    found = []
    for code, name in districts:
        ladder = ladder_of(latest[code]) if code in latest else DEFAULT
        rungs = [(one.label, ladder.offsets[one], sender_words(ladder.senders[one], one)) for one in Rung]
        found.append((code, name, latest.get(code), rungs))
    return found


def ladder_shown(district_code: str, on: date) -> dict[str, Any]:
    """Return what the page of a district's ladder shows: days by rung, and the senders named. One query."""
    rules = LadderRule.objects.filter(district_code=district_code, effective_on__lte=on)
    rule = rules.order_by("-effective_on", "-id").first()
    ladder = ladder_of(rule) if rule else DEFAULT
    named = {name: sorted(codes) for name, codes in (rule.senders if rule else {}).items() if codes}
    return {"offsets": {rung.value: ladder.offsets[rung] for rung in Rung}, "senders": named}


def organs_of(district_code: str) -> "QuerySet[Organisation]":
    """Return the organisations of a district and the city that may be named as senders. No query yet."""
    found: QuerySet[Organisation] = Organisation.objects.filter(
        area_code__in=("", district_code), is_active=True, kind__in=(*OFFICES, *GOVERNMENT)
    )
    return found.order_by("-area_code", "code")
