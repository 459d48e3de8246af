"""Working days: the holiday table with 调休, and years not yet published."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from registry.kernel.workdays import Calendar, Deadline

days = st.dates(date(2019, 1, 1), date(2027, 12, 31))
counts = st.integers(-60, 60)


@st.composite
def calendars(draw: st.DrawFn) -> Calendar:
    holidays = draw(st.frozensets(days, max_size=40))
    workdays = draw(st.frozensets(days, max_size=20))
    years = draw(st.frozensets(st.integers(2019, 2027)))
    return Calendar(holidays, workdays - holidays, years)


SPRING_2022 = Calendar(
    holidays=frozenset(date(2022, 1, 31) + timedelta(days=n) for n in range(7)),
    workdays=frozenset({date(2022, 1, 29), date(2022, 1, 30)}),
    published_years=frozenset({2022}),
)


def test_workdays_over_spring_festival_with_days_made_up() -> None:
    assert SPRING_2022.is_workday(date(2022, 1, 29))
    assert not SPRING_2022.is_workday(date(2022, 2, 4))
    assert SPRING_2022.add_workdays(date(2022, 1, 28), 3) == date(2022, 2, 7)
    assert SPRING_2022.workdays_between(date(2022, 1, 28), date(2022, 2, 7)) == 3
    assert SPRING_2022.add_workdays(date(2022, 2, 7), -1) == date(2022, 1, 30)


def test_add_workdays_of_none_is_the_day_itself_even_on_a_holiday() -> None:
    assert SPRING_2022.add_workdays(date(2022, 2, 1), 0) == date(2022, 2, 1)


def test_deadline_over_new_year_is_flagged_and_never_an_exception() -> None:
    calendar = Calendar(holidays=frozenset({date(2026, 10, 1)}), published_years=frozenset({2026}))
    deadline = calendar.deadline(date(2026, 12, 28), 6)
    assert deadline == Deadline(date(2027, 1, 5), (2027,))
    assert deadline.remark == "2027年放假安排未公布，暂按法定节假日和周一至周五推算"
    assert calendar.deadline(date(2026, 12, 28), 3).remark == ""


def test_days_of_a_first_notice_count_though_the_year_stays_flagged() -> None:
    calendar = Calendar(holidays=frozenset({date(2027, 1, 1)}))
    assert calendar.add_workdays(date(2026, 12, 31), 1) == date(2027, 1, 4)
    assert calendar.unpublished([2027, 2026, 2027]) == (2026, 2027)


def test_a_day_cannot_be_both() -> None:
    with pytest.raises(ValueError, match="both holiday and working day: 2022-02-01"):
        Calendar(frozenset({date(2022, 2, 1)}), frozenset({date(2022, 2, 1)}))


def test_thirty_working_days_is_the_legal_limit_of_first_registration() -> None:
    assert Calendar().add_workdays(date(2021, 6, 1), 30) == date(2021, 7, 13)


def slowly(calendar: Calendar, day: date, count: int) -> date:
    step = timedelta(days=1 if count > 0 else -1)
    left = abs(count)
    while left:
        day += step
        left -= calendar.is_workday(day)
    return day


@given(calendars(), days, counts)
def test_add_workdays_equals_walking_day_by_day(calendar: Calendar, day: date, count: int) -> None:
    assert calendar.add_workdays(day, count) == slowly(calendar, day, count)


@given(calendars(), days, counts)
def test_counting_back_what_was_added(calendar: Calendar, day: date, count: int) -> None:
    assert calendar.workdays_between(day, calendar.add_workdays(day, count)) == count


@given(calendars(), days, days)
def test_workdays_between_equals_counting(calendar: Calendar, one: date, other: date) -> None:
    starts, ends = sorted((one, other))
    span = [starts + timedelta(days=n) for n in range((ends - starts).days + 1)]
    assert calendar.workdays_between(starts, ends) == sum(calendar.is_workday(day) for day in span[1:])
    assert calendar.workdays_between(ends, starts) == -sum(calendar.is_workday(day) for day in span[:-1])


@given(calendars(), st.lists(days, min_size=3, max_size=3))
def test_workdays_add_up(calendar: Calendar, three: list[date]) -> None:
    a, b, c = sorted(three)
    assert calendar.workdays_between(a, b) + calendar.workdays_between(b, c) == calendar.workdays_between(a, c)


@given(calendars(), days, counts, days)
def test_a_new_holiday_never_brings_a_deadline_nearer(calendar: Calendar, day: date, count: int, holiday: date) -> None:
    more = Calendar(calendar.holidays | {holiday}, calendar.workdays - {holiday}, calendar.published_years)
    moved = (more.add_workdays(day, count) - calendar.add_workdays(day, count)).days
    assert moved >= 0 if count >= 0 else moved <= 0
