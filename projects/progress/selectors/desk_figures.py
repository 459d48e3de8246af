"""The figures at the head of a desk that watches an area: homes due, recorded, issued, issued this month, left."""

from collections import Counter
from dataclasses import dataclass
from datetime import date

from django.db.models import Sum

from projects.ledger.models import Tally, Unit
from projects.ledger.selectors.counts import Counts
from registry.kernel.authority import Actor, Role
from registry.kernel.stages import Track, Use

WATCHING = frozenset({Role.CITY, Role.DISTRICT, Role.TOWNSHIP, Role.AUDITOR})


@dataclass(frozen=True)
class DeskFigures:
    """Homes in an actor's reach, as they stand now."""

    due: int
    recorded: int
    issued: int
    issued_this_month: int

    @property
    def remaining(self) -> int:
        """剩余: due and not issued."""
        return self.due - self.issued


def desk_figures(actor: Actor, *, on: date) -> DeskFigures | None:
    """Return the figures of an actor that watches an area, from the tallies; None for others. Two queries."""
    if actor.is_system or actor.role not in WATCHING:
        return None
    rows = (
        Tally.objects.visible_to(actor)
        .filter(track=Track.CERTIFICATE.value, use=Use.DWELLING.value, count__gt=0)
        .values_list("use", "standing", "track", "stage")
        .annotate(units=Sum("count"))
        .order_by()
    )
    counts = Counts(Counter({(use, standing, track, stage): units for use, standing, track, stage, units in rows}))
    issued = Unit.objects.visible_to(actor).filter(
        certificate="issued", certificate_on__gte=on.replace(day=1), certificate_on__lte=on, use=Use.DWELLING.value
    )
    return DeskFigures(
        due=counts.due(dwelling=True),
        recorded=counts.reached(Track.CERTIFICATE, "recorded"),
        issued=counts.at(Track.CERTIFICATE, "issued"),
        issued_this_month=issued.exclude(standing="excluded").count(),
    )
