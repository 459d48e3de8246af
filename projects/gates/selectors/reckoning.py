"""A list of many acts on the gates of a project: its homes are read once, its readiness is counted once at the end."""

from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from datetime import date

from projects.gates.selectors.buildings_through_time import BuildingThroughTime, buildings_through_time
from projects.ledger.models import Project
from registry.kernel.gates import BlockerFact, PauseFact, ReliefFact, StepFact
from registry.kernel.scope import BuildingColumns
from registry.store.marks import Mark, Marks

InTheWay = tuple[Mapping[int, list[BlockerFact]], Mapping[int, list[ReliefFact]], Mapping[int, list[PauseFact]]]
ReadSteps = Callable[[list[int], int | None], Mapping[int, list[StepFact]]]


@dataclass(eq=False)
class AddedStep(Mark):
    """A step that an act of the list recorded; it goes with its act if that is taken back."""

    fact: StepFact


@dataclass
class Reckoning:
    """What is kept while a list of acts runs: what its acts don't change, and what waits to be counted.

    The homes always, blockers with their reliefs and pauses where the list `keeps_blockers`, as one of steps does.

    `projects` are those under lock until the list is done, `past` has the homes that are accepted or further by
    project, `serials` the last number given of a type of blockers, `steps` what stood at first by building and `added`
    what the acts recorded since, `makers` who makes a gate instead of an actor. `since` has, by project, the earliest
    day from which its readiness is counted anew; None is from its beginning.
    """

    keeps_blockers: bool = False
    buildings: dict[int, list[BuildingThroughTime]] = field(default_factory=dict)
    in_the_way: dict[tuple[int, ...], InTheWay] = field(default_factory=dict)
    since: dict[int, date | None] = field(default_factory=dict)
    projects: dict[int, Project] = field(default_factory=dict)
    steps: dict[int, Mapping[int | None, list[StepFact]]] = field(default_factory=dict)
    added: dict[int, dict[int | None, Marks[AddedStep]]] = field(default_factory=dict)
    past: dict[int, dict[int, tuple[str, object]]] = field(default_factory=dict)
    makers: dict[Hashable, str] = field(default_factory=dict)
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


def kept_maker(key: Hashable, read: Callable[[], str]) -> str:
    """Return who makes a gate instead of an actor, asked once inside a reckoning."""
    opened = _reckoning.get()
    if opened is None:
        return read()
    if key not in opened.makers:
        opened.makers[key] = read()
    return opened.makers[key]


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
    """Return the steps of projects, or of a building and its whole project; a list of steps reads them once.

    Its acts add steps and take none back: each tells what it added (`add_steps`).
    """
    opened = _reckoning.get()
    if opened is None or not opened.keeps_blockers:
        return read(ids, building_id)
    missing = [key for key in ids if key not in opened.steps]
    stand = read(missing, None) if missing else {}
    for key in missing:
        opened.steps[key] = by_building = defaultdict(list)
        for step in stand.get(key, ()):
            by_building[step.building].append(step)
    return {key: _steps_so_far(opened, key, building_id) for key in ids}


def _steps_so_far(opened: Reckoning, project_id: int, building_id: int | None) -> list[StepFact]:
    stood, added = opened.steps[project_id], opened.added.get(project_id, {})
    wanted = {None, building_id} if building_id is not None else stood.keys() | added.keys()
    steps = [step for key in wanted for step in stood.get(key, ())]
    steps += [each.fact for key in wanted if key in added for each in added[key].standing()]
    return sorted(steps, key=lambda step: (step.effective_on, step.id))


def add_steps(project_id: int, facts: Iterable[StepFact]) -> None:
    """Tell a list of steps what an act of it recorded."""
    opened = _reckoning.get()
    if opened is not None and opened.keeps_blockers and project_id in opened.steps:
        by_building = opened.added.setdefault(project_id, defaultdict(Marks))
        for fact in facts:
            by_building[fact.building].add(AddedStep(fact))


def columns_of(project_id: int) -> tuple[BuildingColumns, ...]:
    """Return the homes of a project by building, without anything that stands in their way."""
    return tuple(building.columns for building in buildings_of([project_id]).get(project_id, []))
