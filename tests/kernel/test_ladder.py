"""The ladder: days around the due date, what a day asks for, what an extension leaves."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from registry.kernel.errors import DomainError
from registry.kernel.ladder import FURTHEST, OFFSETS, Due, Rung, Step, check_offsets, due_by, plan
from registry.kernel.workdays import Calendar

days = st.dates(date(2020, 1, 1), date(2026, 12, 31))
rungs = st.frozensets(st.sampled_from(list(Rung)))
NATIONAL_2021 = Calendar(
    holidays=frozenset(date(2021, 10, 1) + timedelta(days=n) for n in range(7)),
    workdays=frozenset({date(2021, 9, 26), date(2021, 10, 9)}),
    published_years=frozenset({2021}),
)


@st.composite
def calendars(draw: st.DrawFn) -> Calendar:
    holidays = draw(st.frozensets(days, max_size=30))
    return Calendar(holidays, draw(st.frozensets(days, max_size=10)) - holidays)


@st.composite
def settings(draw: st.DrawFn) -> dict[Rung, int]:
    before = sorted(draw(st.sets(st.integers(-60, -1), min_size=2, max_size=2)))
    after = sorted(draw(st.sets(st.integers(1, 60), min_size=3, max_size=3)))
    return dict(zip(Rung, before + after, strict=True))


def test_the_holiday_shifts_the_days_of_the_ladder() -> None:
    with_holiday = [step.due_on for step in plan(date(2021, 9, 30), NATIONAL_2021)]
    without = [step.due_on for step in plan(date(2021, 9, 30), Calendar())]

    assert with_holiday == [
        date(2021, 8, 20), date(2021, 9, 22), date(2021, 10, 8), date(2021, 10, 14), date(2021, 10, 27),
    ]  # fmt: skip
    assert without == [
        date(2021, 8, 19), date(2021, 9, 21), date(2021, 10, 1), date(2021, 10, 8), date(2021, 10, 21),
    ]  # fmt: skip


def test_a_reminder_that_is_overtaken_is_not_sent() -> None:
    due = due_by(date(2021, 9, 27), date(2021, 9, 30), NATIONAL_2021)

    assert due == Due(
        to_send=(Step(Rung.SECOND, date(2021, 9, 22)),), overtaken=(Step(Rung.REMINDER, date(2021, 8, 20)),)
    )
    assert due_by(date(2021, 8, 19), date(2021, 9, 30), NATIONAL_2021) == Due()


def test_a_rung_below_one_that_was_sent_is_gone() -> None:
    left = plan(date(2021, 9, 30), NATIONAL_2021, sent={Rung.SUPERVISION})

    assert [step.rung.label for step in left] == ["通报", "约谈"]
    assert plan(date(2021, 9, 30), NATIONAL_2021, sent={Rung.SUMMONS}) == ()


@pytest.mark.parametrize(
    ("offsets", "words"),
    [
        ({"reminder": -30}, "填全"),
        ({**OFFSETS, Rung.SECOND: -30}, "逐级往后"),
        ({**OFFSETS, Rung.SECOND: 0}, "期限以前"),
        ({**OFFSETS, Rung.SUMMONS: FURTHEST + 1}, "不得超过250个工作日"),
    ],
)
def test_offsets_out_of_order_are_refused(offsets: dict[str, int], words: str) -> None:
    with pytest.raises(DomainError, match=words):
        check_offsets(offsets)


def test_the_default_offsets_are_in_order() -> None:
    assert check_offsets(OFFSETS) == {
        Rung.REMINDER: -30, Rung.SECOND: -7, Rung.SUPERVISION: 1, Rung.CIRCULAR: 6, Rung.SUMMONS: 15,
    }  # fmt: skip


@given(due_on=days, calendar=calendars(), offsets=settings(), sent=rungs)
def test_rungs_rise_on_working_days_and_none_is_sent_twice(
    due_on: date, calendar: Calendar, offsets: dict[Rung, int], sent: frozenset[Rung]
) -> None:
    steps = plan(due_on, calendar, offsets, sent)

    assert not sent & {step.rung for step in steps}
    assert [step.due_on for step in steps] == sorted({step.due_on for step in steps})
    for step in steps:
        assert calendar.is_workday(step.due_on)
        assert calendar.workdays_between(due_on, step.due_on) == offsets[step.rung]
        assert (step.due_on < due_on) == (offsets[step.rung] < 0)


@given(due_on=days, later=st.integers(0, 200), calendar=calendars(), sent=rungs)
def test_an_extension_never_brings_a_rung_nearer(
    due_on: date, later: int, calendar: Calendar, sent: frozenset[Rung]
) -> None:
    before = plan(due_on, calendar, sent=sent)
    after = plan(due_on + timedelta(days=later), calendar, sent=sent)

    assert [step.rung for step in before] == [step.rung for step in after]
    assert all(old.due_on <= new.due_on for old, new in zip(before, after, strict=True))


@given(due_on=days, on=days, calendar=calendars(), offsets=settings(), sent=rungs)
def test_what_a_day_asks_for_is_reached_unsent_and_complete(
    due_on: date, on: date, calendar: Calendar, offsets: dict[Rung, int], sent: frozenset[Rung]
) -> None:
    due = due_by(on, due_on, calendar, offsets, sent)
    reached = {step for step in plan(due_on, calendar, offsets, sent) if step.due_on <= on}

    assert set(due.to_send) | set(due.overtaken) == reached
    assert not set(due.to_send) & set(due.overtaken)
    assert all(offsets[step.rung] < 0 for step in due.overtaken)
    assert bool(due.to_send) == bool(reached)


@given(due_on=days, calendar=calendars(), offsets=settings())
def test_sending_each_day_what_it_asks_for_sends_each_rung_once(
    due_on: date, calendar: Calendar, offsets: dict[Rung, int]
) -> None:
    sent: list[Step] = []
    on = plan(due_on, calendar, offsets)[0].due_on
    last = plan(due_on, calendar, offsets)[-1].due_on
    while on <= last:
        sent.extend(due_by(on, due_on, calendar, offsets, {step.rung for step in sent}).to_send)
        on += timedelta(days=1)

    assert tuple(sent) == plan(due_on, calendar, offsets)


def test_a_reminder_of_a_day_before_the_promise_bound_reminds_of_nothing() -> None:
    """A letter signed on 30 November, due on 31 December: the reminder of 19 November is none."""
    signed_on, due_on = date(2026, 11, 30), date(2026, 12, 31)
    steps = plan(due_on, Calendar(), since=signed_on)
    assert [step.rung for step in steps] == [Rung.SECOND, Rung.SUPERVISION, Rung.CIRCULAR, Rung.SUMMONS]
    assert due_by(signed_on, due_on, Calendar(), since=signed_on) == Due()
    assert [step.rung for step in due_by(signed_on, due_on, Calendar()).to_send] == [Rung.REMINDER]
