"""The forecast: the story's sum, three rates side by side, and what a band says of the promised day."""

from dataclasses import replace
from datetime import date
from fractions import Fraction
from random import Random

import pytest

from registry.kernel.forecast import Band, Outlook, StageFlow, bottleneck, forecast, pace_text, summed, under
from registry.kernel.simulation import Binding, Outstanding

TODAY, TARGET = date(2022, 2, 10), date(2022, 12, 10)
STORY = Outstanding((80, 0, 80, 80, 0, 80, 80), 7_499)  # 400 of 7,899 in seven months


def test_the_story_is_contradicted() -> None:
    told = forecast(STORY, recent=0, on=TODAY, target_on=TARGET, chance=Random("story"))
    assert (told.remaining, told.months_left) == (7_499, Fraction(10))
    assert (pace_text(told.mean_pace), pace_text(told.needed_pace or Fraction(0))) == ("57", "750")
    assert (told.outlook, told.is_reached, told.binding) == (Outlook.NOT_REACHED, False, Binding.PACE)
    assert told.band is not None
    assert told.band.p50 is None or told.band.p50.year > 2030
    assert told.zero is not None
    assert 6_000 < told.zero.left_then[0] <= told.zero.left_then[1] <= told.zero.left_then[2] < 7_499
    assert told.sentence == (
        "按目前进度，预计2022年12月10日前不能办结：还剩7,499套，每月需发证约750套，"
        "首批发证以来月均约57套，近30日折合月均约0套。"
    )


def test_the_three_rates_stand_side_by_side() -> None:
    flows = (StageFlow("核税", 2_600, 300), StageFlow("受理", 40, 290), StageFlow("缮证", 0, 290))
    told = forecast(STORY, recent=300, on=TODAY, target_on=TARGET, chance=Random("rates"), flows=flows)
    assert (pace_text(told.mean_pace), pace_text(told.recent_pace), told.bottleneck) == ("57", "304", flows[0])
    assert told.sentence.endswith("近30日折合月均约304套；进度最慢的环节为核税，月均约304套。")


def test_bottleneck_is_what_lasts_longest() -> None:
    slow, still, fuller = StageFlow("核税", 100, 50), StageFlow("登簿", 5, 0), StageFlow("缮证", 6, 0)
    assert bottleneck([slow]) == slow
    assert bottleneck([slow, still, fuller]) == fuller
    assert bottleneck([StageFlow("受理", 0, 0)]) is None
    assert bottleneck([]) is None


def test_nothing_issued_yet_is_stalled() -> None:
    told = forecast(Outstanding((), 600), recent=0, on=TODAY, target_on=TARGET, chance=Random("still"))
    assert (told.remaining, told.mean_pace, told.band, told.outlook) == (600, Fraction(0), None, Outlook.STALLED)
    assert told.sentence.startswith("近期未发证，2022年12月10日前预计不能办结：还剩600套")


def test_all_issued_is_done() -> None:
    told = forecast(Outstanding((400,), 0), recent=0, on=TODAY, target_on=date(2021, 7, 1), chance=Random("done"))
    assert (told.outlook, told.is_reached, told.sentence) == (Outlook.DONE, True, "已全部发证，无剩余。")
    assert (told.band, told.binding) == (Band(TODAY, TODAY, TODAY), None)


def test_a_target_that_has_passed_is_said() -> None:
    told = forecast(STORY, recent=0, on=TODAY, target_on=TODAY, chance=Random("late"))
    assert (told.outlook, told.needed_pace) == (Outlook.PAST_DUE, None)
    assert told.sentence.startswith("目标日期2022年2月10日已过，还剩7,499套")


def test_two_months_are_too_few_for_a_band_and_never_on_track() -> None:
    told = forecast(Outstanding((500, 500), 2_000), recent=500, on=TODAY, target_on=TARGET, chance=Random("early"))
    assert (told.band, told.outlook) == (None, Outlook.AT_RISK)


def test_a_steady_pace_is_on_track_until_the_office_can_do_less() -> None:
    steady = Outstanding((400, 420, 410, 390, 400, 410), 2_000)
    told = forecast(steady, recent=400, on=TODAY, target_on=TARGET, chance=Random("steady"))
    assert (told.outlook, told.is_reached, told.binding) == (Outlook.ON_TRACK, True, Binding.PACE)
    assert told.sentence.startswith("按目前进度，预计2022年12月10日前可以办结：")

    narrow = forecast(under(steady, 100), recent=400, on=TODAY, target_on=TARGET, chance=Random("steady"))
    assert (narrow.outlook, narrow.binding) == (Outlook.NOT_REACHED, Binding.CAPACITY)

    shut = replace(steady, free=100, gates=((14, 1_900),))
    behind = forecast(shut, recent=400, on=TODAY, target_on=TARGET, chance=Random("steady"))
    assert (behind.outlook, behind.binding) == (Outlook.NOT_REACHED, Binding.GATES)


def test_places_are_added_month_by_month_from_the_latest() -> None:
    both = summed([Outstanding((1, 2, 3), 10, ((2, 5),)), Outstanding((10,), 20, ((2, 1), (4, 7)))])
    assert both == Outstanding((1, 2, 13), 30, ((2, 6), (4, 7)))
    assert summed([]) == Outstanding((), 0)


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
