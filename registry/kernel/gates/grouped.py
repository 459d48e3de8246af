"""Gates by whole buildings: bit masks, so that a city of 600,000 units is decided in seconds."""

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from registry.kernel.gates.facts import BlockerFact, ProjectFacts, StepFact
from registry.kernel.gates.table import BUILDING_GATES, NEEDED_BY, Gate, Mark, StepStatus
from registry.kernel.scope import BuildingColumns
from registry.kernel.stages import Part, Standing, Use

FIGURES = ("cleared", "ready", "registered")
STATUS_MARKS = {
    StepStatus.BY_COMMITMENT: Mark.BY_COMMITMENT,
    StepStatus.BY_OPINION: Mark.BY_OPINION,
    StepStatus.PASSED: Mark.PASSED,
    StepStatus.NOT_APPLICABLE: Mark.PASSED,
    StepStatus.IN_PROGRESS: Mark.IN_PROGRESS,
    StepStatus.FAILED: Mark.OPEN,
}


@dataclass
class BuildingGates:
    """The gates of one building on one day: masks over its units."""

    columns: BuildingColumns
    plan: frozenset[Gate]
    own_passed: dict[Gate, int]
    passed: dict[Gate, int]
    shut: dict[Gate, int]
    fault: dict[Gate, int]
    by_status: dict[Gate, dict[StepStatus, int]]
    unit_shut: int
    unit_fault: int
    paused: int
    active: int

    def passable(self, gate: Gate) -> int:
        """The units that no unlifted live blocker holds at a gate."""
        return self.columns.everything & ~self.shut.get(gate, 0)

    @cached_property
    def cleared(self) -> int:
        """已打通: each building gate of the plan is passed or passable."""
        result = self.columns.everything
        for gate in self.plan:
            result &= self.passed[gate] | self.passable(gate)
        return result

    @cached_property
    def registered(self) -> int:
        """已首登: first registration is passed."""
        return self.passed[Gate.FIRST_REGISTRATION]

    @cached_property
    def ready(self) -> int:
        """可办: each building gate passed, no unlifted unit-level blocker, no pause, standing active."""
        result = self.active & ~self.unit_shut & ~self.paused
        for gate in self.plan:
            result &= self.passed[gate]
        return result

    @cached_property
    def at_fault(self) -> int:
        """The units at fault on any live blocker."""
        result = self.unit_fault
        for mask in self.fault.values():
            result |= mask
        return result

    def figure(self, name: str) -> int:
        """This will give the mask of a figure: all, cleared, ready, registered, or passed:/passable:/fault: a gate."""
        kind, _, code = name.partition(":")
        if code:
            gate = Gate(code)
            if kind == "passable":
                return self.passable(gate)
            return (self.passed if kind == "passed" else self.fault).get(gate, 0)
        if kind == "all":
            return self.columns.everything
        mask: int = getattr(self, kind)
        return mask


@dataclass
class GateTable:
    """The gates of a project on one day."""

    on: date
    buildings: dict[int, BuildingGates]
    blockers: tuple[BlockerFact, ...]

    def count(self, figure: str, *, uses: Collection[Use] | None = None) -> int:
        """This will count the units of some uses that bear a figure."""
        total = 0
        for gates in self.buildings.values():
            mask = gates.figure(figure)
            total += mask.bit_count() if uses is None else _of_uses(mask, gates.columns, uses).bit_count()
        return total

    def passable(self, building: int, gate: Gate) -> int:
        """This will give the mask of units that may pass a gate."""
        return self.buildings[building].passable(gate)

    def is_ready(self, unit_id: int) -> bool:
        """This will tell whether a unit is ready."""
        gates = self._of_unit(unit_id)
        return bool(gates.ready & gates.columns.bit(unit_id))

    def fault_of(self, unit_id: int) -> BlockerFact | None:
        """This will give the first live blocker on which a unit is at fault."""
        gates = self._of_unit(unit_id)
        bit = gates.columns.bit(unit_id)
        if not gates.at_fault & bit:
            return None
        return next(b for b in self.blockers if b.at_fault.mask(gates.columns) & bit)

    def shut_masks(self, building: int) -> tuple[tuple[bool, int], tuple[bool, int]]:
        """This will give the units that are not cleared: those at fault, and the others."""
        gates = self.buildings[building]
        shut = gates.columns.everything & ~gates.cleared
        return (True, shut & gates.at_fault), (False, shut & ~gates.at_fault)

    def marks(self, building: int, part: Part) -> tuple[Mark, ...]:
        """This will give one mark a building gate for a part of a building, in the order of the table."""
        gates = self.buildings[building]
        units = gates.columns.part_mask(part)
        return tuple(_mark(gates, gate, units) for gate in BUILDING_GATES)

    def _of_unit(self, unit_id: int) -> BuildingGates:
        for gates in self.buildings.values():
            if gates.columns.bit(unit_id):
                return gates
        raise KeyError(unit_id)


def _of_uses(mask: int, columns: BuildingColumns, uses: Collection[Use]) -> int:
    wanted = 0
    for use in uses:
        wanted |= columns.use_mask(use)
    return mask & wanted


def _mark(gates: BuildingGates, gate: Gate, units: int) -> Mark:
    if not units or gate not in gates.plan:
        return Mark.ABSENT
    waiting = units & ~gates.passed[gate]
    if waiting & gates.fault.get(gate, 0):
        return Mark.FAULT
    if waiting & gates.shut.get(gate, 0):
        return Mark.SHUT
    statuses = gates.by_status[gate]
    if waiting:
        return Mark.IN_PROGRESS if statuses.get(StepStatus.IN_PROGRESS, 0) & waiting else Mark.OPEN
    for status in (StepStatus.BY_COMMITMENT, StepStatus.BY_OPINION):
        if statuses.get(status, 0) & units:
            return STATUS_MARKS[status]
    return Mark.PASSED


def compute_gates(facts: ProjectFacts, *, on: date) -> GateTable:
    """This will decide every gate of a project on a day, building by building, never unit by unit."""
    steps: dict[Gate, list[StepFact]] = defaultdict(list)
    for step in sorted(facts.steps, key=lambda one: one.specificity, reverse=True):
        if step.stands(on):
            steps[step.gate].append(step)
    live = tuple(blocker for blocker in facts.blockers if blocker.is_live(on))
    reliefs: dict[int, list[object]] = defaultdict(list)
    for relief in facts.reliefs:
        if relief.is_in_force(on):
            reliefs[relief.blocker_id].append(relief.scope)
    pauses = [pause.scope for pause in facts.pauses if pause.is_in_force(on)]
    buildings = {}
    for columns, standings, plan in zip(facts.buildings, facts.standings, facts.plans, strict=True):
        gates = BuildingGates(
            columns=columns,
            plan=plan,
            own_passed={},
            passed={},
            shut={},
            fault={},
            by_status={},
            unit_shut=0,
            unit_fault=0,
            paused=_union(scope.mask(columns) for scope in pauses),
            active=_active(standings),
        )
        _pass_steps(gates, steps)
        _shut_blockers(gates, live, reliefs)
        buildings[columns.id] = gates
    return GateTable(on, buildings, live)


def _union(masks: Iterable[int]) -> int:
    result = 0
    for mask in masks:
        result |= mask
    return result


def _active(standings: tuple[Standing, ...]) -> int:
    everything = (1 << len(standings)) - 1
    if standings.count(Standing.ACTIVE) == len(standings):
        return everything
    return _union(1 << n for n, standing in enumerate(standings) if standing == Standing.ACTIVE)


def _pass_steps(gates: BuildingGates, steps: dict[Gate, list[StepFact]]) -> None:
    columns = gates.columns
    for gate in BUILDING_GATES:
        undecided, passed = columns.everything, 0
        statuses: dict[StepStatus, int] = {}
        for step in steps.get(gate, ()):
            if step.building is not None and step.building != columns.id:
                continue
            covered = undecided & columns.part_mask(step.part)
            for unit_id in step.left_out:
                covered &= ~columns.bit(unit_id)
            if not covered:
                continue
            undecided &= ~covered
            statuses[step.status] = statuses.get(step.status, 0) | covered
            if step.status.passes:
                passed |= covered
        gates.own_passed[gate], gates.by_status[gate] = passed, statuses
    for gate in BUILDING_GATES:
        gates.passed[gate] = gates.own_passed[gate] | _union(gates.own_passed.get(one, 0) for one in NEEDED_BY[gate])


def _shut_blockers(gates: BuildingGates, live: tuple[BlockerFact, ...], reliefs: dict[int, list[object]]) -> None:
    for blocker in live:
        caught = blocker.scope.mask(gates.columns)
        if not caught:
            continue
        fault = blocker.at_fault.mask(gates.columns) & caught
        lifted = _union(scope.mask(gates.columns) for scope in reliefs.get(blocker.id, ()))  # type: ignore[attr-defined]
        shut = caught & ~(lifted & ~fault)
        if blocker.gate.is_unit_level:
            gates.unit_shut |= shut
            gates.unit_fault |= fault
        else:
            gates.shut[blocker.gate] = gates.shut.get(blocker.gate, 0) | shut
            gates.fault[blocker.gate] = gates.fault.get(blocker.gate, 0) | fault


@dataclass(frozen=True)
class Span:
    """A figure of a building and use from a day on."""

    building: int
    use: Use
    figure: str
    from_on: date
    count: int


def change_dates(facts: ProjectFacts) -> list[date]:
    """This will give every day on which a gate may change, in order."""
    days: set[date | None] = set()
    for step in facts.steps:
        days |= {step.effective_on, step.revoked_on}
    for blocker in facts.blockers:
        days |= {blocker.found_on, blocker.resolved_on}
    for relief in facts.reliefs:
        days |= {relief.starts, relief.ends}
    for pause in facts.pauses:
        days |= {pause.starts, pause.ends}
    return sorted(day for day in days if day is not None)


EARLIEST = date(1900, 1, 1)


def readiness(facts: ProjectFacts, *, since: date | None = None) -> list[Span]:
    """This will give the figures of each building and use as spans: known in advance, piecewise constant.

    Without `since`, spans begin on the first of 1900, before anything happened; with it, on that day.
    """
    start = since or EARLIEST
    days = [start, *(day for day in change_dates(facts) if day > start)]
    spans: list[Span] = []
    last: dict[tuple[int, Use, str], int] = {}
    for day in days:
        table = compute_gates(facts, on=day)
        for gates in table.buildings.values():
            for figure in FIGURES:
                mask = gates.figure(figure)
                for use in gates.columns._by_use:
                    key = (gates.columns.id, use, figure)
                    count = (mask & gates.columns.use_mask(use)).bit_count()
                    if last.get(key) != count:
                        last[key] = count
                        spans.append(Span(*key, day, count))
    return spans
