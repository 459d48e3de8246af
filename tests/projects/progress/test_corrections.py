"""Corrections: a move entered by mistake is reversed by a move, by two persons; the past stays readable."""

from datetime import date
from typing import Any

import pytest

from projects.ledger.models import Move
from projects.ledger.selectors.counts import counts_as_of, present_counts
from projects.progress.approvals import CORRECTION
from projects.progress.services import change_standing, correct_unit
from registry.accounts import services as accounts
from registry.kernel.errors import PermissionRefused, Refused
from registry.kernel.stages import Standing, Track
from registry.store.second import FirstPerson
from tests.factories.projects import TODAY, Estate, bring_to, moment, move, on_day
from tests.factories.trials import digest, last_act, refused

SEPTEMBER = date(2021, 9, 1)
OCTOBER = date(2021, 10, 8)
FEBRUARY = date(2022, 2, 1)


def correct(estate: Estate, track: Track = Track.CERTIFICATE, on: date = TODAY, **more: Any) -> Move:
    with on_day(on):
        return correct_unit(
            **{
                "actor": estate.cast.district.actor, "unit": estate.unit(), "track": track, "on": on,
                "reason": "点错了户", "first": FirstPerson(0, "丙乡"), **more,
            }
        )  # fmt: skip


def stage_counts(estate: Estate, on: date, known: date) -> dict[str, int]:
    found = counts_as_of(on=on, known_at=moment(known))[estate.project.id]
    return {code: count for code, count in found.certificate_stages().items() if count}


def test_a_correction_goes_back_one_stage_and_leaves_both_moves(story: Estate) -> None:
    move(story, story.homes[:1], "notified", SEPTEMBER)
    move(story, story.homes[:1], "collected", OCTOBER)

    reversal = correct(story)

    unit = story.unit()
    assert (unit.certificate, unit.certificate_on) == ("notified", SEPTEMBER)
    assert (reversal.kind, reversal.from_stage, reversal.to_stage, reversal.occurred_on) == (
        "correction", "collected", "notified", OCTOBER,
    )  # fmt: skip
    assert reversal.reverses is not None
    assert reversal.reverses.to_stage == "collected"
    assert Move.objects.filter(unit=unit, track="certificate").count() == 4
    act = last_act()
    assert (act.event, act.reason, act.facts) == (
        "unit.corrected",
        "点错了户",
        {"unit": "1号楼1单元201", "frm": "已收材料", "to": "已通知", "proposer": "丙乡", "on": "2022-03-08"},
    )


def test_the_past_is_known_anew_and_stays_known_as_it_was(story: Estate) -> None:
    move(story, story.homes[:1], "collected", SEPTEMBER)
    correct(story)

    assert stage_counts(story, OCTOBER, FEBRUARY) == {"waiting": 11, "collected": 1}
    assert stage_counts(story, OCTOBER, TODAY) == {"waiting": 12}


def test_corrections_go_back_step_by_step(story: Estate) -> None:
    bring_to(story, story.homes[:1], "accepted", SEPTEMBER)

    stages = [correct(story).to_stage for _ in range(2)]

    assert stages == ["collected", "waiting"]
    assert story.unit().certificate_on is None
    with refused("1号楼1单元201没有可更正的“办证”记录"):
        correct(story)


def test_a_corrected_home_goes_on_from_an_earlier_day(story: Estate) -> None:
    move(story, story.homes[:1], "collected", OCTOBER)
    correct(story)
    move(story, story.homes[:1], "collected", SEPTEMBER)

    assert stage_counts(story, date(2021, 9, 15), TODAY) == {"waiting": 11, "collected": 1}
    assert stage_counts(story, TODAY, TODAY) == {"waiting": 11, "collected": 1}


def test_days_between_add_up_when_the_standing_changed_since(story: Estate) -> None:
    """The reversal leaves the account on which the unit stands now; before the hold it stood on another."""
    move(story, story.homes[:1], "collected", SEPTEMBER)
    with on_day(OCTOBER):
        change_standing(
            actor=story.cast.district.actor, project=story.project, unit_ids=story.homes[:1], standing=Standing.HELD,
            reason="dispute", evidence="诉讼", on=OCTOBER, review_on=TODAY,
        )  # fmt: skip

    correct(story)

    for day in (SEPTEMBER, OCTOBER, TODAY):
        found = counts_as_of(on=day, known_at=moment(TODAY))[story.project.id]
        assert (day, found.total(dwelling=True), min(found.by_place.values())) == (day, 12, 1)
    now = present_counts([story.project.id])[story.project.id]
    assert now.by_place == counts_as_of(on=TODAY, known_at=moment(TODAY))[story.project.id].by_place


def test_tax_is_not_corrected_under_a_recorded_home(story: Estate) -> None:
    bring_to(story, story.homes[:1], "recorded", SEPTEMBER)

    for track in (Track.TAX, Track.FUND):
        with refused(f"1号楼1单元201已登簿，不能只退“{track.label}”。请先更正登簿"):
            correct(story, track)
    correct(story)
    assert correct(story, Track.TAX).to_stage == "unassessed"


def test_a_correction_without_a_reason_is_refused(story: Estate) -> None:
    move(story, story.homes[:1], "notified", SEPTEMBER)

    with refused("未填写更正原因", field="reason"):
        correct(story, reason=" ")


def propose(estate: Estate, player: str) -> Any:
    unit = estate.unit()
    return accounts.propose(
        actor=getattr(estate.cast, player).actor, kind=CORRECTION, title=f"更正{unit}", reason="点错了户",
        payload={"unit": unit.pk, "track": "certificate", "reason": "点错了户"},
        area_code=estate.project.district_code,
    )  # fmt: skip


def test_a_proposal_is_carried_out_by_a_second_person(story: Estate) -> None:
    move(story, story.homes[:1], "notified", SEPTEMBER)
    with on_day(FEBRUARY):
        approval = propose(story, "township")
    assert story.unit().certificate == "notified"

    with on_day(TODAY):
        accounts.approve(actor=story.cast.district.actor, approval=approval)

    assert story.unit().certificate == "waiting"
    act = last_act()
    assert (act.event, act.facts["proposer"], act.actor_name) == ("unit.corrected", "丙乡", "乙区")


def test_a_proposer_does_not_approve_its_own_correction(story: Estate) -> None:
    move(story, story.homes[:1], "notified", SEPTEMBER)
    with on_day(TODAY):
        approval = propose(story, "district")
        before = digest()
        with pytest.raises((PermissionRefused, Refused)):
            accounts.approve(actor=story.cast.district.actor, approval=approval)
        assert digest() == before
        accounts.approve(actor=story.cast.district_second.actor, approval=approval)

    assert story.unit().certificate == "waiting"
