"""The life of a ticket, its limits and its text."""

from contextlib import suppress
from datetime import date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from registry.kernel.periods import SHANGHAI
from registry.kernel.tickets import (
    CLOSED,
    OPEN,
    TicketEvent,
    TicketRefused,
    TicketState,
    TimeClass,
    deadline,
    next_state,
    other_matter,
    other_place,
    plain_text,
)
from registry.kernel.workdays import Calendar


def lived(events: list[TicketEvent]) -> list[TicketState]:
    """The states that a ticket goes through; what cannot happen is passed over."""
    states = [TicketState.WAITING]
    for event in events:
        before = next((state for state in reversed(states) if state is not TicketState.EXCLUDED), None)
        with suppress(TicketRefused):
            states.append(next_state(states[-1], event, before=before if states[-1] is TicketState.EXCLUDED else None))
    return states


@given(st.lists(st.sampled_from(TicketEvent), max_size=30))
def test_every_history_is_of_states_and_an_excluded_ticket_comes_back_where_it_was(events: list[TicketEvent]) -> None:
    states = lived(events)
    for earlier, state, later in zip(states, states[1:], states[2:], strict=False):
        if state is TicketState.EXCLUDED:
            assert later is earlier
    assert set(states) <= {*OPEN, *CLOSED}
    assert set(OPEN) & set(CLOSED) == set()


@given(st.lists(st.sampled_from(TicketEvent), max_size=30))
def test_nothing_is_done_without_an_answer_and_a_solved_call_back(events: list[TicketEvent]) -> None:
    states = lived(events)
    if TicketState.DONE in states:
        at = states.index(TicketState.DONE)
        assert TicketState.ANSWERED in states[:at]
        assert TicketState.IN_HAND in states[:at]


def test_not_solved_opens_a_ticket_again() -> None:
    assert next_state(TicketState.ANSWERED, TicketEvent.NOT_SOLVED) is TicketState.IN_HAND
    assert next_state(TicketState.DONE, TicketEvent.NOT_SOLVED) is TicketState.IN_HAND
    with pytest.raises(TicketRefused, match="工单现为“待派单”，不能办理“反馈”"):
        next_state(TicketState.WAITING, TicketEvent.ANSWER)
    with pytest.raises(TicketRefused, match="不能办理“恢复考核”"):
        next_state(TicketState.DONE, TicketEvent.RESTORE, before=TicketState.DONE)


@pytest.mark.parametrize(
    ("time_class", "expected"),
    [
        (TimeClass.TWO_HOURS, datetime(2022, 3, 4, 19, 30, tzinfo=SHANGHAI)),
        (TimeClass.DAY_AND_NIGHT, datetime(2022, 3, 5, 17, 30, tzinfo=SHANGHAI)),
        (TimeClass.SEVEN_DAYS, datetime(2022, 3, 16, 0, 0, tzinfo=SHANGHAI)),
        (TimeClass.FIFTEEN_DAYS, datetime(2022, 3, 26, 0, 0, tzinfo=SHANGHAI)),
    ],
)
def test_hours_run_on_and_days_are_working_days(time_class: TimeClass, expected: datetime) -> None:
    friday = datetime(2022, 3, 4, 17, 30, tzinfo=SHANGHAI)
    assert deadline(time_class, friday, Calendar()) == expected


@given(st.sampled_from(TimeClass), st.integers(0, 5000), st.integers(1, 3000))
def test_a_later_ticket_is_never_due_earlier(time_class: TimeClass, hours: int, more: int) -> None:
    calendar = Calendar(holidays=frozenset({date(2022, 10, day) for day in range(3, 8)}))
    start = datetime(2022, 1, 1, tzinfo=SHANGHAI) + timedelta(hours=hours)
    assert (
        start < deadline(time_class, start, calendar) <= deadline(time_class, start + timedelta(hours=more), calendar)
    )


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("<p>房本<br/>没办</p>", "房本\n没办"),
        ("a&lt;b&gt;c&amp;nbsp;", "ac&nbsp;"),
        ("<script>alert(1)</script>办证", "办证"),
        ("面积<80平，首付>30%", "面积<80平，首付>30%"),
        ("甲\u200b乙\u202e丙\x07", "甲乙丙"),
    ],
)
def test_markup_becomes_what_a_person_sees(text: str, expected: str) -> None:
    assert plain_text(text) == expected


@given(st.text(max_size=80))
def test_plain_text_stays_plain(text: str) -> None:
    once = plain_text(text)
    assert once == once.strip()
    assert "\x00" not in once


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("暖气不热", "诉求内容为供热（“暖气”），未涉及办证、产权、登记"),
        ("暖气不热，房本也没有", ""),
        ("开发商跑了，问什么时候能办证", ""),
        ("楼上半夜装修扰民", "诉求内容为噪声（“扰民”），未涉及办证、产权、登记"),
        ("请回电", ""),
    ],
)
def test_a_matter_is_kept_out_only_if_it_speaks_of_no_certificate(text: str, reason: str) -> None:
    assert other_matter(text) == reason


@pytest.mark.parametrize(
    ("address", "reason"),
    [
        ("河东省临江市南区演示小区", "地址“河东省临江市…”不在示例市"),
        ("临江市演示小区", "地址“临江市…”不在示例市"),
        ("示例市甲区演示小区", ""),
        ("甲区城市花园3号楼", ""),
        ("演示小区3号楼", ""),
        ("河东省示例市甲区演示小区", ""),
        ("", ""),
    ],
)
def test_an_address_of_another_city_is_named(address: str, reason: str) -> None:
    assert other_place(address, city="示例市", districts=["甲区", "乙区"]) == reason
