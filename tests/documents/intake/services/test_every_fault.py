"""All that is wrong with a row is told at once, each fault at its column; rows that contradict are refused both."""

import io
from collections.abc import Callable
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from openpyxl.comments import Comment

from documents.intake.reading.list_shape import ListShape
from documents.intake.reading.reader import read_in_place
from documents.intake.reading.results import ReadResult
from documents.intake.selectors.sessions import WARNED, preview_page
from documents.intake.services.list_sessions import from_reading
from documents.intake.services.staging import stage_import
from documents.render.template_xlsx import write_template
from registry.kernel.identifiers import synthetic_identity
from registry.lists.kinds import LISTS, ListKind
from registry.lists.rows import REFUSED, ListInput, ListRow
from tests.documents.intake.reading.files import home, workbook
from tests.documents.intake.services.known import SAID, known_of, placed, player, read
from tests.factories.projects import TODAY, Estate, on_day

OTHER: dict[str, dict[str, str]] = {
    "projects": {"officer": "丁某"}, "buildings": {"police_no": "99"}, "steps": {"issued_on": "2021-03-09"},
    "blockers": {"cause": "另一成因"}, "letters": {"due_on": "2024-06-30"},
}  # fmt: skip


def told(estate: Estate, kind: ListKind, result: ReadResult) -> dict[int, list[tuple[str, str]]]:
    """The faults of each row beside the ledger: column and message, as a session keeps them."""
    project = estate.project if kind.of_project else None
    unread = [ListRow(row, texts) for row, texts in result.texts.items()]
    with on_day(TODAY):
        taken = ListInput(player(estate, kind.name).actor, project, result.rows, refused=unread)
        beside = kind.carry_out(taken, is_trial=True)
        judged = [*from_reading(result, kind.check(project), taken.report["further"]), *beside]
    return {
        outcome.rows[0]: [(fault.header, fault.message) for fault in outcome.faults]
        for outcome in judged
        if outcome.verdict == REFUSED
    }


@pytest.mark.parametrize("name", OTHER)
def test_rows_that_contradict_are_both_refused_and_name_each_other(
    name: str,
    full: Callable[[str], Estate],
    tmp_path: Path,
) -> None:
    kind, estate = LISTS[name], full(name)
    row = known_of(estate, kind)[0]
    if name == "blockers":
        row = {**row, "number": ""}
    result = read(tmp_path, kind, [row, {**row, **OTHER[name]}], kind.columns.names)
    refused = told(estate, kind, result)
    [changed] = OTHER[name]
    header = kind.columns.by_name(changed).header
    assert set(refused) == {2, 3}
    assert "与第 3 行" in refused[2][0][1]
    assert "与第 2 行" in refused[3][0][1]
    assert all(f"“{header}”" in faults[0][1] for faults in refused.values())


@pytest.mark.parametrize("name", [name for name in OTHER if name not in ("steps", "letters")])
def test_row_said_twice_counts_once(name: str, full: Callable[[str], Estate], tmp_path: Path) -> None:
    kind, estate = LISTS[name], full(name)
    row = known_of(estate, kind)[0]
    refused = told(estate, kind, read(tmp_path, kind, [row, row], kind.columns.names))
    assert [(at, faults[0][1].endswith("请只留一行。")) for at, faults in refused.items()] == [(3, True)]


def test_row_that_could_not_be_read_contradicts_too(full: Callable[[str], Estate], tmp_path: Path) -> None:
    kind, estate = LISTS["buildings"], full("buildings")
    rows = [{**SAID["buildings"], "project": "CY-9001", "number": "7"}] * 2
    rows[1] = {**rows[1], "occupied_on": "春天", "police_no": "98"}
    refused = told(estate, kind, read(tmp_path, kind, rows, kind.columns.names))
    assert "“公安楼号”却不一样" in refused[2][0][1]


@pytest.mark.parametrize(
    ("name", "cells", "columns"),
    [
        ("buildings", {"number": "4", "occupied_on": "春天", "survey_no": "0001"}, {"入住日期", "幢号"}),
        ("blockers", {"type": "P03", "found_on": "2022年13月1日", "buildings": "77"}, {"发现日期", "涉及楼栋"}),
        ("blockers", {"type": "P03", "found_on": "2099-01-01", "fault": "不详"}, {"过错特征", "发现日期"}),
        ("projects", {"code": "CY-9002", "name": "乙小区", "sold_on": "2099-01-01", "taken_in_on": "昨天"}, {"纳入日期", "销售日期"}),
        ("steps", {"gate": "供地", "status": "已过", "document_no": "甲1号", "organ": "规自分局", "issued_on": "某日", "buildings": "78"},
         {"发文日期", "楼栋"}),
    ],
)  # fmt: skip
def test_faults_of_form_of_reference_and_of_the_ledger_come_together(
    name: str,
    cells: dict[str, str],
    columns: set[str],
    full: Callable[[str], Estate],
    tmp_path: Path,
) -> None:
    kind, estate = LISTS[name], full("buildings")
    base = {"project": "CY-9001"}
    if name == "projects":
        base = {key: value for key, value in known_of(estate, kind)[0].items() if key not in ("officer", "location")}
    refused = told(estate, kind, read(tmp_path, kind, [{**base, **cells}], kind.columns.names))
    assert {header for header, _ in refused[2]} >= columns, refused
    assert len({header for header, _ in refused[2]}) == len(refused[2]), "no column is told twice"


def staged_units(estate: Estate, folder: Path, *rows: dict[str, Any]) -> Any:
    path = folder / "清册.xlsx"
    path.write_bytes(workbook([{**row, "project": estate.project.code} for row in rows]))
    result = read_in_place(path, estate.project.code)
    with on_day(TODAY):
        return stage_import(
            actor=estate.cast.district.actor, project=estate.project, file_name="清册.xlsx", file_sha256="0" * 64,
            result=result,
        )  # fmt: skip


def test_home_is_told_every_fault_beside_the_ledger(estate: Estate, tmp_path: Path) -> None:
    placed(estate, tmp_path, *({**home(n), "project": estate.project.code} for n in (1, 2)))
    elsewhere = {"unit_code": "440305012038GB00005F00090001"}
    bad = {"area": "约九十", "certificate_no": "京（2022）朝不动产权第0012345号", "issued_on": "2022-12-31"}
    second = {**elsewhere, **bad, "area": 76.5, "holder": "王*五"}
    rows = [home(1, **elsewhere | bad), home(2, **second), home(8, building="88", **bad)]
    session = staged_units(estate, tmp_path, *rows)
    columns = {row.row: {error["column"] for error in row.errors} for row in session.staged_rows.all()}
    assert columns[2] == {"建筑面积", "产权证号", "发证日期", "不动产单元号"}
    assert columns[3] == {"产权证号", "不动产单元号", "权利人姓名"}
    assert columns[4] == {"建筑面积", "产权证号", "楼栋(幢号)"}


def test_several_faults_beside_the_ledger_of_one_sound_row(estate: Estate, tmp_path: Path) -> None:
    placed(estate, tmp_path, {**home(1), "project": estate.project.code})
    session = staged_units(
        estate, tmp_path, home(1, unit_code="440305012038GB00005F00090001", holder="王*五", identity="", phone="")
    )
    [row] = session.staged_rows.all()
    assert [(error["column"], error["code"]) for error in row.errors] == [
        ("不动产单元号", "UNITCODE_ELSEWHERE"), ("权利人姓名", "NAME_MASKED"),
    ]  # fmt: skip


# Comments of cells


def test_comments_of_cells_are_shown_and_ours_are_not(estate: Estate, tmp_path: Path) -> None:
    def comment(sheet: Any) -> None:
        sheet["I2"].comment = Comment(f"本人证件{synthetic_identity(9)}，已去世", "经办人")
        sheet["E3"].comment = Comment("第 3 行“户号”…", "检查")
        sheet["A1"].comment = Comment("表头的批注", "经办人")

    path = tmp_path / "清册.xlsx"
    path.write_bytes(workbook([home(1, project="CY-9001"), home(2, project="CY-9001")], edit=comment))
    result = read_in_place(path, "CY-9001")
    assert result.row_warnings[2] == ["COMMENTED"]
    with on_day(TODAY):
        session = stage_import(
            actor=estate.cast.district.actor, project=estate.project, file_name="清册.xlsx", file_sha256="0" * 64,
            result=result,
        )  # fmt: skip
    [row] = preview_page(session, WARNED).rows
    assert row.comments.startswith("权利人姓名：本人证件110*")
    assert synthetic_identity(9) not in row.comments


def test_comments_of_another_list_are_shown(estate: Estate, tmp_path: Path) -> None:
    kind = LISTS["buildings"]
    book = openpyxl.load_workbook(io.BytesIO(write_template(kind.columns, title="楼栋", rows=[kind.example])))
    book.worksheets[0]["B2"].comment = Comment("原3号楼", "")
    path = tmp_path / "楼栋.xlsx"
    book.save(path)
    result = read_in_place(path, "CY-0001", shape=ListShape.of(kind))
    assert result.rows[0].shown["批注"] == "楼号：原3号楼"
