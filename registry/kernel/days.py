"""What a day may be, by what it is the day of: something that happened, the start of what holds, a day fallen due.

One table for forms, lists, commands and services. A service's days are held at the write door by the name of its
argument (`WORDS`), or by the rule in its annotation (`FactDay`). What a rule of the field asks beyond (not before the
meeting, not before the project was taken in) is the service's to say.
"""

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
        raise DayRefused(f"{word.label}{day}还没到。请填写实际发生的日期。", field=field)
    raise DayRefused(f"{word.label}{day}晚于{last}，过远。请核对年份。", field=field)
