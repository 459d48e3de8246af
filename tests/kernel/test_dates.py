"""Days as people and programs write them: one reader, stated rules, no guess of century or order."""

from datetime import UTC, date, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from registry.kernel.dates import SERIALS_FROM, read_day, utc_moment
from registry.kernel.days import FIRST_DAY, LAST_DAY
from registry.kernel.errors import DomainError

DAYS = st.dates(FIRST_DAY, LAST_DAY)
READ: dict[object, tuple[str, bool]] = {  # the day, and whether a rule is said
    "2022-03-07": ("2022-03-07", False), "2022/3/7": ("2022-03-07", False), "2022.3.7": ("2022-03-07", False),
    "2022年3月7日": ("2022-03-07", False), "2022年3月7号": ("2022-03-07", False), "２０２２－０３－０７": ("2022-03-07", False),
    "2022-3-7 ": ("2022-03-07", False), " 2022/3/7": ("2022-03-07", False), "2022/3/7\n": ("2022-03-07", False),
    "20220307": ("2022-03-07", False), 20220307: ("2022-03-07", False),
    "2022/3/7 0:00:00": ("2022-03-07", False), "2022-03-07 00:00:00": ("2022-03-07", False), "2022-03-07T00:00:00": ("2022-03-07", False),
    "2021/8/23 0:00:00": ("2021-08-23", False), "2021-08-23T00:00:00+08:00": ("2021-08-23", False),
    "2021-08-22T16:00:00.000Z": ("2021-08-23", True), "2022-03-06T16:00:00Z": ("2022-03-07", True),
    "2022-03-07 23:59:30": ("2022-03-08", True), "2022-03-07 00:00:30": ("2022-03-07", True),
    44431: ("2021-08-23", True), 44430.99950231481: ("2021-08-23", True),
    datetime(2021, 8, 22, 23, 59, 17): ("2021-08-23", True), datetime(2021, 8, 22, 23, 59, 58, 963000): ("2021-08-23", True),
    datetime(2021, 8, 23): ("2021-08-23", False), datetime(2021, 8, 23, 0, 0, 43): ("2021-08-23", True),
    datetime(2021, 8, 22, 16, tzinfo=UTC): ("2021-08-23", True), date(2021, 8, 23): ("2021-08-23", False),
    "1988-06-30T15:00:00Z": ("1988-07-01", True),
    "2022 年 3 月 7 日": ("2022-03-07", False), "2022年 3月7 日": ("2022-03-07", False),
}  # fmt: skip
REFUSED: dict[object, str] = {
    "22.3.7": "DATE_YEAR", "25.6.30": "DATE_YEAR", "21.8.23": "DATE_YEAR", "26.11.1": "DATE_YEAR", "22年3月7日": "DATE_YEAR",
    "22-03-07": "DATE_YEAR",
    "0022-03-07": "DATE_YEAR", "0027-01-31": "DATE_YEAR", "2220-03-07": "DATE_YEAR", "1949-09-30": "DATE_YEAR", date(27, 1,
    31): "DATE_YEAR",
    "2022年3月": "DATE_NO_DAY", "2022-03": "DATE_NO_DAY", "2022.3": "DATE_NO_DAY", "2022": "DATE_NO_DAY", "2022年": "DATE_NO_DAY",
    "3/7/2022": "DATE_ORDER", "07-Mar-22": "DATE_ORDER", "7 March 2022": "DATE_ORDER", "Mar 7, 2022": "DATE_ORDER",
    "03-07-2022": "DATE_ORDER",
    "二〇二二年三月七日": "DATE_FORMAT", "二二年三月七日": "DATE_FORMAT", "2022-02-30": "DATE_FORMAT", "2022-13-01": "DATE_FORMAT",
    "2022-3/7": "DATE_FORMAT",
    "44431": "DATE_FORMAT",
    "202203": "DATE_FORMAT", "昨天": "DATE_FORMAT", 2022: "DATE_FORMAT", 2014.5: "DATE_FORMAT", True: "DATE_FORMAT",
    float("nan"): "DATE_FORMAT", 1e300: "DATE_FORMAT",
    "2022-3-7 25:00": "DATE_FORMAT", "2022/3/7 8:30": "DATE_CLOCK", datetime(2021, 8, 22, 16): "DATE_CLOCK", 44430.5: "DATE_CLOCK",
    "2022-03-06T17:00:00Z": "DATE_CLOCK",
    "9999-12-31T23:59:59Z": "DATE_YEAR",
}  # fmt: skip


@pytest.mark.parametrize("value", READ, ids=str)
def test_day_is_read(value: object) -> None:
    read = read_day(value)
    assert (read.day.isoformat(), bool(read.rule)) == READ[value]


@pytest.mark.parametrize("value", REFUSED, ids=str)
def test_day_that_is_not_certain_is_refused(value: object) -> None:
    with pytest.raises(DomainError) as refusal:
        read_day(value)
    assert refusal.value.code == REFUSED[value]
    assert "请" in refusal.value.message


def test_month_is_read_only_where_it_is_declared() -> None:
    read = read_day("2014年5月", month_only=True)
    assert (read.day, read.rule) == (date(2014, 5, 1), "只写到月，按当月1日记")
    assert read_day("2014.5", month_only=True).day == date(2014, 5, 1)
    with pytest.raises(DomainError, match="未填写到日"):
        read_day("2014年5月")
    with pytest.raises(DomainError, match="不是日期"):
        read_day("2014年13月", month_only=True)


@given(DAYS)
def test_every_spelling_of_a_day_is_that_day(day: date) -> None:
    spellings: list[object] = [
        day, day.isoformat(), f"{day.year}/{day.month}/{day.day}", f"{day.year}年{day.month}月{day.day}日", f"{day:%Y%m%d}",
        f"{day.year}.{day.month}.{day.day}", int(f"{day:%Y%m%d}"), (day - SERIALS_FROM).days, datetime(day.year, day.month, day.day),
    ]  # fmt: skip
    assert {read_day(spelling).day for spelling in spellings} == {day}


@given(DAYS, st.integers(1, 99))
def test_year_of_two_digits_is_never_guessed(day: date, year: int) -> None:
    for text in (f"{year}.{day.month}.{day.day}", f"{year:02d}-{day:%m-%d}", f"{year:04d}-{day:%m-%d}"):
        with pytest.raises(DomainError) as refusal:
            read_day(text)
        assert refusal.value.code in ("DATE_YEAR", "DATE_ORDER")


@given(st.dates(date(1950, 1, 2), date(2099, 12, 30)), st.integers(-60, 60))
def test_moment_within_a_minute_of_midnight_is_that_day(day: date, seconds: int) -> None:
    moment = datetime(day.year, day.month, day.day) + timedelta(seconds=seconds)
    assert read_day(moment).day == day


@given(st.dates(date(1992, 1, 2), date(2099, 12, 30)), st.integers(61, 86_339))
def test_other_time_of_day_is_refused(day: date, seconds: int) -> None:
    moment = datetime(day.year, day.month, day.day) + timedelta(seconds=seconds)
    for value in (moment, moment.replace(tzinfo=timezone(timedelta(hours=8)))):
        with pytest.raises(DomainError) as refusal:
            read_day(value)
        assert refusal.value.code == "DATE_CLOCK"


@given(st.text(st.sampled_from("0123456789-/.年月日: TZ+八三"), max_size=14))
def test_text_is_read_or_refused_in_words(text: str) -> None:
    try:
        said = f"请{FIRST_DAY <= read_day(text).day <= LAST_DAY}"
    except DomainError as refusal:
        said = refusal.message
    assert "请" in said
    assert "False" not in said


def test_moment_of_a_cell_keeps_its_zone() -> None:
    assert utc_moment("2021-08-22T16:00:00.000Z") == datetime(2021, 8, 22, 16, tzinfo=UTC)
    assert utc_moment("2021-08-22T16:00:00") is None
    assert utc_moment("2021-13-22T16:00:00Z") is None
