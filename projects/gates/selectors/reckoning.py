"""A list of many acts on the gates of a project: its homes are read once, its readiness is counted once at the end."""

from bisect import insort
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from datetime import date

from projects.gates.selectors.buildings_through_time import BuildingThroughTime, buildings_through_time
from projects.ledger.models import Project
from registry.kernel.gates import BlockerFact, PauseFact, ReliefFact, StepFact
from registry.kernel.scope import BuildingColumns

InTheWay = tuple[Mapping[int, list[BlockerFact]], Mapping[int, list[ReliefFact]], Mapping[int, list[PauseFact]]]
ReadSteps = Callable[[list[int], int | None, int], Mapping[int, list[StepFact]]]


@dataclass
class Reckoning:
    """What is kept while a list of acts runs: what its acts don't change, and what waits to be counted.

    The homes always, blockers with their reliefs and pauses where the list `keeps_blockers`, as one of steps does.

    `projects` are those under lock until the list is done, `past` has the homes that are accepted or further by
    project, `serials` the last number given of a type of blockers, `steps` what stands so far. `since` has, by project,
    the earliest day from which its readiness is counted anew; None is from its beginning.
    """

    keeps_blockers: bool = False
    buildings: dict[int, list[BuildingThroughTime]] = field(default_factory=dict)
    in_the_way: dict[tuple[int, ...], InTheWay] = field(default_factory=dict)
    since: dict[int, date | None] = field(default_factory=dict)
    projects: dict[int, Project] = field(default_factory=dict)
    steps: dict[int, list[StepFact]] = field(default_factory=dict)
    past: dict[int, dict[int, tuple[str, object]]] = field(default_factory=dict)
    serials: dict[str, int] = field(default_factory=dict)

    def note(self, project_ids: Iterable[int], since: date | None) -> None:
        """Keep for later that projects are counted anew from a day on."""
        for key in project_ids:
            known = self.since.get(key, since)
            self.since[key] = None if since is None or known is None else min(since, known)

    def take(self) -> dict[int, date | None]:
        """Give what waits and forget it."""
        waiting, self.since = self.since, {}
        return waiting


_reckoning: ContextVar[Reckoning | None] = ContextVar("gates_reckoning", default=None)


def reckoning() -> Reckoning | None:
    """Return the reckoning that is open, if a list of acts runs."""
    return _reckoning.get()


@contextmanager
def one_reckoning(*, keeps_blockers: bool = False) -> Iterator[Reckoning]:
    """Read the homes of a project once for all acts inside, and count its readiness when it is asked for at the end.

    For acts that change no home: blockers, steps. What is not counted by then is lost: a trial is taken back anyhow.
    """
    opened = Reckoning(keeps_blockers)
    token = _reckoning.set(opened)
    try:
        yield opened
    finally:
        _reckoning.reset(token)


def buildings_of(project_ids: Iterable[int], building_id: int | None = None) -> dict[int, list[BuildingThroughTime]]:
    """Return the buildings of projects through time, those read already inside a reckoning from there."""
    opened, ids = _reckoning.get(), list(project_ids)
    if opened is None:
        return buildings_through_time(ids, building_id=building_id)
    missing = [key for key in ids if key not in opened.buildings]
    if missing:
        read = buildings_through_time(missing)
        opened.buildings |= {key: read.get(key, []) for key in missing}
    return {key: [each for each in opened.buildings[key] if building_id in (None, each.columns.id)] for key in ids}


def kept_facts(ids: list[int], read: Callable[[list[int]], InTheWay]) -> InTheWay:
    """Return what stands in the way of homes, read once inside a reckoning whose acts don't change it."""
    opened = _reckoning.get()
    if opened is None or not opened.keeps_blockers:
        return read(ids)
    key = tuple(ids)
    if key not in opened.in_the_way:
        opened.in_the_way[key] = read(ids)
    return opened.in_the_way[key]


def kept_steps(ids: list[int], building_id: int | None, read: ReadSteps) -> Mapping[int, list[StepFact]]:
    """Return the steps of projects, or of a building and its whole project; a list of steps reads each of them once.

    Its acts add steps and take none back, so what is new since the last act has a higher key.
    """
    opened = _reckoning.get()
    if opened is None or not opened.keeps_blockers:
        return read(ids, building_id, 0)
    for key in ids:
        known = opened.steps.setdefault(key, [])
        fresh = read([key], None, max((step.id for step in known), default=0)).get(key, [])
        for step in fresh:
            insort(known, step, key=lambda step: (step.effective_on, step.id))
    return {
        key: [step for step in opened.steps[key] if building_id is None or step.building in (None, building_id)]
        for key in ids
    }


def columns_of(project_id: int) -> tuple[BuildingColumns, ...]:
    """Return the homes of a project by building, without anything that stands in their way."""
    return tuple(building.columns for building in buildings_of([project_id]).get(project_id, []))
