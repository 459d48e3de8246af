"""The list of projects: each row is taken in or refused by number, with what to mend."""

import json

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.urls import reverse

from documents.intake.models import ImportSession
from documents.setup.people import load_people
from projects.gates.models import BlockerType
from projects.ledger.models import Project
from registry.accounts.models import Assignment, Person
from tests.documents.intake.services.sessions import sent, told
from tests.factories.accounts import Cast, Player, lay_areas, sign_in
from tests.factories.projects import Estate, lay_strange_estate

pytestmark = pytest.mark.django_db

HEADER = "项目编号,项目名称,区代码,区,街道乡镇代码,街道乡镇,房屋类型,坐落,纳入日期,责任人\n"
GOOD = "CY-0201,演示一期,110105,朝阳区,110105027,十八里店乡,安置房,演示路1号,2020-03-01,甲\n"


def sign_in_as(username):
    """A client of one of the demo's people."""
    person = Person.objects.get(username=username)
    at = Assignment.objects.filter(person=person).first()
    return sign_in(Player(person, at.organisation, at))


def run(path, capsys, *more):
    """Run the command; its exit code and facts."""
    try:
        call_command("import_list", "projects", str(path), "--as", "qu01", "--json", *more)
        code = 0
    except SystemExit as stop:
        code = stop.code
    return code, json.loads(capsys.readouterr().out)


@pytest.fixture
def stranger(cast: Cast) -> Estate:
    """The same in the other district."""
    return lay_strange_estate(cast)


@pytest.fixture
def people():
    lay_areas()
    load_people()


def test_good_rows_are_taken_in_and_bad_ones_refused_by_number(people, tmp_path, capsys):
    path = tmp_path / "项目.csv"
    bad = "CY-0202,演示二期,110105,朝阳区,110105027,十八里店乡,城堡,,2020-03-01,\n"
    foreign = "HD-0001,别区项目,110108,海淀区,110108001,海淀某镇,商品房,,2020-03-01,\n"
    path.write_text(HEADER + GOOD + bad + foreign)

    code, facts = run(path, capsys)

    assert (code, facts["added"], facts["refused"]) == (1, 1, 2)
    assert [(one["row"], one["verdict"]) for one in facts["said"]] == [(2, "added"), (3, "refused"), (4, "refused")]
    assert "本辖区" in facts["said"][2]["said"]
    assert list(Project.objects.values_list("code", "initials")) == [("CY-0201", "ysyq")]


def test_dry_run_writes_nothing(people, tmp_path, capsys):
    path = tmp_path / "项目.csv"
    path.write_text(HEADER + GOOD)

    assert run(path, capsys, "--dry-run")[0] == 0
    assert not Project.objects.exists()


def test_the_same_list_twice_changes_nothing_and_a_changed_cell_changes_exactly_that(people, tmp_path, capsys):
    path = tmp_path / "项目.csv"
    path.write_text(HEADER + GOOD)
    run(path, capsys)

    code, facts = run(path, capsys)

    assert (code, facts["unchanged"], facts["added"]) == (0, 1, 0)
    before = Project.objects.values().get()
    path.write_text(HEADER + GOOD.replace("演示一期", "别的名称"))
    code, facts = run(path, capsys)
    assert (code, facts["changed"]) == (0, 1)
    assert facts["said"][0]["said"] == "项目名称由“演示一期”改为“别的名称”"
    after = Project.objects.values().get()
    assert {name for name in before if before[name] != after[name]} == {"name", "initials"}
    assert list(Project.objects.get().aliases.values_list("text", flat=True)) == ["演示一期"]


def test_a_number_in_use_by_a_project_of_another_place_is_refused(people, tmp_path, capsys):
    path = tmp_path / "项目.csv"
    path.write_text(HEADER + GOOD)
    run(path, capsys)
    path.write_text(HEADER + GOOD.replace("110105027,十八里店乡", "110105028,另一乡"))
    code, facts = run(path, capsys)
    assert (code, facts["refused"]) == (1, 1)
    assert "已用于另一个项目" in facts["said"][0]["said"]
    assert Project.objects.get().township_code == "110105027"


@pytest.mark.parametrize(
    ("place", "said"),
    [
        ("110105,朝阳区,110105999,十八里店乡", "“街道乡镇代码”行政区划表里没有110105999"),
        ("110105,海淀区,110105027,十八里店乡", "“区”代码110105是朝阳区，清单里写的是海淀区"),
        ("110105,朝阳区,110105027,小红门乡", "“街道乡镇”代码110105027是十八里店乡，清单里写的是小红门乡"),
        ("110108,海淀区,110105027,十八里店乡", "“街道乡镇代码”十八里店乡不属于海淀区"),
        ("11010,朝阳区,110105027,十八里店乡", "“区代码”行政区划代码应为6位"),
    ],
)
def test_a_code_must_be_in_the_table_and_a_name_beside_it_must_be_its_own(people, tmp_path, capsys, place, said):
    path = tmp_path / "项目.csv"
    path.write_text(HEADER + GOOD.replace("110105,朝阳区,110105027,十八里店乡", place))

    code, facts = run(path, capsys)

    assert (code, facts["refused"], Project.objects.count()) == (1, 1, 0)
    assert said in facts["said"][0]["said"]


def test_the_township_s_code_alone_says_where_a_project_lies(people, tmp_path, capsys):
    path = tmp_path / "项目.csv"
    path.write_text(HEADER + GOOD.replace("110105,朝阳区,110105027,十八里店乡", ",,110105027000,"))

    assert run(path, capsys)[0] == 0
    project = Project.objects.get()
    assert (project.district_code, project.district_name) == ("110105", "朝阳区")
    assert (project.township_code, project.township_name) == ("110105027", "十八里店乡")


def test_of_a_project_out_of_reach_nothing_is_told(estate, stranger):
    row = GOOD.replace("CY-0201", stranger.project.code).replace("演示一期", "别名")
    session = sent(estate, "projects", (HEADER + row).encode())

    [only] = told(session)
    assert only.verdict == "refused"
    assert f"编号{stranger.project.code}已用于另一个项目" in only.text
    assert stranger.project.name not in only.text


def test_the_scope_test_holds_in_a_list_too(people, tmp_path, capsys):
    path = tmp_path / "项目.csv"
    path.write_text(
        HEADER.replace("\n", ",土地性质,销售日期\n")
        + GOOD.replace("\n", ",集体,\n")
        + GOOD.replace("CY-0201", "CY-0202").replace("\n", ",国有,春天\n")
    )
    code, facts = run(path, capsys)

    assert (code, facts["refused"], Project.objects.count()) == (1, 2, 0)
    assert "国有" in facts["said"][0]["said"]
    assert "“销售日期”“春天”不是日期" in facts["said"][1]["said"]


def test_the_road_by_pages_takes_in_what_is_good(people, tmp_path):
    client = sign_in_as("qu01")
    address = reverse("intake:work_list", args=["projects"])
    assert "下载空白模板" in client.get(address).content.decode()
    assert client.get(f"{address}template/").status_code == 200
    upload = SimpleUploadedFile("项目.csv", (HEADER + GOOD).encode())
    client.post(address, {"file": upload}, follow=True)
    assert Project.objects.count() == 0
    session = ImportSession.objects.get()
    assert client.get(reverse("intake:import", args=[session.id])).status_code == 200
    assert sign_in_as("haidian01").get(reverse("intake:import", args=[session.id])).status_code in (403, 404)
    done = client.post(reverse("intake:accept", args=[session.id]), follow=True).content.decode()
    assert "纳入CY-0201 演示一期" in done
    assert Project.objects.get().code == "CY-0201"
    assert sign_in_as("xiang01").get(address).status_code == 403
    assert client.get("/documents/lists/new/blockers/").status_code == 404


def test_missing_columns_refuse_the_file(people, tmp_path, capsys):
    path = tmp_path / "项目.csv"
    path.write_text("项目编号,项目名称,区代码,区,坐落\nX,Y,110105,朝阳区,\n")

    code, facts = run(path, capsys)

    assert code == 2
    assert "缺少列" in facts["message"]


def test_the_list_is_narrowed_by_choices_of_issue_and_district_never_by_a_typed_code(estate: Estate, stranger: Estate):
    city, district = sign_in(estate.cast.city), sign_in(estate.cast.district)

    def codes(client, **words):
        return {row["project"].code for row in client.get(reverse("ledger:projects"), words).context["rows"]}

    page = city.get(reverse("ledger:projects")).content.decode()
    kind = BlockerType.objects.get(code="P03")
    assert f'<option value="P03">P03 {kind.label}</option>' in page
    assert '<option value="110108">' in page
    assert 'id="id_district"' not in district.get(reverse("ledger:projects")).content.decode()
    assert codes(city, district="110108") == {stranger.project.code}
    assert codes(city, district="110105") == {estate.project.code}
    assert codes(district, district="110108") == set()
    assert codes(city, primary_issue="P03", district="110105") == {estate.project.code}
    assert codes(city, primary_issue="F01", district="110105") == set()
