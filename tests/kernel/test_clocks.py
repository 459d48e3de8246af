"""The ball-in-court clock: no gap, sums equal the elapsed time, pauses stop it, late stays late."""

from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from registry.kernel.clocks import HolderTime, Segment, Turn, as_of, due_on, read_clock, spent_by_holder, split_segments
from registry.kernel.errors import DomainError
from registry.kernel.workdays import Calendar

CALENDAR = Calendar()
TOWNSHIP, PLANNING, TAX = 1, 2, 3
MONDAY = date(2022, 3, 7)


def day(offset: int) -> date:
    return MONDAY + timedelta(days=offset)


LIFE = split_segments(
    [
        Turn(day(0), TOWNSHIP),
        Turn(day(2), PLANNING),
        Turn(day(7), pause="等法院裁定"),
        Turn(day(14), PLANNING),
    ],
    opened_on=day(0),
    closed_on=day(18),
)


def test_split_segments_leaves_no_gap() -> None:
    expected = (
        Segment(day(0), day(2), TOWNSHIP),
        Segment(day(2), day(7), PLANNING),
        Segment(day(7), day(14), None, "等法院裁定"),
        Segment(day(14), day(18), PLANNING),
    )
    assert expected == LIFE


def test_spent_by_holder_of_a_closed_blocker() -> None:
    assert spent_by_holder(LIFE, on=day(100), calendar=CALENDAR) == {
        TOWNSHIP: HolderTime(2, 2),
        PLANNING: HolderTime(9, 7),
        None: HolderTime(7, 5),
    }


def test_read_clock_does_not_count_the_pause() -> None:
    reading = read_clock(LIFE, allowed=10, on=day(100), calendar=CALENDAR)
    assert (reading.used, reading.late, reading.due_on, reading.is_closed) == (9, 0, day(21), True)


def test_read_clock_as_of_a_day_in_the_middle() -> None:
    reading = read_clock(LIFE, allowed=10, on=day(3), calendar=CALENDAR)
    assert (reading.holder, reading.since, reading.used, reading.is_closed) == (PLANNING, day(2), 3, False)
    paused = read_clock(LIFE, allowed=10, on=day(9), calendar=CALENDAR)
    assert (paused.holder, paused.pause, paused.used, paused.due_on) == (None, "等法院裁定", 5, None)


def test_late_stays_late_after_closing() -> None:
    closed = read_clock(LIFE, allowed=3, on=day(18), calendar=CALENDAR)
    years_later = read_clock(LIFE, allowed=3, on=day(2000), calendar=CALENDAR)
    assert (closed.late, years_later.late, closed.due_on) == (6, 6, day(3))


def test_a_new_holiday_moves_a_running_deadline() -> None:
    running = split_segments([Turn(day(0), TOWNSHIP)], opened_on=day(0))
    more = Calendar(holidays=frozenset({day(1)}))
    assert due_on(running, allowed=3, calendar=CALENDAR) == day(3)
    assert due_on(running, allowed=3, calendar=more) == day(4)


def test_turns_of_one_day_are_kept_and_take_no_time() -> None:
    life = split_segments([Turn(day(0), TOWNSHIP), Turn(day(0), PLANNING)], opened_on=day(0))
    assert life == (Segment(day(0), day(0), TOWNSHIP), Segment(day(0), None, PLANNING))
    assert spent_by_holder(life, on=day(1), calendar=CALENDAR)[TOWNSHIP] == HolderTime(0, 0)


@pytest.mark.parametrize(
    ("turns", "opened", "closed", "code"),
    [
        ([], 0, None, "LIFE_GAP"),
        ([Turn(day(1), TOWNSHIP)], 0, None, "LIFE_GAP"),
        ([Turn(day(0), TOWNSHIP)], 1, None, "LIFE_GAP"),
        ([Turn(day(0), TOWNSHIP), Turn(day(5), TAX)], 0, 4, "LIFE_ORDER"),
        ([Turn(day(0), TOWNSHIP)], 0, -1, "LIFE_ORDER"),
    ],
)
def test_split_segments_refuses_gaps_and_wrong_order(
    turns: list[Turn], opened: int, closed: int | None, code: str
) -> None:
    with pytest.raises(DomainError) as refusal:
        split_segments(turns, opened_on=day(opened), closed_on=None if closed is None else day(closed))
    assert refusal.value.code == code


@pytest.mark.parametrize(("holder", "pause"), [(None, ""), (None, "  "), (TOWNSHIP, "等")])
def test_turn_has_an_owner_or_a_reason(holder: int | None, pause: str) -> None:
    with pytest.raises(DomainError, match="二者只填一项"):
        Turn(day(0), holder, pause)


def test_read_clock_before_the_beginning_is_refused() -> None:
    with pytest.raises(DomainError, match="早于该事项开始日期"):
        read_clock(LIFE, allowed=3, on=day(-1), calendar=CALENDAR)


@st.composite
def lives(draw: st.DrawFn) -> tuple[tuple[Segment, ...], date | None]:
    steps = draw(st.lists(st.integers(0, 20), max_size=6))
    owners = draw(st.lists(st.none() | st.integers(1, 4), min_size=len(steps) + 1, max_size=len(steps) + 1))
    at, turns = 0, []
    for step, owner in zip([0, *steps], owners, strict=True):
        at += step
        turns.append(Turn(day(at), owner, "" if owner else "等"))
    closed_on = draw(st.none() | st.integers(at, at + 30).map(day))
    return split_segments(turns, opened_on=day(0), closed_on=closed_on), closed_on


calendars = st.builds(Calendar, st.frozensets(st.integers(0, 120).map(day), max_size=20))


@given(lives(), st.integers(0, 200), calendars)
def test_segments_sum_to_the_elapsed_time(
    life: tuple[tuple[Segment, ...], date | None], after: int, calendar: Calendar
) -> None:
    segments, closed_on = life
    until = day(after) if closed_on is None else min(day(after), closed_on)
    spent = spent_by_holder(segments, on=day(after), calendar=calendar).values()
    assert sum(part.days for part in spent) == (until - day(0)).days
    assert sum(part.workdays for part in spent) == calendar.workdays_between(day(0), until)


@given(lives(), st.integers(0, 30), st.integers(0, 150), calendars)
def test_late_is_the_running_working_days_after_the_due_day(
    life: tuple[tuple[Segment, ...], date | None], allowed: int, after: int, calendar: Calendar
) -> None:
    segments, _ = life
    known = as_of(segments, day(after))
    due = due_on(known, allowed=allowed, calendar=calendar)
    running = {
        segment.starts + timedelta(days=n)
        for segment in known
        if segment.holder is not None
        for n in range(1, segment.days(day(after)) + 1)
    }
    expected = sum(1 for d in running if due is not None and d > due and calendar.is_workday(d))
    assert read_clock(segments, allowed=allowed, on=day(after), calendar=calendar).late == expected


@given(lives(), st.integers(0, 100), calendars)
def test_late_never_shrinks(life: tuple[tuple[Segment, ...], date | None], after: int, calendar: Calendar) -> None:
    segments, _ = life
    earlier, later = (read_clock(segments, allowed=5, on=day(after + n), calendar=calendar).late for n in (0, 10))
    assert earlier <= later


@given(lives(), st.integers(0, 100))
def test_as_of_is_without_gap_too(life: tuple[tuple[Segment, ...], date | None], after: int) -> None:
    known = as_of(life[0], day(after))
    assert known[0].starts == day(0)
    assert all(one.ends == other.starts for one, other in pairwise(known))
