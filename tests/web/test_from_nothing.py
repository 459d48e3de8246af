"""From `create_admin` on an empty installation to a red book, a closed month and clean books: through pages alone."""

import io
import re
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.http import HttpResponse
from django.test import Client

from documents.papers.models import Paper
from documents.reports.models import MonthClose
from projects.gates.models import Blocker, BlockerType
from projects.ledger.models import Project, Unit
from registry.accounts.models import Approval, Area, Organisation, Person
from registry.jobs.worker import Worker
from registry.kernel.gates import Gate
from registry.kernel.gates.table import BUILDING_GATES
from registry.kernel.periods import Month
from registry.store.clock import ledger_today
from tests.documents.intake.reading.files import homes, workbook
from tests.documents.reference.files import book, confirm, send

pytestmark = pytest.mark.django_db
NEW = "Fresh-words-2022"
CODE = "CA-0001"
DISTRICT, TOWN = "130102", "130102101"
AREAS = (  # a city that is none of the demo's: Shijiazhuang
    ("行政区划代码", "名称", "来源", "截至", "在用"),
    (DISTRICT, "长安区", "中华人民共和国县以上行政区划代码（民政部）", "2022-12-31", "是"),
    (TOWN, "南村镇", "统计用区划代码和城乡划分代码（国家统计局，2023年）", "2023-06-30", "是"),
)
CITY_ORGAN = ("ZB-SJZ", "市专班", "city_task_force", "")  # code, name, kind, area
ORGANISATIONS = (
    (f"ZB-{DISTRICT}", "长安区专班", "district_task_force", DISTRICT),
    (f"ZF-{TOWN}", "长安区南村镇人民政府", "township", TOWN),
    (f"BM-{DISTRICT}-GZ", "规自长安分局", "department", DISTRICT),
    (f"DJ-{DISTRICT}", "长安登记中心", "registration_centre", DISTRICT),
    (f"SW-{DISTRICT}", "长安区税务局", "tax", DISTRICT),
)
OF_THE_CITY = ("shi.one", "ZB-SJZ", "city")  # sign-in name, organisation, role
PEOPLE = (
    ("er.one", "ZB-SJZ", "city"),
    ("qu.one", f"ZB-{DISTRICT}", "district"),
    ("zhen.one", f"ZF-{TOWN}", "township"),
    ("gui.one", f"BM-{DISTRICT}-GZ", "department"),
    ("deng.one", f"DJ-{DISTRICT}", "registration_centre"),
    ("shui.one", f"SW-{DISTRICT}", "tax"),
)
OFFICE = {"place": "长安区政务服务大厅", "phone": "0311-00000000"}
STEPS_OF_THE_CENTRE = {Gate.CADASTRAL, Gate.FIRST_REGISTRATION}


@pytest.fixture(autouse=True)
def _files(settings: Any, tmp_path: Path) -> None:
    settings.FILES_DIR = tmp_path


def signed_in(username: str, first: str) -> Client:
    """Sign in with a first password, change it as one must, and be at the desk."""
    client = Client()
    assert client.post("/sign-in/", {"username": username, "password": first}).status_code == 302
    client.post("/password/", {"old_password": first, "new_password": NEW, "again": NEW})
    assert "我的工作台" in client.get("/").content.decode()
    return client


def sent(client: Client, address: str, words: dict[str, Any]) -> HttpResponse:
    """Send a form; it must go through, or the page says why not."""
    answer = client.post(address, words)
    assert answer.status_code == 302, refusal(answer)
    return answer  # type: ignore[return-value]


def refusal(answer: Any) -> str:
    """What a page says is wrong with what was sent."""
    text = " ".join(re.sub(r"<[^>]+>", " ", answer.content.decode()).split())
    form = answer.context.get("form") if answer.context else None
    return f"{answer.status_code} {getattr(form, 'errors', '')} {text[200:900]}"


def organisation(system: Client, code: str, name: str, kind: str, area: str) -> None:
    sent(system, "/organisations/new/", {"code": code, "name": name, "kind": kind, "area_code": area})


def areas(system: Client, agreeing: Client) -> None:
    """Load the city's districts and townships by table, and have another person agree."""
    preview = send(system, "accounts_area", book([list(line) for line in AREAS]))
    confirm(system, "accounts_area", preview)
    assert not Area.objects.exists(), "nothing before the second person agrees"
    sent(agreeing, f"/approvals/{Approval.objects.latest('id').pk}/", {"decision": "approve", "remark": ""})


def people(system: Client, security: Client, *wanted: tuple[str, str, str]) -> dict[str, Client]:
    """Open accounts, propose their roles, agree to them: a client for each, signed in with what was handed out."""
    clients = {}
    for username, at, role in wanted:
        organisation = Organisation.objects.get(code=at).pk
        sent(system, "/people/new/", {"organisation": organisation, "name": "王示例", "username": username})
        person = Person.objects.get(username=username)
        words = {"organisation": organisation, "role": role, "starts": ledger_today().isoformat()}
        sent(system, f"/people/{person.pk}/assign/", words)
        approval = Approval.objects.latest("id")
        page = security.post(f"/approvals/{approval.pk}/", {"decision": "approve", "remark": ""})
        clients[username.partition(".")[0]] = signed_in(username, page.context["issued"].first_password)
    return clients


def of_the_city(row: dict[str, Any]) -> dict[str, Any]:
    """A row of the list with the project's number and a unit code of the district."""
    return row | {"project": CODE, "unit_code": row["unit_code"].replace("110105", DISTRICT)}


def moved(client: Client, target: str, on: str) -> None:
    units = list(Unit.objects.values_list("pk", flat=True))
    words = {"unit": units, "target": target, "occurred_on": on, "evidence": "登记系统清单第1号"}
    asked = client.post(f"/progress/{CODE}/units/advance/", words)
    assert f"办理：{len(units)}户" in asked.content.decode(), refusal(asked)
    sent(client, f"/progress/{CODE}/units/advance/", words | {"save": "1"})


def test_from_an_empty_machine_to_the_first_red_book() -> None:
    said = io.StringIO()
    call_command("create_admin", stdout=said)
    call_command("load_reference", stdout=io.StringIO())  # as every start does
    passwords = dict(line.split("\t")[1:] for line in said.getvalue().splitlines() if "\t" in line)
    system, security = (signed_in(name, passwords[name]) for name in ("sysadmin", "secadmin"))
    assert "行政区划表还是空的" in system.get("/organisations/new/").content.decode()
    organisation(system, *CITY_ORGAN)
    by = people(system, security, OF_THE_CITY)
    areas(system, by["shi"])
    for row in ORGANISATIONS:
        organisation(system, *row)
    by |= people(system, security, *PEOPLE)

    month = Month.of(ledger_today()).previous
    on, early = month.last.isoformat(), (month.first - timedelta(days=60)).isoformat()
    sent(
        by["qu"], "/projects/new/",
        {"code": CODE, "name": "演示家园", "is_state_owned": "on",
         "township_code": TOWN, "housing_type": "resettlement",
         "taken_in_on": early, "sold_on": "2012-05-01", "is_buyer_innocent": "on"},
    )  # fmt: skip
    assert by["deng"].get(f"/projects/{CODE}/").status_code == 200, "the centre sees it without any further act"

    file = SimpleUploadedFile("清册.xlsx", workbook(of_the_city(row) for row in homes(3)))
    session = sent(by["qu"], f"/documents/imports/{CODE}/new/", {"file": file})["Location"]
    shown = by["qu"].get(session)
    if numbers := [number for number, _ in shown.context["new_buildings"]]:
        sent(by["qu"], f"{session}buildings/", {"building": numbers, "numbers": numbers})
    sent(by["qu"], f"{session}accept/", {"placed_on": early})
    assert Unit.objects.count() == 3

    sent(
        by["gui"], f"/gates/new/{CODE}/",
        {"type": BlockerType.objects.get(code="P03").pk, "found_on": early, "title": "规划核验未办",
         "responsible": Organisation.objects.get(code=f"DJ-{DISTRICT}").pk},
    )  # fmt: skip
    blocker = Blocker.objects.get()
    assert "规划核验未办" in by["deng"].get("/").content.decode(), "what it has to do lies on its desk"
    sent(by["deng"], f"/gates/{blocker.number}/resolve/", {"resolved_on": early, "resolution": "已核验"})
    for number, gate in enumerate(gate for gate in BUILDING_GATES if gate != Gate.PRESALE_PERMIT):
        who = by["deng"] if gate in STEPS_OF_THE_CENTRE else by["qu"]
        words = {"gate": gate.value, "status": "passed", "document_no": f"×〔2026〕{number}号", "organ": "主管机关",
                 "issued_on": early, "effective_on": early}  # fmt: skip
        sent(who, f"/gates/steps/{CODE}/", words)

    sent(by["zhen"], f"/documents/notices/{CODE}/{Unit.objects.earliest('id').pk}/", OFFICE)
    assert Paper.objects.get().number == f"CA0001-{ledger_today().year}-00001"
    for who, target in (
        ("qu", "certificate:notified"), ("qu", "certificate:collected"), ("shui", "tax:assessed"),
        ("shui", "tax:settled"), ("qu", "fund:settled"), ("deng", "certificate:accepted"),
        ("deng", "certificate:recorded"), ("deng", "certificate:printed"), ("deng", "certificate:issued"),
    ):  # fmt: skip
        moved(by[who], target, on)
    assert set(Unit.objects.values_list("certificate", flat=True)) == {"issued"}

    sent(by["shi"], f"/documents/reports/{month}/check/", {})
    Worker("test").run(once=True)
    sent(by["shi"], f"/documents/reports/{month}/close/", {"count": 1})
    sent(by["er"], f"/approvals/{Approval.objects.latest('id').pk}/", {"decision": "approve", "remark": ""})
    assert MonthClose.objects.get().rows["ledger"][0]["issued"] == 3
    administrator = Person.objects.get(username="sysadmin")
    assert administrator.name == "系统管理员"
    assert "启用步骤" not in system.get("/").content.decode(), "the first days are over"
    assert Project.objects.get().code == CODE
    call_command("check_ledger", stdout=(report := io.StringIO()))
    assert "全部相符" in report.getvalue()
