"""Lists of buildings, steps, blockers and letters: each row once, refused by number, written out and taken back in."""

import json
from datetime import date
from io import BytesIO
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.urls import reverse

from commitments.models import Instrument
from documents.intake.models import ImportSession
from documents.render.template_xlsx import write_template
from projects.gates.models import Blocker, BlockerType, GateStep, LiftKind
from projects.ledger.models import Building
from projects.progress.lists import STAGES
from registry.kernel.errors import DomainError
from registry.lists.kinds import LISTS
from tests.documents.intake.services.sessions import Told, sent, taken
from tests.factories.accounts import sign_in
from tests.factories.projects import TODAY, Estate, lay_blocker
from tests.factories.trials import digest, last_act

KINDS = [name for name, one in LISTS.items() if one.of_project and not one.is_placed and name != STAGES]
ROWS: dict[str, dict[str, Any]] = {
    "buildings": {"number": "3号楼"},
    "steps": {"gate": "供地", "status": "已过", "document_no": "×规自〔2021〕7号", "organ": "规自分局",
              "issued_on": date(2021, 3, 1)},
    "blockers": {"type": "P03", "found_on": date(2022, 1, 20)},
    "returns": {"building": "1", "room": "101", "kind": "补正", "lacks": "身份证明", "paper_no": "补正1号"},
    "letters": {"letter": "关于补缴出让金的承诺函", "issuer": "丙乡", "recipient": "规自",
                "blockers": "P03-0001", "condition": "鉴定〔2021〕3号",
                "fault": "欠缴出让金", "end_state": "缴清出让金", "due_on": date(2023, 6, 30), "proof": "缴款书",
                "verifier": "规自"},
}  # fmt: skip


@pytest.fixture(autouse=True)
def _organisations(estate: Estate) -> None:
    """The letter's row names organisations of the cast."""
    ROWS["letters"]["issuer"] = estate.cast.township.organisation.code
    ROWS["letters"]["recipient"] = ROWS["letters"]["verifier"] = estate.cast.department.organisation.code


def laid(kind: str, *rows: dict[str, Any], project: str = "CY-9001") -> bytes:
    full = [{"project": project, **ROWS[kind], **row} for row in rows]
    return write_template(LISTS[kind].columns, title="清单", rows=full)


def ledger() -> Any:
    """All tables but those of the files themselves and of the trail, which every attempt enters."""
    own = ("intake.ImportSession", "intake.StagedRow", "intake.SourceFile", "audit.")
    return {label: rows for label, rows in digest().items() if not label.startswith(own)}


def verdicts(found: list[Told]) -> list[tuple[int, str]]:
    return [(one.row, one.verdict) for one in found]


def test_buildings_are_laid_changed_and_left(estate: Estate) -> None:
    one = Building.objects.get(project=estate.project, number="1")
    content = laid(
        "buildings",
        {"number": "1#", "police_no": "12"},
        {"construction_no": "B-3"},
        {"number": "2号楼"},
        {"number": "３号楼"},
        {"number": "", "occupied_on": "春天"},
        {"number": "4", "survey_no": "0002"},
        {"number": "5", "occupied_on": date(2099, 1, 1)},
        {"number": "6", "construction_no": "B-6"},
    )
    taken(estate, "buildings", laid("buildings", {"number": "2", "survey_no": "0002"}))
    found = taken(estate, "buildings", content)

    assert verdicts(found) == [
        (2, "changed"), (3, "refused"), (4, "unchanged"), (5, "refused"), (6, "refused"), (7, "refused"), (8, "refused"),
        (9, "added"),
    ]  # fmt: skip
    assert found[0].text == "公安楼号由“空”改为“12”"
    assert found[1].text == "第 3 行“楼号”与第 5 行是同一栋，“施工号”却不一样，都不写入。请核对后改正。"
    assert found[3].text == "第 5 行“楼号”与第 3 行是同一栋，“施工号”却不一样，都不写入。请核对后改正。"
    assert found[4].text == "第 6 行“楼号”未填写。请补上。 第 6 行“入住日期”“春天”不是日期。请写成 2022-03-07。"
    assert found[5].text == "第 7 行“幢号”“0002”已是2号楼的。同一编号体系中，一个编号只能对应一栋。"
    assert "尚未到来" in found[6].text
    one.refresh_from_db()
    sixth = Building.objects.get(project=estate.project, number="6")
    assert (one.police_no, sixth.construction_no, sixth.name) == ("12", "B-6", "6号楼")
    before = ledger()
    assert {one.verdict for one in taken(estate, "buildings", content)} == {"unchanged", "refused"}
    assert ledger() == before


def test_one_document_of_several_rows_is_recorded_once_and_names_whom_it_leaves_out(estate: Estate) -> None:
    lay_blocker(estate, "P03")
    content = laid(
        "steps",
        {"buildings": "1"},
        {"buildings": "2号楼"},
        {"buildings": "1-9"},
        {"gate": "规划核验", "buildings": "1"},
        {"gate": "收房", "status": "", "buildings": "77"},
    )
    found = taken(estate, "steps", content, who="department")

    assert verdicts(found) == [(2, "added"), (3, "added"), (4, "refused"), (5, "refused"), (6, "refused")]
    assert found[0].text == "2栋15户已办结"
    assert found[1].text == "与第 2 行一并办理"
    assert found[2].text == ("第 4 行“楼栋”项目里没有3—9号楼。请核对楼号，或先导入清册、楼栋清单。")
    assert "没有可办结的户" in found[3].text
    assert "“环节”填写的“收房”不在可选范围内" in found[4].text
    assert "“结论”未填写" in found[4].text
    assert "“楼栋”项目里没有77号楼" in found[4].text
    content = laid("steps", {"buildings": "1"}, {"buildings": "2号楼"})
    steps = GateStep.objects.filter(project=estate.project)
    assert {(step.document.number, step.building.number) for step in steps} == {("×规自〔2021〕7号", n) for n in "12"}
    before = ledger()
    again = verdicts(taken(estate, "steps", content, who="department"))
    assert again == [(2, "unchanged"), (3, "unchanged")]
    assert ledger() == before
    other = laid("steps", {"buildings": "1", "organ": "别的机关"})
    [told_so] = taken(estate, "steps", other, who="department")
    assert (told_so.verdict, "与台账不同" in told_so.text) == ("refused", True)
    assert ledger() == before


def test_blockers_are_raised_once_and_bad_rows_refused_by_number(estate: Estate) -> None:
    content = laid(
        "blockers",
        {"uses": "住宅、商业", "fault": "有夹层"},
        {"type": "Z99"},
        {"buildings": "9号楼"},
        {"found_on": None, "uses": "飞机库"},
        {"uses": "商业、住宅", "fault": "有夹层"},
    )
    found = taken(estate, "blockers", content)

    assert verdicts(found) == [(2, "added"), (3, "refused"), (4, "refused"), (5, "refused"), (6, "unchanged")]
    assert found[4].text == "与第2行是同一个堵点，不重复登记"
    blocker = Blocker.objects.get()
    assert found[0].text == f"登记{blocker.number}，涉及15户，过错1户"
    assert (blocker.units_caught, blocker.units_at_fault) == (15, 1)
    assert "“发现日期”未填写" in found[3].text
    assert "“飞机库”不在可选范围内" in found[3].text
    assert verdicts(taken(estate, "blockers", content))[0] == (2, "unchanged")
    assert Blocker.objects.count() == 1


def test_letters_are_drafted_with_their_promises_and_sign_nothing(estate: Estate) -> None:
    lay_blocker(estate, "P03")
    content = laid("letters", {}, {"end_state": "报送月报", "due_on": date(2023, 1, 31)})
    found = taken(estate, "letters", content)

    letter = Instrument.objects.get()
    assert verdicts(found) == [(2, "added"), (3, "added")]
    assert found[0].text == f"起草{letter.code}，1条、2项承诺，待签署"
    assert (letter.state, letter.issuer) == ("draft", estate.cast.township.organisation)
    assert [obligation.end_state for obligation in letter.letter.obligations.order_by("ordinal")] == [
        "缴清出让金",
        "报送月报",
    ]
    before = ledger()
    assert verdicts(taken(estate, "letters", content)) == [(2, "unchanged"), (3, "unchanged")]
    assert ledger() == before


def test_a_letter_that_may_not_be_is_refused_row_by_row_and_nothing_of_it_is_written(estate: Estate) -> None:
    lay_blocker(estate, "P03")
    nothing = BlockerType.objects.filter(lift=LiftKind.NOTHING).order_by("code").first()
    assert nothing is not None
    lifted_by_none = lay_blocker(estate, nothing.code)
    own = {"verifier": ROWS["letters"]["issuer"]}
    conditional = BlockerType.objects.filter(lift=LiftKind.CONDITIONAL).order_by("code").first()
    assert conditional is not None
    asked = lay_blocker(estate, conditional.code, on=TODAY)
    content = laid(
        "letters",
        {"letter": "一", **own},
        {"letter": "二", "blockers": lifted_by_none.number},
        {"letter": "三", "blockers": "X99-0001", "recipient": "无此单位"},
        {"letter": "四"},
        {"letter": "四", "fault": "另一个成因"},
        {"letter": "五", "verifier": None, "due_on": None, "proof": ""},
        {"letter": "六", "ends": date(2029, 1, 1)},
        {"letter": "七", "blockers": asked.number, "condition": None},
        {"letter": "八"},
        {"letter": "八", "due_on": "明年"},
    )
    found = {one.row: (one.verdict, one.text) for one in taken(estate, "letters", content)}

    assert {row for row, (verdict, _) in found.items() if verdict == "refused"} == {2, 3, 4, 5, 6, 7, 9, 10, 11}
    assert "核验单位不得为承诺单位" in found[2][1]
    assert "不能凭政府承诺函解除" in found[3][1]
    assert f"{asked.number}只能附条件承诺" in found[9][1]
    assert "“堵点编号”本项目没有堵点X99-0001。请核对编号。" in found[4][1]
    assert "“主送单位”“无此单位”这个单位没有。请按单位全称或编码填写。" in found[4][1]
    assert found[5][1] == "第 5 行“承诺函”与第 6 行是同一份函，“问题和成因”却不一样，都不写入。请核对后改正。"
    assert found[6][1].startswith("第 6 行“承诺函”与第 5 行是同一份函，“问题和成因”却不一样")
    assert all(f"“{header}”未填写" in found[7][1] for header in ("核验单位", "期限", "凭证"))
    assert found[10][1] == "第 10 行：第 11 行有错，同一份函的行都没有写入。请一并更正后重新上传。"
    assert list(Instrument.objects.values_list("title", flat=True)) == ["六"]


@pytest.mark.parametrize("kind", ["buildings", "steps", "blockers", "letters"])
def test_what_is_known_is_written_out_and_changes_nothing_when_taken_back(estate: Estate, kind: str) -> None:
    taken(estate, "buildings", laid("buildings", {"number": "1", "police_no": "12", "occupied_on": date(2010, 5, 1)}))
    taken(
        estate, "steps", laid("steps", {"buildings": "1", "part": "住宅"}, {"gate": "用地规划许可"}), who="department"
    )
    taken(estate, "blockers", laid("blockers", {"buildings": "2", "uses": "住宅"}, {"type": "F01", "fault": "有夹层"}))
    letter = {"blockers": lay_blocker(estate, "P03").number}
    taken(estate, "letters", laid("letters", letter, {**letter, "end_state": "报送月报", "due_on": date(2023, 1, 31)}))
    of = LISTS[kind]
    assert of.known is not None
    content = write_template(of.columns, title="清单", rows=of.known(estate.project))
    before = ledger()

    found = taken(estate, kind, content, who="department" if kind == "steps" else "district")

    assert found
    assert {one.verdict for one in found} == {"unchanged"}
    assert ledger() == before


def test_one_cell_changed_in_what_was_written_out_changes_exactly_that(estate: Estate) -> None:
    rows = LISTS["buildings"].known(estate.project)  # type: ignore[misc]
    rows[1]["survey_no"] = "0002"
    found = taken(estate, "buildings", write_template(LISTS["buildings"].columns, title="清单", rows=rows))

    assert [(one.verdict, one.text) for one in found] == [
        ("unchanged", "台账已有，不重复登记"),
        ("changed", "幢号由“空”改为“0002”"),
    ]
    second = Building.objects.get(project=estate.project, number="2")
    assert second.survey_no == "0002"


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_a_file_of_another_project_or_that_is_none_is_refused_whole_and_on_record(estate: Estate, kind: str) -> None:
    who = "department" if kind == "steps" else "district"
    foreign = sent(estate, kind, laid(kind, {}, {}, project="HD-9001"), who)
    assert (foreign.state, foreign.file_error) == ("refused", "FOREIGN_PROJECT")
    assert foreign.message == "整份清单都是另一个项目（HD-9001）的，没有导入。请到该项目下导入。"
    broken = sent(estate, kind, b"PK\x03\x04 nothing", who)
    assert (broken.state, broken.file_error) == ("refused", "CORRUPT")
    assert last_act().event == "import.refused"


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_a_template_has_the_headers_and_its_example_is_in_the_guide(estate: Estate, kind: str) -> None:
    page = sign_in(estate.cast.district).get(reverse("intake:work_template", args=["CY-9001", kind]))
    if page.status_code == 403:
        assert not estate.cast.district.actor.can(LISTS[kind].sent_by)
        return
    path = Path("template.xlsx")
    assert path.suffix in page["Content-Disposition"]
    content = b"".join(page.streaming_content) if page.streaming else page.content
    workbook = openpyxl.load_workbook(BytesIO(content))
    assert tuple(cell.value for cell in workbook.worksheets[0][1]) == LISTS[kind].columns.headers
    assert "CY-9001" in {cell.value for row in workbook["填写说明"].iter_rows() for cell in row}


def test_the_road_of_a_list_by_pages(estate: Estate) -> None:
    client = sign_in(estate.cast.district)
    address = reverse("intake:work_list", args=["CY-9001", "blockers"])
    kinds = client.get(reverse("intake:work_lists", args=["CY-9001"])).content.decode()
    assert "堵点清单" in kinds
    assert kinds.count("导出已有") == 4
    assert "下载空白模板" in client.get(address).content.decode()
    before = ledger()
    upload = SimpleUploadedFile("堵点.xlsx", laid("blockers", {}, {"type": "Z99"}))
    page = client.post(address, {"file": upload}, follow=True)
    shown = page.content.decode()
    assert "没有“Z99”这个堵点类型" in shown
    assert "下载标注副本" in shown
    assert ledger() == before
    session = ImportSession.objects.get()
    accept = reverse("intake:accept", args=[session.id])
    assert sign_in(estate.cast.city).post(accept).status_code == 403
    assert client.post(accept, {"choice": "all"}).status_code == 422
    assert Blocker.objects.count() == 0

    done = client.post(accept, {"choice": "rows"}, follow=True).content.decode()
    assert "已写入台账：新增1行，变更0行，退回1行" in done
    assert Blocker.objects.get().type.code == "P03"
    assert client.post(accept, {"choice": "rows"}).status_code == 422
    assert Blocker.objects.count() == 1
    assert client.get(reverse("intake:work_list", args=["CY-9001", "nothing"])).status_code == 404
    assert client.get(reverse("intake:work_list", args=["CY-9001", "units"])).status_code == 404


def test_a_township_may_not_record_steps_by_a_list(estate: Estate) -> None:
    client = sign_in(estate.cast.township)
    assert client.get(reverse("intake:work_list", args=["CY-9001", "steps"])).status_code == 403
    with pytest.raises(DomainError):
        taken(estate, "steps", laid("steps", {}), who="township")
    assert GateStep.objects.count() == 0


def test_the_command_tells_each_row_and_a_dry_run_writes_nothing(
    estate: Estate, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "堵点.xlsx"
    path.write_bytes(laid("blockers", {"buildings": "1、2"}, {"type": "Z99"}))
    before = ledger()

    def run(*more: str) -> tuple[int, dict[str, Any]]:
        capsys.readouterr()
        try:
            call_command(
                "import_list", "blockers", str(path), "--project", "CY-9001", "--as", "district", "--json", *more
            )
            code = 0
        except SystemExit as stop:
            code = int(stop.code or 0)
        return code, json.loads(capsys.readouterr().out)

    code, facts = run("--dry-run")
    assert (code, facts["rows_present"], facts["added"], facts["refused"]) == (1, 2, 1, 1)
    assert ledger() == before
    code, facts = run()
    assert (facts["added"], Blocker.objects.count()) == (1, 1)
    code, facts = run()
    assert (facts["added"], facts["unchanged"]) == (0, 1)
    code, facts = run("--template")
    assert (code, facts["message"]) == (0, "已写出模板堵点.xlsx")
    assert (
        tuple(cell.value for cell in openpyxl.load_workbook(path).worksheets[0][1]) == LISTS["blockers"].columns.headers
    )
