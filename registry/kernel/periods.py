"""Periods: half-open ranges of days, and the reporting month that closes at 24:00 in Shanghai on a configured day.

A period [starts, ends) holds its first day and not its last. No clock here: whoever asks passes the moment.
"""

import calendar
import re
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from fractions import Fraction
from typing import Final, Self
from zoneinfo import ZoneInfo

from registry.kernel.errors import DomainError

SHANGHAI: Final = ZoneInfo("Asia/Shanghai")
DAY: Final = timedelta(days=1)
WEEKDAY_WORDS: Final = "一二三四五六日"  # behind 周 or 星期, Monday first
_MONTH: Final = re.compile("(20[0-9]{2}|19[0-9]{2})(?:[-./年]?)(0?[1-9]|1[0-2])月?")


def shanghai_day(moment: datetime) -> date:
    """Return the day in Shanghai on which a moment falls; the moment must know its zone."""
    if moment.tzinfo is None:
        raise ValueError("a moment without a zone has no day")
    return moment.astimezone(SHANGHAI).date()


def midnight_before(day: date) -> datetime:
    """Return 00:00 in Shanghai of a day, which is 24:00 of the day before."""
    return datetime.combine(day, time(), SHANGHAI)


def months_between(starts: date, ends: date) -> Fraction:
    """Return the length of [starts, ends) in calendar months: whole ones, and the rest as a share of its month."""
    whole = (ends.year - starts.year) * 12 + ends.month - starts.month
    if add_months(starts, whole) > ends:
        whole -= 1
    reached = add_months(starts, whole)
    return whole + Fraction((ends - reached).days, (add_months(starts, whole + 1) - reached).days)


def add_months(day: date, months: int) -> date:
    """Return the same day of another month, or that month's last day if it has no such day."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


@dataclass(frozen=True, slots=True, order=True)
class Period:
    """The days from `starts` up to, and without, `ends`."""

    starts: date
    ends: date

    def __post_init__(self) -> None:
        if self.ends < self.starts:
            raise DomainError(f"结束日期{self.ends}早于开始日期{self.starts}。请改正其中一个。", code="PERIOD_ORDER")

    @property
    def days(self) -> int:
        """Return the number of days."""
        return (self.ends - self.starts).days

    @property
    def last(self) -> date:
        """Return the last day; an empty period has none."""
        if not self.days:
            raise ValueError("an empty period has no last day")
        return self.ends - DAY

    def __contains__(self, day: date) -> bool:
        return self.starts <= day < self.ends

    def overlaps(self, other: "Period") -> bool:
        """Tell whether both share a day."""
        return max(self.starts, other.starts) < min(self.ends, other.ends)

    @property
    def closes_at(self) -> datetime:
        """Return the moment the period is over: 24:00 in Shanghai of its last day."""
        return midnight_before(self.ends)


@dataclass(frozen=True, slots=True, order=True)
class Month:
    """A reporting month. By default the calendar month; a closing day of 25 makes it run from the 26th to the 25th."""

    year: int
    number: int

    def __post_init__(self) -> None:
        if not (1 <= self.number <= 12 and 1900 <= self.year <= 2999):
            raise DomainError(f"没有{self.year}年{self.number}月。请写成2022-03这样的年月。", code="MONTH_FORMAT")

    @classmethod
    def parse(cls, text: str) -> Self:
        """Return the month for 2022-03, 202203 or 2022年3月."""
        match = _MONTH.fullmatch("".join(text.split()))
        if match is None:
            raise DomainError(f"月份“{text.strip()}”无法识别。请写成2022-03这样的年月。", code="MONTH_FORMAT")
        return cls(int(match[1]), int(match[2]))

    @classmethod
    def of(cls, day: date, *, closing_day: int | None = None) -> Self:
        """Return the reporting month that a day belongs to."""
        month = cls(day.year, day.month)
        return month if day < month.period(closing_day=closing_day).ends else month.plus(1)

    def plus(self, months: int) -> Self:
        """Return the month so many months later, or earlier."""
        year, number = divmod(self.year * 12 + self.number - 1 + months, 12)
        return type(self)(year, number + 1)

    @property
    def next(self) -> Self:
        """Return the next month."""
        return self.plus(1)

    @property
    def previous(self) -> Self:
        """Return the month before."""
        return self.plus(-1)

    @property
    def first(self) -> date:
        """Return the first day of the calendar month."""
        return date(self.year, self.number, 1)

    @property
    def last(self) -> date:
        """Return the last day of the calendar month."""
        return date(self.year, self.number, calendar.monthrange(self.year, self.number)[1])

    def closing(self, *, closing_day: int | None = None) -> date:
        """Return the last day that counts: the configured one, in short months the month's last."""
        if closing_day is None:
            return self.last
        if not 1 <= closing_day <= 31:
            raise DomainError(f"结账日{closing_day}不是1至31日。请改正设置。", code="CLOSING_DAY")
        return self.last.replace(day=min(closing_day, self.last.day))

    def period(self, *, closing_day: int | None = None) -> Period:
        """Return the days of the reporting month; consecutive months leave no gap and no overlap."""
        return Period(self.previous.closing(closing_day=closing_day) + DAY, self.closing(closing_day=closing_day) + DAY)

    def cut_off(self, *, closing_day: int | None = None) -> datetime:
        """Return the moment the month closes: 24:00 in Shanghai of its closing day."""
        return self.period(closing_day=closing_day).closes_at

    def year_to_date(self, *, closing_day: int | None = None) -> Period:
        """Return the days from January's first up to this month's end, for 本年累计."""
        january = type(self)(self.year, 1).period(closing_day=closing_day)
        return Period(january.starts, self.period(closing_day=closing_day).ends)

    def __str__(self) -> str:
        return f"{self.year:04d}-{self.number:02d}"

    @property
    def label(self) -> str:
        """Return 2022年3月, for sentences and papers."""
        return f"{self.year}年{self.number}月"
