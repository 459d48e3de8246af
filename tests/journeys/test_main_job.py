"""The main job of the registry, end to end in a browser, each act signed in as the role that may do it.

One building's list comes by the developer's upload; the other 35 buildings of the story are in the ledger already.
"""

import io
from datetime import date, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import openpyxl
import pytest
from django.core.management import call_command
from pypdf import PdfReader

from documents.intake.reading.reader import read_in_place
from documents.intake.services.staging import placed_units
from documents.papers.models import Paper
from documents.papers.services import read_pdf
from documents.reports.layouts import PARTS, TOWNS
from documents.setup.lists import zhouzhuang_rows
from documents.setup.people import assign_developer, load_people
from documents.setup.reference import load_demo_areas, load_reference
from documents.setup.workbooks import workbook_of
from projects.ledger.models import Unit
from projects.ledger.services.projects import take_in_project
from projects.progress.services import place_units
from registry.jobs.worker import Worker
from registry.kernel.authority import system_actor
from registry.store.clock import shanghai_day, true_now
from tests.journeys.desk import Desk

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = pytest.mark.django_db(transaction=True)
CODE = "CY-0137"
UPLOADED = "9号楼"
HOMES = 7899


def sums_of(sheet: Any) -> list[int]:
    """The whole numbers of the last row of a sheet."""
    last = next(row for row in sheet.iter_rows() if row[0].value == "合计")
    return [cell.value for cell in last if isinstance(cell.value, int) and "%" not in cell.number_format]


@pytest.fixture
def month() -> date:
    """The first day of last month: everything of the journey happened in it, and it can be closed."""
    return (shanghai_day(true_now()).replace(day=1) - timedelta(days=1)).replace(day=1)


@pytest.fixture
def upload(tmp_path: Path, month: date) -> Path:
    """The city as the journey finds it, and the developer's workbook of one building."""
    load_reference()
    load_demo_areas()
    organisations = load_people()
    actor = system_actor("测试")
    project = take_in_project(
        actor=actor,
        code=CODE,
        name="周庄嘉园三期",
        township_code="110105028",
        housing_type="resettlement",
        taken_in_on=month,
        primary_issue="P03",
        participants=tuple(organisations[code] for code in ("BM-110105-GZ", "DJ-110105", "SW-110105")),
    )
    assign_developer("kaifa01", project.id)
    rows = list(zhouzhuang_rows())
    there, mine = tmp_path / "ledger.xlsx", tmp_path / "周庄三期9号楼清册.xlsx"
    there.write_bytes(workbook_of("清册", [row for row in rows if row["building"] != UPLOADED]))
    mine.write_bytes(workbook_of("清册", [row for row in rows if row["building"] == UPLOADED]))
    stated = placed_units(read_in_place(there, CODE).rows)
    place_units(actor=actor, project=project, rows=list(stated.values()), placed_on=month, source="清册")
    return mine


def test_main_job_of_the_registry(page: "Page", live_server: Any, upload: Path, month: date, tmp_path: Path) -> None:
    desk = Desk(page, live_server.url)
    _developer_uploads_and_district_accepts(desk, upload, month)
    _everything_is_stuck(desk, month)
    _letter_clears_the_homes(desk, month)
    _steps_make_them_ready(desk, month)
    _thirty_homes_are_issued(desk, month)
    _a_faulty_shop_is_refused(desk, month)
    _a_notice_is_printed(desk, month)
    _the_month_is_closed(desk, month, tmp_path)
    call_command("check_ledger")


def _developer_uploads_and_district_accepts(desk: Desk, upload: Path, month: date) -> None:
    desk.sign_in("kaifa01")
    desk.go(f"/documents/imports/{CODE}/new/")
    desk.page.set_input_files("input[name=file]", upload)
    desk.press("上传并检查")
    assert "226" in desk.page.inner_text(".eq")
    desk.page.check("input[name=building]")
    desk.press("按勾选新建楼栋")
    desk.press("提交复核")
    assert "已提交" in desk.text
    assert Unit.objects.filter(building__number="9").count() == 0, "nothing is in the ledger before the second person"

    desk.sign_in("qu01")
    assert "复核导入" in desk.text
    desk.page.click("main a:has-text('周庄三期9号楼清册')")
    desk.fill(placed_on=month)
    desk.press("写入台账")
    assert Unit.objects.filter(building__project__code=CODE, use="dwelling").count() == HOMES


def _everything_is_stuck(desk: Desk, month: date) -> None:
    desk.go(f"/gates/new/{CODE}/")
    desk.page.select_option("[name=type]", label="P03 底商加建夹层、擅自改变用途、配套设施挪作他用")
    desk.fill(found_on=month + timedelta(days=1))
    for feature in ("有夹层", "擅改用途"):
        desk.page.check(f"#id_fault_features label:has-text('{feature}') input")
    desk.press("预览所选范围")
    assert "8,019" in desk.text
    assert "47" in desk.text
    desk.press("登记堵点")
    desk.go(f"/projects/{CODE}/")
    assert desk.figure("已打通") == "0"
    assert "底商加建夹层、擅自改变用途" in desk.text
    assert "尚无住宅可以办理" in desk.text


def _letter_clears_the_homes(desk: Desk, month: date) -> None:
    desk.sign_in("xiang01")
    desk.go(f"/commitments/letters/new/{CODE}/")
    desk.page.check("#id_blockers label:has-text('P03-0001') input")
    desk.page.check("#id_in_uses label:has-text('住宅') input")
    desk.page.select_option("[name=issuer]", label="十八里店乡")
    desk.page.select_option("[name=recipient]", label="朝阳区专班")
    desk.fill(fault="部分底商加建夹层，居民没有过错。")
    desk.fill(o1_end_state="拆除31间商业用房的夹层", o1_due_on=date(2030, 12, 31), o1_proof="现场照片、复测报告")
    desk.page.select_option("[name=o1_verifier]", label="规自朝阳分局")
    desk.press("生成草稿，核对后签署")
    assert "签署前" in desk.text
    assert "+7,899" in desk.text
    assert "过错47" in desk.text
    desk.fill(number="×政函〔2026〕18号", signed_on=month + timedelta(days=2), count=HOMES)
    letter = desk.page.url.removeprefix(desk.base)
    desk.press("提交签署")

    desk.sign_in("qu01")
    desk.go(letter)
    desk.fill(effective_on=month + timedelta(days=3))
    desk.press("确认生效")
    desk.go(f"/projects/{CODE}/")
    assert desk.figure("已打通") == "7,899"
    assert desk.figure("已首登") == "0"
    assert "已打通 0" in desk.text, "the shops stay shut"


def _steps_make_them_ready(desk: Desk, month: date) -> None:
    for username, gate, status, number in (
        ("guihua01", "规划核验", "凭承诺办理", "×规自核〔2026〕41号"),
        ("dengji01", "首次登记", "已办结", "京（2026）朝不动产权第0000137号"),
    ):
        desk.sign_in(username)
        desk.go(f"/gates/steps/{CODE}/")
        desk.page.select_option("[name=gate]", label=gate)
        desk.page.select_option("[name=status]", label=status)
        desk.page.select_option("[name=part]", label="住宅")
        desk.fill(document_no=number, organ="主管机关（演示）", issued_on=month + timedelta(days=4))
        desk.fill(effective_on=month + timedelta(days=4))
        desk.page.click("button[name=preview]")
        assert "7,899" in desk.text
        desk.page.click("button[name=save]")
        desk.page.wait_for_load_state()
    assert desk.figure("已首登") == "7,899"


def _advance(desk: Desk, username: str, target: str, on: date, query: str) -> None:
    desk.sign_in(username)
    desk.go(f"/progress/{CODE}/units/?{query}")
    for box in desk.page.query_selector_all("input[name=unit]")[:30]:
        box.check()
    desk.page.select_option("[name=target]", value=target)
    desk.fill(occurred_on=on, evidence="登记系统清单第1号")
    desk.page.click("main form[method=post] button:has-text('办理')")
    desk.page.wait_for_load_state()
    if "将会" in desk.text:
        desk.page.click("main form.confirm button[name=save]")
        desk.page.wait_for_load_state()


def _thirty_homes_are_issued(desk: Desk, month: date) -> None:
    day = month + timedelta(days=5)
    homes = "building=9&use=dwelling"
    _advance(desk, "kaifa01", "certificate:collected", day, f"{homes}&certificate=waiting")
    _advance(desk, "shuiwu01", "tax:settled", day, f"{homes}&certificate=collected")
    _advance(desk, "qu01", "fund:settled", day, f"{homes}&certificate=collected")
    _advance(desk, "dengji01", "certificate:accepted", day, f"{homes}&certificate=collected")
    _advance(desk, "dengji01", "certificate:recorded", day, f"{homes}&certificate=accepted")
    _advance(desk, "dengji01", "certificate:printed", day, f"{homes}&certificate=recorded")
    _advance(desk, "kaifa01", "certificate:issued", day, f"{homes}&certificate=printed")
    assert Unit.objects.filter(certificate="issued").count() == 30


def _a_faulty_shop_is_refused(desk: Desk, month: date) -> None:
    _advance(desk, "kaifa01", "certificate:collected", month + timedelta(days=5), "building=9&q=S01")
    assert "P03-0001" in desk.text
    assert "过错范围" in desk.text
    assert Unit.objects.filter(use="retail").exclude(certificate="waiting").count() == 0


def _a_notice_is_printed(desk: Desk, month: date) -> None:
    desk.sign_in("kaifa01")
    unit = Unit.objects.filter(building__number="9", use="dwelling", certificate="waiting").order_by("id").first()
    assert unit is not None
    desk.go(f"/documents/notices/{CODE}/{unit.id}/")
    desk.fill(place="20号院办证中心", phone="19900001234")
    desk.press("编号并出具")
    paper = Paper.objects.get()
    assert paper.number == f"CY0137-{month.year}-00001"
    text = "".join(page.extract_text() for page in PdfReader(io.BytesIO(read_pdf(paper))).pages)
    assert "办证通知书" in text
    assert unit.room in text
    assert "CY0137" in desk.text


def _the_month_is_closed(desk: Desk, month: date, tmp_path: Path) -> None:
    desk.sign_in("shi01")
    name = f"{month:%Y-%m}"
    desk.go(f"/documents/reports/{name}/")
    desk.press("结账")
    desk.press("现在核对台账")
    Worker("journey").run(once=True)
    desk.go(f"/documents/reports/{name}/close/")
    assert "将冻结的数" in desk.text
    desk.fill(count=desk.page.get_attribute("form.confirm", "data-count"))
    desk.press("提请结账")
    where = urlsplit(desk.page.url).path
    desk.sign_in("shi02")
    desk.go(where)
    desk.press("同意")
    desk.go(f"/documents/reports/{name}/?part=totals")
    assert "已结账" in desk.text
    totals = desk.page.inner_text("tr.sum").split()
    with desk.page.expect_download() as waiting:
        desk.page.click("a:has-text('下载Excel')")
    file = tmp_path / "月报.xlsx"
    waiting.value.save_as(file)
    book = openpyxl.load_workbook(file)
    titles = [part.title for part in PARTS if part is not TOWNS]  # townships stand under their districts
    at = titles.index("总表") + 1
    assert book.sheetnames == ["首页", *titles[:at], "剩余分类", *titles[at:], "各月发证", "项目台账（附）"]
    ledger = [row for row in book["项目台账"].iter_rows(values_only=True) if CODE in row]
    assert HOMES in ledger[0], "应办（住宅） of the story's project"
    assert 30 in ledger[0]
    *stocks, left = sums_of(book["总表"])
    rest = sums_of(book["剩余分类"])
    shown = [int(text.replace(",", "")) for text in totals if text.replace(",", "").isdigit()]
    assert rest[0] == left
    assert shown == [*stocks, *rest], "the workbook's totals are the screen's"
