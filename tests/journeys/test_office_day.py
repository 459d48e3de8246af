"""The office in a browser: scans at a pace, a family by keys alone, two clerks on one family, one to its red books."""

import time
from collections import Counter
from datetime import date
from typing import TYPE_CHECKING, Any

import pytest

from documents.setup.people import assign_developer
from projects.gates.services import record_steps
from projects.ledger.models import HolderChange, Project, Unit
from projects.office.choices import ScanOutcome
from projects.office.models import CertificateForm, CustodyItem, MadeCertificate, ManifestPurpose, Scan, Visit
from projects.office.services.certificates import StatedCertificate, note_certificates
from projects.office.services.manifest_receipt import sign_manifest, take_items
from projects.office.services.manifests import draft_manifest, list_items, send_manifest
from projects.office.services.visits import receive_family
from projects.progress.models import HandOver
from projects.progress.services import PlacedUnit, advance_units, place_units
from registry.accounts.models import Assignment
from registry.accounts.selectors import actor_of
from registry.audit.invariants import INVARIANTS
from registry.kernel.authority import Actor, system_actor
from registry.kernel.gates import Gate, StepStatus
from registry.kernel.stages import Track, Use
from registry.store.clock import shanghai_day, true_now
from tests.factories.projects import PERMITS
from tests.journeys.desk import Desk
from tests.journeys.scanner import lay_receipts, mixed, scan_at_pace
from tests.journeys.test_counter import CODE, HAND, came, lay, scan

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

pytestmark = pytest.mark.django_db(transaction=True)
REGISTERED = (
    *PERMITS, Gate.PLANNING_VERIFICATION, Gate.COMPLETION_FILING, Gate.SURVEY_REVIEW, Gate.CADASTRAL,
    Gate.FIRST_REGISTRATION,
)  # fmt: skip
ALL_ANSWERED = "Object.keys(sessionStorage).every(key => !key.startsWith('scans:') || sessionStorage[key] === '[]')"
ACCOUNTED = ("I51", "I52", "I53", "I54", "I55", "I56", "I57", "I70")


@pytest.fixture(autouse=True)
def files(settings: Any, tmp_path: Any) -> None:
    settings.FILES_DIR = tmp_path


def scans_are_taken(page: "Page", base: str, count: int, *, foreign: int, double: int, unknown: int) -> None:
    """Scan at five a second while something stands typed in a field: none is lost, none wrong, what is typed stays."""
    project = lay()
    visit = came(project)
    codes = lay_receipts(project, visit, count - foreign - double - unknown)
    series = mixed(codes, foreign=foreign, double=double, unknown=unknown)
    desk = Desk(page, base)
    desk.sign_in("xiang01")
    desk.go(f"/office/{CODE}/family/{visit.unit_id}/")
    page.focus("[name=again_note]")
    page.keyboard.type("13", delay=HAND)

    scan_at_pace(page, series, per_second=5)
    page.wait_for_function(ALL_ANSWERED, timeout=60_000)
    page.keyboard.type("57", delay=HAND)

    kept = list(Scan.objects.order_by("id").values_list("code", "outcome"))
    assert [code for code, _ in kept] == series, "each once, in the order in which they came"
    assert Counter(outcome for _, outcome in kept) == {
        ScanOutcome.FOUND: len(codes), ScanOutcome.FOREIGN: foreign, ScanOutcome.AGAIN: double,
        ScanOutcome.UNKNOWN: unknown,
    }  # fmt: skip
    assert page.input_value("[name=again_note]") == "1357"
    assert page.input_value("[data-scan-field]") == ""
    assert Visit.objects.filter(ordinal__gt=1).count() == 0, "a scanner's Enter sends no form"


def test_forty_scans_at_five_a_second_are_all_there(page: "Page", live_server: Any) -> None:
    scans_are_taken(page, live_server.url, 40, foreign=4, double=2, unknown=2)


def test_what_waits_for_an_answer_outlasts_the_page(page: "Page", live_server: Any) -> None:
    """The network is gone, codes are scanned, the page is opened anew, the network is back: each is taken once."""
    project = lay()
    visit = came(project)
    codes = lay_receipts(project, visit, 3)
    desk = Desk(page, live_server.url)
    desk.sign_in("xiang01")
    desk.go(f"/office/{CODE}/family/{visit.unit_id}/")
    page.focus("[name=again_note]")
    page.keyboard.type("13", delay=HAND)
    page.route("**/scan/", lambda route: route.abort())
    for code in codes:
        scan(page, code)
        page.wait_for_selector("[data-scanned] .offline")
    assert Scan.objects.count() == 0
    page.unroute("**/scan/")
    page.reload()
    page.wait_for_selector("[data-scanned] .say:nth-child(3)")

    assert list(Scan.objects.order_by("id").values_list("code", "outcome")) == [
        (code, ScanOutcome.FOUND) for code in codes
    ]


def lay_family(project: Project) -> list[int]:
    """The family of three homes gets a parking place; all four keys."""
    today = shanghai_day(true_now())
    place = PlacedUnit(90, "1", "", "-1", -1, "B1-118", Use.PARKING, agreement_no="AZ-0009")
    place_units(actor=system_actor("测试"), project=project, rows=[place], placed_on=today, source="补充清册")
    family = Unit.objects.filter(building__project=project).exclude(room="501")
    return list(family.order_by("id").values_list("id", flat=True))


def test_three_homes_and_a_place_are_served_in_a_dozen_keys(page: "Page", live_server: Any) -> None:
    project = lay()
    keys = lay_family(project)
    visit = came_of(project, keys[0], ["户口簿"])
    desk = Desk(page, live_server.url)
    desk.sign_in("xiang01")
    desk.go(f"/office/{CODE}/")
    pressed: list[str] = []

    def press(key: str) -> None:
        pressed.append(key)
        page.keyboard.press(key)

    scan(page, visit.code)
    page.wait_for_url("**/family/*/")
    page.wait_for_selector("button:focus")
    began = time.monotonic()
    press("Space")
    press("Enter")
    page.wait_for_selector("h1:has-text('来访登记')")
    took = time.monotonic() - began

    assert len(pressed) <= 12, pressed
    print(f"three homes and a place: {len(pressed)} keys, {took:.1f} s")
    assert desk.text.count("已收齐，办理至“已收材料”") == 4
    assert set(Unit.objects.filter(pk__in=keys).values_list("certificate", flat=True)) == {"collected"}


def test_two_clerks_on_one_family_and_the_second_hears_who_was_faster(
    page: "Page", browser: "Browser", live_server: Any
) -> None:
    project = lay()
    assign_developer("kaifa01", project.pk)
    key = lay_family(project)[0]
    context = browser.new_context(locale="zh-CN", timezone_id="Asia/Shanghai")
    first, second = Desk(page, live_server.url), Desk(context.new_page(), live_server.url)
    first.sign_in("xiang01")
    second.sign_in("kaifa01")
    for desk in (first, second):
        desk.go(f"/office/{CODE}/family/{key}/")
        desk.page.wait_for_selector("button:focus")
        desk.page.keyboard.press("Space")
    first.page.keyboard.press("Enter")
    first.page.wait_for_selector("h1:has-text('来访登记')")
    second.page.keyboard.press("Enter")
    second.page.wait_for_selector("text=本次没有登记")

    assert "乡甲（演示）已于" in second.text
    context.close()
    assert Visit.objects.count() == 1


def person(username: str) -> Actor:
    """One of the demo's people today."""
    assignment = Assignment.objects.select_related("person", "organisation").get(person__username=username)
    return actor_of(assignment, on=shanghai_day(true_now()))


def came_of(project: Project, key: int, papers: list[str]) -> Visit:
    """A family was here before, with these papers."""
    unit = Unit.objects.select_related("building__project").get(pk=key)
    today = shanghai_day(true_now())
    visit: Visit = receive_family(actor=person("xiang01"), unit=unit, handed={key: papers}, came_on=today)
    return visit


def register(project: Project, today: date) -> None:
    """The building's gates are passed."""
    for gate in REGISTERED:
        record_steps(
            actor=system_actor("测试"), project=project, gate=gate, status=StepStatus.PASSED, buildings=[], part=None,
            document_no=f"演示{gate.label}1号", organ="规自分局（演示）", issued_on=today, effective_on=today,
        )  # fmt: skip


def made_by_the_centre(project: Project, keys: list[int], today: date) -> None:
    """The registry accepts and records the homes, makes their certificates and sends them to the office by a list."""
    system, centre, office = system_actor("测试"), person("dengji01"), person("xiang01")
    for track, stage in ((Track.CERTIFICATE, "accepted"), (Track.TAX, "settled"), (Track.FUND, "settled")):
        advance_units(actor=system, project=project, unit_ids=keys, track=track, to=stage, occurred_on=today)
    advance_units(
        actor=system, project=project, unit_ids=keys, track=Track.CERTIFICATE, to="recorded", occurred_on=today
    )
    for serial, key in enumerate(keys, start=1):
        unit = Unit.objects.select_related("building__project").get(pk=key)
        number = f"京（{today.year}）朝不动产权第{serial:07d}号"
        stated = StatedCertificate(number, CertificateForm.PAPER, f"D{serial:011d}")
        note_certificates(actor=centre, unit=unit, certificates=[stated], printed_on=today)
    codes = [str(item.code) for item in CustodyItem.objects.filter(kind="certificate")]
    manifest = draft_manifest(
        actor=centre, project=project, purpose=ManifestPurpose.CERTIFICATES,
        receiver=Assignment.objects.get(person__username="xiang01").organisation,
    )  # fmt: skip
    list_items(actor=centre, manifest=manifest, codes=codes)
    send_manifest(actor=centre, manifest=manifest, on=today)
    take_items(actor=office, manifest=manifest, codes=codes, on=today)
    sign_manifest(actor=office, manifest=manifest, on=today)


def test_a_family_of_three_homes_comes_from_the_call_to_its_red_books(page: "Page", live_server: Any) -> None:
    """Called; came and lacked a paper; a slip taken back; came again; certificates handed over to a proxy."""
    project, today = lay(), shanghai_day(true_now())
    register(project, today)
    keys = list(Unit.objects.filter(building__project=project).exclude(room="501").values_list("id", flat=True))
    desk = Desk(page, live_server.url)
    desk.sign_in("xiang01")
    card = f"/office/{CODE}/family/{keys[0]}/"

    desk.go(f"/office/{CODE}/calls/{keys[0]}/")
    page.select_option("[name=result]", "reached")
    desk.press("登记")
    assert "已通知到" in desk.text
    desk.go(f"/office/{CODE}/queue/")
    desk.fill(window="2")
    desk.press("取号")
    desk.press("叫下一个")
    assert "已叫号" in desk.text

    desk.go(card)
    page.keyboard.press("Space")
    page.keyboard.press("Enter")
    page.wait_for_selector("h1:has-text('来访登记')")
    desk.press("撤销来访登记")
    desk.fill(reason="身份证明复印件未带，勾错了")
    desk.press("撤销来访登记")
    assert set(Unit.objects.filter(pk__in=keys).values_list("certificate", flat=True)) == {"waiting"}, "a step back"
    assert "（已撤销）" in desk.text

    for number in "234":
        page.keyboard.press(number)
        page.wait_for_timeout(HAND)
    page.keyboard.press("Enter")
    page.wait_for_selector("h1:has-text('来访登记')")
    assert desk.text.count("待补齐") == 3

    desk.go(card)
    page.keyboard.press("Space")
    page.keyboard.press("Enter")
    page.wait_for_selector("h1:has-text('来访登记')")
    assert "第2次来访" in page.inner_text("body")
    assert desk.text.count("已收齐，办理至“已收材料”") == 3

    made_by_the_centre(project, keys, today)
    desk.go(card)
    assert "证书3本在本服务点，可以发证" in desk.text
    page.keyboard.press("Enter")
    page.wait_for_selector("h1:has-text('发证')")
    page.select_option("[name=relation]", "proxy")
    page.check("[name=is_known]")
    page.check("[name=is_read]")
    desk.fill(identity_tail="0011", name="演示甲乙", sheet_no="签1号")
    desk.press("发证")
    assert "受托人未提交授权委托书，不能领证" in desk.text
    desk.fill(paper_no="公证〔2022〕3号")
    desk.press("发证")
    page.wait_for_url("**/family/*/")

    assert set(Unit.objects.filter(pk__in=keys).values_list("certificate", flat=True)) == {"issued"}
    assert MadeCertificate.objects.filter(hand_over__isnull=False).count() == 3
    assert set(HandOver.objects.values_list("relation", "paper_no")) == {("proxy", "公证〔2022〕3号")}
    assert HolderChange.objects.count() == 0
    assert [fault for code in ACCOUNTED for fault in INVARIANTS[code].violations(None)] == []
