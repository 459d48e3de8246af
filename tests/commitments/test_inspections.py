"""Proof on site (F9): photos with day and place, four eyes at every door, inspections on a rhythm, reopening."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.contrib.admin import site as default_site
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from commitments.models import Clause, Instrument, LadderStep, Obligation, ObligationEvent
from commitments.services import (
    close_letter,
    record_inspection,
    report_obligation,
    request_closing,
    return_closing,
    run_ladder,
    verify_closing,
    verify_obligation,
)
from documents.intake.reading import list_rows, list_shape, unit_columns
from documents.reference.site import site
from registry.accounts.models import InboxItem
from registry.audit.models import Act
from registry.kernel.authority import Role
from registry.web.attachments.selectors import attachments_of
from tests.factories.accounts import Cast, Player, lay_assignment, lay_person, sign_in
from tests.factories.projects import DUE, SIGNED, Estate, on_day, photo
from tests.factories.trials import last_act, refused

MARCH = date(2022, 3, 1)


@pytest.fixture
def obligation(promised: Estate) -> Obligation:
    return Obligation.objects.get()


def report(cast: Cast, obligation: Obligation, on: date = MARCH, **more: Any) -> Obligation:
    with on_day(on):
        return report_obligation(
            **{
                "actor": cast.township.actor, "obligation": obligation, "on": on, "text": "夹层已拆除", "is_done": True,
                **more,
            }
        )  # fmt: skip


def verify(
    player: Player, obligation: Obligation, on: date = MARCH, stated: date | None = None, **more: Any
) -> Obligation:
    with on_day(on, 15):
        return verify_obligation(
            **{
                "actor": player.actor, "obligation": obligation, "on": stated or on, "evidence": "现场核验",
                "passed": True,
                **photo(on, "核验"), **more,
            }
        )  # fmt: skip


def inspect(player: Player, obligation: Obligation, day: date, **more: Any) -> Obligation:
    with on_day(day, 11):
        return record_inspection(
            **{
                "actor": player.actor, "obligation": obligation, "on": day, "in_order": True, "text": "夹层没有恢复",
                **photo(day, "检查"), **more,
            }
        )  # fmt: skip


def asked() -> list[tuple[str, str]]:
    rows = InboxItem.objects.filter(done_at__isnull=True).exclude(verb__in=("催办", "再催", "督办", "通报", "约谈"))
    return [(row.verb, str(row.organisation or row.role)) for row in rows.order_by("id")]


def test_verification_needs_a_photo_with_its_day_and_place(cast: Cast, obligation: Obligation) -> None:
    report(cast, obligation)
    with refused("未上传现场照片或扫描件。请至少上传一份", field="uploads"):
        verify(cast.department, obligation, uploads=[])
    with refused("未填写照片或扫描件的日期", field="taken_on"):
        verify(cast.department, obligation, taken_on=None)
    with refused("未填写拍摄地点", field="place"):
        verify(cast.department, obligation, place=" ")
    with refused("照片日期2022-03-02在办理日期2022-03-01之后", field="taken_on"):
        verify(cast.department, obligation, stated=MARCH, on=date(2022, 3, 2), taken_on=date(2022, 3, 2))
    with refused("未上传现场照片或扫描件", field="uploads"):
        verify(cast.department, obligation, passed=False, uploads=[])

    assert verify(cast.department, obligation).state == "verified"
    kept = attachments_of(obligation)
    assert [(file.file_name, file.taken_on, file.place) for file in kept] == [("现场核验.png", MARCH, "9号楼S02")]
    assert kept[0].act_id == ObligationEvent.objects.get(kind="verified").act_id


def test_a_report_takes_photos_and_asks_their_day_and_place(cast: Cast, obligation: Obligation) -> None:
    with refused("未填写拍摄地点", field="place"):
        report(cast, obligation, **{**photo(MARCH), "place": ""})
    report(cast, obligation, **photo(MARCH))
    with refused("已在该承诺事项的附件中", field="uploads"):
        verify(cast.department, obligation, **photo(MARCH))

    assert [file.place for file in attachments_of(obligation)] == ["9号楼S02"]


@pytest.fixture
def colleague(cast: Cast) -> Player:
    """Somebody of the promisor's own organisation who holds the right to verify."""
    own = cast.township.organisation
    person = lay_person(username="colleague", name="丙二", organisation=own)
    return Player(person, own, lay_assignment(person, own, Role.DISTRICT))


def test_same_organisation_verification_is_refused_by_the_service(
    cast: Cast, obligation: Obligation, colleague: Player
) -> None:
    report(cast, obligation)
    with refused("十八里店乡是承诺单位，不能核验自己的承诺。由规自分局核验", code="same_organisation"):
        verify(colleague, obligation)
    with refused("十八里店乡是承诺单位，不能检查自己的承诺", code="same_organisation"):
        inspect(colleague, obligation, date(2022, 3, 2))


def test_same_organisation_verification_is_refused_on_the_screen(
    cast: Cast, obligation: Obligation, colleague: Player
) -> None:
    report(cast, obligation)
    code = obligation.letter.instrument.code
    words = {"evidence": "照片", "on": "2022-03-01", "passed": "1", "taken_on": "2022-03-01", "place": "9号楼"}
    taken = SimpleUploadedFile("现场.png", photo(MARCH)["uploads"][0].content)
    address = reverse("commitments:obligation", args=[code, 1, "verify"])
    page = sign_in(colleague).post(address, {**words, "uploads": taken}).content.decode()

    assert "十八里店乡是承诺单位，不能核验自己的承诺" in page
    again = SimpleUploadedFile("现场.png", photo(MARCH)["uploads"][0].content)
    assert sign_in(cast.township).post(address, {**words, "uploads": again}).status_code == 403
    assert Obligation.objects.get().state == "reported"
    own = sign_in(colleague).get(reverse("commitments:promise_page", args=[code, 1])).content.decode()
    assert address not in own
    assert address in sign_in(cast.department).get(reverse("commitments:promise_page", args=[code, 1])).content.decode()


def test_no_import_and_no_admin_reaches_an_obligation() -> None:
    assert not {Obligation, ObligationEvent, LadderStep, Instrument} & set(site._registry)
    assert not {Obligation, ObligationEvent} & set(default_site._registry)
    for module in (list_rows, list_shape, unit_columns):
        assert not {"Obligation", "verify_obligation"} & set(vars(module))


def test_sites_are_inspected_on_a_rhythm(cast: Cast, obligation: Obligation) -> None:
    due = SIGNED + timedelta(days=30)
    for day in (due - timedelta(days=1), due, due, due + timedelta(days=1)):
        with on_day(day, 1):
            run_ladder(day)
    item = InboxItem.objects.get(verb="现场检查")
    assert (item.organisation, item.due_on, item.done_at) == (cast.department.organisation, due, None)
    inspect(cast.department, obligation, due + timedelta(days=3))

    assert asked() == []
    event = ObligationEvent.objects.get(kind="inspected")
    assert event.text == "符合：夹层没有恢复"
    again = due + timedelta(days=33)
    for day, count in ((again - timedelta(days=1), 1), (again, 2)):
        with on_day(day, 1):
            run_ladder(day)
        assert InboxItem.objects.filter(verb="现场检查").count() == count


def test_an_inspection_by_others_or_without_proof_is_refused(cast: Cast, obligation: Obligation) -> None:
    with refused("现场检查由规自分局办理", code="not_inspector"):
        inspect(cast.tax, obligation, MARCH)
    with refused("未填写检查情况", field="text"):
        inspect(cast.department, obligation, MARCH, text=" ")
    with refused("未上传现场照片或扫描件", field="uploads"):
        inspect(cast.department, obligation, MARCH, uploads=[])
    with refused("日期2022-03-02尚未到来", field="on"):
        inspect(cast.department, obligation, MARCH, on=date(2022, 3, 2))


def test_a_failed_reinspection_opens_a_verified_promise_again(cast: Cast, obligation: Obligation) -> None:
    report(cast, obligation)
    verify(cast.department, obligation)
    assert Clause.objects.get().lapses_on is None
    opened = inspect(cast.department, obligation, date(2022, 3, 8), in_order=False, text="夹层又搭起来了")

    assert (opened.state, opened.verified_on, opened.verified_by, opened.reported_on) == ("doing", None, None, None)
    kinds = list(ObligationEvent.objects.order_by("id").values_list("kind", flat=True))
    assert kinds == ["report", "verified", "inspected", "reopened"]
    assert Clause.objects.get().lapses_on == DUE + timedelta(days=31), "the key hangs on the promise again"
    assert asked() == [("重新整改", "十八里店乡")]
    events = list(Act.objects.order_by("-id").values_list("event", flat=True)[:2])
    assert events == ["clause.projected", "obligation.reopened"]


def test_a_promise_opened_again_is_pressed_again(cast: Cast, obligation: Obligation) -> None:
    with on_day(date(2022, 2, 28), 1):
        run_ladder(date(2022, 2, 28))
    report(cast, obligation)
    verify(cast.department, obligation)
    assert LadderStep.objects.get().skipped_reason == "承诺已核验"
    inspect(cast.department, obligation, date(2022, 3, 8), in_order=False, text="夹层又搭起来了")
    with on_day(date(2022, 3, 9), 1):
        run_ladder(date(2022, 3, 9))

    assert (LadderStep.objects.get().skipped_reason, LadderStep.objects.get().proposed_on) == ("", date(2022, 3, 9))


def test_an_open_promise_not_in_order_stays_as_it_was(cast: Cast, obligation: Obligation) -> None:
    assert inspect(cast.department, obligation, MARCH, in_order=False, text="没有开工").state == "pending"
    assert last_act().event == "obligation.inspected"


def test_a_letter_that_is_closing_or_closed_says_what_to_do(cast: Cast, obligation: Obligation) -> None:
    report(cast, obligation)
    verify(cast.department, obligation)
    letter, day = Instrument.objects.get(), date(2022, 3, 8)
    with on_day(day, 9):
        request_closing(actor=cast.township.actor, instrument=letter, note="夹层已拆")
    with refused("正在申请销号。请先退回销号申请", code="closing"):
        inspect(cast.department, obligation, day, in_order=False, text="又搭起来了")
    with on_day(day, 9):
        verify_closing(actor=cast.department.actor, instrument=letter, on=day, evidence="照片")
    with refused("销号已核验。请先退回销号申请", code="closing"):
        inspect(cast.department, obligation, day, in_order=False, text="又搭起来了")
    with on_day(day, 9):
        return_closing(actor=cast.department.actor, instrument=letter, reason="再看一次")
        request_closing(actor=cast.township.actor, instrument=letter, note="夹层已拆")
        verify_closing(actor=cast.department.actor, instrument=letter, on=day, evidence="照片")
        close_letter(actor=cast.district.actor, instrument=letter, on=day)
    with refused("已销号，不能重新打开。现场不符合的，请登记新的堵点", code="closed"):
        inspect(cast.department, obligation, day, in_order=False, text="又搭起来了")
