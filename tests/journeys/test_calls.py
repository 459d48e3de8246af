"""From calls about an estate that nobody knows to a red book: cluster, project, blocker, whistle, gate, call back."""

from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest
from django.core.management import call_command

from documents.setup.people import assign_developer, load_people
from documents.setup.reference import load_demo_areas, load_reference
from projects.casework.models import Whistle
from projects.gates.models import Blocker
from projects.leads.models import OpeningCall, Ticket
from projects.leads.services.intake import take_in_ticket
from projects.leads.services.openings import run_openings
from projects.ledger.models import Project, Unit
from projects.progress.services import PlacedUnit, place_units
from registry.kernel.authority import system_actor
from registry.kernel.stages import Use
from registry.store.clock import SHANGHAI, shanghai_day, true_now
from tests.journeys.desk import Desk

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = pytest.mark.django_db(transaction=True)
CALLS = (
    ("RX1", "星河湾花园3号楼业主，2009年入住，房产证一直办不下来", "19900000001"),
    ("RX2", "家住星河弯花园，开发商跑了，没有房产证", "19900000002"),
    ("RX3", "星河湾花园3号楼的不动产权证什么时候能办", "19900000003"),
)


@pytest.fixture
def today() -> date:
    """Three calls of three days ago about one estate, which the ledger does not know."""
    today = shanghai_day(true_now())
    load_reference()
    load_demo_areas()
    load_people()
    at = datetime.combine(today - timedelta(days=3), datetime.min.time(), SHANGHAI)
    for hour, (number, text, phone) in enumerate(CALLS, start=9):
        take_in_ticket(
            actor=system_actor("测试"), number=number, received_at=at + timedelta(hours=hour), text=text, time_class="15d",
            caller_name="演示甲", caller_phone=phone, township_code="110105028", category="住房 房产证办理",
        )  # fmt: skip
    return today


def test_from_calls_about_an_unknown_estate_to_a_red_book(page: "Page", live_server: Any, today: date) -> None:
    desk = Desk(page, live_server.url)
    code = _cluster_becomes_a_project(desk, today)
    _homes_are_listed(code, today)
    number = _building_is_shut(desk, code, today)
    _whistle_is_blown_and_answered(desk, number, today)
    _gates_open(desk, code, number, today)
    _caller_is_told(desk, code, today)
    _home_gets_its_red_book(desk, code, today)
    call_command("check_ledger")


def _cluster_becomes_a_project(desk: Desk, today: date) -> str:
    desk.sign_in("qu01")
    desk.go("/leads/matching/unknown/")
    assert "2件写作“星河湾花园”" in desk.text
    assert "19900000001" not in desk.text
    desk.press("纳入项目")
    assert desk.page.input_value("[name=name]") == "星河湾花园"
    desk.page.select_option("[name=housing_type]", value="resettlement")
    desk.fill(sold_on=date(2009, 6, 1), taken_in_on=today - timedelta(days=2))
    desk.page.check("[name=is_state_owned]")
    desk.page.check("[name=is_buyer_innocent]")
    desk.press("纳入台账")
    assert "3件工单一并认定" in desk.page.inner_text("body")
    project = Project.objects.get(name="星河湾花园")
    assert Ticket.objects.filter(project=project).count() == len(CALLS)
    return str(project.code)


def _homes_are_listed(code: str, today: date) -> None:
    """The list of its homes, as the developer's archive has it."""
    project = Project.objects.get(code=code)
    rows = [
        PlacedUnit(n, "3", "1", str(n // 2 + 1), n // 2 + 1, f"{n // 2 + 1}0{n % 2 + 1}", Use.DWELLING)
        for n in range(6)
    ]
    place_units(
        actor=system_actor("测试"), project=project, rows=rows, placed_on=today - timedelta(days=2), source="清册"
    )
    assign_developer("kaifa01", project.id)


def _building_is_shut(desk: Desk, code: str, today: date) -> str:
    desk.go(f"/gates/new/{code}/")
    option = desk.page.locator("[name=type] option", has_text="L05").first.get_attribute("value")
    desk.page.select_option("[name=type]", value=option)
    desk.fill(found_on=today - timedelta(days=1))
    desk.press("预览所选范围")
    desk.press("登记堵点")
    blocker = Blocker.objects.get()
    desk.go("/leads/of/RX1/match/")
    desk.page.select_option("[name=building]", label="3号楼")
    desk.fill(reason="来电人核实为3号楼")
    desk.press("认定")
    assert "规划核验\t住宅\t堵" in desk.text, "what shuts the building of the caller stands beside the call"
    return str(blocker.number)


def _whistle_is_blown_and_answered(desk: Desk, number: str, today: date) -> None:
    desk.go(f"/casework/whistles/new/{number}/")
    desk.fill(text="代征道路腾退移交，定交接日期", place="3号楼前", meet_at=f"{today}T23:59")
    desk.page.check("#id_organisations label:has-text('规自朝阳分局') input")
    desk.press("吹哨")
    whistle = Whistle.objects.get()
    desk.sign_in("guihua01")
    desk.go(f"/casework/whistles/{whistle.code}/")
    desk.page.click("table button:has-text('报到')")
    desk.page.wait_for_load_state()
    desk.press("答复")
    desk.fill(answer="已腾退移交")
    desk.press("答复")
    assert "已答复" in desk.text


def _gates_open(desk: Desk, code: str, number: str, today: date) -> None:
    desk.sign_in("qu01")
    desk.go(f"/gates/{number}/")
    desk.press("登记为已解决")
    desk.fill(resolved_on=today, resolution="移交书〔演示〕1号")
    desk.press("登记为已解决")
    for username, gate, paper in (
        ("guihua01", "规划核验", "×规自核〔2026〕1号"),
        ("dengji01", "首次登记", "首登〔演示〕1号"),
    ):
        desk.sign_in(username)
        desk.go(f"/gates/steps/{code}/")
        desk.page.select_option("[name=gate]", label=gate)
        desk.page.select_option("[name=status]", label="已办结")
        desk.fill(document_no=paper, organ="主管机关（演示）", issued_on=today, effective_on=today)
        desk.page.click("button[name=preview]")
        desk.page.click("button[name=save]")
        desk.page.wait_for_load_state()
    assert desk.figure("已首登") == "6"


def _caller_is_told(desk: Desk, code: str, today: date) -> None:
    assert run_openings(on=today) == 1
    desk.sign_in("xiang01")
    assert "星河湾花园可以办证的楼栋有1个诉求待告知" in desk.text
    desk.go(f"/leads/calls/{code}/")
    desk.press("登记告知")
    desk.page.select_option("[name=is_reached]", value="yes")
    desk.fill(text="已告知可以办证，请带合同、身份证到服务点")
    desk.press("登记")
    assert "已告知" in desk.text
    assert OpeningCall.objects.get().is_reached
    desk.sign_in("kaifa01")
    assert desk.page.goto(f"{desk.base}/leads/calls/{code}/").status == 403


def _home_gets_its_red_book(desk: Desk, code: str, today: date) -> None:
    unit, seated = Unit.objects.get(building__project__code=code, room="101"), ""
    for username, target in (
        ("kaifa01", "certificate:collected"), ("shuiwu01", "tax:settled"), ("qu01", "fund:settled"),
        ("dengji01", "certificate:accepted"), ("dengji01", "certificate:recorded"), ("dengji01", "certificate:printed"),
        ("dengji01", "certificate:issued"),
    ):  # fmt: skip
        if username != seated:
            desk.sign_in(username)
            seated = username
        desk.go(f"/progress/{code}/units/?q=101")
        desk.page.check(f"input[name=unit][value='{unit.pk}']")
        desk.page.select_option("[name=target]", value=target)
        desk.fill(occurred_on=today, evidence="登记系统清单第1号")
        desk.page.click("main form[method=post] button:has-text('办理')")
        desk.page.wait_for_load_state()
        if "将会" in desk.text:
            desk.page.click("main form.confirm button[name=save]")
            desk.page.wait_for_load_state()
    unit.refresh_from_db()
    assert unit.certificate == "issued"
