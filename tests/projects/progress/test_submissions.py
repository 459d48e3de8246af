"""Papers at the registration centre: handed in, given back with what lacks, handed in again; the stage stays."""

from datetime import date, timedelta

import pytest

from projects.ledger.models import Move, Unit
from projects.progress.invariants import INVARIANTS
from projects.progress.lists import RETURN_COLUMNS, plan_return_rows
from projects.progress.models import ReturnKind, Submission
from projects.progress.selectors import explained
from projects.progress.selectors.queues import BY_CODE, queue_projects, queues_of
from projects.progress.selectors.unit_history import unit_history
from projects.progress.services import correct_unit
from projects.progress.services.corrections import CorrectionRefused
from projects.progress.services.submissions import (
    SubmissionRefused,
    hand_in,
    plan_hand_in,
    return_units,
    take_back_submission,
)
from registry.kernel.errors import PermissionRefused
from registry.kernel.stages import Track
from registry.lists.rows import ListRow
from registry.store.guard import fixture_writes
from registry.store.second import FirstPerson
from tests.factories.accounts import sign_in
from tests.factories.projects import TODAY, Estate, move, on_day

TAKEN = date(2022, 2, 1)
SENT, BACK, AGAIN = date(2022, 2, 10), date(2022, 2, 14), date(2022, 2, 21)
LACKS = "共有人身份证明复印件；维修资金交存凭证"


@pytest.fixture
def taken(story: Estate) -> Estate:
    """The papers of four homes are taken in, and ready to go."""
    move(story, story.homes[:4], "collected", TAKEN)
    return story


def send(estate: Estate, keys: list[int], on: date = SENT) -> object:
    with on_day(on):
        return hand_in(actor=estate.cast.township.actor, project=estate.project, unit_ids=keys, on=on, list_no="送7号")


def give_back(estate: Estate, keys: list[int], on: date = BACK, **more: object) -> object:
    words = {"kind": ReturnKind.SUPPLEMENT, "lacks": LACKS, "paper_no": "补正〔2022〕15号", **more}
    with on_day(on):
        return return_units(actor=estate.cast.centre.actor, project=estate.project, unit_ids=keys, on=on, **words)  # type: ignore[arg-type]


def counts(actor, on: date = TODAY) -> dict[str, int]:  # type: ignore[no-untyped-def]
    return {state.queue.code: state.count for state in queues_of(actor, on=on) if state.count}


def test_papers_go_to_the_centre_come_back_and_go_again(taken: Estate) -> None:
    a, b, c, d = taken.homes[:4]
    moves = Move.objects.count()
    assert counts(taken.cast.centre.actor) == {"submit": 4}

    send(taken, [a, b, c])
    assert counts(taken.cast.centre.actor) == {"accept": 3, "submit": 1}
    give_back(taken, [a, b])
    assert counts(taken.cast.centre.actor) == {"accept": 1, "mend": 2, "submit": 1}
    states = {state.queue.code: state for state in queues_of(taken.cast.township.actor, on=TODAY)}
    assert [states[code].oldest_on for code in ("submit", "accept", "mend")] == [TAKEN, SENT, BACK]
    send(taken, [a], AGAIN)

    assert counts(taken.cast.centre.actor) == {"accept": 2, "mend": 1, "submit": 1}
    assert Move.objects.count() == moves, "no home moved"
    assert set(Unit.objects.filter(pk__in=[a, b, c, d]).values_list("certificate", flat=True)) == {"collected"}
    move(taken, [a], "accepted", AGAIN)
    assert counts(taken.cast.centre.actor) == {"accept": 1, "record": 1, "mend": 1, "submit": 1}
    assert [row.code for row in queue_projects(taken.cast.centre.actor, BY_CODE["mend"], on=TODAY)] == [
        taken.project.code
    ]


def test_the_history_of_the_home_and_the_telephone_tell_it(taken: Estate) -> None:
    key = taken.homes[0]
    send(taken, taken.homes[:3])
    give_back(taken, taken.homes[:2])
    unit = Unit.objects.select_related("building__project").get(pk=key)

    lines = [line.text for line in unit_history(unit)]
    assert lines[0] == f"登记中心退回（补正，{BACK}，告知书补正〔2022〕15号）：{LACKS}"
    assert lines[1] == f"送登记中心，送件日期{SENT}，清单送7号"
    told = explained(unit, on=TODAY)
    assert told.heading == "登记中心已退回，补齐后重新送件"
    assert f"还需补：{LACKS}" in told.words
    assert explained(Unit.objects.get(pk=taken.homes[2]), on=TODAY).heading == "已送件，待受理"


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ({"lacks": " "}, "未填写退回原因"),
        ({"paper_no": ""}, "补正须填写登记机构出具的告知书编号"),
        ({"kind": ReturnKind.REFUSED, "paper_no": ""}, "不予受理须填写"),
        ({"on": SENT - timedelta(1)}, "退回日期不得早于该日"),
    ],
)
def test_a_return_says_how_why_and_by_which_paper(taken: Estate, words: dict[str, object], said: str) -> None:
    send(taken, taken.homes[:1])
    with pytest.raises(SubmissionRefused, match=said):
        give_back(taken, taken.homes[:1], **words)  # type: ignore[arg-type]
    give_back(taken, taken.homes[:1], kind=ReturnKind.INCOMPLETE, paper_no="")


def test_only_the_office_hands_in_and_only_the_centre_gives_back(taken: Estate) -> None:
    keys = taken.homes[:1]
    with pytest.raises(PermissionRefused, match="登记中心不能登记送件"):
        hand_in(actor=taken.cast.centre.actor, project=taken.project, unit_ids=keys, on=SENT)
    with pytest.raises(PermissionRefused, match="乡镇、街道不能登记退回"):
        return_units(
            actor=taken.cast.township.actor, project=taken.project, unit_ids=keys, on=BACK,
            kind=ReturnKind.INCOMPLETE, lacks=LACKS,
        )  # fmt: skip


def test_what_cannot_go_is_named(taken: Estate) -> None:
    shop, home = taken.shops[0], taken.homes[0]
    send(taken, [home])
    with fixture_writes():
        Unit.objects.filter(pk=taken.homes[1]).update(standing="held")

    plan = plan_hand_in(project=taken.project, unit_ids=[home, taken.homes[1], taken.homes[2], shop], on=SENT)

    assert (plan.moved, plan.unchanged) == ((taken.homes[2],), (home,))
    assert {refusal.unit_id: refusal.reason for refusal in plan.refused}.keys() == {taken.homes[1], shop}
    assert any("暂缓" in refusal.reason for refusal in plan.refused)
    assert any("只有“已收材料”的户可以送件、退回" in refusal.reason for refusal in plan.refused)


def test_a_home_that_cannot_be_accepted_is_not_handed_in(story: Estate) -> None:
    shop = story.shops[0]
    with fixture_writes():
        Unit.objects.filter(pk=shop).update(certificate="collected", certificate_on=TAKEN)

    [refusal] = plan_hand_in(project=story.project, unit_ids=[shop], on=SENT).refused
    assert "还不能受理：" in refusal.reason


def test_a_slip_is_taken_back_step_by_step_by_whoever_made_it(taken: Estate) -> None:
    key = taken.homes[0]
    send(taken, [key])
    give_back(taken, [key])
    row = Submission.objects.get(unit=key)
    with pytest.raises(PermissionRefused):
        take_back_submission(actor=taken.cast.township.actor, submission=row, reason="点错了户")

    with on_day(BACK):
        with pytest.raises(SubmissionRefused, match="未填写撤销原因"):
            take_back_submission(actor=taken.cast.centre.actor, submission=row, reason=" ")
        take_back_submission(actor=taken.cast.centre.actor, submission=row, reason="点错了户")
    assert counts(taken.cast.centre.actor) == {"accept": 1, "submit": 3}
    with on_day(BACK):
        take_back_submission(
            actor=taken.cast.township.actor, submission=Submission.objects.get(pk=row.pk), reason="未送"
        )
    assert counts(taken.cast.centre.actor) == {"submit": 4}
    with pytest.raises(SubmissionRefused, match="之后又送过件"):
        take_back_submission(actor=taken.cast.township.actor, submission=row, reason="再撤")


def test_a_receipt_is_not_corrected_under_papers_that_are_at_the_centre(taken: Estate) -> None:
    """What stands at the centre was taken in (I50): the slip there goes first."""
    key = taken.homes[0]
    send(taken, [key])
    with pytest.raises(CorrectionRefused, match="已登记送件或退回"):
        correct_unit(
            actor=taken.cast.district.actor, unit=Unit.objects.get(pk=key), track=Track.CERTIFICATE, on=TODAY,
            reason="点错了", first=FirstPerson(0, "丙乡"),
        )  # fmt: skip
    [invariant] = [each for each in INVARIANTS if each.code == "I50"]
    assert list(invariant.violations(taken.project.pk)) == []
    with fixture_writes():
        Unit.objects.filter(pk=key).update(certificate="notified")
    assert [violation.found for violation in invariant.violations(taken.project.pk)] == ["已通知"], "negative control"


def test_the_list_of_the_centre_gives_back_home_by_home(taken: Estate) -> None:
    first, second = Unit.objects.filter(pk__in=taken.homes[:2]).select_related("building").order_by("id")
    send(taken, [first.pk])

    def row(number: int, unit: Unit, **texts: str) -> ListRow:
        blank = dict.fromkeys(RETURN_COLUMNS.names, "")
        place = {"building": unit.building.number, "entrance": unit.entrance, "room": unit.room}
        said = {"kind": "supplement", "lacks": LACKS, "paper_no": "补正1号", "on": BACK.isoformat()}
        return ListRow(number, {**blank, **place, **said, **texts})

    actor = taken.cast.centre.actor
    rows = [row(2, first), row(3, second, kind="refused", paper_no=""), row(4, second, room="9999")]
    plans = plan_return_rows(actor, taken.project, rows)
    by_row = {plan.rows[0]: plan for plan in plans}
    assert by_row[3].refusal == "不予受理须填写登记机构出具的告知书编号。"
    assert "未找到该户" in by_row[4].refusal
    with on_day(BACK):
        done = by_row[2].do(actor)  # type: ignore[misc]
    assert done.said == f"{BACK}退回（补正）"
    assert counts(actor) == {"mend": 1, "submit": 3}
    [again] = plan_return_rows(actor, taken.project, rows[:1])
    assert (again.do, again.said) == (None, f"台账已登记{BACK}退回，不再记")


def test_the_pages_hand_in_and_give_back_with_numbers_first(taken: Estate) -> None:
    code, keys = taken.project.code, taken.homes[:3]
    office, centre = sign_in(taken.cast.township), sign_in(taken.cast.centre)
    listed = f"/progress/{code}/units/?queue=submit"
    assert "送登记中心" in office.get(listed).content.decode()
    sent = {"unit": keys, "next": listed}
    page = office.post(f"/progress/{code}/units/hand-in/", sent).content.decode()
    assert "3户登记为“送登记中心”" in page
    answer = office.post(
        f"/progress/{code}/units/hand-in/", {**sent, "save": "1", "on": TODAY.isoformat(), "list_no": "1号"}
    )
    assert (answer.status_code, answer["Location"]) == (302, listed)

    back = f"/progress/{code}/units/?queue=accept"
    assert "退回补正" in centre.get(back).content.decode()
    words = {"unit": keys[:1], "next": back, "save": "1", "on": TODAY.isoformat(), "kind": "supplement"}
    page = centre.post(f"/progress/{code}/units/return/", {**words, "lacks": LACKS}).content.decode()
    assert "补正须填写登记机构出具的告知书编号" in page
    assert (
        centre.post(f"/progress/{code}/units/return/", {**words, "lacks": LACKS, "paper_no": "补正1号"}).status_code
        == 302
    )
    shown = office.get(f"/progress/{code}/units/{keys[0]}/").content.decode()
    assert f"登记中心于{TODAY}退回（补正）：{LACKS}" in shown
    assert "重新送件" in shown
    desk = centre.get("/").content.decode()
    assert 'href="/progress/queues/mend/"' in desk
    row = Submission.objects.get(unit=keys[0], ended_act_id=None)
    undo = f"/progress/{code}/units/{keys[0]}/papers/{row.pk}/"
    assert office.post(undo, {"reason": "点错"}).status_code == 403
    assert centre.post(undo, {"reason": "点错"}).status_code == 302
    assert counts(taken.cast.centre.actor) == {"accept": 3, "submit": 1}
