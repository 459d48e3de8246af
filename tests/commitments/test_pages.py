"""Pages of letters: drafted and mended by hand, countersigned, signed, extended, revoked and closed by two persons."""

from datetime import date, datetime, timedelta
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from commitments.models import Clause, Countersign, Instrument, LadderRule, LapseRule, Obligation
from documents.papers.models import Paper
from registry.accounts.models import Approval
from registry.store.clock import SHANGHAI
from registry.store.guard import fixture_writes
from tests.factories.accounts import Player, sign_in
from tests.factories.projects import DUE, SIGNED, Estate, draft_letter, lay_blocker, on_day

TODAY = datetime.now(SHANGHAI).date()


def post(player: Player, name: str, *args: object, **words: Any) -> str:
    """Send a form today; the page that comes back, after redirects."""
    response = sign_in(player).post(reverse(f"commitments:{name}", args=args), words, follow=True)
    return str(response.content.decode())


def page(player: Player, name: str, *args: object) -> str:
    return str(sign_in(player).get(reverse(f"commitments:{name}", args=args)).content.decode())


def shot() -> dict[str, Any]:
    """A photo as a browser sends it, its day and its place."""
    taken = SimpleUploadedFile("现场.png", b"\x89PNG\r\n\x1a\nshop")
    return {"uploads": taken, "taken_on": str(TODAY), "place": "9号楼S02"}


def agree(player: Player) -> None:
    """The second person agrees to what waits."""
    approval = Approval.objects.get(status="waiting")
    sign_in(player).post(reverse("accounts:approval", args=[approval.pk]), {"decision": "approve", "remark": ""})


def in_time(estate: Estate) -> Instrument:
    """The letter in force with its promise due next year."""
    with fixture_writes():
        Obligation.objects.update(due_on=TODAY + timedelta(days=300))
        Clause.objects.update(lapses_on=TODAY + timedelta(days=331))
    return Instrument.objects.get()


def drafted(estate: Estate) -> Instrument:
    blocker = lay_blocker(estate)
    with on_day(SIGNED):
        return draft_letter(estate, blocker)


def test_a_draft_is_mended_on_its_pages(estate: Estate) -> None:
    letter, cast = drafted(estate), estate.cast
    fire = lay_blocker(estate, "P04")
    for name, args, word in (
        ("edit", [letter.code], "问题和成因"),
        ("clause", [letter.code, 1], "P03-0001"),
        ("promise", [letter.code, 1], "拆除1间商铺夹层"),
    ):
        assert word in page(cast.township, name, *args)
    post(cast.township, "new_clause", letter.code, blocker=fire.pk, in_uses=["dwelling"], in_floors="1-2")
    post(
        cast.township, "new_promise", letter.code, end_state="补建消防", due_on="2022-12-31", proof="验收意见",
        verifier=cast.department.organisation.pk, measure="增设喷淋", responsible="丙主任", backs=["2"],
    )  # fmt: skip
    post(
        cast.township,
        "edit",
        letter.code,
        title="关于底商的承诺",
        recipient=cast.district.organisation.pk,
        fault="加夹层",
    )

    shown = page(cast.township, "instrument", letter.code)
    assert all(
        word in shown for word in ("关于底商的承诺", fire.number, "补建消防", "丙主任负责", "增加条款", "送会签")
    )
    assert "未填写期限" in post(cast.township, "new_promise", letter.code, end_state="清退", proof="照片",
                                verifier=cast.department.organisation.pk)  # fmt: skip
    post(cast.township, "drop_promise", letter.code, 2)
    post(cast.township, "drop_clause", letter.code, 2)
    assert (letter.clauses.count(), Obligation.objects.count()) == (1, 1)


def test_a_letter_goes_round_and_is_answered(estate: Estate) -> None:
    letter, cast = drafted(estate), estate.cast
    assert "请先更正以下1处" in post(cast.township, "countersign", letter.code, workdays=5)
    post(cast.township, "countersign", letter.code, organisations=[cast.department.organisation.pk], workdays=5)
    assert "答复会签" in page(cast.department, "instrument", letter.code)
    assert "不同意的，请写明理由" in post(cast.department, "answer", letter.code, agrees="0", comment="")
    post(cast.department, "answer", letter.code, agrees="1", comment="无意见")

    assert Countersign.objects.get().answer == "agrees"
    shown = page(cast.township, "instrument", letter.code)
    assert "✓ 同意" in shown
    assert "填写签署后打通住宅的套数" in shown


def test_an_extension_is_proposed_and_agreed_to(promised: Estate) -> None:
    cast, promise = promised.cast, Obligation.objects.get()
    assert promised.letter is not None
    back = post(cast.township, "extend", promised.letter.code, 1, new_due_on=str(DUE), reason="汛期")
    assert "延期日期须晚于现期限2022-03-31" in back
    post(cast.township, "extend", promised.letter.code, 1, new_due_on="2022-06-30", reason="汛期停工")
    assert Obligation.objects.get().due_on == promise.due_on, "nothing moves until another person agrees"
    agree(cast.district)

    assert (Obligation.objects.get().due_on, Obligation.objects.get().original_due_on) == (date(2022, 6, 30), DUE)
    assert "原定 2022-03-31" in page(cast.township, "instrument", promised.letter.code)


def test_what_revoking_does_is_shown_first_and_another_person_agrees(promised: Estate) -> None:
    cast, letter = promised.cast, in_time(promised)
    shown = page(cast.district, "revoke", letter.code)
    assert "恢复为未打通的住宅" in shown
    assert ">12<small>套</small>" in shown
    post(cast.district, "revoke", letter.code, revoked_on=str(TODAY), reason="不再履行")
    assert Instrument.objects.get().state == "performing"
    agree(cast.district)
    assert Instrument.objects.get().state == "performing", "the proposer doesn't agree to the own proposal"
    agree(cast.district_second)

    assert (Instrument.objects.get().state, Instrument.objects.get().ended_on) == ("revoked", TODAY)


def test_a_breach_is_found_and_cured_on_the_page(promised: Estate) -> None:
    cast, letter = promised.cast, in_time(promised)
    assert "没有逾期的承诺事项" in post(cast.district, "breach", letter.code, reason="催办无果")
    assert "认定违约" not in page(cast.township, "instrument", letter.code)
    with fixture_writes():
        Obligation.objects.update(due_on=TODAY - timedelta(days=1))
    post(cast.district, "breach", letter.code, reason="催办无果")
    assert "各条款失效" in page(cast.township, "instrument", letter.code)
    assert "第1项仍逾期" in post(cast.district, "cure", letter.code, reason="已整改")
    with fixture_writes():
        Obligation.objects.update(due_on=TODAY + timedelta(days=30))
    post(cast.district, "cure", letter.code, reason="已延期")

    assert Instrument.objects.get().state == "performing"
    assert Clause.objects.get().past_lapses == [[str(TODAY), str(TODAY)]]


def test_closing_is_asked_for_checked_and_done_by_three(story: Estate) -> None:
    cast, letter = story.cast, story.letter
    assert letter is not None
    post(cast.township, "obligation", letter.code, 1, "report", text="已拆除", on=str(TODAY), is_done="on")
    post(cast.department, "obligation", letter.code, 1, "verify", evidence="照片3张", on=str(TODAY), passed="1",
         **shot())  # fmt: skip
    assert "申请销号" in page(cast.township, "instrument", letter.code)
    post(cast.township, "ask_to_close", letter.code, note="夹层已拆")
    post(cast.department, "check_closing", letter.code, evidence="现场照片", on=str(TODAY))
    before = page(cast.district, "close", letter.code)
    assert "P03-0001" in before
    assert ">3<small>户</small>" in before, "three shops are free"
    post(cast.district, "close", letter.code)

    assert Instrument.objects.get().state == "closed"


def test_a_district_proposes_its_setting_and_the_city_agrees(promised: Estate) -> None:
    cast = promised.cast
    assert "期限届满后宽限30日" in page(cast.district, "settings")
    words = {"grace_days": 5, "pauses": "on", "effective_on": str(TODAY), "reason": "区专班会议纪要〔2022〕3号"}
    post(cast.district, "setting", "110105", **words)
    assert not LapseRule.objects.exists()
    waiting = reverse("accounts:approval", args=[Approval.objects.get(status="waiting").pk])
    shown = sign_in(cast.city).get(waiting).content.decode()
    assert ("朝阳区" in shown, "110105" in shown) == (True, False), "a district by its name"
    agree(cast.city)

    rule = LapseRule.objects.get()
    assert (rule.grace_days, rule.pauses, rule.countersigns, rule.approved_by) == (5, True, False, cast.city.person)
    assert "未找到" in post(cast.strange_district, "setting", "110105", **words)
    assert "提请改定" not in page(cast.auditor, "settings")


def test_the_page_of_a_promise_shows_its_ladder_and_sends_a_rung(promised: Estate) -> None:
    cast, letter = promised.cast, in_time(promised)
    with fixture_writes():
        Obligation.objects.update(due_on=TODAY + timedelta(days=25))
    assert "/press/" not in page(cast.department, "promise_page", letter.code, 1), "a department doesn't remind"
    shown = page(cast.district, "promise_page", letter.code, 1)
    assert all(word in shown for word in ("催办", "再催", "督办", "通报", "约谈", "应发未发", "原定 2022-03-31"))
    assert reverse("commitments:press", args=[letter.code, 1, "reminder"]) in shown
    assert reverse("commitments:promise_page", args=[letter.code, 1]) in page(cast.township, "instrument", letter.code)
    words = {"on": str(TODAY), "text": "请按期拆除", "reply_by": str(TODAY + timedelta(days=7))}
    too_soon = post(cast.district, "press", letter.code, 1, "reminder", **{**words, "reply_by": str(TODAY)})
    assert f"答复或约谈的日期须在{TODAY}以后" in too_soon
    sent = post(cast.district, "press", letter.code, 1, "reminder", **words)
    assert f"朝阳区专班催〔{TODAY.year}〕1号" in sent
    assert "✓ 已发" in sent
    assert sign_in(cast.district).get(reverse("papers:paper", args=[Paper.objects.get().pk])).status_code == 200
    assert sign_in(cast.district).get(
        reverse("commitments:press", args=[letter.code, 1, "shout"])
    ).status_code == 404  # fmt: skip


def test_an_inspection_is_recorded_with_its_photo_on_the_page(promised: Estate) -> None:
    cast, letter = promised.cast, in_time(promised)
    assert "记现场检查" not in page(cast.township, "promise_page", letter.code, 1)
    assert "记现场检查" in page(cast.department, "promise_page", letter.code, 1)
    words = {"text": "夹层拆了一半", "on": str(TODAY), "in_order": "0"}
    assert "未选择文件" in post(cast.department, "obligation", letter.code, 1, "inspect", **words)
    shown = post(cast.department, "obligation", letter.code, 1, "inspect", **words, **shot())

    assert all(word in shown for word in ("现场检查：不符合：夹层拆了一半", "现场.png", "9号楼S02"))
    assert "未找到" in page(cast.strange_department, "promise_page", letter.code, 1)


def test_a_district_proposes_its_ladder_and_the_city_agrees(promised: Estate) -> None:
    cast = promised.cast
    shown = page(cast.district, "settings")
    assert all(word in shown for word in ("期限前30个工作日", "期限后15个工作日", "区人民政府办公室"))
    days = {"reminder": -20, "second": -5, "supervision": 1, "circular": 6, "summons": 15}
    words = {f"days_{rung}": count for rung, count in days.items()}
    words |= {
        "effective_on": str(TODAY),
        "reason": "纪要〔2022〕3号",
        "by_supervision": [cast.district.organisation.pk],
    }
    assert "逐级往后" in post(cast.district, "ladder", "110105", **{**words, "days_second": -30})
    post(cast.district, "ladder", "110105", **words)
    assert not LadderRule.objects.exists()
    agree(cast.city)

    rule = LadderRule.objects.get()
    assert (rule.offsets, rule.senders, rule.approved_by) == (days, {"supervision": ["D-TF"]}, cast.city.person)
    assert "期限前20个工作日" in page(cast.district, "settings")
    assert "未找到" in post(cast.strange_district, "ladder", "110105", **words)
