"""Periods and months: half-open, without gap, closing at 24:00 in Shanghai."""

from datetime import UTC, date, datetime, timedelta
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from registry.kernel.errors import DomainError
from registry.kernel.periods import Month, Period, add_months, months_between, shanghai_day

days = st.dates(date(1990, 1, 1), date(2060, 12, 31))
closing_days = st.none() | st.integers(1, 31)
months = st.builds(Month, st.integers(1990, 2060), st.integers(1, 12))


@pytest.mark.parametrize("text", ["2022-03", "2022-3", "202203", "2022年3月", " 2022 年 03 月 ", "2022.03", "2022/3"])
def test_month_parse_of_written_forms(text: str) -> None:
    assert Month.parse(text) == Month(2022, 3)


@pytest.mark.parametrize("text", ["2022-13", "2022-00", "22-03", "三月", "", "2022-03-01"])
def test_month_parse_refuses(text: str) -> None:
    with pytest.raises(DomainError, match="请写成2022-03") as refusal:
        Month.parse(text)
    assert refusal.value.code == "MONTH_FORMAT"


def test_month_prints_and_steps() -> None:
    month = Month(2021, 12)
    assert (str(month), month.label) == ("2021-12", "2021年12月")
    assert (month.next, month.previous) == (Month(2022, 1), Month(2021, 11))
    assert (month.first, month.last) == (date(2021, 12, 1), date(2021, 12, 31))
    assert Month(2024, 2).last == date(2024, 2, 29)


def test_month_closes_at_midnight_in_shanghai() -> None:
    cut_off = Month(2022, 2).cut_off()
    assert cut_off.astimezone(UTC) == datetime(2022, 2, 28, 16, 0, tzinfo=UTC)
    assert shanghai_day(cut_off) == date(2022, 3, 1)
    assert shanghai_day(cut_off - timedelta(microseconds=1)) == date(2022, 2, 28)


def test_month_with_a_configured_closing_day() -> None:
    assert Month(2022, 3).period(closing_day=25) == Period(date(2022, 2, 26), date(2022, 3, 26))
    assert Month.of(date(2022, 3, 25), closing_day=25) == Month(2022, 3)
    assert Month.of(date(2022, 3, 26), closing_day=25) == Month(2022, 4)
    assert Month.of(date(2021, 12, 26), closing_day=25) == Month(2022, 1)
    assert Month(2022, 2).closing(closing_day=31) == date(2022, 2, 28)
    assert Month(2022, 3).year_to_date(closing_day=25) == Period(date(2021, 12, 26), date(2022, 3, 26))
    assert Month(2022, 3).year_to_date() == Period(date(2022, 1, 1), date(2022, 4, 1))


@pytest.mark.parametrize("closing_day", [0, 32])
def test_month_with_an_impossible_closing_day_is_refused(closing_day: int) -> None:
    with pytest.raises(DomainError, match="结账日"):
        Month(2022, 3).period(closing_day=closing_day)


def test_month_that_does_not_exist_is_refused() -> None:
    with pytest.raises(DomainError, match="没有2022年13月"):
        Month(2022, 13)


def test_shanghai_day_of_a_moment_without_zone_is_a_mistake() -> None:
    with pytest.raises(ValueError, match="zone"):
        shanghai_day(datetime(2022, 3, 1))


def test_period_is_half_open() -> None:
    period = Period(date(2022, 3, 1), date(2022, 4, 1))
    assert date(2022, 3, 1) in period
    assert date(2022, 4, 1) not in period
    assert (period.days, period.last) == (31, date(2022, 3, 31))
    assert not period.overlaps(Period(date(2022, 4, 1), date(2022, 5, 1)))
    assert period.overlaps(Period(date(2022, 3, 31), date(2022, 5, 1)))
    with pytest.raises(DomainError, match="早于"):
        Period(date(2022, 4, 1), date(2022, 3, 1))
    with pytest.raises(ValueError, match="empty"):
        _ = Period(date(2022, 4, 1), date(2022, 4, 1)).last


@pytest.mark.parametrize(
    ("starts", "ends", "length"),
    [
        (date(2021, 7, 10), date(2022, 2, 10), Fraction(7)),
        (date(2022, 1, 31), date(2022, 2, 28), Fraction(1)),
        (date(2022, 2, 1), date(2022, 2, 15), Fraction(1, 2)),
        (date(2022, 3, 8), date(2022, 3, 8), Fraction(0)),
    ],
)
def test_months_between(starts: date, ends: date, length: Fraction) -> None:
    assert months_between(starts, ends) == length


@given(days, closing_days)
def test_every_day_belongs_to_the_month_that_holds_it(day: date, closing_day: int | None) -> None:
    month = Month.of(day, closing_day=closing_day)
    assert day in month.period(closing_day=closing_day)


@given(months, closing_days)
def test_months_leave_no_gap_and_no_overlap(month: Month, closing_day: int | None) -> None:
    assert month.period(closing_day=closing_day).ends == month.next.period(closing_day=closing_day).starts
    assert month.cut_off(closing_day=closing_day) < month.next.cut_off(closing_day=closing_day)


@given(months, st.integers(-200, 200))
def test_month_parse_of_str_and_stepping_there_and_back(month: Month, steps: int) -> None:
    assert Month.parse(str(month)) == month == Month.parse(month.label)
    assert month.plus(steps).plus(-steps) == month
    assert (month.plus(steps) > month) == (steps > 0)


@given(days, days)
def test_months_between_grows_with_the_end(one: date, other: date) -> None:
    starts, ends = sorted((one, other))
    length = months_between(starts, ends)
    assert 0 <= length <= months_between(starts, ends + timedelta(days=1))
    assert add_months(starts, int(length)) <= ends


@pytest.mark.parametrize(
    ("day", "count", "reached"),
    [
        (date(2022, 1, 31), 1, date(2022, 2, 28)),
        (date(2024, 1, 31), 1, date(2024, 2, 29)),
        (date(2022, 1, 31), 2, date(2022, 3, 31)),
        (date(2022, 3, 31), 1, date(2022, 4, 30)),
        (date(2022, 1, 15), -2, date(2021, 11, 15)),
        (date(2021, 12, 30), 2, date(2022, 2, 28)),
    ],
)
def test_add_months_keeps_the_day_where_the_month_has_it(day: date, count: int, reached: date) -> None:
    assert add_months(day, count) == reached
