"""What a day may be, by what it is the day of: something that happened, the start of what holds, a day fallen due.

The year in a document's number is the year of its day, and no number is of a year that has not come. Days that a note
names without a year get the one that is meant.

One table for forms, lists, commands and services. A service's days are held at the write door by the name of its
argument (`WORDS`), or by the rule in its annotation (`FactDay`). What a rule of the field asks beyond (not before the
meeting, not before the project was taken in) is the service's to say.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Annotated, Final

from registry.kernel.errors import DomainError

FIRST_DAY: Final = date(1949, 10, 1)
LAST_DAY: Final = date(2099, 12, 31)
START_AHEAD: Final = 5  # years
DUE_AHEAD: Final = 20


class DayRule(StrEnum):
    """What a day is the day of."""

    FACT = "fact"  # it happened: never ahead
    START = "start"  # from when something holds: known a few years ahead
    DUE = "due"  # planned or fallen due: it may lie ahead
    ANY = "any"  # asked for, not stated (a filter), or judged row by row (a list)


@dataclass(frozen=True, slots=True)
class DayWord:
    """The rule of a day and the word for it in a refusal."""

    rule: DayRule
    label: str = "日期"


class DayRefused(DomainError):
    """A day that cannot be."""


FactDay = Annotated[date, DayWord(DayRule.FACT)]
StartDay = Annotated[date, DayWord(DayRule.START)]
DueDay = Annotated[date, DayWord(DayRule.DUE, "期限")]
AnyDay = Annotated[date, DayWord(DayRule.ANY)]

WORDS: Final[Mapping[str, DayWord]] = {
    **{
        name: DayWord(DayRule.FACT, label)
        for name, label in {
            "on": "日期", "occurred_on": "日期", "placed_on": "入账日期", "found_on": "发现日期",
            "resolved_on": "解决日期", "reopened_on": "日期", "checked_on": "核查日期", "issued_on": "日期",
            "revoked_on": "撤销日期", "taken_on": "拍摄或形成日期", "held_on": "日期", "taken_in_on": "纳入日期",
            "delivered_on": "送达日期",
            "noted_on": "日期", "ended_on": "结束日期", "signed_on": "签署日期", "sold_on": "建成售出日期", "occupied_on": "入住日期",
            "succeeded_on": "承继日期", "built_on": "建成日期", "certificate_on": "发证日期",
        }.items()
    },
    **{name: DayWord(DayRule.START) for name in ("effective_on", "starts")},
    **{
        name: DayWord(DayRule.DUE, label)
        for name, label in {
            "ends": "结束日期", "due_on": "期限", "new_due_on": "新期限", "reply_by": "答复期限", "review_on": "复查日期",
            "target_on": "计划清零日期",
        }.items()
    },
}  # fmt: skip


def last_day(rule: DayRule, today: date) -> date:
    """Return the last day that the rule allows as of today."""
    if rule is DayRule.FACT:
        return min(today, LAST_DAY)
    ahead = {DayRule.START: START_AHEAD, DayRule.DUE: DUE_AHEAD}.get(rule)
    return LAST_DAY if ahead is None else min(LAST_DAY, date(today.year + ahead, 12, 31))


def require_day(day: date, word: DayWord, *, today: date, field: str | None = None) -> None:
    """Refuse a day that cannot be: before 1949, one that has not come though it is told as past, one too far ahead."""
    if day < FIRST_DAY:
        raise DayRefused(f"{word.label}{day}早于1949年10月1日。请核对年份。", field=field)
    if day <= (last := last_day(word.rule, today)):
        return
    if word.rule is DayRule.FACT:
        raise DayRefused(f"{word.label}{day}尚未到来。请填写实际发生的日期。", field=field)
    raise DayRefused(f"{word.label}{day}晚于{last}，过远。请核对年份。", field=field)


_YEAR_OF_NUMBER: Final = re.compile(r"[〔［\[]\s*((?:19|20)[0-9]{2})\s*[〕］\]]")
_YEAR_IN_BRACKETS: Final = re.compile(r"[〔［\[（(【]\s*((?:19|20)[0-9]{2})\s*[〕］\]）)】]")
_DAY_ALONE: Final = re.compile(
    r"(?<![0-9年/.\-])(?P<month>[0-9]{1,2})月(?P<day>[0-9]{1,2})(?P<mark>[日号])"
    r"|(?P<year>[0-9]{4}|[0-9]{2})年[0-9]{1,2}月[0-9]{1,2}[日号]"
)
# The number of a document among the arguments of a service, and the day on which it was issued.
NUMBERED: Final[Mapping[str, tuple[str, ...]]] = {
    "number": ("signed_on", "issued_on", "held_on"),
    "document_no": ("issued_on",),
}


def require_year_of(number: str, day: date, *, field: str | None = None) -> None:
    """Refuse a document's number of another year than its day: ×政函〔2021〕18号 was issued in 2021."""
    year = _YEAR_IN_BRACKETS.search(number)
    if year is not None and int(year[1]) != day.year:
        raise DayRefused(f"文号“{number.strip()}”的年份{year[1]}与日期{day}不符。请核对文号和日期。", field=field)


def require_no_year_ahead(text: str, *, today: date, field: str | None = None) -> None:
    """Refuse a text that names a document of a year that has not come, or from before 1949."""
    for year in _YEAR_OF_NUMBER.finditer(text):
        if int(year[1]) > today.year:
            raise DayRefused(f"文号{year[0]}的年份尚未到来。请对照文件改正。", field=field)
        if int(year[1]) < FIRST_DAY.year:
            raise DayRefused(f"文号{year[0]}的年份早于1949年。请对照文件改正。", field=field)


def with_years(text: str, said_on: date, *, is_ahead: bool = False) -> str:
    """Give every day that a note names without a year the year that is meant: the nearest to the day it was said on.

    Of what is planned (`is_ahead`) it is the next such day. A day that no year has (2月30日) is refused.
    """

    def completed(match: re.Match[str]) -> str:
        if match["month"] is None:
            return match[0]  # it has its year
        month, day = int(match["month"]), int(match["day"])
        days = [made for year in range(said_on.year - 4, said_on.year + 5) if (made := _made(year, month, day))]
        if not days:
            raise DayRefused(f"没有“{match[0]}”这一天。请核对月日。", field="text")
        meant = min((made for made in days if not is_ahead or made >= said_on), key=lambda made: abs(made - said_on))
        return f"{meant.year}年{match[0]}"

    return _DAY_ALONE.sub(completed, text)


def _made(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None
