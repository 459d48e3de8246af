"""Gates by whole buildings: bit masks, so that a city of 600,000 units is decided in seconds."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import NamedTuple

from registry.kernel.gates.facts import BlockerFact, ProjectFacts, Standings, StepFact
from registry.kernel.gates.table import BUILDING_GATES, NEEDED_BY, Gate, Mark, StepStatus, gates_stopping
from registry.kernel.scope import BuildingColumns, Scope
from registry.kernel.scope.columns import union
from registry.kernel.stages import Part, Standing, Use


@dataclass
class BuildingGates:
    """The gates of one building on one day: masks over its units."""

    columns: BuildingColumns
    plan: frozenset[Gate]
    own_passed: dict[Gate, int]
    made: dict[Gate, int]
    passed: dict[Gate, int]
    shut: dict[Gate, int]
    fault: dict[Gate, int]
    by_status: dict[Gate, dict[StepStatus, int]]
    paused: int
    active: int
    apart: int
    barred: int = 0

    @property
    def counted(self) -> int:
        """The units that figures count: 核减 leaves every total, 挂账 stays; what isn't in the books yet is in none."""
        return self.columns.everything & ~self.apart

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
        """可办: each building gate passed, no unlifted blocker of the gate of acceptance, no pause, standing active."""
        result = self.active & self.passable(Gate.ACCEPTANCE) & ~self.paused
        for gate in self.plan:
            result &= self.passed[gate]
        return result

    @cached_property
    def at_fault(self) -> int:
        """The units at fault on any live blocker."""
        return union(self.fault.values())

    def stopped(self, stage: str) -> int:
        """The units that a blocker of a unit gate keeps from the step to a stage of the certificate."""
        return union(self.shut.get(gate, 0) for gate in gates_stopping(stage))

    def marks(self, part: Part) -> tuple[Mark, ...]:
        """Return one mark a building gate for a part of the building, in the order of the table."""
        units = self.columns.part_mask(part) & self.counted
        return tuple(_mark(self, gate, units) for gate in BUILDING_GATES)

    def figure(self, name: str) -> int:
        """Return the mask of a figure: all, cleared, ready, registered, or passed:/passable:/fault: a gate."""
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
        """Count the units of some uses that bear a figure; excluded units are in none."""
        total = 0
        for gates in self.buildings.values():
            mask = gates.figure(figure) & gates.counted
            if uses is not None:
                mask &= union(gates.columns.use_mask(use) for use in uses)
            total += mask.bit_count()
        return total

    def passable(self, building: int, gate: Gate) -> int:
        """Return the mask of units that may pass a gate."""
        return self.buildings[building].passable(gate)

    def is_ready(self, unit_id: int) -> bool:
        """Return whether a unit is ready."""
        gates = self._of_unit(unit_id)
        return bool(gates.ready & gates.columns.bit(unit_id))

    def fault_of(self, unit_id: int) -> BlockerFact | None:
        """Return the first live blocker that a unit is at fault for and that still shuts its way to acceptance.

        A fault found after the gate was passed stops nothing: it is for the watch list, and an organ may pause. One
        that shuts 登簿 alone stops that step (`stopped`), and none before it.
        """
        gates = self._of_unit(unit_id)
        bit = gates.columns.bit(unit_id)
        if not gates.at_fault & bit:
            return None
        unit = gates.columns.unit(unit_id)
        faults = (b for b in self.blockers if b.at_fault.matches(unit) and b.scope.matches(unit))
        return next((b for b in faults if _holds_acceptance(b, gates, bit)), None)

    def is_stopped(self, unit_id: int, stage: str) -> bool:
        """Return whether a blocker of a unit gate keeps a unit from the step to a stage."""
        gates = self._of_unit(unit_id)
        return bool(gates.stopped(stage) & gates.columns.bit(unit_id))

    def is_barred(self, unit_id: int) -> bool:
        """Return whether a setting keeps a unit from being registered to an owner."""
        gates = self._of_unit(unit_id)
        return bool(gates.barred & gates.columns.bit(unit_id))

    def shut_masks(self, building: int) -> tuple[tuple[bool, int], tuple[bool, int]]:
        """Return the units that are not cleared: those at fault, and the others. Excluded ones are in none."""
        gates = self.buildings[building]
        shut = gates.counted & ~gates.cleared
        return (True, shut & gates.at_fault), (False, shut & ~gates.at_fault)

    def marks(self, building: int, part: Part) -> tuple[Mark, ...]:
        """Return one mark a building gate for a part of a building, in the order of the table."""
        return self.buildings[building].marks(part)

    def _of_unit(self, unit_id: int) -> BuildingGates:
        for gates in self.buildings.values():
            if gates.columns.bit(unit_id):
                return gates
        raise KeyError(unit_id)


def _holds_acceptance(blocker: BlockerFact, gates: BuildingGates, bit: int) -> bool:
    if not blocker.gate.is_unit_level:
        return not gates.passed[blocker.gate] & bit
    return blocker.is_stopping(gates_stopping("accepted"))


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
    if statuses.get(StepStatus.BY_COMMITMENT, 0) & units:
        return Mark.BY_COMMITMENT
    return Mark.BY_OPINION if statuses.get(StepStatus.BY_OPINION, 0) & units else Mark.PASSED


StepsByPlace = Mapping[tuple[int | None, Gate], Sequence[StepFact]]


def compute_gates(facts: ProjectFacts, *, on: date) -> GateTable:
    """Decide every gate of a project on a day, building by building, never unit by unit."""
    that_day = DayFacts.of(facts, on)
    buildings = {
        columns.id: building_gates(columns, standings, plan, that_day) for columns, standings, plan in facts.states(on)
    }
    return GateTable(on, buildings, that_day.blockers)


@dataclass(frozen=True)
class DayFacts:
    """What holds on a day in the whole project: steps that stand, live blockers, reliefs, pauses and bars in force."""

    steps: StepsByPlace
    blockers: tuple[BlockerFact, ...]
    reliefs: Mapping[int, Sequence[Scope]]
    pauses: tuple[Scope, ...]
    bars: tuple[Scope, ...] = ()

    @classmethod
    def of(cls, facts: ProjectFacts, on: date) -> "DayFacts":
        """Pick what holds on a day."""
        return cls(
            steps=steps_by_place(most_specific_first(facts.steps), on),
            blockers=tuple(blocker for blocker in facts.blockers if blocker.is_live(on)),
            reliefs=reliefs_in_force(facts, on=on),
            pauses=tuple(pause.scope for pause in facts.pauses if pause.is_in_force(on)),
            bars=tuple(bar.scope for bar in facts.bars if bar.is_in_force(on)),
        )


class Caught(NamedTuple):
    """A blocker beside a building: the units that it catches, and those of them that are at fault."""

    blocker: BlockerFact
    units: int
    fault: int


def caught_in(columns: BuildingColumns, blockers: Iterable[BlockerFact]) -> list[Caught]:
    """Return the blockers that catch a unit of a building: the same on every day on which its units are the same."""
    every = ((blocker, blocker.scope.mask(columns)) for blocker in blockers)
    return [Caught(blocker, units, blocker.at_fault.mask(columns) & units) for blocker, units in every if units]


def building_gates(
    columns: BuildingColumns,
    standings: Standings,
    plan: frozenset[Gate],
    that_day: DayFacts,
    live: Iterable[Caught] | None = None,
) -> BuildingGates:
    """Decide the gates of one building on a day; `live` are its live blockers, if they are at hand."""
    gates = BuildingGates(
        columns=columns,
        plan=plan,
        own_passed={},
        made={},
        passed={},
        shut={},
        fault={},
        by_status={},
        paused=union(scope.mask(columns) for scope in that_day.pauses),
        active=_standing_mask(standings, Standing.ACTIVE),
        apart=_standing_mask(standings, Standing.EXCLUDED) | _standing_mask(standings, None),
        barred=union(scope.mask(columns) for scope in that_day.bars),
    )
    _pass_steps(gates, that_day.steps)
    _shut_blockers(gates, caught_in(columns, that_day.blockers) if live is None else live, that_day.reliefs)
    if gates.barred:
        gates.shut[Gate.ACCEPTANCE] = gates.shut.get(Gate.ACCEPTANCE, 0) | gates.barred
    return gates


def most_specific_first(steps: Iterable[StepFact]) -> list[StepFact]:
    """Return steps in the order in which they decide."""
    return sorted(steps, key=lambda fact: fact.specificity, reverse=True)


def steps_by_place(ordered: Iterable[StepFact], on: date) -> StepsByPlace:
    """Return the steps that stand, by building (None: the whole project) and gate, in the order that they have."""
    by_gate: dict[tuple[int | None, Gate], list[StepFact]] = defaultdict(list)
    for step in ordered:
        if step.stands(on):
            by_gate[step.building, step.gate].append(step)
    return by_gate


def _standing_mask(standings: Standings, wanted: Standing | None) -> int:
    if wanted not in standings:
        return 0
    if standings.count(wanted) == len(standings):
        return (1 << len(standings)) - 1
    return union(1 << n for n, standing in enumerate(standings) if standing == wanted)


def _pass_steps(gates: BuildingGates, steps: StepsByPlace) -> None:
    columns = gates.columns
    for gate in BUILDING_GATES:
        covers = [
            (step, _cover(step, columns)) for step in (*steps.get((columns.id, gate), ()), *steps.get((None, gate), ()))
        ]
        undecided = columns.everything
        statuses: dict[StepStatus, int] = {}
        for step, covered in [*_passing(covers), *((s, c) for s, c in covers if not s.status.passes)]:
            statuses[step.status] = statuses.get(step.status, 0) | covered & undecided
            undecided &= ~covered
        gates.by_status[gate] = statuses
        gates.own_passed[gate] = union(mask for status, mask in statuses.items() if status.passes)
        gates.made[gate] = union(mask for status, mask in statuses.items() if status.is_made)
    for gate in BUILDING_GATES:
        gates.passed[gate] = gates.own_passed[gate] | union(gates.made[needing] for needing in NEEDED_BY[gate])


def _cover(step: StepFact, columns: BuildingColumns) -> int:
    covered = columns.part_mask(step.part)
    if covered and step.left_out:
        covered &= ~union(columns.bit(unit_id) for unit_id in step.left_out)
    return covered


def _passing(covers: Sequence[tuple[StepFact, int]]) -> Iterator[tuple[StepFact, int]]:
    """The passing steps of a gate, each without the units that a step in hand or failed keeps from it."""
    for step, covered in covers:
        if step.status.passes:
            kept = union(mask for other, mask in covers if other.holds_against(step))
            yield step, covered & ~kept


def _shut_blockers(gates: BuildingGates, live: Iterable[Caught], reliefs: Mapping[int, Sequence[Scope]]) -> None:
    for blocker, units, fault in live:
        lifted = union(scope.mask(gates.columns) for scope in reliefs.get(blocker.id, ()))
        shut = units & ~(lifted & ~fault)
        for gate in blocker.gates if shut or fault else ():
            gates.shut[gate] = gates.shut.get(gate, 0) | shut
            gates.fault[gate] = gates.fault.get(gate, 0) | fault


def shut_and_fault(blocker: BlockerFact, columns: BuildingColumns, reliefs: Sequence[Scope]) -> tuple[int, int]:
    """Return the units of a building that a live blocker holds, and those of them that are at fault."""
    for _, units, fault in caught_in(columns, [blocker]):
        lifted = union(scope.mask(columns) for scope in reliefs)
        return units & ~(lifted & ~fault), fault
    return 0, 0


def reliefs_in_force(facts: ProjectFacts, *, on: date) -> dict[int, list[Scope]]:
    """Return the scopes that are relieved on a day, by blocker."""
    scopes: dict[int, list[Scope]] = defaultdict(list)
    for relief in facts.reliefs:
        if relief.is_in_force(on):
            scopes[relief.blocker_id].append(relief.scope)
    return scopes
