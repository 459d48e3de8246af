"""What the key should do, from the rules alone: sets of days and units, no ledger."""

from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from registry.kernel.gates import PauseFact, ProjectFacts, ReliefFact, StepFact
from registry.kernel.scope import UnitFacts, scope_of

BEGIN = date(2021, 3, 1)
GRACE = 7


@dataclass
class Promise:
    """A promise as the model knows it."""

    key: int
    due_on: date
    clauses: tuple[int, ...]
    kept: bool = False


@dataclass
class Lifted:
    """A clause: the blocker, its units, and the days on which it had lapsed."""

    blocker: int
    units: frozenset[int]
    lapsed_days: set[date] = field(default_factory=set)
    pause: int | None = None
    is_lapsed: bool = False


@dataclass
class Paper:
    """A letter: from when until when, its clauses and promises."""

    key: int
    starts: date
    clauses: list[Lifted]
    promises: list[Promise]
    ends: date | None = None
    breached: bool = False
    is_running: bool = True


@dataclass
class Model:
    """What the ledger should say, from the rules alone."""

    units: tuple[UnitFacts, ...]
    pausing: bool
    day: date = BEGIN
    papers: list[Paper] = field(default_factory=list)
    steps: list[StepFact] = field(default_factory=list)
    pauses: list[list[Any]] = field(default_factory=list)  # units, from, until

    def due_to_lapse(self, paper: Paper, place: int, on: date) -> bool:
        """An open promise behind the clause is overdue beyond grace, or the letter is in breach."""
        backing = [one for one in paper.promises if place in one.clauses and not one.kept]
        late = any(one.due_on + timedelta(days=GRACE) < on for one in backing)
        return bool(backing) and (paper.breached or late)

    def is_late(self, paper: Paper) -> bool:
        """A promise is overdue today, whatever the grace."""
        return any(not one.kept and one.due_on < self.day for one in paper.promises)

    def is_kept(self, paper: Paper) -> bool:
        """Every promise is kept, and there is no breach to be cured first."""
        return not paper.breached and all(one.kept for one in paper.promises)

    def settle(self, on: date) -> None:
        """The rule's turn: what lapses from today, what returns today."""
        for paper in self.papers:
            if not paper.is_running:
                continue
            for place, clause in enumerate(paper.clauses):
                lapses = self.due_to_lapse(paper, place, on)
                if lapses and not clause.is_lapsed:
                    clause.is_lapsed = True
                    if self.pausing:
                        clause.pause = len(self.pauses)
                        self.pauses.append([clause.units, on, None])
                elif clause.is_lapsed and not lapses:
                    clause.is_lapsed = False
                    self.end_pause(clause, on)

    def end_pause(self, clause: Lifted, on: date) -> None:
        if clause.pause is not None and self.pauses[clause.pause][2] is None:
            self.pauses[clause.pause][2] = max(on, self.pauses[clause.pause][1])
        clause.pause = None

    def close_day(self) -> None:
        """What stands at the end of the day is what the day was."""
        self.settle(self.day)
        for paper in self.papers:
            for clause in paper.clauses:
                if clause.is_lapsed:
                    clause.lapsed_days.add(self.day)

    def pass_days(self, days: int) -> None:
        """Days on which nobody does anything."""
        for _ in range(days):
            self.close_day()
            self.day += timedelta(days=1)
            self.settle(self.day)

    def reliefs(self, on: date) -> tuple[ReliefFact, ...]:
        """Which units each blocker is lifted for on a day: one relief of that one day."""
        found = []
        for paper in self.papers:
            in_force = paper.starts <= on and (paper.ends is None or on < paper.ends)
            for place, clause in enumerate(paper.clauses):
                if on > self.day:
                    lapsed = paper.is_running and self.due_to_lapse(paper, place, on)
                else:
                    lapsed = clause.is_lapsed if on == self.day else on in clause.lapsed_days
                if in_force and not lapsed and clause.units:
                    found.append(ReliefFact(clause.blocker, scope_of(units=clause.units), on, on + timedelta(days=1)))
        return tuple(found)

    def facts(self, ledger: ProjectFacts, on: date) -> ProjectFacts:
        """The ledger's buildings and blockers with the model's reliefs, steps and pauses."""
        pauses = tuple(
            PauseFact(n, scope_of(units=units), starts, ends) for n, (units, starts, ends) in enumerate(self.pauses)
        )
        return ProjectFacts(
            ledger.buildings,
            ledger.standings,
            ledger.plans,
            tuple(self.steps),
            ledger.blockers,
            self.reliefs(on),
            pauses,
        )
