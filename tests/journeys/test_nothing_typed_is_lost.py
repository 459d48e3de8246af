"""The session is gone before the form is sent: who signs in on the spot goes on, and a draft waits; in a browser."""

from typing import TYPE_CHECKING, Any

import pytest

from documents.setup.people import PASSWORD, load_people
from documents.setup.reference import load_demo_areas, load_reference
from projects.ledger.models import Project
from projects.ledger.models.project import ProgressNote
from projects.ledger.services.projects import take_in_project
from registry.kernel.authority import system_actor
from registry.store.clock import shanghai_day, true_now
from registry.store.models import FormDraft
from tests.journeys.desk import Desk

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = pytest.mark.django_db(transaction=True)
CODE = "CY-0200"
TEXT = "已会同规自朝阳分局现场核对9号楼夹层，共12间。"


def test_what_was_typed_is_sent_after_signing_in_on_the_spot(page: "Page", live_server: Any) -> None:
    load_reference()
    load_demo_areas()
    load_people()
    take_in_project(
        actor=system_actor("测试"), code=CODE, name="演示小区", township_code="110105027",
        housing_type="resettlement", taken_in_on=shanghai_day(true_now()),
    )  # fmt: skip
    desk = Desk(page, live_server.url)
    desk.sign_in("qu01")
    desk.go(f"/projects/{CODE}/note/")
    desk.fill(text=TEXT)
    page.wait_for_selector("[data-kept]:has-text('已自动保存')")
    assert FormDraft.objects.count() == 1

    page.context.clear_cookies(name="sessionid")
    desk.press("保存")
    assert "已填写的内容随后继续提交" in desk.text
    page.fill("input[name=username]", "qu01")
    page.fill("input[name=password]", PASSWORD)
    page.click("main button[type=submit]")
    page.wait_for_url(f"**/projects/{CODE}/")

    note = ProgressNote.objects.get(project=Project.objects.get(code=CODE))
    assert note.text == TEXT
    assert not FormDraft.objects.exists(), "what was sent is forgotten"


def test_a_form_that_was_left_is_offered_again(page: "Page", live_server: Any) -> None:
    load_reference()
    load_demo_areas()
    load_people()
    desk = Desk(page, live_server.url)
    desk.sign_in("qu01")
    desk.go("/projects/new/")
    desk.fill(code=CODE, name="演示小区")
    page.wait_for_selector("[data-kept]:has-text('已自动保存')")
    desk.go("/projects/new/")
    assert page.input_value("[name=name]") == ""

    desk.press("恢复填写")

    assert page.input_value("[name=name]") == "演示小区"
    assert "请核对后提交" in desk.text
