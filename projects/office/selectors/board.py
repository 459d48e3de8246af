"""The board of an office: what lies where and how long, what the day took, how often families had to come (F13)."""

import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Final

from projects.ledger.models import IN_THE_BOOKS, Project, Unit
from projects.office.choices import CHECKLISTS, NEEDED_TRIPS, ExtraTrip
from projects.office.models import Booking, Visit, VisitHome, VisitPaper
from registry.kernel.stages import STAGES, Standing, Track

TOP: Final = 3
WEEK: Final = 7
RECENT: Final = 30


@dataclass(frozen=True)
class StageAge:
    """How many homes lie at a stage, and for how many days: the middle one, the one in ten that lies longest."""

    code: str
    label: str
    count: int
    median: int
    p90: int
    oldest_on: date


def ages_of(project: Project, *, on: date) -> list[StageAge]:
    """Say per stage how long homes have lain there: days from their arrival to a day, nearest rank. One query.

    Homes that were issued or are set apart lie nowhere.
    """
    rows = Unit.objects.filter(IN_THE_BOOKS, building__project=project, standing=Standing.ACTIVE).exclude(
        certificate="issued"
    )
    days: dict[str, list[date]] = {}
    for stage, arrived, opened in rows.values_list("certificate", "certificate_on", "opened_on"):
        days.setdefault(stage, []).append(arrived or opened or on)
    ages = []
    for stage in STAGES[Track.CERTIFICATE]:
        if since := days.get(stage.code):
            waits = sorted((on - day).days for day in since)
            since.sort()
            ages.append(
                StageAge(
                    stage.code, stage.label, len(waits), nearest_rank(waits, 50), nearest_rank(waits, 90), since[0]
                )
            )
    return ages


def nearest_rank(ordered: Sequence[int], percent: int) -> int:
    """Return the percentile of ordered values by nearest rank: one of them, never a number between two."""
    return ordered[max(0, math.ceil(len(ordered) * percent / 100) - 1)]


@dataclass(frozen=True)
class Trips:
    """How often families came for the certificates that they have: certificates, trips, trips each, extra trips, how
    many of them we would have spared them, the commonest reasons, and which papers we named too late."""

    certificates: int
    trips: int
    mean: float | None
    extra: int
    own_fault: int
    causes: tuple[tuple[str, int], ...]
    late_papers: tuple[tuple[str, str, int], ...]


def trips_of(project: Project, *, since: date, until: date) -> Trips:
    """Count the trips per certificate of the homes issued in a period, and why families came more than once. Four
    queries, whatever the number of homes.

    A home counts if it was visited at all: what was issued before there was a counter has no trips to count. Fetching
    the certificate is a trip and no extra one.
    """
    issued = Unit.objects.filter(
        building__project=project, certificate="issued", certificate_on__gte=since, certificate_on__lte=until
    )
    came = VisitHome.objects.filter(unit__in=issued.values("pk"), visit__withdrawn_act_id__isnull=True)
    trips = Counter(came.values_list("unit_id", flat=True))
    visits = Visit.objects.filter(
        unit__building__project=project, came_on__gte=since, came_on__lte=until, withdrawn_act_id__isnull=True
    )
    again = list(visits.exclude(again="").exclude(again__in=NEEDED_TRIPS).values_list("again", "is_own_fault"))
    causes = Counter(reason for reason, _ in again)
    labels = dict(ExtraTrip.choices)
    late = Counter(
        VisitPaper.objects.filter(
            home__visit__unit__building__project=project, home__visit__came_on__gte=since,
            home__visit__came_on__lte=until, was_foreseeable=True, home__visit__withdrawn_act_id__isnull=True,
        ).values_list("item__applies_to", "name")
    )  # fmt: skip
    lists = dict(CHECKLISTS)
    return Trips(
        certificates=len(trips),
        trips=sum(trips.values()),
        mean=round(sum(trips.values()) / len(trips), 2) if trips else None,
        extra=len(again),
        own_fault=sum(is_own for _, is_own in again),
        causes=tuple((labels[code], count) for code, count in _ranked(causes)),
        late_papers=tuple((lists.get(code, "其他"), name, count) for (code, name), count in _ranked(late, 10)),
    )


def _ranked(counts: "Counter[Any]", most: int = TOP) -> list[tuple[Any, int]]:
    return sorted(counts.items(), key=lambda each: (-each[1], str(each[0])))[:most]


@dataclass
class MonthTrips:
    """The trips of a month: homes issued that had come, their trips, extra trips, those we would have spared."""

    begins: date
    homes: int = 0
    trips: int = 0
    extra: int = 0
    own_fault: int = 0


def trips_by_month(project: Project, *, on: date, months: int = 6) -> list[MonthTrips]:
    """Count the trips of the months up to a day, newest first, as `trips_of` counts a period. Three queries."""
    begins = [on.replace(day=1)]
    while len(begins) < months:
        begins.append((begins[-1] - timedelta(1)).replace(day=1))
    table = {day: MonthTrips(day) for day in begins}
    issued = dict(
        Unit.objects.filter(
            building__project=project, certificate="issued", certificate_on__gte=begins[-1], certificate_on__lte=on
        ).values_list("id", "certificate_on")
    )
    came = VisitHome.objects.filter(
        unit__building__project=project, unit__certificate="issued", visit__withdrawn_act_id__isnull=True
    )
    for key, count in Counter(came.values_list("unit_id", flat=True)).items():
        if key in issued:
            month = table[issued[key].replace(day=1)]
            month.homes, month.trips = month.homes + 1, month.trips + count
    again = Visit.objects.filter(
        unit__building__project=project, came_on__gte=begins[-1], came_on__lte=on, withdrawn_act_id__isnull=True
    ).exclude(again="")
    for day, reason, is_own in again.values_list("came_on", "again", "is_own_fault"):
        if reason not in NEEDED_TRIPS:
            month = table[day.replace(day=1)]
            month.extra, month.own_fault = month.extra + 1, month.own_fault + is_own
    return [table[day] for day in begins]


@dataclass(frozen=True)
class Forecast:
    """What the week ahead asks of the office: appointments, families that walk in as they did of late, seats a day."""

    booked: int
    walk_ins: int
    capacity: int

    @property
    def is_over(self) -> bool:
        """Whether more will come than can be served."""
        return self.booked + self.walk_ins > self.capacity


def week_ahead(project: Project, *, on: date, clerks: int, each: int, open_days: int = 5) -> Forecast:
    """Say what the next seven days ask of the office: what is booked, and walk-ins at the pace of the last thirty days.
    Two queries."""
    booked = Booking.objects.filter(
        unit__building__project=project, ended_act_id__isnull=True, day__gt=on, day__lte=on + timedelta(days=WEEK)
    ).count()
    recent = Visit.objects.filter(
        unit__building__project=project,
        came_on__gt=on - timedelta(days=RECENT),
        came_on__lte=on,
        withdrawn_act_id__isnull=True,
    ).count()
    return Forecast(booked, round(recent * WEEK / RECENT), clerks * each * open_days)
