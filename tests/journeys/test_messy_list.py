"""A messy list, end to end in a browser: refused in three ways, mended in its marked copy, accepted, undone by two."""

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import openpyxl
import pytest
from django.core.management import call_command

from documents.setup.people import assign_developer, load_people
from documents.setup.reference import load_demo_areas, load_reference
from projects.ledger.models import Tally, Unit
from projects.ledger.services.projects import take_in_project
from registry.kernel.authority import system_actor
from registry.store.clock import shanghai_day, true_now
from tests.documents.intake.reading.files import HEADERS, home, workbook
from tests.journeys.desk import Desk

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = pytest.mark.django_db(transaction=True)
CODE = "CY-0500"
MESS = {
    2: {"identity": 110105190101010018},
    4: {"use": "楼房"},
    5: {"room": ""},
}


@pytest.fixture
def today(tmp_path: Path) -> date:
    """An empty project of the developer's, and three files: a picture, a list without rooms, a messy list."""
    load_reference()
    load_demo_areas()
    load_people()
    day = shanghai_day(true_now())
    project = take_in_project(
        actor=system_actor("测试"),
        code=CODE,
        name="演示小区",
        township_code="110105028",
        housing_type="resettlement",
        taken_in_on=day,
    )
    assign_developer("kaifa01", project.id)
    rows = [home(n, project=CODE, **MESS.get(n, {})) for n in range(1, 7)]
    (tmp_path / "照片.xlsx").write_bytes(b"\x89PNG\r\n\x1a\n" + b"0" * 99)
    headers = [header if header != "户号(房号)" else "无题" for header in HEADERS]
    (tmp_path / "缺列.xlsx").write_bytes(workbook(rows, headers=headers))
    (tmp_path / "乱.xlsx").write_bytes(workbook(rows))
    return day


def send(desk: Desk, path: Path) -> None:
    """Upload a file."""
    desk.go(f"/documents/imports/{CODE}/new/")
    desk.page.set_input_files("input[name=file]", path)
    desk.press("上传并检查")


def test_messy_list_is_mended_accepted_and_undone(page: "Page", live_server: Any, today: date, tmp_path: Path) -> None:
    desk = Desk(page, live_server.url)
    desk.sign_in("kaifa01")

    send(desk, tmp_path / "照片.xlsx")
    assert "这是图片" in desk.text
    send(desk, tmp_path / "缺列.xlsx")
    assert "缺少列：户号(房号)" in desk.text
    send(desk, tmp_path / "乱.xlsx")
    assert "末位已丢失" in desk.text
    assert page.inner_text(".eq").split() == [
        *(
            "文件里的数据行",
            "6",
            "=",
            "新增",
            "3",
            "+",
            "变更",
            "0",
            "+",
            "相同",
            "0",
            "+",
            "退回",
            "3",
            "+",
            "跳过",
            "0",
        ),
        *("台账现有、本表没有", "0"),
    ]
    page.click("main a:has-text('下载标注副本')")
    desk.fill(reason="改正退回的行后再传")
    with page.expect_download() as handed:
        page.click("main button:has-text('下载')")
    mended = tmp_path / "改好.xlsx"
    handed.value.save_as(mended)
    mend(mended)

    send(desk, mended)
    assert "退回\n0" in page.inner_text(".eq")
    desk.press("提交复核")
    assert Unit.objects.count() == 0

    desk.sign_in("qu01")
    page.click("main a:has-text('改好')")
    desk.fill(placed_on=today)
    desk.press("写入台账")
    assert Unit.objects.filter(certificate="waiting").count() == 6

    desk.press("撤销本批导入")
    desk.fill(reason="开发建设单位报错了项目")
    desk.press("提请撤销")
    assert Unit.objects.filter(certificate="waiting").count() == 6, "undoing takes two, as the import did"

    desk.sign_in("qu02")
    page.click("main a:has-text('撤销导入')")
    assert "退出台账6户" in desk.text
    desk.press("同意")
    assert Unit.objects.filter(certificate="waiting").count() == 0
    assert not Tally.objects.exclude(count=0).exists()
    call_command("check_ledger")


def mend(path: Path) -> None:
    """Do what the comments ask, in the cells that bear them."""
    book = openpyxl.load_workbook(path)
    sheet = book.active
    asked = {cell.coordinate for row in sheet.iter_rows() for cell in row if cell.comment}
    assert asked == {"K3", "G5", "E6"}
    sheet["K3"].value = home(2)["identity"]
    sheet["G5"].value = "住宅"
    sheet["E6"].value = "501"
    book.save(path)
