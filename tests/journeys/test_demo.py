"""The demo as a new user finds it: work waits on the desk, is decided, and a scan is hung on what it proves."""

import io
from pathlib import Path
from typing import TYPE_CHECKING, Any

import openpyxl
import pytest
from django.core.management import call_command

from projects.ledger.models import Unit
from tests.journeys.desk import Desk

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def demo(tmp_path: Path, settings: Any) -> None:
    settings.FILES_DIR = tmp_path / "files"
    call_command("load_demo", stdout=io.StringIO())


def test_a_new_user_decides_what_waits_in_the_demo(demo: None, page: "Page", live_server: Any, tmp_path: Path) -> None:
    desk = Desk(page, live_server.url)
    desk.sign_in("qu01")
    assert "待办8" in "".join(desk.text.split()), "two to decide, six tickets to give out"

    desk.press("《33号楼联系电话更新.xlsx》2行，退回2行")
    assert "证件号校验不符" in desk.text
    desk.press("变更")
    assert "联系电话" in desk.text
    desk.press("写入台账")
    desk.go("/")
    desk.press("更正")
    assert "登记时点错一户" in desk.text
    desk.press("同意并办理")
    desk.go("/")
    assert "待办6" in "".join(desk.text.split())
    assert "登记时点错一户" not in desk.text

    desk.go("/projects/CY-0137/")
    assert [desk.figure(label) for label in ("应办（住宅）", "已打通", "已收材料", "已发证")] == [
        "7,899", "7,899", "3,060", "413",
    ]  # fmt: skip
    page.click(".figs > div:has(dt:text-is('已发证')) .v a")
    page.wait_for_load_state()
    assert "共413户" in desk.text
    assert Unit.objects.filter(certificate="issued", building__project__code="CY-0137").count() == 413

    desk.go("/projects/CY-0137/")
    desk.press("依据文件")
    desk.press("×规自核〔2021〕41号")
    desk.press("上传")
    scan = tmp_path / "核验意见.pdf"
    scan.write_bytes(b"%PDF-1.7 scan")
    page.set_input_files("input[name=uploads]", str(scan))
    page.click("form.form button[type=submit]")
    page.wait_for_load_state()
    assert "核验意见.pdf" in desk.text
    with page.expect_popup() as opened:
        page.click("main a:has-text('核验意见.pdf')")
    opened.value.close()

    desk.sign_in("xitong01")
    desk.go("/reference/gates/blockertype/export/")
    page.select_option("select[name=format]", "0")
    with page.expect_download() as download:
        page.click("form.form button[type=submit]")
    kept = tmp_path / "types.xlsx"
    download.value.save_as(kept)
    rows = list(openpyxl.load_workbook(kept).active.iter_rows(values_only=True))
    assert (rows[0][:3], len(rows)) == (("编码", "大类", "小类"), 47)

    call_command("check_ledger", stdout=io.StringIO())
