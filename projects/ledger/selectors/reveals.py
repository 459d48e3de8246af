"""Who looked at how much in clear: counted from the trail, which no one can look past."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Final

from django.db.models import QuerySet

from registry.accounts.models import InboxItem, Person
from registry.audit.selectors import acts_of_person
from registry.kernel.errors import NotFound
from registry.store.clock import SHANGHAI

REVEALED: Final = "person.revealed"


@dataclass(frozen=True)
class DayOfReveals:
    """What a person revealed on a day, for who looks into it: no project, nobody's name but theirs."""

    name: str
    organisation: str
    count: int
    first: datetime | None
    last: datetime | None
    reasons: tuple[tuple[str, int], ...]

    @property
    def words(self) -> str:
        """The day in one sentence."""
        span = ""
        if self.first and self.last:
            span = f"，{self.first.astimezone(SHANGHAI):%H:%M}至{self.last.astimezone(SHANGHAI):%H:%M}"
        why = "；".join(f"{reason}（{count}次）" for reason, count in self.reasons)
        return f"{self.organisation} {self.name}当日查看完整个人信息{self.count}次{span}。事由：{why}。"


def source_of(person_id: int, day: date, limit: int) -> str:
    """Name what lies on the desk of the security administrator for a limit reached."""
    return f"reveals:{person_id}:{day}:{limit}"


def alarms_of(person_id: int, day: date, limit: int | None = None) -> "QuerySet[InboxItem]":
    """Return what was laid on the desk for a person and day. No query yet."""
    start = f"reveals:{person_id}:{day}:"
    items: QuerySet[InboxItem] = InboxItem.objects.filter(source__startswith=start)
    return items if limit is None else items.filter(source=source_of(person_id, day, limit))


def day_named(text: str) -> date:
    """Read the day of an address. Refused: it is none."""
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise NotFound("没有这一日的查看提醒。") from error


def revealed_by(person_id: int, day: date) -> int:
    """Count what a person revealed on a Shanghai day, in whichever role. One query."""
    return acts_of_person(person_id, REVEALED, *_span(day)).count()


def day_of_reveals(person_id: int, day: date) -> DayOfReveals:
    """Return what is known of a person's day that was put on the desk. Three queries. Refused: it never was."""
    person = Person.objects.select_related("organisation").filter(pk=person_id).first()
    if person is None or not alarms_of(person_id, day).exists():
        raise NotFound("没有这一日的查看提醒。")
    acts = list(acts_of_person(person_id, REVEALED, *_span(day)).order_by("id").values_list("recorded_at", "reason"))
    reasons: dict[str, int] = {}
    for _, reason in acts:
        reasons[reason] = reasons.get(reason, 0) + 1
    return DayOfReveals(
        name=person.name,
        organisation=str(person.organisation or ""),
        count=len(acts),
        first=acts[0][0] if acts else None,
        last=acts[-1][0] if acts else None,
        reasons=tuple(sorted(reasons.items(), key=lambda counted: -counted[1])[:10]),
    )


def _span(day: date) -> tuple[datetime, datetime]:
    start = datetime.combine(day, time(), SHANGHAI)
    return start, start + timedelta(days=1)
