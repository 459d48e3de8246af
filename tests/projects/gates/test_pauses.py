"""Pauses: new acceptances stop for a scope; what is accepted runs on."""

from datetime import date
from typing import Any

from projects.gates.models import Pause
from projects.gates.selectors.spans import readiness_counts
from projects.gates.services import end_pause, pause_acceptances
from registry.kernel.scope import EVERYTHING, scope_of
from registry.kernel.stages import Track, Use
from tests.factories.projects import TODAY, Estate, bring_to, move, on_day
from tests.factories.trials import last_act, refused

STARTS = date(2022, 1, 10)
ENDS = date(2022, 2, 10)


def pause(estate: Estate, **more: Any) -> Pause:
    with on_day(STARTS):
        return pause_acceptances(
            **{
                "actor": estate.cast.district.actor, "project": estate.project, "scope": EVERYTHING,
                "organ": "登记中心", "basis": "×登〔2022〕1号", "reason": "系统升级", "starts": STARTS, **more,
            }
        )  # fmt: skip


def end(estate: Estate, found: Pause, ends: date = ENDS, reason: str = "升级完成") -> Pause:
    with on_day(TODAY):
        return end_pause(actor=estate.cast.district.actor, pause=found, ends=ends, reason=reason)


def ready(estate: Estate, on: date) -> int:
    return readiness_counts([estate.project.id], on=on)[estate.project.id][("ready", "dwelling")]


def test_a_pause_stops_acceptances_and_its_end_opens_them(story: Estate) -> None:
    bring_to(story, story.homes[:1], "accepted", date(2021, 9, 1))
    move(story, story.homes[1:2], "collected", date(2021, 9, 1))

    found = pause(story)

    assert [ready(story, day) for day in (date(2022, 1, 9), STARTS)] == [12, 0]
    assert last_act().facts == {"units": 15, "organ": "登记中心", "starts": "2022-01-10"}
    with refused("不能受理.*系统升级"):
        move(story, story.homes[1:2], "accepted", date(2022, 1, 20))
    for stage, track in (("settled", Track.TAX), ("settled", Track.FUND), ("recorded", Track.CERTIFICATE)):
        assert move(story, story.homes[:1], stage, date(2022, 1, 20), track).moved == tuple(story.homes[:1])

    end(story, found)

    assert [ready(story, day) for day in (STARTS, date(2022, 2, 9), ENDS)] == [0, 0, 12]
    assert move(story, story.homes[1:2], "accepted", TODAY).moved == tuple(story.homes[1:2])


def test_a_pause_without_ground_or_for_nobody_is_refused(story: Estate) -> None:
    for words in ({"reason": " "}, {"basis": ""}):
        with refused("暂停受理必须写明原因和依据", field="reason"):
            pause(story, **words)
    with refused("所选范围内没有符合条件的户", field="scope"):
        pause(story, scope=scope_of(uses={Use.PARKING}))


def test_ending_a_pause_before_it_began_without_reason_or_twice_is_refused(story: Estate) -> None:
    found = pause(story)
    with refused("结束日期不得早于开始日期2022-01-10", field="ends"):
        end(story, found, ends=date(2022, 1, 9))
    with refused("未填写恢复受理的原因", field="reason"):
        end(story, found, reason="")
    end(story, found)
    with refused("这次暂停已于2022-02-10结束"):  # by a page that was opened before
        end(story, found)
