"""What gates are decided from. All date ranges are half-open: [first day, day after the last)."""

from collections.abc import Container, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date

from registry.kernel.gates.table import Gate, StepStatus, gates_shut
from registry.kernel.scope import BuildingColumns, Scope, UnitFacts
from registry.kernel.stages import Part, Standing, Use


@dataclass(frozen=True)
class StepFact:
    """A recorded step: its gate, where (project if no building, whole building if no part), from and until when."""

    id: int
    gate: Gate
    building: int | None
    part: Part | None
    status: StepStatus
    effective_on: date
    revoked_on: date | None = None
    left_out: frozenset[int] = frozenset()
    document: str = ""

    def stands(self, on: date) -> bool:
        """Return whether the step stands on a day."""
        return self.effective_on <= on and (self.revoked_on is None or on < self.revoked_on)

    @property
    def place(self) -> tuple[bool, bool]:
        """How narrow its place is: a building before the project, a part before the whole."""
        return self.building is not None, self.part is not None

    @property
    def specificity(self) -> tuple[bool, bool, date, int]:
        """What decides between steps that cover the same unit: building, then part, then the later."""
        return *self.place, self.effective_on, self.id

    def holds_against(self, passing: "StepFact") -> bool:
        """Return whether a step in hand or failed holds against a passing one: narrower, and there before it.

        What comes after a passing step, or is as wide, never un-makes it; only revoking does.
        """
        if self.status.passes or self.place <= passing.place:
            return False
        return self.effective_on <= passing.effective_on and self.id < passing.id


def deciding(covering: Sequence[StepFact]) -> StepFact | None:
    """Return, of steps of a gate that cover a unit and stand, the one that decides."""
    passing = [
        step for step in covering if step.status.passes and not any(other.holds_against(step) for other in covering)
    ]
    return max(passing or covering, key=lambda step: (not step.status.passes, *step.specificity), default=None)


@dataclass(frozen=True)
class BlockerFact:
    """A blocker: the units it catches, those at fault, live on [found_on, resolved_on)."""

    id: int
    number: str
    gate: Gate
    scope: Scope
    at_fault: Scope
    found_on: date
    resolved_on: date | None = None
    type_code: str = ""
    label: str = ""
    holder: str = ""
    public: str = ""  # what of it may be told outside
    origin: int | None = None  # the blocker that it was split off from, whose reliefs hold here too

    @property
    def gates(self) -> frozenset[Gate]:
        """The gates that it shuts: one, or both gates of a unit (a seizure, a dispute)."""
        return gates_shut(self.type_code, self.gate)

    def is_stopping(self, gates: Container[Gate]) -> bool:
        """Return whether it shuts one of some gates."""
        return any(gate in gates for gate in self.gates)

    def is_live(self, on: date) -> bool:
        """Return whether the blocker is live on a day."""
        return self.found_on <= on and (self.resolved_on is None or on < self.resolved_on)


@dataclass(frozen=True)
class ReliefFact:
    """A clause that lifts a blocker for a scope on [starts, ends)."""

    blocker_id: int
    scope: Scope
    starts: date
    ends: date | None = None
    label: str = ""
    is_commitment: bool = True

    def is_in_force(self, on: date) -> bool:
        """Return whether the relief is in force on a day."""
        return self.starts <= on and (self.ends is None or on < self.ends)


@dataclass(frozen=True)
class PauseFact:
    """An organ stops new acceptances of a scope on [starts, ends)."""

    id: int
    scope: Scope
    starts: date
    ends: date | None = None
    label: str = ""
    organ: str = ""

    def is_in_force(self, on: date) -> bool:
        """Return whether the pause is in force on a day."""
        return self.starts <= on and (self.ends is None or on < self.ends)


@dataclass(frozen=True)
class BarFact:
    """Units that a setting keeps from being registered to an owner on [starts, ends); None: from the beginning."""

    scope: Scope
    label: str
    starts: date | None = None
    ends: date | None = None

    def is_in_force(self, on: date) -> bool:
        """Return whether the bar is in force on a day."""
        return (self.starts is None or self.starts <= on) and (self.ends is None or on < self.ends)


Standings = tuple[Standing | None, ...]  # in the order of the units; None: not in the books yet


@dataclass(frozen=True)
class BuildingState:
    """What the units of a building were, how they stood and which gates they needed, up to the day before `until`."""

    until: date
    columns: BuildingColumns
    standings: Standings
    plan: frozenset[Gate]


@dataclass(frozen=True)
class ProjectFacts:
    """A project as gates see it; `standings` and `plans` go with `buildings`, in the same order.

    These three are as they come to be last; `former` has what was before, by building, in the order of days. `issued`
    has the day of issue by unit: what is issued is never undone, yet it may have stopped being ready.
    """

    buildings: tuple[BuildingColumns, ...]
    standings: tuple[Standings, ...]
    plans: tuple[frozenset[Gate], ...]
    steps: tuple[StepFact, ...] = ()
    blockers: tuple[BlockerFact, ...] = ()
    reliefs: tuple[ReliefFact, ...] = ()
    pauses: tuple[PauseFact, ...] = field(default_factory=tuple)
    bars: tuple[BarFact, ...] = ()
    issued: Mapping[int, date] = field(default_factory=dict)
    former: Mapping[int, tuple[BuildingState, ...]] = field(default_factory=dict)

    def states(self, on: date) -> Iterator[tuple[BuildingColumns, Standings, frozenset[Gate]]]:
        """Yield what each building is on a day, in the order of `buildings`."""
        for columns, standings, plan in zip(self.buildings, self.standings, self.plans, strict=True):
            earlier = next((state for state in self.former.get(columns.id, ()) if on < state.until), None)
            yield (earlier.columns, earlier.standings, earlier.plan) if earlier else (columns, standings, plan)

    def at(self, on: date) -> "ProjectFacts":
        """Return the facts with the buildings as they are on a day, and nothing before it."""
        if not self.former:
            return self
        states = list(self.states(on))
        return replace(
            self,
            buildings=tuple(columns for columns, _, _ in states),
            standings=tuple(standings for _, standings, _ in states),
            plans=tuple(plan for _, _, plan in states),
            former={},
        )

    def uses_of(self, building_id: int) -> tuple[Use, ...]:
        """Return the uses that a building has or had, the present ones first."""
        present = next(columns for columns in self.buildings if columns.id == building_id)
        had = (use for state in self.former.get(building_id, ()) for use in state.columns.present_uses)
        return tuple(dict.fromkeys((*present.present_uses, *had)))

    def is_held(self, blocker: BlockerFact, unit: UnitFacts, *, on: date) -> bool:
        """Return whether a blocker holds a unit on a day: live, over it, and not lifted for it."""
        if not blocker.is_live(on) or not blocker.scope.matches(unit):
            return False
        reliefs = (relief for relief in self.reliefs if relief.blocker_id == blocker.id and relief.is_in_force(on))
        return blocker.at_fault.matches(unit) or not any(relief.scope.matches(unit) for relief in reliefs)

    def bar_on(self, unit: UnitFacts, *, on: date) -> BarFact | None:
        """Return the first bar that keeps a unit from being registered on a day."""
        return next((bar for bar in self.bars if bar.is_in_force(on) and bar.scope.matches(unit)), None)

    def building_of(self, unit_id: int) -> BuildingColumns:
        """Return the building of a unit; KeyError if the project has no such unit."""
        for columns in self.buildings:
            if columns.bit(unit_id):
                return columns
        raise KeyError(unit_id)

    def of_building(self, building_id: int) -> "ProjectFacts":
        """Return the facts with one building alone: what a single unit is decided from."""
        place = next(n for n, columns in enumerate(self.buildings) if columns.id == building_id)
        return replace(
            self,
            buildings=(self.buildings[place],),
            standings=(self.standings[place],),
            plans=(self.plans[place],),
            steps=tuple(step for step in self.steps if step.building in (None, building_id)),
            former={key: states for key, states in self.former.items() if key == building_id},
        )
