"""Moving units: thousands or one by the same rules; those refused are named with the rule."""

from datetime import date
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from projects.gates.selectors.building import explain
from projects.gates.selectors.spans import readiness_counts
from projects.ledger.models import Move, Unit
from projects.ledger.selectors.counts import present_counts, settled_by
from projects.progress.services import advance_units, change_standing
from projects.progress.services.corrections import correct_unit
from registry.kernel.errors import PermissionRefused
from registry.kernel.scope import scope_of
from registry.kernel.stages import Standing, Track
from registry.store.second import FirstPerson
from tests.factories.projects import (
    PLACED,
    TODAY,
    Estate,
    bring_to,
    lay_blocker,
    lay_strange_estate,
    move,
    on_day,
)
from tests.factories.trials import digest, last_act, refused

SEPTEMBER = date(2021, 9, 1)


def advance(estate: Estate, units: Any, to: str, on: date = SEPTEMBER, track: Track = Track.CERTIFICATE) -> Any:
    return move(estate, units, to, on, track)


def test_units_move_and_tallies_with_them(story: Estate) -> None:
    outcome = advance(story, story.homes[:5], "collected")

    assert (outcome.moved, outcome.refused, outcome.unchanged) == (tuple(story.homes[:5]), (), ())
    unit = story.unit()
    assert (unit.certificate, unit.certificate_on, unit.version) == ("collected", SEPTEMBER, 2)
    counts = present_counts([story.project.id])[story.project.id]
    assert (counts.at("certificate", "collected"), counts.at("certificate", "waiting")) == (5, 7)
    posted = Move.objects.filter(unit=unit, kind="advance").get()
    assert (posted.from_stage, posted.to_stage, posted.occurred_on) == ("waiting", "collected", SEPTEMBER)
    act = last_act()
    assert (act.event, act.rows_count, posted.act_id) == ("units.advanced", 5, act.id)
    assert act.facts == {
        "track": "办证", "stage": "已收材料", "count": 5, "refused": 0, "on": "2021-09-01", "evidence": "",
    }  # fmt: skip


def test_homes_of_one_building_are_decided_from_it_alone(story: Estate) -> None:
    """However many homes the project has; those of several buildings from the whole project."""
    first = Unit.objects.get(pk=story.homes[0])
    other = Unit.objects.filter(building__project=story.project).exclude(building=first.building).first()
    assert other is not None
    asked = []
    for keys in ([first.id], [first.id, other.id]):
        with CaptureQueriesContext(connection) as captured:
            advance(story, keys, "collected")
        homes = [query["sql"] for query in captured if '"building_id" IN (SELECT' in query["sql"]]
        assert homes
        asked.append([f'"id" = {first.building_id})' in sql for sql in homes])
    assert [set(each) for each in asked] == [{True}, {False}]


def test_the_whole_road_to_issued(story: Estate) -> None:
    bring_to(story, story.homes, "issued", SEPTEMBER)

    counts = present_counts([story.project.id])[story.project.id]
    assert (counts.at("certificate", "issued"), counts.at("tax", "settled"), counts.at("fund", "settled")) == (
        12, 12, 12,
    )  # fmt: skip


def test_acceptance_of_a_home_that_is_not_ready_is_refused_with_why(promised: Estate) -> None:
    advance(promised, promised.homes[:1], "collected")

    with refused("1号楼1单元201不能受理：.*规划核验"):
        advance(promised, promised.homes[:1], "accepted")


def test_acceptance_before_the_day_of_readiness_is_refused(story: Estate) -> None:
    advance(story, story.homes[:1], "collected", date(2021, 7, 1))

    with refused("1号楼1单元201不能受理"):
        advance(story, story.homes[:1], "accepted", date(2021, 7, 25))

    assert advance(story, story.homes[:1], "accepted", date(2021, 7, 26)).moved == (story.homes[0],)


def test_a_shop_at_fault_is_refused_with_the_number_of_its_blocker(story: Estate) -> None:
    with refused("1号楼S02不能办理：在堵点P03-0001的过错范围内.*整改并经核验后方可办理"):
        advance(story, story.shops[1:2], "notified")


def test_a_home_accepted_before_a_fault_was_found_goes_on(story: Estate) -> None:
    unit = story.homes[:1]
    bring_to(story, unit, "accepted", SEPTEMBER)
    lay_blocker(story, "P03", scope=scope_of(units=unit), at_fault=scope_of(units=unit), on=SEPTEMBER)
    for track, stages in ((Track.TAX, ("assessed", "settled")), (Track.FUND, ("settled",))):
        for stage in stages:
            advance(story, unit, stage, track=track)

    assert advance(story, unit, "recorded").moved == tuple(unit)


def test_a_track_that_a_unit_has_not_is_refused(story: Estate) -> None:
    with refused("1号楼S02不设“维修资金”，没有可办的步骤"):
        advance(story, story.shops[1:2], "settled", track=Track.FUND)


def test_some_move_and_the_others_are_refused_by_name(story: Estate) -> None:
    outcome = advance(story, [*story.homes[:2], story.shops[1]], "notified")

    assert outcome.moved == tuple(story.homes[:2])
    assert [(one.unit_id, one.label) for one in outcome.refused] == [(story.shops[1], "1号楼S02")]
    assert last_act().facts["refused"] == 1


def test_recording_needs_tax_and_fund(story: Estate) -> None:
    unit = story.homes[:1]
    bring_to(story, unit, "accepted", SEPTEMBER)
    with refused("1号楼1单元201尚未完税或免税，不能登簿"):
        advance(story, unit, "recorded")
    advance(story, unit, "assessed", track=Track.TAX)
    with refused("尚未完税或免税"):
        advance(story, unit, "recorded")
    advance(story, unit, "settled", track=Track.TAX)
    with refused("维修资金尚未交清，不能登簿"):
        advance(story, unit, "recorded")
    advance(story, unit, "settled", track=Track.FUND)

    assert advance(story, unit, "recorded").moved == tuple(unit)


def test_recording_needs_tax_and_fund_on_the_stated_day(story: Estate) -> None:
    unit = story.homes[:1]
    bring_to(story, unit, "accepted", SEPTEMBER)
    advance(story, unit, "settled", date(2021, 10, 20), track=Track.TAX)
    advance(story, unit, "settled", date(2021, 11, 20), track=Track.FUND)

    with refused("1号楼1单元201在2021-10-19尚未完税或免税，该日不能登簿。请核对登簿日期"):
        advance(story, unit, "recorded", date(2021, 10, 19))
    with refused("1号楼1单元201在2021-11-19尚未交清维修资金，该日不能登簿"):
        advance(story, unit, "recorded", date(2021, 11, 19))

    assert advance(story, unit, "recorded", date(2021, 11, 20)).moved == tuple(unit)


def test_tax_settled_and_taken_back_does_not_count(story: Estate) -> None:
    unit = story.homes[:1]
    bring_to(story, unit, "accepted", SEPTEMBER)
    advance(story, unit, "settled", track=Track.TAX)
    advance(story, unit, "settled", track=Track.FUND)
    assert settled_by(story.project.id, on=SEPTEMBER) == {(unit[0], "tax"), (unit[0], "fund")}

    with on_day(TODAY):
        correct_unit(
            actor=story.cast.district.actor, unit=story.unit(), track=Track.TAX, on=TODAY, reason="录错",
            first=FirstPerson(0, "别人"),
        )  # fmt: skip

    assert settled_by(story.project.id, on=SEPTEMBER) == {(unit[0], "fund")}
    with refused("1号楼1单元201尚未完税或免税，不能登簿"):
        advance(story, unit, "recorded")


@pytest.mark.parametrize("code", ["E03", "E04", "U03", "U04", "F03"])
def test_a_seizure_found_after_acceptance_stops_recording(story: Estate, code: str) -> None:
    unit, seized_on = story.homes[:1], date(2021, 10, 26)
    bring_to(story, story.homes[:2], "accepted", SEPTEMBER)
    for track in (Track.TAX, Track.FUND):
        advance(story, story.homes[:2], "settled", track=track)
    blocker = lay_blocker(story, code, scope=scope_of(units=unit), on=seized_on)

    with refused(f"1号楼1单元201不能登簿：登簿因堵点“.*”（{blocker.number}）未办结（按户列明）。堵点登记于2021-10-26"):
        advance(story, unit, "recorded", TODAY)
    with refused("1号楼1单元201不能登簿"):
        advance(story, unit, "recorded", seized_on)
    outcome = advance(story, story.homes[:2], "recorded", seized_on)
    assert (outcome.moved, [refusal.unit_id for refusal in outcome.refused]) == ((story.homes[1],), unit)

    assert advance(story, unit, "recorded", date(2021, 10, 25)).moved == tuple(unit), "the day before it held"
    for stage in ("printed", "issued"):
        assert advance(story, unit, stage, TODAY).moved == tuple(unit), "nothing stops after 登簿"


@pytest.mark.parametrize(("code", "is_ready"), [("U03", True), ("U04", True), ("F03", True), ("E03", False)])
def test_a_blocker_of_recording_leaves_acceptance_open(story: Estate, code: str, is_ready: bool) -> None:
    unit = story.homes[:1]
    bring_to(story, unit, "collected", SEPTEMBER)
    blocker = lay_blocker(story, code, scope=scope_of(units=unit), on=SEPTEMBER)

    ready = readiness_counts([story.project.id], on=SEPTEMBER)[story.project.id]["ready", "dwelling"]
    assert ready == (12 if is_ready else 11)
    why = explain(story.unit(), on=SEPTEMBER)
    assert why.is_ready is is_ready
    if not is_ready:
        with refused(f"1号楼1单元201不能受理：受理因堵点“.*”（{blocker.number}）未办结"):
            advance(story, unit, "accepted")
        return
    assert why.lines[-1].text.startswith("可以受理，但登簿因堵点“")
    assert advance(story, unit, "accepted").moved == tuple(unit)
    after = explain(story.unit(), on=SEPTEMBER)
    assert (after.is_ready, after.next, after.blockers) == (False, "登簿", (blocker.number,))
    assert after.lines[-1].text.endswith("堵点解除后即可登簿。")


@pytest.mark.parametrize(("frm", "to"), [("waiting", "accepted"), ("waiting", "issued"), ("collected", "recorded")])
def test_a_step_out_of_order_is_refused(story: Estate, frm: str, to: str) -> None:
    if frm != "waiting":
        bring_to(story, story.homes[:1], frm, SEPTEMBER)

    with refused("不能直接办理至.*请按顺序办理，或提请更正"):
        advance(story, story.homes[:1], to)


def test_a_step_back_is_a_correction_and_refused_here(story: Estate) -> None:
    bring_to(story, story.homes[:1], "accepted", SEPTEMBER)

    with refused("现在是“已受理”，不能直接办理至“已收材料”"):
        advance(story, story.homes[:1], "collected")


def test_a_step_ahead_or_before_the_last_is_refused(story: Estate) -> None:
    with on_day(TODAY), refused("日期2022-03-09尚未到来。请填写实际发生的日期", field="occurred_on"):
        advance_units(
            actor=story.cast.township.actor, project=story.project, unit_ids=story.homes[:1],
            track=Track.CERTIFICATE, to="notified", occurred_on=date(2022, 3, 9),
        )  # fmt: skip
    advance(story, story.homes[:1], "notified")
    with refused("上一阶段办理日期为2021-09-01，本次日期不得早于该日"):
        advance(story, story.homes[:1], "collected", date(2021, 8, 31))
    with refused("上一阶段办理日期为2019-10-12"):
        advance(story, story.homes[1:2], "notified", date(2019, 10, 11))


def test_a_held_home_is_refused(story: Estate) -> None:
    with on_day(SEPTEMBER):
        change_standing(
            actor=story.cast.district.actor, project=story.project, unit_ids=story.homes[:1], standing=Standing.HELD,
            reason="dispute", evidence="诉讼", on=SEPTEMBER, review_on=TODAY,
        )  # fmt: skip

    with refused("1号楼1单元201是“暂缓”，不能办理"):
        advance(story, story.homes[:1], "notified")


def test_a_blocker_on_one_home_stops_that_home(story: Estate) -> None:
    bring_to(story, story.homes[:2], "collected", SEPTEMBER)
    blocker = lay_blocker(story, "U06", scope=scope_of(units=story.homes[:1]), on=SEPTEMBER)

    outcome = advance(story, story.homes[:2], "accepted", date(2021, 9, 2))

    assert outcome.moved == (story.homes[1],)
    assert blocker.number in outcome.refused[0].reason
    counter = readiness_counts([story.project.id], on=TODAY)[story.project.id]
    assert counter[("ready", "dwelling")] == 11


def test_units_of_another_project_are_not_moved(story: Estate) -> None:
    other = lay_strange_estate(story.cast)

    with refused("本项目无此户，未办理"):
        advance(story, other.homes[:2], "notified")
    outcome = advance(story, [story.homes[0], other.homes[0]], "notified")
    assert (outcome.moved, [one.unit_id for one in outcome.refused]) == ((story.homes[0],), [other.homes[0]])
    assert Unit.objects.get(pk=other.homes[0]).certificate == "waiting"


def test_nothing_chosen_is_refused(story: Estate) -> None:
    with refused("未选择户"):
        advance(story, [], "notified")


def test_moving_twice_is_said_and_posts_nothing(story: Estate) -> None:
    advance(story, story.homes[:2], "notified")
    moves = Move.objects.count()

    outcome = advance(story, story.homes[:2], "notified")

    assert (outcome.moved, outcome.unchanged, Move.objects.count()) == ((), tuple(story.homes[:2]), moves)


@pytest.mark.parametrize(
    ("player", "track", "to"),
    [
        ("township", Track.CERTIFICATE, "accepted"),
        ("township", Track.TAX, "settled"),
        ("developer", Track.CERTIFICATE, "recorded"),
        ("centre", Track.CERTIFICATE, "collected"),
        ("tax", Track.CERTIFICATE, "notified"),
        ("district", Track.CERTIFICATE, "recorded"),
        ("department", Track.TAX, "settled"),
    ],
)
def test_each_step_is_its_organs_own(story: Estate, player: str, track: Track, to: str) -> None:
    before = digest()
    with on_day(TODAY), pytest.raises(PermissionRefused, match="请由有权的单位办理"):
        advance_units(
            actor=getattr(story.cast, player).actor, project=story.project, unit_ids=story.homes[:1], track=track,
            to=to, occurred_on=TODAY,
        )  # fmt: skip
    assert digest() == before


def test_a_move_on_the_day_of_placing_is_allowed(estate: Estate) -> None:
    assert advance(estate, estate.homes[:1], "notified", PLACED).moved == (estate.homes[0],)
