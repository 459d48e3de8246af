"""The figures of gates as spans: piecewise constant, from a day on, known in advance. Computed building by building."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Final

from registry.kernel.gates.facts import ProjectFacts, StepFact
from registry.kernel.gates.grouped import (
    BuildingGates,
    DayFacts,
    building_gates,
    caught_in,
    compute_gates,
    most_specific_first,
    steps_by_place,
)
from registry.kernel.scope.columns import union
from registry.kernel.stages import Use

FIGURES: Final = ("cleared", "ready", "registered")
ISSUED_UNREADY: Final = "unready"
EARLIEST: Final = date(1900, 1, 1)
Issues = Sequence[tuple[int, date]]  # of a building: the bit and day of issue of each issued unit


@dataclass(frozen=True)
class Span:
    """A figure of a building and use from a day on."""

    building: int
    use: Use
    figure: str
    from_on: date
    count: int


@dataclass(frozen=True)
class Stretch:
    """The gates of one building on [day, end): nothing that they hang on changes within. `uses`: what it has or had."""

    day: date
    end: date
    gates: BuildingGates
    uses: tuple[Use, ...]


def change_dates(facts: ProjectFacts) -> list[date]:
    """Return every day on which a gate may change, in order."""
    every = {day for building in facts.buildings for day in _own_days(facts, building.id)}
    return sorted(_shared_days(facts) | every.union(*_days_of_blockers(facts).values()))


def _shared_days(facts: ProjectFacts) -> set[date]:
    """The days that concern every building, as far as can be told without looking at units; not those of blockers."""
    days: set[date | None] = set()
    for step in facts.steps:
        if step.building is None:
            days |= {step.effective_on, step.revoked_on}
    for pause in facts.pauses:
        days |= {pause.starts, pause.ends}
    for bar in facts.bars:
        days |= {bar.starts, bar.ends}
    return {day for day in days if day is not None}


def _days_of_blockers(facts: ProjectFacts) -> dict[int, set[date]]:
    """The days of each blocker and of its reliefs: they concern the buildings that it catches."""
    days: dict[int, set[date]] = defaultdict(set)
    for blocker in facts.blockers:
        days[blocker.id] |= {blocker.found_on, *([blocker.resolved_on] if blocker.resolved_on else ())}
    for relief in facts.reliefs:
        days[relief.blocker_id] |= {relief.starts, *([relief.ends] if relief.ends else ())}
    return days


def _own_days(facts: ProjectFacts, building_id: int) -> set[date]:
    days: set[date | None] = {state.until for state in facts.former.get(building_id, ())}
    for step in facts.steps:
        if step.building == building_id:
            days |= {step.effective_on, step.revoked_on}
    return {day for day in days if day is not None}


def stretches(facts: ProjectFacts, *, since: date | None = None) -> Iterator[Stretch]:
    """Yield the stretches of each building, from `since` on (None: the first of 1900, before anything happened)."""
    start = since or EARLIEST
    shared, of_blockers = _shared_days(facts), _days_of_blockers(facts)
    holding: dict[date, DayFacts] = {}
    apart = replace(facts, steps=())
    ordered: dict[int | None, list[StepFact]] = defaultdict(list)
    for step in most_specific_first(facts.steps):
        ordered[step.building].append(step)
    for n, building in enumerate(facts.buildings):
        uses = facts.uses_of(building.id)
        own = facts.of_building(building.id) if facts.former.get(building.id) else None
        states = (building, *(state.columns for state in facts.former.get(building.id, ())))
        beside = {id(columns): caught_in(columns, facts.blockers) for columns in states}
        catching = {caught.blocker.id for every in beside.values() for caught in every}
        concern = (shared | _own_days(facts, building.id)).union(*(of_blockers[key] for key in catching))
        days = sorted({start, *(day for day in concern if day > start)})
        for day, end in zip(days, [*days[1:], date.max], strict=True):
            if day not in holding:
                holding[day] = DayFacts.of(apart, day)
            state = next(own.states(day)) if own else (building, facts.standings[n], facts.plans[n])
            live = [caught for caught in beside[id(state[0])] if caught.blocker.is_live(day)]
            that_day = replace(holding[day], steps=steps_by_place([*ordered[building.id], *ordered[None]], day))
            yield Stretch(day, end, building_gates(*state, that_day, live), uses)


def readiness(facts: ProjectFacts, *, since: date | None = None, along: Iterable[Stretch] | None = None) -> list[Span]:
    """Return the figures of each building and use as spans. `along`: their stretches, if they are at hand.

    Without `since`, spans begin on the first of 1900; with it, on that day. Excluded units and those not in the books
    yet are counted in no figure, so that none is ever more than its denominator. Beside the figures, `unready` counts
    what is issued and not ready any more (a pause, a fault found later); no span of it means none.
    """
    issues = _issues(facts)
    spans: list[Span] = []
    last: dict[tuple[int, Use, str], int] = {}
    for stretch in stretches(facts, since=since) if along is None else along:
        gates, key = stretch.gates, stretch.gates.columns.id
        masks = [(use, gates.columns.use_mask(use) & gates.counted) for use in stretch.uses]
        for figure in FIGURES:
            mask = gates.figure(figure)
            for use, counted in masks:
                note_span(spans, last, (key, use, figure), stretch.day, (mask & counted).bit_count(), unless=None)
        for from_on, use, count in _unready(stretch, issues.get(key, ())):
            note_span(spans, last, (key, use, ISSUED_UNREADY), from_on, count, unless=None if since else 0)
    return spans


def note_span(
    spans: list[Span],
    last: dict[tuple[int, Use, str], int],
    key: tuple[int, Use, str],
    day: date,
    count: int,
    *,
    unless: int | None,
) -> None:
    """Begin a span where a figure changes; `unless` is what goes without saying at the beginning."""
    if last.get(key, unless) != count:
        last[key] = count
        spans.append(Span(*key, day, count))


def _issues(facts: ProjectFacts) -> dict[int, Issues]:
    issues: dict[int, Issues] = {}
    for columns in facts.buildings if facts.issued else ():
        rows = [(1 << at, facts.issued[unit]) for at, unit in enumerate(columns.unit_ids) if unit in facts.issued]
        if rows:
            issues[columns.id] = rows
    return issues


def _unready(stretch: Stretch, issues: Issues) -> list[tuple[date, Use, int]]:
    """The counts of issued units that aren't ready, within a stretch: at its beginning and on each day of issue."""
    gates = stretch.gates
    unready = gates.counted & ~gates.ready
    days = sorted((max(on, stretch.day), bit) for bit, on in issues if bit & unready and on < stretch.end)
    running = dict.fromkeys(stretch.uses, 0)
    counts = dict.fromkeys(((stretch.day, use) for use in running), 0)
    for on, bit in days:
        use = gates.columns.uses[bit.bit_length() - 1]
        running[use] += 1
        counts[(on, use)] = running[use]
    return [(on, use, count) for (on, use), count in counts.items()]


def issued_unready(gates: BuildingGates, issued: Mapping[int, date], *, on: date) -> int:
    """Return the mask of a building's units that are issued by a day and not ready on it."""
    units = gates.columns.unit_ids
    mask = union(1 << at for at, unit in enumerate(units) if issued.get(unit, date.max) <= on)
    return mask & gates.counted & ~gates.ready


def stay_ready(facts: ProjectFacts, unit_ids: Iterable[int], *, on: date) -> bool:
    """Return whether units are ready from a day on, and free to be recorded, as far as is known."""
    wanted = frozenset(unit_ids)
    for day in [on, *(day for day in change_dates(facts) if day > on)]:
        for gates in compute_gates(facts, on=day).buildings.values():
            columns = gates.columns
            mask = union(1 << at for at, unit in enumerate(columns.unit_ids) if unit in wanted)
            if mask & ~(gates.ready & ~gates.stopped("recorded")):
                return False
    return True
