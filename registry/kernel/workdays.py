"""Working days, from a holiday table that is passed in, 调休 included.

A year whose calendar is not published yet counts Monday to Friday but for the days off of law, which whoever makes the
calendar passes in (`festivals`), and is flagged, never an exception: a deadline over New Year must be printable in
November, with the remark that it may move.
"""

from bisect import bisect_left
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Final

_EPOCH: Final = date(1899, 12, 31).toordinal()  # the Sunday before the first of all Mondays counted
FRIDAY: Final = 4


@dataclass(frozen=True, slots=True)
class Deadline:
    """A day something falls due, and the years on the way whose calendar is not published yet."""

    due_on: date
    unpublished: tuple[int, ...] = ()

    @property
    def remark(self) -> str:
        """Return what must be printed beside the date, or nothing."""
        years = "、".join(f"{year}年" for year in self.unpublished)
        return f"{years}放假安排未公布，暂按法定节假日和周一至周五推算" if years else ""


@dataclass(frozen=True, slots=True)
class Calendar:
    """Holidays and made-up working days by date, and the years for which they are published.

    Days entered for an unpublished year (a first notice) already count; the year stays flagged.
    """

    holidays: frozenset[date] = frozenset()
    workdays: frozenset[date] = frozenset()
    published_years: frozenset[int] = frozenset()
    _lost: tuple[int, ...] = field(init=False, repr=False, compare=False)
    _gained: tuple[int, ...] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        if both := self.holidays & self.workdays:
            raise ValueError(f"both holiday and working day: {min(both)}")
        object.__setattr__(self, "_lost", _ordinals(day for day in self.holidays if day.weekday() <= FRIDAY))
        object.__setattr__(self, "_gained", _ordinals(day for day in self.workdays if day.weekday() > FRIDAY))

    def is_workday(self, day: date) -> bool:
        """Tell whether people work on that day."""
        return day in self.workdays or (day.weekday() <= FRIDAY and day not in self.holidays)

    def workdays_between(self, starts: date, ends: date) -> int:
        """Count the working days after `starts` up to and with `ends`; counted backwards, days before, negative.

        So `workdays_between(d, add_workdays(d, n)) == n` for every n, and for a ≤ b ≤ c the counts add up.
        """
        if ends >= starts:
            return self._worked_through(ends) - self._worked_through(starts)
        return self._worked_through(ends - timedelta(days=1)) - self._worked_through(starts - timedelta(days=1))

    def add_workdays(self, day: date, count: int) -> date:
        """Return the count-th working day after the day (before it, if negative); the day itself for 0."""
        step = 1 if count > 0 else -1
        reached, left = day, abs(count)
        while left > 0:
            leap = max(left - 1, 0) // 5 * 7  # whole weeks first: never more than the days still to go
            if leap:
                target = reached + timedelta(days=step * leap)
                crossed = abs(self.workdays_between(reached, target))
                if crossed < left:
                    reached, left = target, left - crossed
                    continue
            reached += timedelta(days=step)
            left -= self.is_workday(reached)
        return reached

    def deadline(self, day: date, count: int) -> Deadline:
        """Return the count-th working day after the day, with the years that may still move it."""
        due_on = self.add_workdays(day, count)
        return Deadline(due_on, self.unpublished(range(min(day, due_on).year, max(day, due_on).year + 1)))

    def unpublished(self, years: Iterable[int]) -> tuple[int, ...]:
        """Return those of the years whose calendar is not published, in order."""
        return tuple(sorted(set(years) - self.published_years))

    def _worked_through(self, day: date) -> int:
        """Count the working days from the epoch up to and with a day."""
        ordinal = day.toordinal()
        weeks, rest = divmod(ordinal - _EPOCH, 7)
        lost, gained = bisect_left(self._lost, ordinal + 1), bisect_left(self._gained, ordinal + 1)
        return weeks * 5 + min(rest, 5) - lost + gained


def _ordinals(days: Iterable[date]) -> tuple[int, ...]:
    return tuple(sorted(day.toordinal() for day in days))
