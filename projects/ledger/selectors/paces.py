"""How fast homes are issued: by month, and in the last thirty days."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Final

from django.db.models import Count, F, Q
from django.db.models.functions import ExtractMonth, ExtractYear

from projects.ledger.models import Move
from registry.kernel.periods import Month
from registry.kernel.stages import Track, Use

RECENT_DAYS: Final = 30
ISSUED: Final = "issued"


@dataclass(frozen=True)
class Pace:
    """The homes that a project issued, less those taken back, by month of the day; and in the last thirty days."""

    months: Mapping[Month, int] = field(default_factory=dict)
    recent: int = 0

    def since_first(self, last: Month) -> tuple[int, ...]:
        """Return the months from the first certificate on up to one, the latest last; no month is below nought."""
        known = sorted(month for month, homes in self.months.items() if homes > 0 and month <= last)
        if not known:
            return ()
        length = (last.year - known[0].year) * 12 + last.number - known[0].number + 1
        return tuple(max(self.months.get(known[0].plus(n), 0), 0) for n in range(length))


def issued_paces(*, since: date, on: date, known_at: datetime | None = None) -> dict[str, Pace]:
    """Return the pace of each project by its code, from a day to another, as known at a moment. One query.

    Homes that came with their certificate are no pace. A building counts in the project in which it stands.
    """
    moves = Move.objects.filter(
        Q(to_stage=ISSUED) | Q(from_stage=ISSUED), track=Track.CERTIFICATE.value, occurred_on__gte=since,
        occurred_on__lte=on, from_use=Use.DWELLING.value, to_use=Use.DWELLING.value,
    ).exclude(from_stage=F("to_stage"))  # fmt: skip
    if known_at is not None:
        moves = moves.filter(recorded_at__lte=known_at)
    recent = Q(occurred_on__gt=on - timedelta(days=RECENT_DAYS))
    to, taken = Q(to_stage=ISSUED), Q(from_stage=ISSUED)
    rows = (
        moves.values_list("unit__building__project__code")
        .annotate(year=ExtractYear("occurred_on"), month=ExtractMonth("occurred_on"))
        .annotate(
            net=Count("id", filter=to) - Count("id", filter=taken),
            lately=Count("id", filter=to & recent) - Count("id", filter=taken & recent),
        )
        .order_by()
    )
    months: dict[str, dict[Month, int]] = defaultdict(dict)
    lately: dict[str, int] = defaultdict(int)
    for code, year, month, net, late in rows:
        months[code][Month(year, month)] = net
        lately[code] += late
    return {code: Pace(counted, max(lately[code], 0)) for code, counted in months.items()}
