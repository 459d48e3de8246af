"""Days as people and programs write them: one reader for lists, forms and every other door.

A year has four digits; the order is year, month, day, or the day is asked back. What a program made of a day is undone
by stated rules: a serial is counted, a moment within a minute of midnight is that day, a moment with its zone is the
day in Shanghai; any other time of day is refused. Whether a day may lie ahead or before its project is another rule.
"""

import math
import re
import unicodedata
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, timezone
from functools import lru_cache
from typing import Final

from registry.kernel.days import FIRST_DAY, LAST_DAY, DayRefused
from registry.kernel.periods import SHANGHAI

SERIALS_FROM: Final = date(1899, 12, 30)
HOW: Final = "请写成 2022-03-07。"
_CLOCK: Final = (
    "(?:[ T]*(?P<clock>[0-9]{1,2}:[0-9]{2}(?::[0-9]{2}(?:\\.[0-9]+)?)?)\\s*(?P<zone>Z|[+-][0-9]{2}:?[0-9]{2})?)?"
)
_SPLIT: Final = re.compile(
    f"(?P<y>[0-9]{{4}})\\s*(?P<s>[-/.])\\s*(?P<m>[0-9]{{1,2}})\\s*(?P=s)\\s*(?P<d>[0-9]{{1,2}})\\.?{_CLOCK}"
)
_HAN: Final = re.compile(
    f"(?P<y>[0-9]{{4}})\\s*年\\s*(?P<m>[0-9]{{1,2}})\\s*月\\s*(?P<d>[0-9]{{1,2}})\\s*[日号]?{_CLOCK}"
)
_SOLID: Final = re.compile("(?P<y>[0-9]{4})(?P<m>[0-9]{2})(?P<d>[0-9]{2})")
_MONTH: Final = re.compile("([0-9]{4})(?:年([0-9]{1,2})月?份?|[-/.]([0-9]{1,2}))")
_YEAR: Final = re.compile("[0-9]{4}年?")
_SHORT_YEAR: Final = re.compile(
    "'?[0-9]{1,3}(?:[-/.][0-9]{1,2}[-/.][0-9]{1,2}|年[0-9]{1,2}月(?:[0-9]{1,2}[日号]?)?)(?:[ T].*)?"
)
_OTHER_ORDER: Final = re.compile(
    "[0-9]{1,2}[-/. ](?:[0-9]{1,2}|[A-Z]{3,9})[-/., ]+[0-9]{2,4}|[A-Z]{3,9}[-. ][0-9]{1,2},?[- ][0-9]{2,4}",
    re.IGNORECASE,
)
_DASHES: Final = re.compile("[‐-―−－]")


@dataclass(frozen=True, slots=True)
class ReadDay:
    """A day, and by which rule it is not what was written; no rule if it is only another spelling."""

    day: date
    rule: str = ""


def _refuse(code: str, said: str) -> DayRefused:
    return DayRefused(said, code=code)


def read_day(value: object, *, month_only: bool = False) -> ReadDay:
    """Read a day from what a cell or a field holds. Raises DayRefused; a blank is the caller's to tell.

    `month_only` is for columns that declare months: 2014年5月 is then its first day.
    """
    if isinstance(value, bool):
        raise _refuse("DATE_FORMAT", f"“{'TRUE' if value else 'FALSE'}”不是日期。{HOW}")
    if isinstance(value, datetime):
        return _of_moment(value)
    if isinstance(value, date):
        return ReadDay(_within(value))
    if isinstance(value, int | float):
        return _of_number(value)
    return _of_text(str(value), month_only)


@lru_cache(maxsize=4096)
def _of_text(text: str, month_only: bool) -> ReadDay:
    said = _DASHES.sub("-", unicodedata.normalize("NFKC", text)).replace("。", ".").strip().lstrip("'’")
    shown = said[:20]
    if match := _SPLIT.fullmatch(said) or _HAN.fullmatch(said) or _SOLID.fullmatch(said):
        parts = match.groupdict()
        try:
            day = date(int(parts["y"]), int(parts["m"]), int(parts["d"]))
        except ValueError:
            raise _refuse("DATE_FORMAT", f"“{shown}”不存在。请核对后改正，如 2022-03-07。") from None
        _within(day)
        if not parts.get("clock"):
            return ReadDay(day)
        return _with_clock(day, parts["clock"], parts.get("zone") or "", shown)
    if match := _MONTH.fullmatch(said):
        if not month_only:
            raise _refuse("DATE_NO_DAY", f"“{shown}”未填写到日。请补上日，写成 2022-03-07。")
        try:
            return ReadDay(_within(date(int(match[1]), int(match[2] or match[3]), 1)), "只写到月，按当月1日记")
        except ValueError:
            raise _refuse("DATE_FORMAT", f"“{shown}”不是日期。{HOW}") from None
    if _YEAR.fullmatch(said):
        raise _refuse("DATE_NO_DAY", f"“{shown}”未填写到日。请补上月和日，写成 2022-03-07。")
    if _SHORT_YEAR.fullmatch(said):
        raise _refuse("DATE_YEAR", f"“{shown}”的年份不是四位。请写明四位年份，如 2022-03-07。")
    if _OTHER_ORDER.fullmatch(said):
        raise _refuse("DATE_ORDER", f"“{shown}”无法判断月和日。请按年、月、日的顺序写成 2022-03-07。")
    raise _refuse("DATE_FORMAT", f"“{shown}”不是日期。{HOW}")


def _with_clock(day: date, clock: str, zone: str, shown: str) -> ReadDay:
    try:
        at = time.fromisoformat(clock.zfill(5) if clock.count(":") == 1 else re.sub("^([0-9]):", "0\\1:", clock)[:15])
    except ValueError:
        raise _refuse("DATE_FORMAT", f"“{shown}”的钟点不存在。{HOW}") from None
    moment = datetime.combine(day, at)
    if zone:
        try:
            hours, minutes = (0, 0) if zone == "Z" else (int(zone[1:3]), int(zone[-2:]))
            offset = timezone((-1 if zone[0] == "-" else 1) * timedelta(hours=hours, minutes=minutes))
        except ValueError:
            raise _refuse("DATE_FORMAT", f"“{shown}”的时区不存在。{HOW}") from None
        moment = moment.replace(tzinfo=offset)
    return _of_moment(moment)


def _of_moment(moment: datetime) -> ReadDay:
    """Round a moment within a minute of midnight to its day; with a zone it is the moment in Shanghai."""
    rule = ""
    if moment.tzinfo is not None:
        try:
            here = moment.astimezone(SHANGHAI)
        except OverflowError:
            raise _out_of_bounds(moment.date()) from None
        local = here.replace(tzinfo=None)
        rule = "按北京时间折算" if moment.utcoffset() != here.utcoffset() else ""
    else:
        local = moment
    _within(local.date())
    since = local - datetime.combine(local.date(), time())
    if not since:
        return ReadDay(local.date(), rule)
    if since <= timedelta(minutes=1):
        return ReadDay(local.date(), rule or "去掉零点附近的时刻")
    if since >= timedelta(hours=23, minutes=59):
        return ReadDay(_within(local.date() + timedelta(days=1)), rule or "零点前一分钟内，按次日记")
    said = local.strftime("%Y-%m-%d %H:%M")
    raise _refuse("DATE_CLOCK", f"“{said}”带有钟点，无法判断所指日期。请只写日期，如 {local.date()}。")


def _of_number(value: float) -> ReadDay:
    """Read a number of a workbook: 20220307 as written, 44431 as a serial counted from 1900."""
    if not math.isfinite(value):
        raise _refuse("DATE_FORMAT", f"“{value}”不是日期。{HOW}")
    if value == int(value) and 19000101 <= value <= 99991231:
        return ReadDay(_of_text(str(int(value)), False).day)
    first, last = (FIRST_DAY - SERIALS_FROM).days, (LAST_DAY - SERIALS_FROM).days
    if not first <= value <= last + 1:
        raise _refuse("DATE_FORMAT", f"“{value:g}”不是日期。{HOW}")
    moment = datetime.combine(SERIALS_FROM, time()) + timedelta(days=value)
    read = _of_moment(moment.replace(microsecond=0) if value == int(value) else moment)
    return ReadDay(read.day, "按表格软件的日期序号换算")


def _within(day: date) -> date:
    if not FIRST_DAY <= day <= LAST_DAY:
        raise _out_of_bounds(day)
    return day


def _out_of_bounds(day: date) -> DayRefused:
    return _refuse(
        "DATE_YEAR",
        f"日期{day.isoformat()}应在{FIRST_DAY.year}年{FIRST_DAY.month}月{FIRST_DAY.day}日至"
        f"{LAST_DAY.year}年{LAST_DAY.month}月{LAST_DAY.day}日之间。请核对年份。",
    )


def utc_moment(text: str) -> datetime | None:
    """Return the moment of an ISO text that names its zone (…Z, …+08:00), None for any other text."""
    said = text.strip()
    if not re.search("(?:Z|[+-][0-9]{2}:?[0-9]{2})$", said) or "T" not in said:
        return None
    try:
        moment = datetime.fromisoformat(said)
    except ValueError:
        return None
    return moment if moment.tzinfo is not None else moment.replace(tzinfo=UTC)
