"""What a policy has done since it was issued (features F4): the instruments under it, and what they did."""

from collections.abc import Iterable
from dataclasses import dataclass

from commitments.models import Instrument, InstrumentState
from projects.casework.models import Policy
from projects.gates.selectors.facts import facts_of
from projects.ledger.models import Unit
from registry.kernel.authority import Actor
from registry.kernel.gates import ProjectFacts
from registry.kernel.scope import NOTHING, Scope
from registry.kernel.stages import Use

GONE = (InstrumentState.WITHDRAWN,)
LIMIT = 60


@dataclass(frozen=True)
class Result:
    """One instrument under a policy: the homes that it lifts something for, and those of them issued since."""

    instrument: Instrument
    blockers: tuple[str, ...]
    homes: int
    issued: int


def policy_results(actor: Actor, policy: Policy) -> list[Result]:
    """List what rests on a policy within the actor's reach, newest first. Three queries, and more each."""
    rows = Instrument.objects.visible_to(actor).filter(policy=policy).exclude(state__in=GONE)
    instruments = list(
        rows.select_related("project", "issuer").prefetch_related("clauses__blocker").order_by("-id")[:LIMIT]
    )
    facts = facts_of(sorted({one.project_id for one in instruments if one.effective_on}))
    return [_result(one, facts) for one in instruments]


def _result(instrument: Instrument, facts: dict[int, ProjectFacts]) -> Result:
    clauses = list(instrument.clauses.all())
    numbers = tuple(dict.fromkeys(clause.blocker.number for clause in clauses))
    known = facts.get(instrument.project_id)
    if known is None or instrument.effective_on is None:
        return Result(instrument, numbers, 0, 0)
    lifted = union_of(Scope.from_data(one.scope_in) - Scope.from_data(one.scope_out) for one in clauses)
    homes = [
        key
        for columns in known.buildings
        for key in columns.units_of(lifted.mask(columns) & columns.use_mask(Use.DWELLING))
    ]
    issued = Unit.objects.filter(
        building__project=instrument.project, certificate="issued", certificate_on__gte=instrument.effective_on
    )
    since = set(issued.values_list("id", flat=True))
    return Result(instrument, numbers, len(homes), len(since.intersection(homes)))


def union_of(scopes: Iterable[Scope]) -> Scope:
    """Join scopes into one that catches what any of them does."""
    found = NOTHING
    for scope in scopes:
        found |= scope
    return found
