"""The buildings that gates are decided for: their units now, and what they were before, from the dated rows."""

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from itertools import groupby
from typing import Any, Final

from django.db.models import QuerySet

from projects.gates.selectors.plans import Plan, Plans, gate_plans
from projects.ledger.models import IN_THE_BOOKS, Building, FeatureChange, Move, Unit
from projects.ledger.selectors.history import UnitChange, housing_types, known_by, placed_in, unit_changes
from registry.kernel.gates import BuildingState
from registry.kernel.gates.facts import Standings
from registry.kernel.scope import BuildingColumns
from registry.kernel.stages import Feature, Standing, Track, Use

UNIT_COLUMNS: Final = (
    "building_id", "id", "entrance", "floor", "use", "features", "standing", "certificate", "certificate_on",
    "opened_on",
)  # fmt: skip
OF_NAME: Final[Mapping[str, Any]] = {"use": Use, "features": Feature, "standing": Standing}
Dated = Sequence[tuple[date, Any]]


@dataclass
class BuildingThroughTime:
    """A building as it is last, and what it was before each day on which it changed."""

    columns: BuildingColumns
    standings: Standings
    plan: Plan
    issued: dict[int, date]
    former: tuple[BuildingState, ...] = ()


@dataclass
class _Values:
    """The changing columns of a building while its days are gone through backwards."""

    use: list[Use]
    features: list[Feature]
    standing: list[Standing | None]
    places: Mapping[int, int] = field(default_factory=dict)


def buildings_through_time(
    project_ids: Iterable[int], *, building_id: int | None = None, known_at: datetime | None = None
) -> dict[int, list[BuildingThroughTime]]:
    """Return, by project, its buildings in their order, each with its history as known at a moment (None: now).

    Seven queries; nine with `known_at`.
    """
    wanted = Building.objects.filter(project_id__in=list(project_ids))
    if building_id is not None:
        wanted = wanted.filter(id=building_id)
    rows = list(wanted.order_by("number_order", "id").values_list("id", "project_id"))
    units = _units(wanted) if known_at is None else _units_then(wanted, known_at)
    changes: dict[int, list[UnitChange]] = defaultdict(list)
    for change in unit_changes(wanted, known_at=known_at):
        changes[change.building_id].append(change)
    plan_rows = _plans_by_day(wanted, rows, known_at)
    projects: dict[int, list[BuildingThroughTime]] = defaultdict(list)
    for key, project_id in rows:
        projects[project_id].append(_through_time(key, units.get(key, []), changes[key], plan_rows[key]))
    return projects


def _units(wanted: QuerySet[Any]) -> dict[int, list[Any]]:
    rows = Unit.objects.filter(IN_THE_BOOKS, building__in=wanted).order_by("building_id", "id")
    units = rows.values_list(*UNIT_COLUMNS).iterator(chunk_size=20000)
    return {key: list(group) for key, group in groupby(units, key=lambda row: row[0])}


def _units_then(wanted: QuerySet[Any], known_at: datetime) -> dict[int, list[Any]]:
    """The same as known at a moment: what the last move recorded by then says of each unit, and its features then."""
    moves = Move.objects.filter(unit__building__in=wanted, track=Track.CERTIFICATE)
    last: dict[int, tuple[str, str, str, date, date]] = {}
    for unit, use, standing, stage, on in (
        known_by(moves, known_at)
        .order_by("id")
        .values_list("unit_id", "to_use", "to_standing", "to_stage", "occurred_on")
    ):
        _, _, before, reached, opened = last.get(unit, ("", "", "", on, on))
        last[unit] = (use, standing, stage, reached if stage == before else on, opened)
        if stage is None:
            del last[unit]  # retired: what is opened anew begins anew
    features: dict[int, str] = {}
    stated = FeatureChange.objects.filter(unit__building__in=wanted, recorded_at__gt=known_at).order_by("-id")
    features |= dict(stated.values_list("unit_id", "was"))
    kept: dict[int, list[Any]] = defaultdict(list)
    units = Unit.objects.filter(building__in=wanted).order_by("building_id", "id")
    for building, unit, entrance, floor, had in units.values_list("building_id", "id", "entrance", "floor", "features"):
        if unit in last:
            use, standing, stage, reached, opened = last[unit]
            known = features.get(unit, had)
            kept[building].append((building, unit, entrance, floor, use, known, standing, stage, reached, opened))
    return kept


def _plans_by_day(
    wanted: QuerySet[Any], rows: Sequence[tuple[int, int]], known_at: datetime | None
) -> dict[int, list[tuple[date, Plan]]]:
    """By building, the gates it needed, each plan from which day on: by where it stood and of what type that was."""
    placed, plans = placed_in(wanted, known_at=known_at), gate_plans(known_at=known_at)
    projects = {project for _, project in rows} | {project for dated in placed.values() for _, project in dated}
    types = housing_types(projects, known_at)
    return {key: _needed(placed.get(key) or [(date.min, project)], types, plans) for key, project in rows}


def _needed(placed: Dated, types: Mapping[int, Dated], plans: Plans) -> list[tuple[date, Plan]]:
    days = {date.min, *(on for on, _ in placed[1:])}
    for _, project in placed:
        dated = types.get(project, ())
        days.update(on for on, _ in dated[1:])
        days.update(day for kind in {kind for _, kind in dated} for day in plans.days(kind))
    needed: list[tuple[date, Plan]] = []
    for day in sorted(days):
        dated = types.get(_holding(placed, day), ())
        plan = plans.on(_holding(dated, day) if dated else "", day)
        if not needed or needed[-1][1] != plan:
            needed.append((day, plan))
    return needed


def _holding(dated: Dated, day: date) -> Any:
    """What holds on a day; before the first day, the first."""
    return dated[max(0, bisect_right(dated, day, key=lambda row: row[0]) - 1)][1]


def _through_time(
    key: int, rows: Sequence[Any], changes: Sequence[UnitChange], plans: Sequence[tuple[date, Plan]]
) -> BuildingThroughTime:
    features = {had: Feature(had) for had in {row[5] for row in rows}}
    uses, standings = {use.value: use for use in Use}, {standing.value: standing for standing in Standing}
    columns = BuildingColumns(
        id=key,
        unit_ids=tuple(row[1] for row in rows),
        entrances=tuple(row[2] for row in rows),
        floors=tuple(row[3] for row in rows),
        uses=tuple(uses[row[4]] for row in rows),
        features=tuple(features[row[5]] for row in rows),
    )
    now = BuildingThroughTime(
        columns=columns,
        standings=tuple(standings[row[6]] for row in rows),
        plan=plans[-1][1],
        issued={row[1]: row[8] for row in rows if row[7] == "issued" and row[8] is not None},
    )
    openings = {row[1]: row[9] for row in rows if row[9] is not None}
    now.former = _former(now, openings, changes, plans)
    return now


def _former(
    now: BuildingThroughTime,
    openings: Mapping[int, date],
    changes: Sequence[UnitChange],
    plans: Sequence[tuple[date, Plan]],
) -> tuple[BuildingState, ...]:
    """Go back through the days on which the building changed, and keep what it was before each."""
    by_day: dict[date, list[UnitChange]] = defaultdict(list)
    for change in changes:
        by_day[change.on].append(change)
    opened: dict[date, list[int]] = defaultdict(list)
    for unit, on in openings.items():
        opened[on].append(unit)
    begins = dict(plans[1:])
    values = _Values(list(now.columns.uses), list(now.columns.features), list(now.standings))
    values.places = {unit: place for place, unit in enumerate(now.columns.unit_ids)}
    columns, former = now.columns, []
    for day in sorted({*by_day, *opened, *begins}, reverse=True):
        for change in reversed(by_day[day]):
            if change.unit_id in values.places:
                getattr(values, change.name)[values.places[change.unit_id]] = OF_NAME[change.name](change.was)
        for unit in opened[day]:
            values.standing[values.places[unit]] = None
        if any(change.name != "standing" for change in by_day[day]):
            columns = replace(columns, uses=tuple(values.use), features=tuple(values.features))
        former.append(BuildingState(day, columns, tuple(values.standing), _before(plans, day)))
    return tuple(reversed(former))


def _before(plans: Sequence[tuple[date, Plan]], day: date) -> Plan:
    return [plan for on, plan in plans if on < day][-1]
