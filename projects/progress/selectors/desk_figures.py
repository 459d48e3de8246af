"""The figures at the head of a desk that watches an area: homes due, recorded, issued, issued this month, left."""

from collections import Counter, defaultdict
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from django.db.models import Count, Sum

from projects.ledger.models import ProjectTally, Unit
from projects.ledger.selectors.counts import Counts
from registry.kernel.authority import Actor, Role
from registry.kernel.stages import Track, Use

WATCHING = frozenset({Role.CITY, Role.DISTRICT, Role.TOWNSHIP, Role.AUDITOR})
MONTHS = 12


@dataclass(frozen=True)
class DeskFigures:
    """Homes in an actor's reach, or in one district of it, as they stand now."""

    due: int
    recorded: int
    issued: int
    issued_this_month: int

    @property
    def remaining(self) -> int:
        """剩余: due and not issued."""
        return self.due - self.issued

    def needed(self, on: date) -> int:
        """按年底清零，本月须发: what was left when the month began, spread over the months to the end of the year."""
        left = self.remaining + self.issued_this_month
        return -(-left // (MONTHS + 1 - on.month))


class Place(NamedTuple):
    """A district by its code and its name."""

    code: str
    name: str


@dataclass(frozen=True)
class AreaFigures:
    """The figures of a whole reach, and of each district if there are several, the largest rest first."""

    whole: DeskFigures
    districts: tuple[tuple[Place, DeskFigures], ...]


def desk_figures(actor: Actor, *, on: date) -> AreaFigures | None:
    """Return the figures of an actor that watches an area, from the tallies; None for others. Two queries."""
    if actor.is_system or actor.role not in WATCHING:
        return None
    rows = (
        ProjectTally.objects.visible_to(actor)
        .filter(track=Track.CERTIFICATE.value, use=Use.DWELLING.value, count__gt=0)
        .values_list("project__district_code", "project__district_name", "use", "standing", "track", "stage")
        .annotate(units=Sum("count"))
        .order_by()
    )
    places: dict[Place, Counter[tuple[str, str, str, str]]] = defaultdict(Counter)
    for code, name, use, standing, track, stage, units in rows:
        places[Place(code, name)][(use, standing, track, stage)] += units
    issued = Unit.objects.visible_to(actor).filter(
        certificate="issued", certificate_on__gte=on.replace(day=1), certificate_on__lte=on, use=Use.DWELLING.value
    )
    months = dict(
        issued.exclude(standing="excluded")
        .values_list("building__project__district_code")
        .annotate(units=Count("id"))
        .order_by()
    )
    whole: Counter[tuple[str, str, str, str]] = sum(places.values(), Counter())
    districts = [(place, _figures(counter, months.get(place.code, 0))) for place, counter in places.items()]
    districts.sort(key=lambda pair: (-pair[1].remaining, pair[0].code))
    return AreaFigures(_figures(whole, sum(months.values())), tuple(districts) if len(districts) > 1 else ())


def _figures(counter: Counter[tuple[str, str, str, str]], issued_this_month: int) -> DeskFigures:
    counts = Counts(counter)
    return DeskFigures(
        due=counts.due(dwelling=True),
        recorded=counts.reached(Track.CERTIFICATE, "recorded"),
        issued=counts.at(Track.CERTIFICATE, "issued"),
        issued_this_month=issued_this_month,
    )
