"""The reliefs that answer the ledger's port, and the effect of a draft before it is signed."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from commitments.models import Clause, Instrument, InstrumentState
from projects.gates.selectors.facts import facts_of
from projects.ledger.models import Project
from registry.audit.selectors import values_then
from registry.kernel.gates import Gate, GateTable, ProjectFacts, ReliefFact, compute_gates
from registry.kernel.scope import BuildingColumns, Scope
from registry.kernel.stages import Use

RUNS = (
    InstrumentState.EFFECTIVE,
    InstrumentState.PERFORMING,
    InstrumentState.CLOSING,
    InstrumentState.VERIFIED,
    InstrumentState.BREACHED,
)
IN_FORCE = (*RUNS, InstrumentState.CLOSED, InstrumentState.REVOKED, InstrumentState.SUPERSEDED)


def reliefs(project_ids: Iterable[int], *, known_at: datetime | None = None) -> dict[int, list[ReliefFact]]:
    """Answer the port: every relief that the clauses of instruments give or gave, as known at a moment.

    One query; two more with `known_at`: a letter approved, ended or lapsed since was not so by then.
    """
    clauses = (
        Clause.objects.filter(
            blocker__project_id__in=list(project_ids),
            instrument__state__in=IN_FORCE,
            instrument__effective_on__isnull=False,
        )
        .select_related("instrument", "blocker")
        .order_by("instrument_id", "ordinal")
    )
    papers = values_then(Instrument.objects.filter(clauses__in=clauses), "state", known_at=known_at)
    lapses = values_then(clauses, "lapses_on", "past_lapses", known_at=known_at)
    known: dict[int, list[ReliefFact]] = defaultdict(list)
    for clause in clauses:
        state = papers.get(clause.instrument_id, {}).get("state", clause.instrument.state)
        if state in IN_FORCE:
            for name, value in lapses.get(clause.pk, {}).items():
                setattr(clause, name, value)
            if state in RUNS:
                clause.instrument.ended_on = None
            known[clause.blocker.project_id].extend(_unlapsed(clause))
    return known


def _unlapsed(clause: Clause) -> list[ReliefFact]:
    """The relief of a clause without the days on which it had lapsed, and until the day on which it will."""
    relief = relief_of(clause)
    starts = relief.starts
    parts: list[tuple[date, date | None]] = []
    for lapsed, returned in clause.past_lapses:
        parts.append((starts, date.fromisoformat(lapsed)))
        starts = max(starts, date.fromisoformat(returned))
    parts.append((starts, clause.lapses_on))
    bounded = [(start, min(filter(None, (end, relief.ends)), default=None)) for start, end in parts]
    return [replace(relief, starts=start, ends=end) for start, end in bounded if end is None or end > start]


def relief_of(clause: Clause, *, starting: date | None = None) -> ReliefFact:
    """Turn a clause into the relief it gives; `starting` is for a draft that is not yet effective."""
    instrument = clause.instrument
    starts = max(filter(None, (clause.starts, instrument.effective_on or starting)))
    ends = min(filter(None, (clause.ends, instrument.ended_on)), default=None)
    return ReliefFact(
        blocker_id=clause.blocker_id,
        scope=Scope.from_data(clause.scope_in) - Scope.from_data(clause.scope_out),
        starts=starts,
        ends=ends,
        label=f"{instrument}条款{clause.ordinal}",
        is_commitment=instrument.kind == "letter",
    )


@dataclass(frozen=True)
class GateEffect:
    """What a draft does to one gate, homes and others apart."""

    gate: Gate
    organ: str
    dwellings_before: int
    dwellings_after: int
    others_before: int
    others_after: int
    others_shut: int
    others_fault: int
    others_in_no_clause: int

    @property
    def dwellings_gained(self) -> int:
        """How many homes more may pass."""
        return self.dwellings_after - self.dwellings_before


@dataclass(frozen=True)
class ShutGroup:
    """Units that stay shut, grouped by why and what they are. `is_lapsed`: a clause that is over included them."""

    is_fault: bool
    use: str
    features: str
    count: int
    buildings: tuple[str, ...]
    is_lapsed: bool = False


@dataclass(frozen=True)
class Effect:
    """What a draft would do, before it is signed."""

    dwellings: int
    cleared_before: int
    cleared_after: int
    ready_before: int
    ready_after: int
    others: int
    others_cleared_before: int
    others_cleared_after: int
    gates: tuple[GateEffect, ...]
    shut: tuple[ShutGroup, ...]
    next_gates: tuple[Gate, ...]


def effect_of(*, project: Project, drafted: Sequence[ReliefFact], on: date) -> Effect:
    """Compare the gates of a project without and with drafted reliefs on a day. 9 queries, no writes."""
    facts = facts_of([project.id])[project.id]
    return compare(facts, replace(facts, reliefs=(*facts.reliefs, *drafted)), on=on)


def effect_of_ending(*, instrument: Instrument, on: date) -> Effect:
    """Compare the gates of a project with and without what an instrument lifts. 11 queries, no writes."""
    facts = facts_of([instrument.project_id])[instrument.project_id]
    gone = [relief for clause in instrument.clauses.select_related("instrument") for relief in _unlapsed(clause)]
    return compare(facts, replace(facts, reliefs=tuple(one for one in facts.reliefs if one not in gone)), on=on)


def effect_of_resolving(*, project: Project, blocker_ids: Collection[int], on: date) -> Effect:
    """Compare the gates of a project before and after blockers are resolved on a day. 9 queries."""
    facts = facts_of([project.id])[project.id]
    done = tuple(replace(one, resolved_on=on) if one.id in blocker_ids else one for one in facts.blockers)
    return compare(facts, replace(facts, blockers=done), on=on)


def compare(facts: ProjectFacts, after_facts: ProjectFacts, *, on: date) -> Effect:
    """Compare two states of the facts of a project, gate by gate, on a day. No query."""
    before, after = compute_gates(facts, on=on), compute_gates(after_facts, on=on)
    return Effect(
        dwellings=_count(before, "all", dwelling=True),
        cleared_before=_count(before, "cleared", dwelling=True),
        cleared_after=_count(after, "cleared", dwelling=True),
        ready_before=_count(before, "ready", dwelling=True),
        ready_after=_count(after, "ready", dwelling=True),
        others=_count(before, "all", dwelling=False),
        others_cleared_before=_count(before, "cleared", dwelling=False),
        others_cleared_after=_count(after, "cleared", dwelling=False),
        gates=tuple(_gate_effect(gate, before, after) for gate in Gate.building_gates() if _open(gate, before, facts)),
        shut=shut_groups(facts=after_facts, table=after),
        next_gates=tuple(gate for gate in Gate.building_gates() if _waits(gate, after, facts)),
    )


def _count(table: GateTable, figure: str, *, dwelling: bool) -> int:
    return table.count(figure, uses=DWELLING if dwelling else OTHERS)


DWELLING = frozenset({Use.DWELLING})
OTHERS = frozenset(Use) - DWELLING


def _open(gate: Gate, table: GateTable, facts: ProjectFacts) -> bool:
    return any(gate in plan for plan in facts.at(table.on).plans) and table.count(
        f"passed:{gate.value}", uses=DWELLING
    ) < table.count("all", uses=DWELLING)


def _waits(gate: Gate, after: GateTable, facts: ProjectFacts) -> bool:
    return _open(gate, after, facts) and after.count(f"passable:{gate.value}", uses=DWELLING) > 0


def _gate_effect(gate: Gate, before: GateTable, after: GateTable) -> GateEffect:
    passable = f"passable:{gate.value}"
    shut = after.count("all", uses=OTHERS) - after.count(passable, uses=OTHERS)
    fault = after.count(f"fault:{gate.value}", uses=OTHERS)
    return GateEffect(
        gate=gate,
        organ=gate.spec.organ.label,
        dwellings_before=before.count(passable, uses=DWELLING),
        dwellings_after=after.count(passable, uses=DWELLING),
        others_before=before.count(passable, uses=OTHERS),
        others_after=after.count(passable, uses=OTHERS),
        others_shut=shut,
        others_fault=fault,
        others_in_no_clause=shut - fault,
    )


def lapsed_mask(facts: ProjectFacts, columns: BuildingColumns, *, on: date) -> int:
    """Return the units of a building that a clause included until a day on which it lapsed or ended."""
    mask = 0
    for relief in facts.reliefs:
        if relief.ends is not None and relief.starts < relief.ends <= on:
            mask |= relief.scope.mask(columns)
    return mask


def shut_groups(*, facts: ProjectFacts, table: GateTable) -> tuple[ShutGroup, ...]:
    """Group the units that are not cleared: at fault, in a clause that has lapsed, in no clause."""
    groups: dict[tuple[bool, str, str, bool], tuple[int, list[int]]] = {}
    for columns in facts.at(table.on).buildings:
        lapsed = lapsed_mask(facts, columns, on=table.on)
        for is_fault, mask in table.shut_masks(columns.id):
            for unit_id in columns.units_of(mask):
                position = columns.unit_ids.index(unit_id)
                use, features = columns.uses[position], columns.features[position]
                is_lapsed = not is_fault and bool(lapsed & columns.bit(unit_id))
                key = (is_fault, use.label, features.label, is_lapsed)
                count, buildings = groups.get(key, (0, []))
                if columns.id not in buildings:
                    buildings.append(columns.id)
                groups[key] = (count + 1, buildings)
    return tuple(
        ShutGroup(is_fault, use, features, count, tuple(str(b) for b in buildings), is_lapsed)
        for (is_fault, use, features, is_lapsed), (count, buildings) in sorted(
            groups.items(), key=lambda item: (not item[0][0], not item[0][3])
        )
    )
