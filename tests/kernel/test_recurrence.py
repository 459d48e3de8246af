"""Rules of repetition: read, said, and on which days they are."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from registry.kernel.recurrence import WEEKDAYS, Recurrence, RuleRefused

DAYS = st.dates(date(2021, 1, 1), date(2024, 12, 31))
RULES = st.one_of(
    st.builds(Recurrence, st.just("DAILY"), st.integers(1, 12)),
    st.builds(
        Recurrence,
        st.just("WEEKLY"),
        st.integers(1, 4),
        st.sets(st.integers(0, 6), min_size=1).map(lambda days: tuple(sorted(days))),
    ),
    st.builds(
        Recurrence, st.just("MONTHLY"), st.integers(1, 4), st.just(()), st.sampled_from([-1, *range(1, 29)])
    ),
)  # fmt: skip


@pytest.mark.parametrize(
    ("text", "words", "days"),
    [
        ("FREQ=DAILY", "每日", ["2022-02-27", "2022-02-28", "2022-03-01"]),
        ("FREQ=WEEKLY;BYDAY=FR,MO", "每周一、周五", ["2022-02-28", "2022-03-04", "2022-03-07"]),
        ("FREQ=MONTHLY;BYMONTHDAY=3", "每月3日", ["2022-03-03", "2022-04-03", "2022-05-03"]),
        ("FREQ=MONTHLY;BYMONTHDAY=-1", "每月最后一日", ["2022-02-28", "2022-03-31", "2022-04-30"]),
        ("FREQ=MONTHLY;INTERVAL=3;BYMONTHDAY=5", "每3个月的5日", ["2022-05-05", "2022-08-05", "2022-11-05"]),
    ],
)
def test_the_days_of_a_rule(text: str, words: str, days: list[str]) -> None:
    rule, since = Recurrence.parse(text), date(2022, 2, 27)
    day, listed = since - timedelta(1), []
    for _ in range(3):
        after = rule.next_after(day, since=since)
        assert after is not None
        day = after
        listed.append(day.isoformat())
    assert (rule.words, listed) == (words, days)
    assert rule.latest(date(2022, 2, 26), since=since) is None


@given(RULES, DAYS, DAYS)
def test_a_rule_is_read_as_it_is_written_and_skips_none_of_its_days(rule: Recurrence, since: date, on: date) -> None:
    assert Recurrence.parse(str(rule)) == rule
    after, last = rule.next_after(on, since=since), rule.latest(on, since=since)
    assert after is not None
    assert after > on
    assert rule.latest(after, since=since) == after
    assert rule.latest(after - timedelta(1), since=since) == last


@pytest.mark.parametrize(
    "text", ["", "每月3日", "FREQ=HOURLY", "FREQ=MONTHLY", "FREQ=MONTHLY;BYMONTHDAY=31", "FREQ=MONTHLY;BYMONTHDAY=x",
             "FREQ=WEEKLY", "FREQ=WEEKLY;BYDAY=XX", "FREQ=DAILY;INTERVAL=0", "FREQ=DAILY;INTERVAL=99", "FREQ=DAILY;COUNT=3"],
)  # fmt: skip
def test_what_is_no_rule_is_refused(text: str) -> None:
    with pytest.raises(RuleRefused, match=r"请选|请重新选择"):
        Recurrence.parse(text)


def test_the_days_of_the_week_are_those_of_the_standard() -> None:
    assert Recurrence.parse("FREQ=WEEKLY;BYDAY=MO").is_on(date(2022, 2, 28), since=date(2022, 1, 1))
    assert len(WEEKDAYS) == 7
