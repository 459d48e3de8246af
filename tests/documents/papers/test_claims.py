"""The notice to fetch a certificate, and the record of a closed letter: true of their subjects, refused elsewhere."""

from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from django.urls import reverse
from pypdf import PdfReader

from commitments.models import Instrument
from commitments.services import report_obligation, verify_obligation
from documents.papers.kinds import ClaimNotice
from documents.papers.models import Paper
from documents.papers.selectors.appointments import appointment_of
from documents.papers.selectors.claims import claim_snapshot, closing_snapshot
from documents.papers.services import issue_paper, read_pdf
from projects.casework.selectors.calendar import calendar_of
from projects.ledger.models import Unit, UnitCertificate
from projects.office.selectors.checklists import office_settings
from registry.store.guard import fixture_writes
from tests.commitments.test_closing import check, close, request
from tests.factories.accounts import DISTRICT, lay_setting, sign_in
from tests.factories.projects import TODAY, Estate, on_day, photo
from tests.factories.trials import refused


@pytest.fixture(autouse=True)
def files(settings: Any, tmp_path: Path) -> None:
    settings.FILES_DIR = tmp_path


def text_of(paper: Paper) -> str:
    return "".join(page.extract_text() for page in PdfReader(BytesIO(read_pdf(paper))).pages).replace("\n", "")


def printed(estate: Estate) -> Unit:
    unit = estate.unit()
    with fixture_writes():
        Unit.objects.filter(pk=unit.pk).update(certificate="printed")
    return estate.unit()


def claim(estate: Estate, unit: Unit) -> Paper:
    snapshot, masked = claim_snapshot(
        project=estate.project, unit=unit, place="一层大厅", phone="19900000000", issued_on=TODAY
    )
    with on_day(TODAY):
        paper: Paper = issue_paper(
            actor=estate.cast.developer.actor, project=estate.project, kind="claim_notice", snapshot=snapshot,
            issued_on=TODAY, addressee_masked=masked, unit=unit,
        )  # fmt: skip
    return paper


def test_a_certificate_that_is_made_is_told_of_once_with_working_days(estate: Estate) -> None:
    unit = printed(estate)
    paper = claim(estate, unit)
    snapshot, _ = claim_snapshot(project=estate.project, unit=unit, place="甲", phone="1", issued_on=TODAY)

    assert paper.number == f"{estate.project.code}-LZ-{TODAY.year}-00001"
    assert "已制作完成" in text_of(paper)
    calendar = calendar_of()
    days = [snapshot["window"]["from"], snapshot["window"]["to"]]
    assert all(calendar.is_workday(type(TODAY).fromisoformat(day)) for day in days)
    with refused(f"领证通知书{paper.number}已于{TODAY}出具", code="in_force"):
        claim(estate, unit)


@pytest.mark.parametrize("stage", ["waiting", "collected", "accepted", "recorded", "issued"])
def test_nobody_is_told_to_fetch_what_is_not_made_or_is_handed_over(estate: Estate, stage: str) -> None:
    unit = estate.unit()
    with fixture_writes():
        Unit.objects.filter(pk=unit.pk).update(certificate=stage)

    with refused("领证通知书仅限“已缮证”的户", code="state"):
        claim(estate, estate.unit())


def test_the_page_of_a_home_offers_the_notice_only_when_its_certificate_is_made(estate: Estate) -> None:
    client, unit = sign_in(estate.cast.developer), estate.unit()
    address = reverse("papers:claim", args=[estate.project.code, unit.pk])
    page = reverse("progress:unit", args=[estate.project.code, unit.pk])

    assert address not in client.get(page).content.decode()
    printed(estate)
    assert address in client.get(page).content.decode()
    answer = client.post(address, {"place": "一层大厅", "phone": "19900000000"})
    assert (answer.status_code, Paper.objects.get().kind) == (302, "claim_notice")


def closed(estate: Estate) -> Instrument:
    """The letter asked to be closed, verified and closed by three, its promise verified before."""
    assert estate.letter is not None
    letter = Instrument.objects.get(pk=estate.letter.pk)
    promise = letter.letter.obligations.get()
    with on_day(TODAY):
        report_obligation(actor=estate.cast.township.actor, obligation=promise, on=TODAY, text="已拆除", is_done=True)
        verify_obligation(
            actor=estate.cast.department.actor, obligation=promise, on=TODAY, evidence="照片", passed=True,
            **photo(TODAY),
        )  # fmt: skip
    request(estate, letter)
    check(estate, letter)
    return close(estate, letter)


def test_a_closed_letter_has_a_record_of_what_was_kept(story: Estate) -> None:
    letter = closed(story)
    address = reverse("papers:closing", args=[letter.code])
    client = sign_in(story.cast.district)

    assert address in client.get(reverse("commitments:instrument", args=[letter.code])).content.decode()
    assert client.post(address).status_code == 302

    paper = Paper.objects.get(kind="closing_record")
    text = text_of(paper)
    first = letter.letter.obligations.earliest("ordinal")
    assert letter.number in text
    assert first.end_state in text
    assert story.cast.township.person.name in text
    assert paper.title == "承诺事项销号确认单"


def test_a_letter_that_is_not_closed_has_no_record(promised: Estate) -> None:
    assert promised.letter is not None
    letter = Instrument.objects.get(pk=promised.letter.pk)

    with refused("承诺函尚未销号", code="state"):
        closing_snapshot(instrument=letter, issued_on=TODAY)
    page = sign_in(promised.cast.district).get(reverse("commitments:instrument", args=[letter.code])).content.decode()
    assert reverse("papers:closing", args=[letter.code]) not in page


def test_a_second_record_is_refused_on_the_page_of_its_form(story: Estate) -> None:
    letter = closed(story)
    client, address = sign_in(story.cast.district), reverse("papers:closing", args=[letter.code])
    client.post(address)

    for given, status in (({"csrfmiddlewaretoken": "t"}, 200), ({}, 422)):  # with its form, and bare
        answer = client.post(address, given)
        assert (answer.status_code, "已于" in answer.content.decode()) == (status, True)
    assert Paper.objects.filter(kind="closing_record").count() == 1


def test_the_telephone_repeats_the_time_and_the_place_of_the_notice_in_force(estate: Estate) -> None:
    unit = printed(estate)
    client = sign_in(estate.cast.developer)
    page = reverse("progress:unit", args=[estate.project.code, unit.pk])
    assert "请权利人本人带身份证，在工作日到驻场办证服务点领取" in client.get(page).content.decode()

    paper = claim(estate, unit)
    told = appointment_of(unit)

    assert told is not None
    assert (told.place, told.phone) == ("一层大厅", "19900000000")
    with on_day(TODAY):
        text = client.get(page).content.decode()
    assert f"{told.starts.month}月{told.starts.day}日至" in text
    assert "的工作日到一层大厅领取" in text
    with fixture_writes():
        Paper.objects.filter(pk=paper.pk).update(voided_on=TODAY, live_key="")
    assert appointment_of(unit) is None, "a void notice is not repeated"


def test_who_comes_and_which_number_is_told_as_it_is_so(estate: Estate) -> None:
    unit = printed(estate)
    old, new = "X京房权证朝字第000001号", "京（2022）朝不动产权第0012345号"
    with fixture_writes():
        for number, is_legacy in ((old, True), (new, False)):
            UnitCertificate.objects.create(unit=unit, number=number, is_legacy=is_legacy, act_id=1)
    lay_setting("claim.all", False, area_code=DISTRICT, since=TODAY)
    snapshot, _ = claim_snapshot(project=estate.project, unit=unit, place="甲", phone="1", issued_on=TODAY)
    assert snapshot["numbers"] == [new], "the old certificate is not the one that waits to be fetched"
    words = dict.fromkeys(("issuer", "location", "use", "area", "remark", "place", "phone"), "x")
    settings = office_settings(DISTRICT, on=TODAY)
    two = ClaimNotice.snapshot(
        issued_on=TODAY, recipients=["甲", "乙"], numbers=[], starts=TODAY, ends=TODAY, settings=settings, **words
    )
    assert two["who"] == "权利人本人带身份证件原件。可由一位共有人领取，其余共有人出具授权委托书。"
    assert "由驻场服务点或不动产登记机构保管" in two["late"]
