"""What was when: where buildings were placed, what projects and units were on a day, as known at a moment.

Each reader takes `on` (the day asked for) and `known_at` (None: as known now). What stands on the rows themselves is
what holds last; these read the dated rows beside them.
"""

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final

from django.db.models import BooleanField, Count, QuerySet
from django.db.models.expressions import RawSQL

from projects.ledger.models import BuildingPlacement, FeatureChange, Move, Project, ProjectVersion
from registry.kernel.stages import Track

_CHANGES_A_UNIT: Final = RawSQL(
    "kind IN ('standing', 'use')", (), output_field=BooleanField()
)  # as the index says it: SQLite knows it by its text


def known_by(rows: QuerySet[Any], known_at: datetime | None) -> QuerySet[Any]:
    """Keep what was recorded by a moment; None: everything."""
    return rows if known_at is None else rows.filter(recorded_at__lte=known_at)


def moved_buildings(*, on: date, known_at: datetime | None) -> dict[int, int]:
    """Return, of the buildings that ever changed their project, the one in which each stood. One query.

    Before its first day a building counts where it came first: homes may be older in the books than the list.
    """
    moved = BuildingPlacement.objects.values("building_id").annotate(homes=Count("project_id", distinct=True))
    rows = known_by(
        BuildingPlacement.objects.filter(building_id__in=moved.filter(homes__gt=1).values("building_id")), known_at
    )
    stood: dict[int, int] = {}
    for building, project, day in rows.order_by("effective_on", "id").values_list(
        "building_id", "project_id", "effective_on"
    ):
        if day <= on or building not in stood:
            stood[building] = project
    return stood


def versions_on(
    *, on: date, known_at: datetime | None = None, project_ids: Collection[int] | None = None
) -> dict[int, ProjectVersion]:
    """Return, by project, what it was; one that was taken in later is not there. One query."""
    rows = known_by(ProjectVersion.objects.filter(effective_on__lte=on), known_at)
    if project_ids is not None:
        rows = rows.filter(project_id__in=project_ids)
    return {row.project_id: row for row in rows.select_related("developer").order_by("effective_on", "id")}


class Homes:
    """In which project something stood that merges and splits have moved since, on a day as known at a moment."""

    def __init__(self, *, on: date, known_at: datetime | None) -> None:
        self.versions = versions_on(on=on, known_at=known_at)
        self._merged_now = dict(Project.objects.filter(merged_into__isnull=False).values_list("id", "merged_into_id"))
        self._moved = moved_buildings(on=on, known_at=known_at)

    def stood_in(self, first: int | None, now: int) -> int:
        """Return the project of something that was laid in `first` (None: in `now`) and stands in `now`.

        What a merge moved stood in `first` until the merge; what a split moved, until the new project was taken in.
        """
        if first is None or first == now:
            return now
        then = first
        while (version := self.versions.get(then)) is not None and version.merged_into_id is not None:
            then = version.merged_into_id
        last = first
        while last in self._merged_now:
            last = self._merged_now[last]
        return then if last == now or now not in self.versions else now

    def of_building(self, building: int | None, now: int) -> int:
        """Return the project in which a building that stands in `now` stood; None is no building: `now`."""
        return now if building is None else self._moved.get(building, now)

    def absorbed_by(self, project: int) -> frozenset[int]:
        """Return the projects that had been merged into one by then."""
        own = {key for key, version in self.versions.items() if version.merged_into_id == project}
        return frozenset(own).union(*(self.absorbed_by(key) for key in own))


@dataclass(frozen=True)
class UnitChange:
    """An attribute of a unit left one value for another on a day."""

    unit_id: int
    building_id: int
    name: str  # "use", "standing", "features"
    was: Any
    now: Any
    on: date


def unit_changes(buildings: QuerySet[Any], *, known_at: datetime | None = None) -> list[UnitChange]:
    """Return the changes of use, standing and features in buildings, in the order of days. Two queries."""
    changes: list[UnitChange] = []
    moves = known_by(Move.objects.filter(_CHANGES_A_UNIT, unit__building__in=buildings), known_at)
    columns = ("unit_id", "unit__building_id", "from_use", "to_use", "from_standing", "to_standing", "occurred_on")
    for track, unit, building, was_use, use, was, standing, on in moves.order_by("occurred_on", "id").values_list(
        "track", *columns
    ):
        if track != Track.CERTIFICATE:
            continue  # posted on each track; a condition on the track would keep SQLite from the index of changes
        if was_use != use:
            changes.append(UnitChange(unit, building, "use", was_use, use, on))
        if was != standing:
            changes.append(UnitChange(unit, building, "standing", was, standing, on))
    stated = known_by(FeatureChange.objects.filter(unit__building__in=buildings), known_at)
    for unit, building, had, has, on in stated.order_by("effective_on", "id").values_list(
        "unit_id", "unit__building_id", "was", "features", "effective_on"
    ):
        changes.append(UnitChange(unit, building, "features", had, has, on))
    changes.sort(key=lambda change: change.on)
    return changes


def placed_in(buildings: QuerySet[Any], *, known_at: datetime | None = None) -> dict[int, list[tuple[date, int]]]:
    """Return, by building, the projects in which it stood, each from which day on, in order. One query."""
    rows = known_by(BuildingPlacement.objects.filter(building__in=buildings), known_at).order_by("effective_on", "id")
    placed: dict[int, dict[date, int]] = defaultdict(dict)
    for building, on, project in rows.values_list("building_id", "effective_on", "project_id"):
        placed[building][on] = project
    return {building: list(dated.items()) for building, dated in placed.items()}


def housing_types(
    project_ids: Collection[int], known_at: datetime | None = None
) -> Mapping[int, list[tuple[date, str]]]:
    """Return, by project, the housing types that it had, each from which day on, in order. One query."""
    rows = known_by(ProjectVersion.objects.filter(project_id__in=project_ids), known_at)
    types: dict[int, dict[date, str]] = defaultdict(dict)
    for project, on, housing_type in rows.order_by("effective_on", "id").values_list(
        "project_id", "effective_on", "housing_type"
    ):
        types[project][on] = housing_type
    return {project: list(dated.items()) for project, dated in types.items()}
