"""A bulletin is of a closed month, by number, edited before it is issued and never after; what leaders wrote on it."""

import re
from datetime import date, timedelta
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from pypdf import PdfReader

from documents.papers.models import Paper
from documents.papers.services import read_pdf, void_paper
from documents.reports.bulletin import HEADS
from documents.reports.choices import TELLS_FORECAST, BulletinKind
from documents.reports.models import Bulletin, MonthClose
from documents.reports.selectors.bulletins import bulletin_draft, bulletins_for
from documents.reports.selectors.reports import month_view
from documents.reports.services import close_month
from documents.reports.services.bulletins import issue_bulletin, issue_flash, record_instruction
from projects.casework.services.tasks import TaskDraft, accept_task, report_task
from registry.accounts.services.settings import decide_setting
from registry.audit.invariants import INVARIANTS
from registry.kernel.authority import Actor, Role
from registry.kernel.periods import Month
from registry.store.guard import fixture_writes
from registry.store.second import FirstPerson
from tests.factories.accounts import Player, lay_assignment, lay_person, sign_in
from tests.factories.projects import Estate, bring_to, moment, on_day
from tests.factories.trials import refused

FEBRUARY, MARCH = Month.parse("2022-02"), Month.parse("2022-03")
ON = date(2022, 3, 4)
NUMBER = re.compile(r"\d[\d,]*(?:\.\d+)?")
ASKS = "示例乡于3月20日前报可办未办户的办理安排。"


@pytest.fixture(autouse=True)
def files(settings: Any, tmp_path: Path) -> None:
    settings.FILES_DIR = tmp_path


@pytest.fixture
def closed(story: Estate) -> Estate:
    """February, closed with two homes issued."""
    bring_to(story, story.homes[:2], "issued", date(2022, 2, 10))
    with on_day(date(2022, 3, 2)):
        close_month(actor=story.cast.city.actor, month=FEBRUARY, first=FirstPerson.of(story.cast.auditor.person))
    return story


def texts(actor: Actor, **more: str) -> dict[str, str]:
    drafted = bulletin_draft(month_view(actor, FEBRUARY, now=moment(ON))).texts
    return {**drafted, "asks": ASKS, **more}


def issue(estate: Estate, by: str = "city", kind: BulletinKind = BulletinKind.BULLETIN, **more: str) -> Bulletin:
    actor = getattr(estate.cast, by).actor
    with on_day(ON):
        bulletin: Bulletin = issue_bulletin(
            actor=actor, month=FEBRUARY, kind=kind, texts=texts(actor, **more), report_to="领导小组组长。",
            send_to="成员单位。",
        )  # fmt: skip
    return bulletin


def text_of(bulletin: Bulletin) -> str:
    content = read_pdf(Paper.objects.get(pk=bulletin.paper_key))
    return "".join(page.extract_text() for page in PdfReader(BytesIO(content)).pages).replace("\n", "").replace(" ", "")


def void(estate: Estate, bulletin: Bulletin) -> None:
    """Void the paper of a bulletin, by another of the city's people."""
    at = estate.cast.city.organisation
    who = lay_person(username="city.second", name="甲二", organisation=at)
    second = Player(who, at, lay_assignment(who, at, Role.CITY))
    with on_day(ON):
        void_paper(actor=second.actor, paper=Paper.objects.get(pk=bulletin.paper_key), reason="有误", on=ON)


def test_it_is_numbered_by_the_issuing_organ_and_says_what_was_frozen(closed: Estate) -> None:
    bulletin = issue(closed)

    assert (
        bulletin.number
        == f"{closed.cast.city.organisation.document_prefix or closed.cast.city.organisation.name}通报〔2022〕第1期"
    )
    assert bulletin.rows_hash == MonthClose.objects.get().rows_hash
    said = text_of(bulletin)
    for words in (
        "历史遗留项目办证月度通报", "〔2022〕第1期", "2022年2月全市办证进展情况", "一、总体进展。截至2月28日，全市在账项目1个",
        "本月发证2套", "四、下步要求。示例乡于3月20日前", "附表一", "附表二　排名".replace("　", ""), "逾期承诺", "报：领导小组组长。",
    ):  # fmt: skip
        assert words in said.replace("　", ""), words


def test_every_number_of_a_sentence_is_printed_in_a_table_or_on_the_head(closed: Estate) -> None:
    view = month_view(closed.cast.city.actor, FEBRUARY, now=moment(ON))
    draft = bulletin_draft(view)
    cells = [cell for table in draft.words["tables"] for row in [*table["rows"], table["total"]] for cell in row]
    printed = {number for cell in [*cells, "0"] for number in NUMBER.findall(cell)}

    for part in ("changes", "problems"):
        assert [number for number in NUMBER.findall(draft.texts[part]) if number not in printed] == []


def test_what_a_person_edits_stands_and_the_month_stays_as_it_was(closed: Estate) -> None:
    before = MonthClose.objects.get().rows
    bulletin = issue(closed, problems="堵点集中在规划核验。")

    assert bulletin.texts["problems"] == "堵点集中在规划核验。"
    assert "堵点集中在规划核验。" in text_of(bulletin)
    bring_to(closed, closed.homes[2:4], "issued", date(2022, 2, 11))
    assert MonthClose.objects.get().rows == before
    assert texts(closed.cast.city.actor) == {**texts(closed.cast.city.actor), "asks": ASKS}
    assert "本月发证2套" in texts(closed.cast.city.actor)["progress"]


def test_a_circular_is_an_official_letter_with_its_tables_attached(closed: Estate) -> None:
    bulletin = issue(closed, kind=BulletinKind.CIRCULAR)

    assert bulletin.number.endswith("通〔2022〕1号")
    said = text_of(bulletin)
    for words in (
        "关于2022年2月历史遗留项目不动产登记问题化解工作情况的通报",
        "成员单位：",
        "特此通报。",
        "附件：",
        "（印章）",
    ):
        assert words in said.replace("　", ""), words


def test_a_district_issues_its_own(closed: Estate) -> None:
    bulletin = issue(closed, "district")

    assert "2022年2月朝阳区办证进展情况" in text_of(bulletin)
    assert [row.number for row in bulletins_for(closed.cast.district.actor)] == [bulletin.number]
    assert list(bulletins_for(closed.cast.strange_district.actor)) == []


def test_the_forecast_is_told_only_if_a_setting_says_so(closed: Estate) -> None:
    view = month_view(closed.cast.city.actor, FEBRUARY, now=moment(ON))
    assert bulletin_draft(view).words["ahead"] == {"points": []}
    assert "清零" not in bulletin_draft(view).texts["problems"]
    with on_day(date(2022, 2, 1)):
        decide_setting(
            actor=closed.cast.city.actor, name=TELLS_FORECAST, area_code="", value="yes", effective_on=date(2022, 2, 1),
            reason="领导小组意见", first=FirstPerson.of(closed.cast.auditor.person),
        )  # fmt: skip
    ahead = next(row for row in view.rows["outlook"] if row["level"] == "city")
    assert ahead["sentence"].rstrip("。") in bulletin_draft(view).texts["problems"]


@pytest.mark.parametrize(("part", "words"), [("asks", "“下步要求”未填写"), ("progress", "“总体进展”未填写")])
def test_a_part_without_words_is_refused(closed: Estate, part: str, words: str) -> None:
    with refused(words, field=part):
        issue(closed, **{part: " "})
    assert not Bulletin.objects.exists()


def test_a_month_that_is_not_closed_has_no_bulletin(story: Estate) -> None:
    given = dict.fromkeys(HEADS, "无")
    with refused("2022年2月尚未结账", code="not_closed"), on_day(ON):
        issue_bulletin(
            actor=story.cast.city.actor,
            month=FEBRUARY,
            kind=BulletinKind.BULLETIN,
            texts=given,
            report_to="",
            send_to="",
        )


def test_a_month_closed_before_entries_were_kept_has_none(closed: Estate) -> None:
    close = MonthClose.objects.get()
    with fixture_writes():
        close.rows = {name: rows for name, rows in close.rows.items() if name != "projects"}
        close.save()
    given = dict.fromkeys(HEADS, "无")
    with refused("结账时没有留存各项目的变动", code="too_old"), on_day(ON):
        issue_bulletin(
            actor=closed.cast.city.actor,
            month=FEBRUARY,
            kind=BulletinKind.BULLETIN,
            texts=given,
            report_to="",
            send_to="",
        )


def test_others_issue_none(closed: Estate) -> None:
    with refused("由市、区工作专班出具", code="no_power"):
        issue(closed, "township")
    with refused("由市、区工作专班出具", code="no_power"), on_day(ON):
        issue_flash(actor=closed.cast.township.actor, lead="一切如常。")


def test_one_is_in_force_until_it_is_void(closed: Estate) -> None:
    first = issue(closed)
    with refused("2022年2月的月度通报（简报）已出具", code="in_force"):
        issue(closed)
    void(closed, first)
    assert issue(closed).number.endswith("第2期")


def test_a_flash_is_of_a_month_that_runs_and_says_so(closed: Estate) -> None:
    with on_day(ON):
        flash = issue_flash(actor=closed.cast.city.actor, lead="本周无新增堵点。")
        with refused("未填写提要", field="lead"):
            issue_flash(actor=closed.cast.city.actor, lead=" ")

    said = text_of(flash)
    for words in ("进展快报（未结账）", "本周无新增堵点。", "近7日", "未经结账"):
        assert words in said, words
    assert flash.rows_hash == ""


def instructed(estate: Estate, bulletin: Bulletin, on: date = date(2022, 3, 5), **more: Any) -> Any:
    task = TaskDraft("排出可办未办户的办理日程", estate.cast.township.organisation, date(2022, 3, 20))
    words = {"leader": "副市长（演示）", "held_on": on, "text": "抓紧。", "tasks": [task], **more}
    with on_day(on):
        return record_instruction(actor=estate.cast.city.actor, bulletin=bulletin, **words)


def test_what_is_unanswered_heads_the_next_month_until_it_is_done(closed: Estate) -> None:
    meeting = instructed(closed, issue(closed))
    city, parts = closed.cast.city.actor, month_view(closed.cast.city.actor, MARCH, now=moment(date(2022, 3, 25)))
    part = next(part for part in parts.parts if part.code == "instructions")

    assert [(row["leader"], row["owner"], row["days_late"]) for row in parts.sheet(part)] == [
        ("副市长（演示）", str(closed.cast.township.organisation), 5)
    ]
    page = sign_in(closed.cast.city).get("/documents/reports/2022-03/").content.decode()
    assert "领导批示未办复" in page
    assert "排出可办未办户的办理日程" in page
    assert month_view(closed.cast.developer.actor, MARCH, now=moment(ON)).sheet(part) == []
    assert len(month_view(closed.cast.district.actor, MARCH, now=moment(ON)).sheet(part)) == 1

    task = meeting.tasks.get()
    with on_day(date(2022, 3, 18)):
        report_task(actor=closed.cast.township.actor, task=task, text="已排出", is_done=True)
        accept_task(actor=city, task=task, text="核定")
    assert month_view(city, MARCH, now=moment(date(2022, 3, 25))).sheet(part) == []


def test_an_instruction_is_kept_on_ones_own_bulletin_in_force(closed: Estate) -> None:
    bulletin = issue(closed)
    with refused("批示日期早于出具日期", field="held_on"):
        instructed(closed, bulletin, held_on=date(2022, 3, 1))
    with refused("批示由其登记", code="not_own"), on_day(ON):
        record_instruction(
            actor=closed.cast.district.actor, bulletin=bulletin, leader="区长", held_on=ON, text="阅", tasks=[]
        )
    void(closed, bulletin)
    with refused("已作废，不能登记批示", code="void"):
        instructed(closed, bulletin)


def test_a_bulletin_that_no_longer_fits_its_month_is_named(closed: Estate) -> None:
    bulletin = issue(closed)
    assert list(INVARIANTS["I64"].check(None)) == []
    with fixture_writes():
        Bulletin.objects.filter(pk=bulletin.pk).update(rows_hash="0" * 64)
    assert [fault.subject for fault in INVARIANTS["I64"].check(None)] == [bulletin.number]


def test_the_pages_show_edit_preview_issue_and_instruct(closed: Estate) -> None:
    client = sign_in(closed.cast.city)
    assert "出具通报" in client.get("/documents/reports/2022-02/").content.decode()
    page = client.get("/documents/reports/2022-02/bulletin/").content.decode()
    assert "截至2月28日，全市在账项目1个" in page
    given = {"kind": "month_bulletin", **texts(closed.cast.city.actor), "report_to": "组长。", "send_to": "成员单位。"}
    looked = client.post("/documents/reports/2022-02/bulletin/", {**given, "preview": "1"})
    assert looked.content[:4] == b"%PDF"
    assert not Bulletin.objects.exists()
    sent: Any = client.post("/documents/reports/2022-02/bulletin/", given)
    bulletin = Bulletin.objects.get()
    assert sent.url == f"/documents/reports/bulletins/{bulletin.pk}/"
    assert "暂无批示" in client.get(sent.url).content.decode()
    assert bulletin.number in client.get("/documents/reports/").content.decode()
    owner = closed.cast.township.organisation.pk
    written = {
        "leader": "市长", "held_on": bulletin.issued_on.isoformat(), "text": "抓紧办理。", "t1_text": "报安排", "t1_owner": owner,
        "t1_due_on": (bulletin.issued_on + timedelta(days=20)).isoformat(),
    }  # fmt: skip
    kept: Any = client.post(f"{sent.url}instruction/", written)
    assert kept.url == sent.url
    assert "抓紧办理。" in client.get(sent.url).content.decode()
    flash = client.post("/documents/reports/flash/", {"lead": "如常。", "preview": "1"})
    assert flash.content[:4] == b"%PDF"


def test_the_pages_of_issue_are_the_task_forces_alone(closed: Estate) -> None:
    client = sign_in(closed.cast.township)
    for address in ("/documents/reports/2022-02/bulletin/", "/documents/reports/flash/"):
        assert "由市、区工作专班出具" in client.get(address).content.decode()


def test_a_district_without_projects_has_a_flash_of_nought(story: Estate) -> None:
    client = sign_in(story.cast.strange_district)
    assert "已全部办结" in client.get("/documents/reports/2022-03/").content.decode()
    assert "已全部办结" in client.get("/documents/reports/flash/").content.decode()
    assert client.post("/documents/reports/flash/", {"lead": "无。", "preview": "1"}).content[:4] == b"%PDF"
