"""Papers about records: true of the record, by whose it is, in its state, once; those of no project among organs."""

from datetime import date, datetime, timedelta
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from django.urls import reverse
from docx import Document
from pypdf import PdfReader

from commitments.models import Instrument, LadderStep, Letter
from commitments.services import extend_obligation
from documents.papers.models import NumberSeries, Paper
from documents.papers.selectors.papers import papers_visible_to
from documents.papers.services import issue_paper, read_pdf, sign_paper
from projects.casework.models import Meeting, Whistle
from projects.ledger.models import Developer
from registry.accounts.models import Approval, Organisation
from registry.accounts.services import propose
from registry.store.clock import SHANGHAI
from registry.store.guard import fixture_writes
from registry.store.second import FirstPerson
from tests.factories.accounts import Player, sign_in
from tests.factories.projects import TODAY, Estate, bring_into_force, draft_letter, lay_blocker, on_day
from tests.factories.trials import refused
from tests.projects.casework.trials import lay_task, lay_whistle

Words = dict[str, Any]
NOW = datetime.now(SHANGHAI).date()  # the day of a paper issued by its page


@pytest.fixture(autouse=True)
def files(settings: Any, tmp_path: Path) -> None:
    settings.FILES_DIR = tmp_path


def text_of(paper: Paper) -> str:
    return "".join(page.extract_text() for page in PdfReader(BytesIO(read_pdf(paper))).pages).replace("\n", "")


def send(player: Player, address: str, words: Words) -> Any:
    return sign_in(player).post(address, words)


def issued(player: Player, address: str, words: Words) -> Paper:
    """Issue a paper by its page; the answer leads to the list."""
    answer = send(player, address, words)
    assert answer.status_code == 302, answer.content.decode()
    paper: Paper = Paper.objects.latest("id")
    return paper


def sent(player: Player, address: str, words: Words) -> Approval:
    """Lay a paper before who checks it, by its page; nothing is numbered."""
    before = Paper.objects.count()
    answer = send(player, address, words)
    assert answer.status_code == 302, answer.content.decode()
    assert Paper.objects.count() == before
    approval: Approval = Approval.objects.latest("id")
    return approval


def decided(player: Player, approval: Approval, decision: str = "approve") -> Any:
    return sign_in(player).post(f"/approvals/{approval.pk}/", {"decision": decision, "remark": "核过"})


def checked(drafter: Player, checker: Player, address: str, words: Words) -> Paper:
    """Issue a paper that a second person checks."""
    answer = decided(checker, sent(drafter, address, words))
    assert answer.status_code == 302, answer.content.decode()
    paper: Paper = Paper.objects.latest("id")
    assert (paper.drafted_by_id, paper.issued_by_id) == (drafter.person.pk, checker.person.pk)
    return paper


def offered(player: Player, page: str, label: str) -> bool:
    return label in sign_in(player).get(page).content.decode()


def named(estate: Estate) -> None:
    """The letter names the firm whose staff is the developer of the cast."""
    firm = estate.cast.developer.organisation
    with fixture_writes():
        performer = Developer.objects.create(name=firm.name)
        Letter.objects.filter(instrument=estate.letter).update(performer=performer)


def address(kind: str, estate: Estate, ordinal: int = 1) -> str:
    assert estate.letter is not None
    return reverse(f"papers:{kind}", args=[estate.letter.code, ordinal])


MINUTES = {"present": "规自、住建、税务", "recorder": "辰书", "sent_to": "规自分局"}


def test_minutes_say_what_was_settled_once_among_organs(estate: Estate) -> None:
    task, cast = lay_task(estate), estate.cast
    meeting = Meeting.objects.get()
    page, issue = reverse("casework:meeting", args=[meeting.code]), reverse("papers:minutes", args=[meeting.code])

    assert offered(cast.district, page, "出具会议纪要")
    assert not offered(cast.department, page, "出具会议纪要")
    paper = checked(cast.district, cast.district_second, issue, MINUTES)

    text = text_of(paper)
    assert (paper.project, paper.area_code, paper.subject_key) == (None, "110105", meeting.pk)
    assert paper.number.endswith(f"纪〔{NOW.year}〕1号")
    for words in (meeting.leader, meeting.text.splitlines()[0], task.text, str(task.owner), "规自、住建、税务", "辰书"):
        assert words in text
    seen = {name for name in ("city", "district", "township", "department", "auditor", "developer", "strange_district")
            if papers_visible_to(getattr(cast, name).actor).filter(pk=paper.pk).exists()}  # fmt: skip
    assert seen == {"city", "district", "township", "department", "auditor"}
    again = decided(cast.district_second, sent(cast.district, issue, MINUTES)).content.decode()
    assert "会议纪要" in again
    assert "请先作废" in again
    assert Paper.objects.count() == 1
    listed = sign_in(cast.district).get(reverse("papers:documents")).content.decode()
    assert paper.number in listed


AGENDA = {
    "name": "朝阳区历史遗留项目工作专班第12次例会", "hour": "9:30", "place": "第三会议室", "leader": "副区长辰政",
    "attending": "规自、住建、税务", "other": "承诺函文本的调整\n下半年的现场检查",
}  # fmt: skip


def test_an_agenda_takes_up_what_the_ledger_holds_before_the_meeting(estate: Estate) -> None:
    task, cast = lay_task(estate), estate.cast
    blocker = lay_blocker(estate)
    page, issue = reverse("casework:agenda"), reverse("papers:agenda")

    assert offered(cast.district, page, "出具会议议程")
    assert not offered(cast.township, page, "出具会议议程")
    paper = issued(cast.district, issue, {**AGENDA, "held_on": str(NOW + timedelta(days=3))})

    text = text_of(paper)
    assert (paper.project, paper.area_code, paper.title) == (None, "110105", f"{AGENDA['name']}议程")
    late = (NOW - task.due_on).days
    for words in (
        "9:30", "第三会议室", "副区长辰政", "历次会议交办任务1项，已完成0项，逾期未完成1项", task.code, task.text,
        f"逾期{late}日", blocker.number, "2．下半年的现场检查", f"{NOW.year}年{NOW.month}月{NOW.day}日",
    ):  # fmt: skip
        assert words in text
    assert not papers_visible_to(cast.developer.actor).filter(pk=paper.pk).exists()
    past = send(cast.district, issue, {**AGENDA, "held_on": str(NOW - timedelta(days=1))})
    assert "已开的会议请出具会议纪要" in past.content.decode()
    assert "不能出具会议议程" in sign_in(cast.township).get(issue).content.decode()


def test_an_instruction_has_no_minutes_and_anothers_meeting_neither(estate: Estate) -> None:
    lay_task(estate)
    meeting = Meeting.objects.get()
    issue = reverse("papers:minutes", args=[meeting.code])
    assert "不能代为出具" in sign_in(estate.cast.city).get(issue).content.decode()
    with fixture_writes():
        Meeting.objects.update(is_instruction=True)
    assert "领导批示不出会议纪要" in sign_in(estate.cast.district).get(issue).content.decode()


def test_the_sheet_of_a_whistle_names_who_was_called(estate: Estate) -> None:
    lay_whistle(estate)
    whistle, cast = Whistle.objects.get(), estate.cast
    page, issue = reverse("casework:whistle", args=[whistle.code]), reverse("papers:whistle_sheet", args=[whistle.code])

    assert offered(cast.township, page, "出具吹哨报到单")
    paper = issued(cast.township, issue, {"done": "已通知商户到场"})

    text = text_of(paper)
    for words in (whistle.code, whistle.place, whistle.text, whistle.blocker.number, "已通知商户到场"):
        assert words in text
    assert {str(call.organisation) for call in whistle.calls.all()} == {
        organ for organ in paper.addressee_masked.split("、") if organ in text
    }
    assert (paper.project_id, paper.number) == (estate.project.id, f"{estate.project.code}-CS-{NOW.year}-00001")
    assert sign_in(cast.district).get(issue).status_code == 422


def test_a_moved_day_is_answered_by_a_letter_or_by_its_government(story: Estate) -> None:
    assert story.letter is not None
    cast, promise = story.cast, story.letter.letter.obligations.get()
    page = reverse("commitments:promise_page", args=[story.letter.code, promise.ordinal])
    assert not offered(cast.district, page, "出具延期批复")
    assert sign_in(cast.district).get(address("extension_reply", story)).status_code == 404, "no day was moved"
    old = promise.due_on
    with on_day(TODAY):
        extend_obligation(
            actor=cast.district.actor, obligation=promise, new_due_on=date(2022, 12, 31), reason="汛期停工", on=TODAY,
            first=FirstPerson.of(cast.district_second.person),
        )  # fmt: skip

    assert offered(cast.district, page, "出具延期批复")
    paper = checked(
        cast.district, cast.district_second, address("extension_reply", story),
        {"request": "十八里店乡文〔2022〕3号", "terms": "每月巡查。\n发现新增的立即报告"},
    )  # fmt: skip

    text = text_of(paper)
    for words in ("的复函", f"{old.year}年{old.month}月{old.day}日", "2022年12月31日", "汛期停工", "十八里店乡文〔2022〕3号",
                  "每月巡查；发现新增的立即报告。", "特此函复"):  # fmt: skip
        assert words in text
    assert "批复" not in text, "a task force's host is no superior of a township"
    with fixture_writes():
        Organisation.objects.filter(pk=cast.district.organisation.pk).update(kind="government")
        Paper.objects.update(live_key="", voided_on=TODAY)
    superior = checked(
        cast.district, cast.district_second, address("extension_reply", story), {"request": "十八里店乡文〔2022〕3号"}
    )
    assert superior.title.endswith("延期的批复")
    assert "此复。" in text_of(superior)


MEND = {
    "inspected_on": str(NOW), "place": "底商S02", "seen": "夹层尚未拆除，照片3号；\n商户仍在营业", "asked": "拆除夹层\n恢复原状",
    "mend_by": str(NOW + timedelta(days=30)), "state_within": "5", "authority": "",
}  # fmt: skip


def test_a_notice_to_mend_goes_to_the_firm_that_the_letter_names(story: Estate) -> None:
    cast = story.cast
    assert "没有收件单位" in sign_in(cast.township).get(address("rectification", story)).content.decode()
    named(story)

    paper = checked(cast.township, cast.district, address("rectification", story), MEND)

    text = text_of(paper)
    firm = cast.developer.organisation.name
    assert paper.addressee_masked == firm
    assert paper.issuer == cast.township.organisation, "the task force countersigns, the head stays the township's"
    for words in (
        firm,
        f"{NOW.year}年{NOW.month}月{NOW.day}日现场检查",
        "夹层尚未拆除，照片3号；商户仍在营业。",
        "拆除夹层",
        "恢复原状",
        "5个工作日",
    ):
        assert words in text
    assert "移送" not in text, "no authority was named: the sentence is left out"
    assert papers_visible_to(cast.developer.actor).filter(pk=paper.pk).exists(), "it is addressed to it"
    assert sign_in(cast.district).get(address("rectification", story)).status_code == 422


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"inspected_on": str(NOW + timedelta(days=1))}, "检查日期"),
        ({"mend_by": str(NOW)}, f"整改期限须在今日{NOW}以后"),
        ({"asked": ""}, "整改要求"),
    ],
)
def test_a_notice_to_mend_with_impossible_days_is_refused_in_its_form(story: Estate, change: Words, words: str) -> None:
    named(story)
    answer = send(story.cast.township, address("rectification", story), {**MEND, **change})
    assert answer.status_code == 200
    assert words in answer.content.decode()
    assert not Paper.objects.exists()


def test_a_paper_waits_for_its_check_and_is_read_meanwhile(estate: Estate) -> None:
    lay_task(estate)
    cast, meeting = estate.cast, Meeting.objects.get()
    issue = reverse("papers:minutes", args=[meeting.code])
    approval = sent(cast.district, issue, MINUTES)
    page, proof = f"/approvals/{approval.pk}/", reverse("papers:submitted_draft", args=[approval.pk])

    shown = sign_in(cast.district_second).get(page).content.decode()
    for words in ("查看送审稿", "会议纪要", cast.district.organisation.name, "规自、住建、税务", "辰书"):
        assert words in shown
    read = sign_in(cast.district_second).get(proof).content.decode()
    assert meeting.text.splitlines()[0] in read
    drawn = sign_in(cast.district_second).get(f"{proof}?pdf=1")
    assert "送审稿，未编号" in "".join(page.extract_text() for page in PdfReader(BytesIO(drawn.content)).pages)
    assert [sign_in(getattr(cast, by)).get(proof).status_code for by in ("township", "strange_district")] == [404, 404]

    assert "同一人" in decided(cast.district, approval).content.decode()
    assert "由朝阳区专班的另一名人员核稿签发" in decided(cast.city, approval).content.decode(), "another organisation"
    twice = send(cast.district, issue, MINUTES).content.decode()
    assert "正待复核" in twice
    with fixture_writes():
        Meeting.objects.update(text="改过的议定事项")
    assert "提请以后情况有变" in decided(cast.district_second, approval).content.decode()
    assert not Paper.objects.exists()
    assert not NumberSeries.objects.exists(), "no number is taken before the signature"
    assert decided(cast.district_second, approval, "return").status_code == 302
    gone = sign_in(cast.security_admin).get(proof)
    assert gone.status_code in (403, 404)


def test_what_a_second_person_checks_is_never_issued_by_one(estate: Estate) -> None:
    lay_task(estate)
    meeting, district = Meeting.objects.get(), estate.cast.district
    words = {"project": None, "kind": "minutes", "snapshot": {}, "about": meeting}
    with on_day(TODAY):
        with refused("须由另一名人员核稿签发", code="unchecked"):
            issue_paper(actor=district.actor, issued_on=TODAY, **words)
        with refused("须由两人办理", code="second_person"):
            sign_paper(
                actor=district.actor, organ=district.organisation, first=FirstPerson.of(district.person), **words
            )


def test_an_approval_of_something_else_has_no_proof(story: Estate) -> None:
    assert story.letter is not None
    with on_day(TODAY):
        other = propose(
            actor=story.cast.district.actor, kind="letter.setting", title="设置", reason="试", area_code="110105",
            payload={"district_code": "110105", "grace_days": 5, "pauses": True, "countersigns": False,
                     "effective_on": "2030-01-01"},
        )  # fmt: skip
    assert sign_in(story.cast.district).get(reverse("papers:submitted_draft", args=[other.pk])).status_code == 404


TALK = {
    "held_on": str(NOW), "place": "区政府二楼", "interviewer": "副区长辰区", "interviewed": "乡长辰乡", "recorder": "辰书",
    "said": "商户不配合", "opinion": "三月底前拆除", "pledge": "按期完成",
}  # fmt: skip


def test_an_interview_is_recorded_by_who_called_to_it(story: Estate) -> None:
    assert story.letter is not None
    promise, cast = story.letter.letter.obligations.get(), story.cast
    record = address("interview_record", story)
    with fixture_writes():
        step, _ = LadderStep.objects.update_or_create(
            obligation=promise, rung="summons",
            defaults={"counted_from": promise.due_on, "due_on": TODAY, "act_id": 1, "organ": cast.district.organisation},
        )  # fmt: skip
    assert "约谈通知尚未发出" in sign_in(cast.district).get(record).content.decode()
    with fixture_writes():
        LadderStep.objects.filter(pk=step.pk).update(sent_on=NOW, paper_number="朝政办约〔2022〕1号")

    early = send(cast.district, record, {**TALK, "held_on": str(NOW - timedelta(days=1))})
    assert "约谈日期须在约谈通知发出日期" in early.content.decode()
    paper = issued(cast.district, record, TALK)

    text = text_of(paper)
    for words in (
        "副区长辰区",
        "乡长辰乡",
        "商户不配合",
        "三月底前拆除",
        "按期完成",
        "朝政办约〔2022〕1号",
        promise.end_state,
    ):
        assert words in text
    assert not papers_visible_to(cast.developer.actor).filter(pk=paper.pk).exists()
    assert "不能代为出具" in sign_in(cast.city).get(record).content.decode()


def test_a_firm_undertakes_what_the_letter_has_item_by_item(story: Estate) -> None:
    assert story.letter is not None
    cast, issue = story.cast, reverse("papers:undertaking", args=[story.letter.code])
    words = {"funds": "自有资金120万元，存入共管账户", "contact": "辰经 19900000000"}
    assert "承诺函未列整改主体" in sign_in(cast.developer).get(issue).content.decode()
    named(story)

    paper = issued(cast.developer, issue, words)

    text = text_of(paper)
    promise = story.letter.letter.obligations.get()
    for expected in (promise.end_state, promise.proof, "120万元", str(story.letter.issuer.name), "19900000000"):
        assert expected in text
    assert Instrument.objects.get(pk=story.letter.pk).state == story.letter.state, "a paper moves no letter"
    assert sign_in(cast.township).get(issue).status_code == 422


def test_a_letter_goes_around_as_a_draft_before_it_is_signed(estate: Estate) -> None:
    letter, cast = draft_letter(estate, lay_blocker(estate)), estate.cast
    page = reverse("commitments:instrument", args=[letter.code])
    draft = reverse("papers:letter_draft", args=[letter.code])

    assert offered(cast.township, page, "下载Word草稿")
    answer = sign_in(cast.township).get(draft)
    said = "".join(paragraph.text for paragraph in Document(BytesIO(answer.content)).paragraphs)
    assert letter.title in said
    assert "草稿，未编号" in said
    assert sign_in(cast.department).get(draft).status_code in (404, 422), "neither its issuer nor a task force"
    bring_into_force(estate, letter)
    assert not offered(cast.township, page, "下载Word草稿")
    assert "没有可下载的草稿" in sign_in(cast.township).get(draft).content.decode()
    assert not Paper.objects.exists()


def test_a_record_paper_is_drafted_from_the_same_words(estate: Estate) -> None:
    lay_task(estate)
    issue = reverse("papers:minutes", args=[Meeting.objects.get().code])

    answer = send(estate.cast.district, issue, {**MINUTES, "draft": "1"})

    said = "".join(paragraph.text for paragraph in Document(BytesIO(answer.content)).paragraphs)
    assert Meeting.objects.get().text.splitlines()[0] in said
    assert not Paper.objects.exists()
