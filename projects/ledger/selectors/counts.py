"""Counts of units by account, now or as of any day as known at any moment."""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import Count, IntegerField, OuterRef, Q, QuerySet, Subquery, Sum
from django.db.models.functions import Coalesce

from projects.ledger.choices import MoveKind
from projects.ledger.models import Move, Project, ProjectTally, Tally
from projects.ledger.selectors.history import moved_buildings
from registry.kernel.periods import DAY, midnight_before
from registry.kernel.stages import STAGES, Track, Use, at_or_beyond

Place = tuple[str, str, str, str]


@dataclass(frozen=True)
class Counts:
    """Units of one project by (use, standing, track, stage). Excluded units stand in no figure but their own."""

    by_place: Counter[Place]

    def total(self, *, dwelling: bool, standing: str | None = None) -> int:
        """Count the units of one side (homes, or shops and the rest), 涉及; of one standing if given."""
        return sum(
            count
            for (use, stands, track, _), count in self.by_place.items()
            if track == "certificate" and (use == "dwelling") == dwelling and standing in (None, stands)
        )

    def due(self, *, dwelling: bool) -> int:
        """Count 应办: all but the excluded (核减). Carried units stay in."""
        return self.total(dwelling=dwelling) - self.total(dwelling=dwelling, standing="excluded")

    def at(self, track: str, stage: str, *, dwelling: bool = True) -> int:
        """Count the units that stand on a stage, excluded ones apart."""
        return sum(
            count
            for (use, standing, on_track, at), count in self.by_place.items()
            if on_track == track and at == stage and (use == "dwelling") == dwelling and standing != "excluded"
        )

    def reached(self, track: str, stage: str, *, dwelling: bool = True) -> int:
        """Count the units at or beyond a stage."""
        return sum(self.at(track, one, dwelling=dwelling) for one in at_or_beyond(Track(track), stage))

    def standing_not_issued(self, standing: str, *, dwelling: bool = True) -> int:
        """Count the units of a standing that are not issued."""
        return sum(
            count
            for (use, stands, track, stage), count in self.by_place.items()
            if track == "certificate" and stands == standing and stage != "issued" and (use == "dwelling") == dwelling
        )

    def active_at(self, *stages: str) -> int:
        """Count the active homes that stand on one of some certificate stages."""
        return sum(
            count
            for (use, stands, track, stage), count in self.by_place.items()
            if track == "certificate" and stands == "active" and use == "dwelling" and stage in stages
        )

    def certificate_stages(self, *, dwelling: bool = True) -> dict[str, int]:
        """Return the certificate stages with their counts, in order."""
        return {
            stage.code: self.at("certificate", stage.code, dwelling=dwelling) for stage in STAGES[Track.CERTIFICATE]
        }


@dataclass(frozen=True)
class Entered:
    """Homes that came into the books issued already (旧证), on two days: they stand in stocks, in no month's flow."""

    before: int = 0
    now: int = 0


EMPTY = Counts(Counter())


def present_counts(project_ids: Iterable[int]) -> dict[int, Counts]:
    """Return the counts of projects now, from the tallies. One query."""
    found: dict[int, Counter[Place]] = defaultdict(Counter)
    rows = (
        ProjectTally.objects.filter(project_id__in=list(project_ids), count__gt=0)
        .values_list("project_id", "use", "standing", "track", "stage", "count")
        .order_by()
    )
    for project_id, use, standing, track, stage, units in rows:
        found[project_id][(use, standing, track, stage)] += units
    return defaultdict(lambda: EMPTY, {key: Counts(counter) for key, counter in found.items()})


def tallied(stages: Collection[str] = (), *, dwelling: bool = True, track: str = "certificate") -> Coalesce:
    """Return how many units of a project stand on some stages (all: none named), to sort projects by. No query."""
    rows = ProjectTally.objects.filter(project=OuterRef("pk"), track=track).exclude(standing="excluded")
    rows = rows.filter(use="dwelling") if dwelling else rows.exclude(use="dwelling")
    if stages:
        rows = rows.filter(stage__in=stages)
    summed = rows.order_by().values("project").annotate(units=Sum("count")).values("units")
    return Coalesce(Subquery(summed, output_field=IntegerField()), 0)


def summed_counts(projects: "QuerySet[Project]", *tracks: str) -> Counts:
    """Return the counts of some tracks (of certificates: none named) over all projects of a list. One query."""
    wanted = tracks or ("certificate",)
    rows = (
        ProjectTally.objects.filter(project__in=projects.order_by().values("pk"), track__in=wanted, count__gt=0)
        .values_list("use", "standing", "track", "stage")
        .annotate(units=Sum("count"))
        .order_by()
    )
    return Counts(Counter({(use, standing, track, stage): units for use, standing, track, stage, units in rows}))


def building_counts(project_id: int) -> dict[int, Counts]:
    """Return the counts of each building of a project now. One query."""
    found: dict[int, Counter[Place]] = defaultdict(Counter)
    rows = Tally.objects.filter(building__project_id=project_id, count__gt=0)
    for building_id, use, standing, track, stage, count in rows.values_list(
        "building_id", "use", "standing", "track", "stage", "count"
    ):
        found[building_id][(use, standing, track, stage)] += count
    return defaultdict(lambda: EMPTY, {key: Counts(counter) for key, counter in found.items()})


def counts_as_of(
    *, on: date, known_at: datetime, project_ids: Iterable[int] | None = None, placed_on: date | None = None
) -> dict[int, Counts]:
    """Return the counts of projects on a day as known at a moment, from the moves. Three to five queries.

    A building counts in the project in which it stood on `placed_on` (None: on that day too), as known then.
    """
    wanted = None if project_ids is None else set(project_ids)
    elsewhere = moved_buildings(on=placed_on or on, known_at=known_at)
    moves = Move.objects.filter(occurred_on__lte=on, recorded_at__lte=known_at)
    places: dict[int, Counter[Place]] = defaultdict(Counter)
    for sign, side in ((1, "to"), (-1, "from")):
        names = [f"{side}_use", f"{side}_standing", "track", f"{side}_stage"]
        own = moves.filter(**{f"{side}_building__isnull": False})
        stayed = own.exclude(**{f"{side}_building_id__in": elsewhere}) if elsewhere else own
        if wanted is not None:
            stayed = stayed.filter(**{f"{side}_building__project_id__in": wanted})
        for project_id, *place, units in _summed(stayed, f"{side}_building__project_id", *names):
            places[project_id][(place[0], place[1], place[2], place[3])] += sign * units
        there = [key for key, project in elsewhere.items() if wanted is None or project in wanted]
        gone = own.filter(**{f"{side}_building_id__in": there})
        for building, *place, units in _summed(gone, f"{side}_building_id", *names) if there else ():
            places[elsewhere[building]][(place[0], place[1], place[2], place[3])] += sign * units
    return defaultdict(lambda: EMPTY, {key: Counts(+counter) for key, counter in places.items()})


def counts_on(*, on: date, project_ids: Iterable[int]) -> dict[int, Counts]:
    """Return the certificate counts of projects on a day as known now: tallies less what occurred later. Four queries.

    Nothing is recorded before it occurs, so what occurred later is among the last recorded. A building counts in the
    project in which it stood on the day.
    """
    wanted = set(project_ids)
    elsewhere = moved_buildings(on=on, known_at=None)
    there = [key for key, project in elsewhere.items() if project in wanted]
    places: dict[int, Counter[Place]] = defaultdict(Counter)

    def add(rows: Iterable[Any], sign: int) -> None:
        for building, project, *place, units in rows:
            if (stood := elsewhere.get(building, project)) in wanted:
                places[stood][(place[0], place[1], Track.CERTIFICATE.value, place[2])] += sign * units

    own = Q(building__project_id__in=wanted) | Q(building_id__in=there)
    tallies = Tally.objects.filter(own, track=Track.CERTIFICATE.value).exclude(count=0)
    add(tallies.values_list("building_id", "building__project_id", "use", "standing", "stage", "count"), 1)
    later = Move.objects.filter(
        recorded_at__gte=midnight_before(on + DAY), occurred_on__gt=on, track=Track.CERTIFICATE.value
    )
    for sign, side in ((-1, "to"), (1, "from")):
        names = [f"{side}_building_id", f"{side}_building__project_id"]
        names += [f"{side}_use", f"{side}_standing", f"{side}_stage"]
        add(_summed(later.filter(**{f"{side}_building__isnull": False}), *names), sign)
    return defaultdict(lambda: EMPTY, {key: Counts(+counter) for key, counter in places.items()})


def _summed(moves: Any, *names: str) -> Iterable[Any]:
    rows: Iterable[Any] = moves.values_list(*names).order_by().annotate(units=Count("id"))
    return rows


def settled_by(project_id: int, *, on: date) -> set[tuple[int, str]]:
    """Return the units of a project whose tax or fund was settled by a day, as (unit, track), as known now. One query.

    By the moves, as a tally: what was settled and taken back, on whatever day it was recorded, is not settled.
    """
    rows = (
        Move.objects.filter(
            unit__building__project_id=project_id, track__in=(Track.TAX, Track.FUND), occurred_on__lte=on
        )
        .values_list("unit_id", "track")
        .annotate(net=Count("id", filter=Q(to_stage="settled")) - Count("id", filter=Q(from_stage="settled")))
        .filter(net__gt=0)
    )
    return {(unit, track) for unit, track, _ in rows}


def entered_issued(*, before: date, on: date, known_at: datetime, project_ids: Iterable[int]) -> Mapping[int, Entered]:
    """Count the homes opened as issued by each of two days, as known at a moment. Two queries.

    An opening that was reversed by then (its import undone) counts no more. A building counts where it stood on `on`.
    """
    wanted = set(project_ids)
    elsewhere = moved_buildings(on=on, known_at=known_at)
    there = [key for key, project in elsewhere.items() if project in wanted]
    own = Q(to_building__project_id__in=wanted) & ~Q(to_building_id__in=list(elsewhere))
    openings = Move.objects.filter(
        own | Q(to_building_id__in=there), kind=MoveKind.OPENING, track=Track.CERTIFICATE.value, to_stage="issued",
        to_use=Use.DWELLING.value, occurred_on__lte=on, recorded_at__lte=known_at,
    ).exclude(reversed_by__recorded_at__lte=known_at)  # fmt: skip
    rows = openings.values_list("to_building_id", "to_building__project_id").order_by()
    entered: dict[int, Entered] = defaultdict(Entered)
    for building, project, early, every in rows.annotate(
        early=Count("id", filter=Q(occurred_on__lte=before)), all=Count("id")
    ):
        so_far = entered[elsewhere.get(building, project)]
        entered[elsewhere.get(building, project)] = Entered(so_far.before + early, so_far.now + every)
    return entered
