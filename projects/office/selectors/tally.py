"""What an office did on a day, for its township: a by-product of the work, nothing of it is typed."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date
from typing import Final

from django.db.models import Count

from projects.ledger.choices import MoveKind
from projects.ledger.models import Building, Move, Project
from projects.office.choices import CallResult
from projects.office.models import Manifest, PhoneCall, Visit, VisitHome
from registry.kernel.stages import Track, stage_of

CODES: Final = ("notified", "collected", "accepted", "recorded", "printed", "issued")
STEPS: Final = tuple(stage_of(Track.CERTIFICATE, code).label for code in CODES)


@dataclass(frozen=True)
class DayTally:
    """A day of an office: families and homes that came, trips that were extra, homes by step and building, calls, bags
    sent. `whole` is the sum of the buildings, `steps` their columns."""

    families: int
    homes: int
    extra: int
    calls: int
    reached: int
    sent: int
    buildings: tuple[tuple[str, tuple[int, ...]], ...]
    whole: tuple[int, ...]


def tally_of(project: Project, *, on: date) -> DayTally:
    """Read the day of an office: what occurred on it, as known now. Six queries, whatever the number of homes."""
    visits = Visit.objects.filter(unit__building__project=project, came_on=on, withdrawn_act_id__isnull=True)
    again = list(visits.values_list("again", flat=True))
    calls = list(
        PhoneCall.objects.filter(unit__building__project=project, called_on=on).values_list("result", flat=True)
    )
    moves = Move.objects.filter(
        unit__building__project=project, track=Track.CERTIFICATE.value, kind=MoveKind.ADVANCE, occurred_on=on,
        reversed_by__isnull=True, to_stage__in=CODES,
    )  # fmt: skip
    table: dict[int, list[int]] = defaultdict(lambda: [0] * len(CODES))
    for building, stage, count in moves.values_list("unit__building_id", "to_stage").annotate(n=Count("id")):
        table[building][CODES.index(stage)] += count
    buildings = Building.objects.filter(pk__in=list(table)).order_by("number_order", "id")
    rows = tuple((str(building), tuple(table[building.pk])) for building in buildings)
    return DayTally(
        families=len(again),
        homes=VisitHome.objects.filter(visit__in=visits).count(),
        extra=sum(reason not in ("", "claim") for reason in again),
        calls=len(calls),
        reached=sum(result == CallResult.REACHED for result in calls),
        sent=sum(Manifest.objects.filter(project=project, sent_on=on).values_list("listed", flat=True)),
        buildings=rows,
        whole=tuple(sum(counts[at] for _, counts in rows) for at in range(len(CODES))),
    )
