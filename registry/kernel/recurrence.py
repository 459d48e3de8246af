"""Days on which something comes back: the part of RFC 5545's RRULE that offices use, kept as its text.

Daily, on days of the week, on a day of the month (−1 is the last), each n-th time. Other parts are refused by name.
"""

from dataclasses import dataclass
from datetime import date
from typing import Final

from registry.kernel.errors import DomainError
from registry.kernel.periods import DAY, WEEKDAY_WORDS, Month

WEEKDAYS: Final = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
_KNOWN: Final = {"FREQ", "INTERVAL", "BYDAY", "BYMONTHDAY"}
_MOST: Final = 12
LONGEST: Final = 400  # days that a rule may leave between two of its days, more or less


class RuleRefused(DomainError):
    """A rule of repetition that is not one, or not of those that are known here."""


@dataclass(frozen=True)
class Recurrence:
    """A rule: how often, each how many-th time, on which days of the week (Monday is 0) or which day of the month."""

    freq: str
    interval: int = 1
    weekdays: tuple[int, ...] = ()
    month_day: int = 0

    @classmethod
    def parse(cls, text: str) -> "Recurrence":
        """Read a rule as RFC 5545 writes it: FREQ=MONTHLY;BYMONTHDAY=3."""
        parts = dict(part.partition("=")[::2] for part in text.strip().upper().split(";"))
        freq, interval = parts.get("FREQ", ""), parts.get("INTERVAL", "1")
        days = [day for day in parts.get("BYDAY", "").split(",") if day]
        month_day = parts.get("BYMONTHDAY", "0")
        fits = {
            "DAILY": not days and month_day == "0",
            "WEEKLY": bool(days) and month_day == "0",
            "MONTHLY": not days and month_day != "0",
        }
        is_number = interval.isdecimal() and month_day.removeprefix("-").isdecimal()
        if set(parts) - _KNOWN or not fits.get(freq, False) or not is_number or set(days) - set(WEEKDAYS):
            raise RuleRefused(f"“{text}”不是可用的重复规则。请选每日、每周几或每月几日。", field="rule")
        if not 1 <= int(interval) <= _MOST or int(month_day) not in (-1, *range(29)):
            raise RuleRefused("间隔为1—12，每月的日期为1—28日或最后一日。请重新选择。", field="rule")
        return cls(freq, int(interval), tuple(sorted(WEEKDAYS.index(day) for day in set(days))), int(month_day))

    def __str__(self) -> str:
        parts = [f"FREQ={self.freq}"]
        if self.interval > 1:
            parts.append(f"INTERVAL={self.interval}")
        if self.weekdays:
            parts.append(f"BYDAY={','.join(WEEKDAYS[day] for day in self.weekdays)}")
        if self.month_day:
            parts.append(f"BYMONTHDAY={self.month_day}")
        return ";".join(parts)

    @property
    def words(self) -> str:
        """The rule as people say it: 每月3日, 每周一、周五, 每3月最后一日."""
        every = "每" if self.interval == 1 else f"每{self.interval}"
        if self.freq == "DAILY":
            return "每日" if self.interval == 1 else f"{every}日"
        if self.freq == "WEEKLY":
            days = "、".join(f"周{WEEKDAY_WORDS[day]}" for day in self.weekdays)
            return f"每{days}" if self.interval == 1 else f"{every}周的{days}"
        day = "最后一日" if self.month_day < 0 else f"{self.month_day}日"
        return f"每月{day}" if self.interval == 1 else f"{every}个月的{day}"

    def is_on(self, day: date, *, since: date) -> bool:
        """Return whether a day is one of the rule's, counted from the day since which it holds."""
        if day < since:
            return False
        if self.freq == "DAILY":
            return (day - since).days % self.interval == 0
        if self.freq == "WEEKLY":
            weeks = ((day - since).days + since.weekday()) // 7
            return day.weekday() in self.weekdays and weeks % self.interval == 0
        wanted = Month.of(day).last.day if self.month_day < 0 else self.month_day
        months = (day.year - since.year) * 12 + day.month - since.month
        return day.day == wanted and months % self.interval == 0

    def latest(self, on: date, *, since: date) -> date | None:
        """Return the last of its days up to one."""
        return next((day for back in range(LONGEST) if self.is_on(day := on - DAY * back, since=since)), None)

    def next_after(self, on: date, *, since: date) -> date | None:
        """Return the first of its days after one."""
        start = max(on + DAY, since)
        return next((day for ahead in range(LONGEST) if self.is_on(day := start + DAY * ahead, since=since)), None)
