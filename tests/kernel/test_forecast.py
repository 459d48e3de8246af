"""The forecast: the story's sum, the three rates, and a band that covers the truth as often as it says."""

import random
from datetime import date, timedelta
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from registry.kernel.forecast import (
    Band,
    Outlook,
    StageFlow,
    bottleneck,
    finishing_band,
    forecast,
    pace_text,
    weekly_history,
)

OPENED, TODAY, TARGET = date(2021, 7, 10), date(2022, 2, 10), date(2022, 12, 10)
ZHOUZHUANG = {OPENED + timedelta(days=43 * n + 1): 80 for n in range(5)}  # 400 in seven months


def test_the_story_is_contradicted() -> None:
    found = forecast(units=7_899, issued=ZHOUZHUANG, started_on=OPENED, on=TODAY, target_on=TARGET)
    assert (found.remaining, found.months_left) == (7_499, Fraction(10))
    assert (pace_text(found.mean_pace), pace_text(found.needed_pace or Fraction(0))) == ("57", "750")
    assert (found.outlook, found.is_reached) == (Outlook.NOT_REACHED, False)
    assert found.band is not None
    assert found.band.p50 is not None
    assert found.band.p50.year > 2030
    assert found.sentence == (
        "按目前进度，预计2022年12月10日前不能办结：还剩7,499套，每月需发证约750套，"
        "开办以来月均约57套，近30日折合月均约0套。"
    )


def test_the_three_rates_stand_side_by_side() -> None:
    issued = {TODAY - timedelta(days=n): 10 for n in range(30)} | {OPENED: 100}
    flows = (StageFlow("核税", 2_600, 300), StageFlow("受理", 40, 290), StageFlow("缮证", 0, 290))
    found = forecast(units=7_899, issued=issued, started_on=OPENED, on=TODAY, target_on=TARGET, flows=flows)
    assert pace_text(found.mean_pace) == "57"
    assert pace_text(found.recent_pace) == "304"
    assert found.bottleneck == flows[0]
    assert found.sentence.endswith("近30日折合月均约304套；进度最慢的环节为核税，月均约304套。")


def test_bottleneck_is_what_lasts_longest() -> None:
    slow, still, fuller = StageFlow("核税", 100, 50), StageFlow("登簿", 5, 0), StageFlow("缮证", 6, 0)
    assert bottleneck([slow]) == slow
    assert bottleneck([slow, still, fuller]) == fuller
    assert bottleneck([StageFlow("受理", 0, 0)]) is None
    assert bottleneck([]) is None


def test_old_certificates_are_no_pace() -> None:
    found = forecast(units=1_000, issued={}, started_on=OPENED, on=TODAY, target_on=TARGET, issued_before=400)
    assert (found.remaining, found.mean_pace, found.outlook) == (600, Fraction(0), Outlook.STALLED)
    assert found.sentence.startswith("近期未发证，2022年12月10日前预计不能办结：还剩600套")


def test_what_is_issued_after_the_day_is_not_known() -> None:
    found = forecast(units=100, issued={TODAY + timedelta(days=1): 100}, started_on=OPENED, on=TODAY)
    assert (found.remaining, found.outlook) == (100, Outlook.NO_TARGET)
    assert found.sentence == "未确定目标日期，还剩100套：开办以来月均约0套，近30日折合月均约0套。"


def test_all_issued_is_done() -> None:
    found = forecast(units=400, issued=ZHOUZHUANG, started_on=OPENED, on=TODAY, target_on=OPENED)
    assert (found.outlook, found.is_reached, found.sentence) == (Outlook.DONE, True, "已全部发证，无剩余。")
    assert found.band == Band(TODAY, TODAY, TODAY)


def test_a_target_that_has_passed_is_said() -> None:
    found = forecast(units=7_899, issued=ZHOUZHUANG, started_on=OPENED, on=TODAY, target_on=TODAY)
    assert (found.outlook, found.needed_pace) == (Outlook.PAST_DUE, None)
    assert found.sentence.startswith("目标日期2022年2月10日已过，还剩7,499套")


def test_a_first_week_says_too_early_and_never_on_track() -> None:
    started_on = TODAY - timedelta(days=10)
    issued = {TODAY - timedelta(days=n): 100 for n in range(10)}
    found = forecast(units=2_000, issued=issued, started_on=started_on, on=TODAY, target_on=TARGET)
    assert (found.band, found.outlook) == (None, Outlook.AT_RISK)
    same_day = forecast(units=2_000, issued={TODAY: 5}, started_on=TODAY, on=TODAY, target_on=TARGET)
    assert (same_day.mean_pace, same_day.outlook) == (Fraction(0), Outlook.STALLED)


def test_a_steady_pace_is_on_track() -> None:
    issued = {TODAY - timedelta(days=n): 10 + n % 3 for n in range(200)}
    found = forecast(units=4_000, issued=issued, started_on=OPENED, on=TODAY, target_on=TARGET)
    assert (found.outlook, found.is_reached) == (Outlook.ON_TRACK, True)
    assert found.sentence.startswith("按目前进度，预计2022年12月10日前可以办结：")


def test_weekly_history_counts_whole_weeks_back_from_the_day() -> None:
    issued = {TODAY: 1, TODAY - timedelta(days=6): 2, TODAY - timedelta(days=7): 4, TODAY - timedelta(days=21): 8}
    assert weekly_history(issued, started_on=TODAY - timedelta(days=21), on=TODAY) == (0, 4, 3)
    assert weekly_history(issued, started_on=TODAY, on=TODAY) == ()
    assert len(weekly_history(issued, started_on=date(2020, 1, 1), on=TODAY)) == 26


def test_band_of_an_erratic_pace_has_no_late_end() -> None:
    band = finishing_band(1_000, [0, 0, 0, 0, 0, 60], on=TODAY)
    assert band is not None
    assert band.p10 is not None
    assert band.p90 is None


@pytest.mark.parametrize(
    ("pace", "text"),
    [
        (Fraction(1499, 2), "750"),
        (Fraction(4, 10), "0.4"),
        (Fraction(3), "3"),
        (Fraction(12345, 10), "1,235"),
        (Fraction(0), "0"),
    ],
)
def test_pace_text_never_makes_little_into_nothing(pace: Fraction, text: str) -> None:
    assert pace_text(pace) == text


@given(st.integers(1, 20_000), st.lists(st.integers(0, 200), min_size=6, max_size=26))
def test_band_is_in_order_and_later_for_more_homes(remaining: int, weekly: list[int]) -> None:
    band, more = (finishing_band(count, weekly, on=TODAY) for count in (remaining, remaining + 100))
    if band is None or more is None:
        assert not any(weekly)
        return
    never = date.max
    assert TODAY < (band.p10 or never) <= (band.p50 or never) <= (band.p90 or never)
    for one, other in ((band.p10, more.p10), (band.p50, more.p50), (band.p90, more.p90)):
        assert (one or never) <= (other or never)


def weekly(source: random.Random, shape: float, mean: float) -> int:
    return round(source.gammavariate(shape, mean / shape))


@pytest.mark.parametrize("spread", [0.3, 0.8])
def test_band_covers_the_truth_in_eighty_of_a_hundred(spread: float) -> None:
    source, covered, trials = random.Random(7), 0, 400
    for _ in range(trials):
        mean = source.uniform(20, 120)
        shape = 1 / spread**2
        history = [weekly(source, shape, mean) for _ in range(26)]
        left = remaining = int(mean * source.uniform(10, 60))
        weeks = 0
        while left > 0:
            left -= weekly(source, shape, mean)
            weeks += 1
        band = finishing_band(remaining, history, on=TODAY)
        assert band is not None
        assert band.p10 is not None
        finished_on = TODAY + timedelta(weeks=weeks)
        covered += band.p10 <= finished_on <= (band.p90 or date.max) + timedelta(days=6)
    assert 0.70 <= covered / trials <= 0.90
