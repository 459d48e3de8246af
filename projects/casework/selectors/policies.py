"""Reading policies, what they propose, and what a draft would free before it is issued (features F4)."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date

from django.db.models import Count, Q, QuerySet

from projects.casework.choices import ProposalState
from projects.casework.models import LiftProposal, Policy, PolicyLift
from projects.casework.models.policies import PolicyLevel
from projects.gates.models import Blocker
from projects.gates.selectors.facts import facts_of
from projects.ledger.models import Project
from registry.kernel.authority import Actor
from registry.kernel.errors import NotFound
from registry.kernel.gates import GateTable, ProjectFacts, ReliefFact, compute_gates
from registry.kernel.scope import EVERYTHING
from registry.kernel.stages import Use
from registry.lists.orders import Order, by_heads, by_pinyin, if_any, ranked

CHUNK = 40


POLICY_ORDERS = (  # of the page and of its export
    Order("newest", "最近起草", ("-id",)),
    *by_heads(
        {
            "title": by_pinyin("title"),
            "level": ranked("level", PolicyLevel),
            "organ": by_pinyin("organ"),
            "issued_on": if_any("issued_on"),
            "proposed": "proposed",
            "used": "used",
            "waiting": "waiting",
        },
        tie=("-id",),
    ),
)


def policies_for(actor: Actor) -> "QuerySet[Policy]":
    """Return the policies that concern the actor: the city's, and its district's. No query yet."""
    found: QuerySet[Policy] = Policy.objects.annotate(
        waiting=Count(
            "proposals",
            filter=Q(
                proposals__state=ProposalState.WAITING,
                proposals__blocker__resolved_on__isnull=True,
                proposals__blocker__withdrawn_reason="",
            ),
        ),
        used=Count("proposals", filter=Q(proposals__state=ProposalState.USED)),
        proposed=Count("proposals"),
    )
    if actor.area_code:
        found = found.filter(district_code__in=("", actor.area_code[:6]))
    return found.prefetch_related("lifts__type").order_by("-id")


def policy_by_code(actor: Actor, code: str) -> Policy:
    """Find a policy. Two queries."""
    found = policies_for(actor).filter(code=code).first()
    if found is None:
        raise NotFound(f"没有{code}这份政策。")
    return found


def lifts_of(policy: Policy) -> list[PolicyLift]:
    """List the types a policy lifts. One query."""
    return list(policy.lifts.select_related("type").order_by("type__code"))


def conditions_by_code(policy: Policy) -> dict[str, str]:
    """Return the condition of each type that a policy may lift, by its code. One query."""
    return {lift.type.code: lift.condition for lift in lifts_of(policy)}


def policies_in_force(district_code: str, on: date) -> "QuerySet[Policy]":
    """Return the policies on which an instrument in a district may rest. No query yet."""
    running: QuerySet[Policy] = Policy.objects.filter(Q(ended_on__isnull=True) | Q(ended_on__gt=on), issued_on__lte=on)
    return running.filter(district_code__in=("", district_code)).order_by("level", "code")


def blockers_under(types: Collection[int], *, district_code: str = "") -> "QuerySet[Blocker]":
    """Return the open blockers of some types, in one district or the city. No query yet."""
    found: QuerySet[Blocker] = Blocker.objects.filter(
        type__in=types, resolved_on__isnull=True, withdrawn_reason="", project__merged_into__isnull=True
    )
    if district_code:
        found = found.filter(project__district_code=district_code)
    return found.select_related("project", "type", "responsible").order_by("project__code", "number")


def proposals_of(policy: Policy, actor: Actor) -> "QuerySet[LiftProposal]":
    """Return what a policy proposes within the actor's reach. No query yet."""
    found: QuerySet[LiftProposal] = LiftProposal.objects.visible_to(actor).filter(policy=policy)
    return found.select_related("blocker__project", "blocker__type").order_by("state", "blocker__project__code", "id")


def proposal_of(actor: Actor, key: int) -> LiftProposal:
    """Find one proposal. One query."""
    found: LiftProposal | None = (
        LiftProposal.objects.visible_to(actor).select_related("policy", "blocker__project").filter(pk=key).first()
    )
    if found is None:
        raise NotFound("没有这条建议。")
    return found


@dataclass(frozen=True)
class Freed:
    """What a policy would free in a project if every blocker it covers were lifted for the innocent."""

    project: Project
    blockers: tuple[Blocker, ...]
    homes: int
    others: int

    @property
    def is_freeing(self) -> bool:
        """Whether any unit would be freed; else something else stands in the way."""
        return bool(self.homes or self.others)


def policy_effect(actor: Actor, types: Collection[int], on: date, *, district_code: str = "") -> list[Freed]:
    """Return what a policy would free, project by project, most homes first. Reads only; writes nothing.

    Homes are counted once: shut as of `on`, cleared if the blockers of these types were lifted, those at fault never.
    One query, and the facts of forty projects at a time.
    """
    wanted = {one.pk for one in Project.objects.visible_to(actor).only("pk")}
    by_project: dict[int, list[Blocker]] = {}
    for blocker in blockers_under(types, district_code=district_code):
        if blocker.project_id in wanted and blocker.found_on <= on:
            by_project.setdefault(blocker.project_id, []).append(blocker)
    found = [
        _freed(facts, by_project[key], on)
        for keys in _batches(sorted(by_project))
        for key, facts in facts_of(keys).items()
    ]
    return sorted(found, key=lambda one: (-one.homes, -one.others, one.project.code))


def _batches(keys: Sequence[int]) -> Iterator[Sequence[int]]:
    return (keys[start : start + CHUNK] for start in range(0, len(keys), CHUNK))


def _freed(facts: ProjectFacts, blockers: Sequence[Blocker], on: date) -> Freed:
    """Gates are decided twice: as they are, and with a relief for everybody on each of the blockers."""
    before = compute_gates(facts, on=on)
    reliefs = tuple(ReliefFact(one.pk, EVERYTHING, on, None, "试算") for one in blockers)
    after = compute_gates(replace(facts, reliefs=(*facts.reliefs, *reliefs)), on=on)
    return Freed(
        blockers[0].project,
        tuple(blockers),
        _cleared(after, homes=True) - _cleared(before, homes=True),
        _cleared(after, homes=False) - _cleared(before, homes=False),
    )


def _cleared(table: GateTable, *, homes: bool) -> int:
    uses = [Use.DWELLING] if homes else [use for use in Use if use != Use.DWELLING]
    return table.count("cleared", uses=uses)
