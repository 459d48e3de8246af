"""From a shut building to the one move that frees most: whistled for, reported in, answered, resolved; in a browser."""

from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

import pytest
from django.core.management import call_command

from documents.setup.people import load_people
from documents.setup.reference import load_demo_areas, load_reference
from projects.casework.models import Whistle
from projects.casework.services.leverage import count_leverage
from projects.gates.models import Blocker, BlockerType
from projects.gates.services import raise_blocker
from projects.ledger.models import Building
from projects.ledger.services.projects import take_in_project
from projects.progress.services import PlacedUnit, place_units
from registry.kernel.authority import system_actor
from registry.kernel.scope import NOTHING, scope_of
from registry.kernel.stages import Use
from registry.store.clock import shanghai_day, true_now
from tests.journeys.desk import Desk

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = pytest.mark.django_db(transaction=True)
CODE = "CY-0200"
HOMES = {"1": 24, "2": 8}


@pytest.fixture
def today() -> date:
    """Two buildings, each shut by a blocker of its own, found sixty days ago; the ranking is counted."""
    today = shanghai_day(true_now())
    found = today - timedelta(days=60)
    load_reference()
    load_demo_areas()
    organisations = load_people()
    actor = system_actor("测试")
    project = take_in_project(
        actor=actor, code=CODE, name="演示小区", township_code="110105028", housing_type="resettlement", taken_in_on=found,
        participants=tuple(organisations[code] for code in ("BM-110105-GZ", "BM-110105-ZJ")),
    )  # fmt: skip
    rows = [
        PlacedUnit(n, building, "1", str(n // 4 + 1), n // 4 + 1, f"{n // 4 + 1}{n % 4 + 1:02d}", Use.DWELLING)
        for building, count in HOMES.items()
        for n in range(count)
    ]
    place_units(actor=actor, project=project, rows=rows, placed_on=found, source="清册")
    for number, code, holder in (("1", "L05", "BM-110105-GZ"), ("2", "P05", "BM-110105-ZJ")):
        raise_blocker(
            actor=actor, project=project, type=BlockerType.objects.get(code=code), title="", found_on=found,
            scope=scope_of(buildings={Building.objects.get(project=project, number=number).pk}), at_fault=NOTHING,
            responsible=organisations[holder],
        )  # fmt: skip
    count_leverage(on=today)
    return today


def test_from_a_shut_building_to_the_move_that_frees_most(page: "Page", live_server: Any, today: date) -> None:
    desk = Desk(page, live_server.url)
    number = Blocker.objects.get(type__code="L05").number
    desk.sign_in("xiang01")
    desk.go(f"/projects/{CODE}/")
    assert desk.figure("已打通") == "0"
    desk.go("/casework/leverage/")
    first = desk.page.inner_text("table[aria-label='优先化解次序'] tbody tr:first-child")
    assert number in first
    assert "24" in first
    desk.page.click(f"table[aria-label='优先化解次序'] a:has-text('{number}')")
    assert "责任时段" in desk.text

    desk.press("吹哨")
    desk.fill(text="代征道路腾退移交，定交接日期", place="1号楼前", meet_at=f"{today}T23:59")
    desk.page.check("#id_organisations label:has-text('规自朝阳分局') input")
    desk.press("吹哨")
    whistle = Whistle.objects.get()
    assert "待报到" in desk.text

    desk.sign_in("guihua01")
    assert "代征道路腾退移交" in desk.text
    desk.go(f"/casework/whistles/{whistle.code}/")
    desk.page.click("table button:has-text('报到')")
    desk.page.wait_for_load_state()
    assert "已报到" in desk.text
    desk.press("答复")
    desk.fill(answer="已腾退，三日内办移交")
    desk.press("答复")
    assert "已答复" in desk.text

    desk.sign_in("xiang01")
    desk.go(f"/casework/whistles/{whistle.code}/")
    desk.press("办结")
    desk.fill(note="已移交")
    desk.press("办结")
    assert "办结：已移交" in desk.text

    desk.sign_in("qu01")
    desk.go(f"/gates/{number}/")
    desk.press("登记为已解决")
    desk.fill(resolved_on=today, resolution="移交书〔演示〕1号")
    desk.press("登记为已解决")
    assert "已暂停计时" in desk.text
    desk.go(f"/projects/{CODE}/")
    assert desk.figure("已打通") == "24"
    desk.go("/casework/whistles/")
    assert "按时报到" in desk.text
    call_command("check_ledger")
