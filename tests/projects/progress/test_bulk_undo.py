"""A bulk move is taken back whole: homes go back by moves, those touched since stay and are named, twice is nothing."""

from collections.abc import Sequence
from datetime import date

import pytest
from django.urls import reverse

from projects.ledger.models import Move, Unit
from projects.ledger.selectors.counts import counts_as_of, present_counts
from projects.progress.services import change_standing
from projects.progress.services.bulk_undo import bulk_acts, plan_bulk_undo, undo_bulk
from registry.accounts import services as accounts
from registry.accounts.models import Approval
from registry.kernel.errors import NotFound, PermissionRefused
from registry.kernel.stages import Standing
from registry.store.second import FirstPerson
from tests.factories.accounts import sign_in
from tests.factories.books import faults_in_the_books
from tests.factories.projects import TODAY, Estate, lay_strange_estate, moment, move, on_day
from tests.factories.trials import digest, last_act, refused

MARCH = date(2022, 3, 1)


def advanced(estate: Estate, keys: Sequence[int], to: str, on: date = MARCH) -> int:
    """Move homes in one act; the act's key."""
    move(estate, keys, to, on)
    return int(bulk_acts(estate.project)[0].act_id)


def take_back(estate: Estate, act: int, reason: str = "整批点错"):
    with on_day(TODAY, 12):
        return undo_bulk(
            actor=estate.cast.district.actor,
            project=estate.project,
            act_id=act,
            reason=reason,
            first=FirstPerson(0, "丙乡"),
        )


def stages(estate: Estate) -> list[tuple[str, date | None]]:
    return list(Unit.objects.filter(id__in=estate.homes).order_by("id").values_list("certificate", "certificate_on"))


def test_every_home_goes_back_by_a_move_and_nothing_is_deleted(story: Estate) -> None:
    before, counts = stages(story), present_counts([story.project.id])[story.project.id].by_place
    moves = Move.objects.count()
    act = advanced(story, story.homes[:5], "notified")
    assert [stage for stage, _ in stages(story)][:6] == ["notified"] * 5 + ["waiting"]

    plan = take_back(story, act)

    assert (len(plan.moves), plan.kept, plan.words) == (5, (), "待办")
    assert stages(story) == before
    assert +present_counts([story.project.id])[story.project.id].by_place == +counts
    assert Move.objects.count() == moves + 10
    reversals = Move.objects.filter(reverses__isnull=False)
    assert {(one.kind, one.occurred_on, one.to_stage) for one in reversals} == {("correction", MARCH, "waiting")}
    assert last_act().facts == {
        "what": plan.told.text, "count": 5, "kept": 0, "proposer": "丙乡",
    }  # fmt: skip


def test_a_home_that_went_on_or_was_touched_since_is_kept_and_named(story: Estate) -> None:
    act = advanced(story, story.homes[:4], "notified", date(2022, 2, 1))
    advanced(story, story.homes[:1], "collected", MARCH)
    with on_day(TODAY):
        change_standing(
            actor=story.cast.district.actor, project=story.project, unit_ids=story.homes[1:2],
            standing=Standing.HELD, reason="unreachable", evidence="联系不上", on=TODAY, review_on=date(2022, 6, 1),
        )  # fmt: skip

    plan = take_back(story, act)

    assert [move.unit_id for move in plan.moves] == story.homes[2:4]
    assert [kept.key for kept in plan.kept] == story.homes[:2]
    assert "1户办理至" in plan.kept[0].why
    assert [stage for stage, _ in stages(story)][:4] == ["collected", "notified", "waiting", "waiting"]


def test_the_day_before_stands_again(story: Estate) -> None:
    move(story, story.homes[:2], "notified", date(2022, 2, 10))
    act = advanced(story, story.homes[:2], "collected")
    take_back(story, act)

    assert stages(story)[:3] == [("notified", date(2022, 2, 10)), ("notified", date(2022, 2, 10)), ("waiting", None)]


def test_twice_changes_nothing_and_says_so_and_after_it_the_homes_can_go_on(story: Estate) -> None:
    act = advanced(story, story.homes[:2], "notified")
    take_back(story, act)
    before = digest()
    with refused("无可撤销的户"):
        take_back(story, act)
    assert digest() == before
    again = advanced(story, story.homes[:2], "notified")
    assert len(plan_bulk_undo(project=story.project, act_id=again).moves) == 2
    assert plan_bulk_undo(project=story.project, act_id=act).back == 2


def test_no_reason_another_act_and_another_project_are_refused(story: Estate) -> None:
    act = advanced(story, story.homes[:2], "notified")
    with refused("未填写撤销原因", field="reason"):
        take_back(story, act, reason=" ")
    other = lay_strange_estate(story.cast)
    for project, key in ((story.project, act - 1), (other.project, act)):
        with pytest.raises(NotFound):
            plan_bulk_undo(project=project, act_id=key)


def test_it_takes_two_persons_and_the_page_says_what_stays(story: Estate) -> None:
    act = advanced(story, story.homes[:3], "notified")
    advanced(story, story.homes[:1], "collected")
    proposer = sign_in(story.cast.township)
    listed = proposer.get(reverse("progress:bulk", args=[story.project.code])).content.decode()
    assert "3户办理至“已通知”" in listed
    address = reverse("progress:undo_bulk", args=[story.project.code, act])
    shown = proposer.get(address).content.decode()
    assert "2户退回“待办”" in shown
    assert "1单元201保留" in shown

    assert "数量不符" in proposer.post(address, {"reason": "点错", "count": "3"}).content.decode()
    proposer.post(address, {"reason": "点错", "count": "2"})
    approval = Approval.objects.get()
    assert [stage for stage, _ in stages(story)][:3] == ["collected", "notified", "notified"]
    with on_day(TODAY, 15):
        with pytest.raises(PermissionRefused, match="没有办理这件事的权限"):
            accounts.approve(actor=story.cast.township.actor, approval=approval)
        accounts.approve(actor=story.cast.district.actor, approval=approval)
    assert [stage for stage, _ in stages(story)][:3] == ["collected", "waiting", "waiting"]
    assert (last_act().event, last_act().facts["count"]) == ("units.undone", 2)
    assert proposer.get(address).status_code == 422


def test_the_books_add_up_on_every_day_after_it(story: Estate) -> None:
    act = advanced(story, story.homes, "notified", date(2022, 2, 1))
    take_back(story, act)

    assert faults_in_the_books() == []
    for day in (date(2022, 1, 31), date(2022, 2, 1), TODAY):
        found = counts_as_of(on=day, known_at=moment(TODAY))[story.project.id]
        assert found.reached("certificate", "notified") == 0
