"""The ball-in-court clock (吹哨报到): a life split without gap into segments, each owned by one organisation or paused.

Days of a segment are half-open [starts, ends), so they add up to the life. Working days are counted after the day of
the hand-over up to and with the next one, so they add up too. Days late never shrink once the ball is home.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date

from registry.kernel.errors import DomainError
from registry.kernel.workdays import Calendar


@dataclass(frozen=True, slots=True)
class Turn:
    """From this day on one organisation has the ball, or nobody has and the reason is stated."""

    starts: date
    holder: int | None = None
    pause: str = ""

    def __post_init__(self) -> None:
        if (self.holder is None) == (not self.pause.strip()):
            raise DomainError("每一责任时段须明确一个责任单位或写明暂停原因，二者只填一项。请更正。", code="TURN_OWNER")


@dataclass(frozen=True, slots=True)
class Segment:
    """A stretch of the life; `ends` is None while it runs."""

    starts: date
    ends: date | None
    holder: int | None = None
    pause: str = ""

    def days(self, on: date) -> int:
        """Return the calendar days of this segment as of a day."""
        return (self._until(on) - self.starts).days

    def workdays(self, on: date, calendar: Calendar) -> int:
        """Return the working days of this segment as of a day."""
        return calendar.workdays_between(self.starts, self._until(on))

    def _until(self, on: date) -> date:
        return max(self.starts, on if self.ends is None else min(on, self.ends))


@dataclass(frozen=True, slots=True)
class HolderTime:
    """What one organisation, or the pauses together, took of a life."""

    days: int
    workdays: int


@dataclass(frozen=True, slots=True)
class ClockReading:
    """The clock as of a day: who has the ball since when, how much is used of what is allowed, when it falls due.

    `due_on` is None while a pause keeps it open. `late` counts working days beyond the limit.
    """

    holder: int | None
    pause: str
    since: date
    used: int
    allowed: int
    due_on: date | None
    is_closed: bool

    @property
    def late(self) -> int:
        """Return the working days beyond the limit."""
        return max(0, self.used - self.allowed)


def split_segments(turns: Iterable[Turn], *, opened_on: date, closed_on: date | None = None) -> tuple[Segment, ...]:
    """Return the life as segments: the first begins with it, each ends where the next begins, the last with it.

    Turns of one day keep their order; those before the last take no time and remain as evidence.
    """
    ordered = sorted(turns, key=lambda turn: turn.starts)
    if not ordered or ordered[0].starts != opened_on:
        raise DomainError(f"自{opened_on}起未明确责任单位。请先指定首个责任单位。", code="LIFE_GAP")
    if closed_on is not None and (closed_on < opened_on or ordered[-1].starts > closed_on):
        raise DomainError(f"结束日期{closed_on}早于已登记的交接日期。请改正日期。", code="LIFE_ORDER")
    ends = (*(turn.starts for turn in ordered[1:]), closed_on)
    return tuple(Segment(turn.starts, end, turn.holder, turn.pause) for turn, end in zip(ordered, ends, strict=True))


def as_of(segments: Sequence[Segment], on: date) -> tuple[Segment, ...]:
    """Return the life as it stood on a day: what begins later is not known, what ends later still runs."""
    return tuple(
        replace(segment, ends=None) if segment.ends is not None and segment.ends > on else segment
        for segment in segments
        if segment.starts <= on
    )


def spent_by_holder(segments: Sequence[Segment], *, on: date, calendar: Calendar) -> dict[int | None, HolderTime]:
    """Return what each organisation took, pauses under None; the sums equal the life's days and working days."""
    spent: dict[int | None, HolderTime] = {}
    for segment in as_of(segments, on):
        before = spent.get(segment.holder, HolderTime(0, 0))
        spent[segment.holder] = HolderTime(
            before.days + segment.days(on), before.workdays + segment.workdays(on, calendar)
        )
    return spent


def read_clock(segments: Sequence[Segment], *, allowed: int, on: date, calendar: Calendar) -> ClockReading:
    """Return the clock as of a day; only working days that nobody paused are used up."""
    known = as_of(segments, on)
    if not known:
        raise DomainError(f"{on}早于该事项开始日期。请另选日期。", code="LIFE_NOT_BEGUN")
    last = known[-1]
    return ClockReading(
        holder=last.holder,
        pause=last.pause,
        since=last.starts,
        used=sum(segment.workdays(on, calendar) for segment in known if segment.holder is not None),
        allowed=allowed,
        due_on=due_on(known, allowed=allowed, calendar=calendar),
        is_closed=last.ends is not None,
    )


def due_on(segments: Sequence[Segment], *, allowed: int, calendar: Calendar) -> date | None:
    """Return the day the last allowed working day falls on; None if a pause stands in the way without an end."""
    left = allowed
    for segment in segments:
        if segment.holder is None:
            continue
        is_last = segment is segments[-1]
        taken = left if is_last or segment.ends is None else calendar.workdays_between(segment.starts, segment.ends)
        if taken >= left:
            return calendar.add_workdays(segment.starts, left)
        left -= taken
    return None
