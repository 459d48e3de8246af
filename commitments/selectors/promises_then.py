"""The promises of letters in force as they stood on a day: what was due when, what was kept, who is late."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date
from typing import Final

from commitments.choices import InstrumentKind, InstrumentState
from commitments.models import Clause, Instrument, Obligation, ObligationEvent

OVER: Final = (InstrumentState.REVOKED, InstrumentState.SUPERSEDED, InstrumentState.CLOSED)
NEVER: Final = (InstrumentState.DRAFT, InstrumentState.COUNTERSIGN, InstrumentState.WITHDRAWN)


@dataclass(frozen=True)
class PromiseThen:
    """A promise on a day. Late is what is not verified after its day, whether or not its letter has lapsed."""

    code: str
    project: str
    district_code: str
    district: str
    number: str
    issuer: str
    performer: str
    verifier: str
    item: int
    end_state: str
    due_on: date
    reported_on: date | None
    verified_on: date | None
    lapsed_on: date | None
    days_late: int

    @property
    def state(self) -> str:
        """How it stands, in words: 逾期 before 已失效, which is said beside."""
        if self.verified_on is not None:
            return "已核验"
        if self.days_late > 0:
            return "逾期"
        return "已报完成，待核验" if self.reported_on is not None else "未到期"


def promises_on(on: date) -> list[PromiseThen]:
    """Return the promises of the letters in force on a day, as known now, the longest overdue first. Four queries."""
    letters = Instrument.objects.filter(kind=InstrumentKind.LETTER, effective_on__lte=on).exclude(state__in=NEVER)
    ended = letters.filter(state__in=OVER, ended_on__lte=on).values("pk")
    rows = list(
        Obligation.objects.filter(letter__instrument__in=letters.exclude(pk__in=ended).values("pk"))
        .select_related("letter__instrument__project", "letter__instrument__issuer", "letter__performer", "verifier")
        .order_by("letter__instrument__project__code", "letter__instrument_id", "ordinal")
    )
    later = ObligationEvent.objects.filter(
        obligation__in=[row.pk for row in rows], happened_on__gt=on, old_due_on__isnull=False
    )
    extended = dict(later.order_by("-happened_on", "-id").values_list("obligation_id", "old_due_on"))
    lapsed: dict[int, list[date]] = defaultdict(list)
    for key, day in Clause.objects.filter(
        instrument__in=[row.letter.instrument_id for row in rows], lapses_on__lte=on
    ).values_list("instrument_id", "lapses_on"):
        lapsed[key].append(day)
    lines = [_line(row, extended.get(row.pk, row.due_on), lapsed, on) for row in rows]
    return sorted(lines, key=lambda line: (-line.days_late, line.due_on, line.code, line.item))


def _line(row: Obligation, due_on: date, lapsed: dict[int, list[date]], on: date) -> PromiseThen:
    instrument, project = row.letter.instrument, row.letter.instrument.project
    verified = row.verified_on if row.verified_on is not None and row.verified_on <= on else None
    return PromiseThen(
        code=project.code,
        project=project.name,
        district_code=project.district_code,
        district=project.district_name,
        number=str(instrument),
        issuer=str(instrument.issuer),
        performer=str(row.letter.performer) if row.letter.performer is not None else "",
        verifier=str(row.verifier),
        item=row.ordinal,
        end_state=row.end_state,
        due_on=due_on,
        reported_on=row.reported_on if row.reported_on is not None and row.reported_on <= on else None,
        verified_on=verified,
        lapsed_on=min(lapsed[instrument.pk], default=None) if lapsed[instrument.pk] else None,
        days_late=max((on - due_on).days, 0) if verified is None else 0,
    )
