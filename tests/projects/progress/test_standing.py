"""Standing: held, carried, excluded and back; posted on every track, with reason, evidence and a review."""

from datetime import date
from typing import Any

import pytest

from projects.gates.selectors.spans import readiness_counts
from projects.ledger.models import Move, Tally
from projects.ledger.selectors.counts import present_counts
from projects.progress.models import Hold
from projects.progress.selectors import explained
from projects.progress.services import change_standing
from registry.kernel.stages import Standing
from registry.store.second import FirstPerson
from tests.factories.projects import TODAY, Estate, bring_to, lay_strange_estate, move, on_day
from tests.factories.trials import last_act, refused

MARCH = date(2022, 3, 1)
REVIEW = date(2022, 9, 1)


def change(estate: Estate, units: Any, standing: Standing = Standing.HELD, **more: Any) -> int:
    words = {"reason": "unreachable", "evidence": "三次电话未果", "on": MARCH, "review_on": REVIEW, **more}
    first = FirstPerson.of(estate.cast.district_second.person)
    with on_day(TODAY):
        return change_standing(
            actor=estate.cast.district.actor, project=estate.project, unit_ids=units, standing=standing,
            **{"first": first, **words},
        )  # fmt: skip


def test_a_held_home_leaves_the_ready_and_stays_due(story: Estate) -> None:
    assert change(story, story.homes[:2]) == 2

    counts = present_counts([story.project.id])[story.project.id]
    assert (counts.due(dwelling=True), counts.standing_not_issued("held")) == (12, 2)
    ready = readiness_counts([story.project.id], on=MARCH)[story.project.id]
    assert ready[("ready", "dwelling")] == 10
    hold = Hold.objects.order_by("unit_id").first()
    assert hold is not None
    assert (hold.standing, hold.reason, hold.evidence, hold.starts, hold.review_on, hold.ends) == (
        "held", "unreachable", "三次电话未果", MARCH, REVIEW, None,
    )  # fmt: skip
    moves = Move.objects.filter(unit_id=story.homes[0], kind="standing").order_by("track")
    assert list(moves.values_list("track", "from_standing", "to_standing", "occurred_on")) == [
        ("certificate", "active", "held", MARCH),
        ("fund", "active", "held", MARCH),
        ("tax", "active", "held", MARCH),
    ]
    act = last_act()
    assert (act.event, act.reason, act.facts) == (
        "units.standing_changed",
        "三次电话未果",
        {"count": 2, "standing": "暂缓", "why": "失联", "on": "2022-03-01"},
    )


def test_the_family_of_a_held_home_hears_why_and_when_it_is_looked_at_again(story: Estate) -> None:
    change(story, story.homes[:1], reason="inheritance")

    told = explained(story.unit(), on=TODAY)
    assert told.heading == "不能受理的原因"
    assert told.words.startswith("您家目前登记为暂缓，原因是原权利人去世，继承手续还没有办完。可以提交死亡证明")
    assert told.words.endswith("9月1日我们会复查一次；这之前情况有变化，请随时来电。")
    change(story, story.homes[:1], Standing.ACTIVE)
    assert "暂缓" not in explained(story.unit(), on=TODAY).words


def test_an_excluded_home_leaves_the_due(story: Estate) -> None:
    change(story, story.homes[:1], Standing.EXCLUDED, reason="duplicate", review_on=None)

    counts = present_counts([story.project.id])[story.project.id]
    assert (counts.total(dwelling=True), counts.due(dwelling=True)) == (12, 11)


def test_a_restored_home_ends_its_hold(story: Estate) -> None:
    change(story, story.homes[:1])
    change(story, story.homes[:1], Standing.ACTIVE, reason="", evidence="已联系上", on=TODAY, review_on=None)

    hold = Hold.objects.get()
    assert (hold.ends, hold.ended_act_id) == (TODAY, last_act().id)
    assert story.unit().standing == "active"
    assert sum(Tally.objects.filter(standing="held").values_list("count", flat=True)) == 0


def test_another_standing_ends_the_hold_before(story: Estate) -> None:
    change(story, story.homes[:1])
    change(story, story.homes[:1], Standing.CARRIED, on=TODAY, review_on=None)

    assert list(Hold.objects.order_by("id").values_list("standing", "starts", "ends")) == [
        ("held", MARCH, TODAY),
        ("carried", TODAY, None),
    ]


@pytest.mark.parametrize(
    ("words", "message", "field"),
    [
        ({"reason": "bored"}, "原因不在可选范围内。请从列表中选择", "reason"),
        ({"evidence": " "}, "未填写依据。请写明证明材料或文号", "evidence"),
        ({"review_on": None}, "暂缓必须定复查日期", "review_on"),
        ({"review_on": MARCH}, "复查日期要晚于2022-03-01", "review_on"),
        ({"on": date(2022, 3, 9)}, "日期2022-03-09尚未到来", "on"),
        ({"on": date(2019, 10, 11)}, "1号楼1单元201上一次变动在2019-10-12，状态变更的日期不能更早", "on"),
    ],
)
def test_a_standing_without_ground_or_out_of_time_is_refused(
    story: Estate, words: dict[str, Any], message: str, field: str
) -> None:
    with refused(message, field=field):
        change(story, story.homes[:1], **words)


def test_a_standing_before_the_units_last_move_is_refused(story: Estate) -> None:
    move(story, story.homes[:1], "notified", MARCH)

    with refused("1号楼1单元201上一次变动在2022-03-01", field="on"):
        change(story, story.homes[:1], on=date(2022, 2, 28))


def test_an_issued_home_is_not_held(story: Estate) -> None:
    bring_to(story, story.homes[:1], "issued", date(2021, 9, 1))

    with refused("1号楼1单元201已发证，不能改为“暂缓”。系误登发证的，请提请更正"):
        change(story, story.homes[:2])


def test_units_that_stand_so_already_or_elsewhere_are_refused(story: Estate) -> None:
    other = lay_strange_estate(story.cast)
    change(story, story.homes[:1])

    for units in (story.homes[:1], other.homes[:1], []):
        with refused("所选户都已是这个状态，或不在本项目内"):
            change(story, units, on=TODAY)


@pytest.mark.parametrize("standing", [Standing.CARRIED, Standing.EXCLUDED])
def test_carrying_and_excluding_take_two_persons_on_every_path(story: Estate, standing: Standing) -> None:
    district = story.cast.district.person
    for first in (None, FirstPerson(None, "某人"), FirstPerson.of(district)):
        with refused("挂账、核减及其恢复须由两人办理", code="second_person"):
            change(story, story.homes[:1], standing, reason="duplicate", review_on=None, first=first)
    assert change_standing.needs_second(standing=standing)
    assert not change_standing.needs_second(standing=Standing.HELD)
    change(story, story.homes[:1], first=None)
