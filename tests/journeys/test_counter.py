"""The counter in a browser: a scanner is told from a hand wherever the focus is; a family is served by keys alone."""

from typing import TYPE_CHECKING, Any

import pytest

from documents.setup.people import load_people
from documents.setup.reference import load_demo_areas, load_reference
from projects.ledger.models import Project, Unit
from projects.ledger.services.projects import take_in_project
from projects.office.models import Scan, Visit
from projects.office.services.visits import receive_family
from projects.progress.services import place_units
from registry.accounts.models import Assignment
from registry.accounts.selectors import actor_of
from registry.kernel.authority import system_actor
from registry.kernel.identifiers.scans import ScanCode, ScanKind
from registry.store.clock import shanghai_day, true_now
from tests.factories.projects import home
from tests.journeys.desk import Desk

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = pytest.mark.django_db(transaction=True)
CODE = "CY-0300"
HAND = 130  # ms between the keys of a quick hand


def lay() -> Project:
    """A project of the township of xiang01 with two families: one of three homes, one that was here before."""
    load_reference()
    load_demo_areas()
    load_people()
    system, today = system_actor("测试"), shanghai_day(true_now())
    project: Project = take_in_project(
        actor=system,
        code=CODE,
        name="演示小区",
        township_code="110105028",
        housing_type="resettlement",
        taken_in_on=today,
    )
    rows = [home("1", "1", floor, floor, agreement_no="AZ-0009" if floor < 5 else "AZ-0010") for floor in (2, 3, 4, 5)]
    place_units(actor=system, project=project, rows=rows, placed_on=today, source="清册")
    return project


def came(project: Project) -> Visit:
    """The second family handed in one paper today."""
    today = shanghai_day(true_now())
    clerk = actor_of(Assignment.objects.get(person__username="xiang01"), on=today)
    unit = Unit.objects.select_related("building__project").get(building__project=project, room="501")
    visit: Visit = receive_family(actor=clerk, unit=unit, handed={unit.pk: ["户口簿"]}, came_on=today)
    return visit


def scan(page: "Page", code: str) -> None:
    """What a scanner does: the digits at once, then Enter."""
    page.keyboard.type(code)
    page.keyboard.press("Enter")


def test_a_scanner_is_told_from_a_hand_and_a_family_is_served_by_keys(
    page: "Page", live_server: Any, settings: Any, tmp_path: Any
) -> None:
    settings.FILES_DIR = tmp_path
    project = lay()
    visit = came(project)
    desk = Desk(page, live_server.url)
    desk.sign_in("xiang01")
    desk.go(f"/office/{CODE}/family/{visit.unit_id}/")
    address = page.url

    page.focus("[name=again_note]")
    page.keyboard.type("13", delay=HAND)
    answers = "[data-scanned] .say"
    codes = [visit.code, visit.code, ScanCode(ScanKind.RECEIPT, 99_999).format(), "6901234567892"]
    for number, code in enumerate(codes, 1):
        scan(page, code)
        page.wait_for_selector(f"{answers}:nth-child({number})")
    page.keyboard.type("57", delay=HAND)

    assert page.input_value("[name=again_note]") == "1357", "what a hand typed is there, what a scanner typed is not"
    assert page.input_value("[data-scan-field]") == ""
    said = [line.get_attribute("class").split()[1] for line in page.query_selector_all(answers)]
    assert said[::-1] == ["good", "warn", "bad", "bad"]
    assert page.inner_text(answers).startswith("不能识别")
    assert (page.url, Visit.objects.count(), Scan.objects.count()) == (address, 1, 4), "a scanner's Enter sends no form"

    page.keyboard.press("F4")
    page.keyboard.type("AZ-0009", delay=HAND)
    page.keyboard.press("Enter")
    page.wait_for_selector("h1:has-text('一家')")
    page.wait_for_url("**/family/*/")
    page.keyboard.press("Space")
    page.keyboard.press("Enter")
    page.wait_for_selector("h1:has-text('来访登记')")
    assert desk.text.count("已收齐，办理至“已收材料”") == 3
    assert page.query_selector("#id_text:focus"), "the field waits for the next family"
    scan(page, Visit.objects.latest("id").code)
    page.wait_for_url(f"**/family/{Visit.objects.latest('id').unit_id}/")
