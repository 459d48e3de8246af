"""What goes out comes back: an export read in again changes nothing, one changed cell changes exactly that."""

import io
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from documents.intake.models import EXPORT_NO
from documents.intake.reading.list_shape import UNITS
from documents.intake.reading.reader import read_in_place
from documents.intake.reading.results import ReadResult
from documents.intake.selectors.sessions import own_export
from documents.intake.selectors.unit_list import unit_list
from documents.intake.services.staging import placed_units, stage_import
from documents.render.template_xlsx import write_template
from documents.render.xlsx import Sheet, write_workbook
from projects.ledger.selectors.unit_details import detail_rows, detail_words
from projects.ledger.unit_details import detail_columns
from projects.progress.services.compare import Placement, compare_units
from registry.kernel.columns import Column
from registry.kernel.identifiers import synthetic_identity, synthetic_phone
from registry.lists.exports import EXPORTS
from registry.lists.kinds import LISTS
from registry.lists.rows import CHANGED, REFUSED, UNCHANGED
from tests.documents.intake.reading.files import home
from tests.documents.intake.services.known import known_of, outcomes, placed, read
from tests.factories.projects import TODAY, Estate, on_day

STAMP = "区专班 乙区 2022-03-08 10:00 导出，编号DC915017082324866927"
NOTE = "姓名已脱敏。请妥善保管，不得外传。"
CHANGED_CELLS: dict[str, dict[str, str]] = {
    "projects": {"name": "演示花园", "housing_type": "商品房", "sold_on": "2018-02-02", "location": "某路2号", "officer": "丙某"},
    "buildings": {"name": "甲座", "construction_no": "B-11", "police_no": "13", "survey_no": "0011", "occupied_on": "2010-06-01"},
    "blockers": {"title": "道路未通", "cause": "规划调整", "buildings": "全部", "uses": "全部", "fault": "有夹层、擅改用途"},
    "letters": {"end_state": "缴清全部出让金", "due_on": "2023-12-31", "proof": "票据", "responsible": "丙某", "measure": "按季缴"},
}  # fmt: skip


@pytest.mark.parametrize("name", CHANGED_CELLS)
def test_one_changed_cell_changes_exactly_that(name: str, full: Callable[[str], Estate], tmp_path: Path) -> None:
    kind, estate = LISTS[name], full(name)
    rows = known_of(estate, kind)
    assert [each.verdict for each in outcomes(estate, kind, read(tmp_path, kind, rows, kind.columns.names))] == [
        UNCHANGED
    ] * len(rows)
    for column, text in CHANGED_CELLS[name].items():
        said = [{**rows[0], column: text}, *rows[1:]]
        first, *others = outcomes(estate, kind, read(tmp_path, kind, said, kind.columns.names), is_trial=False)
        assert (first.verdict, len(first.changes)) == (CHANGED, 1), first
        assert {each.verdict for each in others} <= {UNCHANGED}
        now = known_of(estate, kind)
        differing = {(n, key) for n, row in enumerate(now) for key in row if row[key] != rows[n][key]}
        assert differing == {(0, column)}
        rows = now


def test_every_list_that_is_written_out_makes_the_round() -> None:
    """Homes go by their own sheets below; a step is a document's, which is refused to change."""
    assert {name for name, kind in LISTS.items() if kind.is_written_out} == {*CHANGED_CELLS, "steps"}


def test_step_of_a_document_is_refused_to_change(full: Callable[[str], Estate], tmp_path: Path) -> None:
    kind, estate = LISTS["steps"], full("steps")
    rows = known_of(estate, kind)
    for column, text in {"title": "另一批复", "organ": "住建委", "issued_on": "2021-03-03"}.items():
        [refused] = outcomes(estate, kind, read(tmp_path, kind, [{**rows[0], column: text}], kind.columns.names))
        assert refused.verdict == REFUSED, column
        assert "与台账不同" in refused.said or "不同" in refused.said


# Homes: our four ways of writing them out


@pytest.fixture
def peopled(estate: Estate, tmp_path: Path) -> Estate:
    """Homes of one owner, of two with shares, of a passport, of owners without numbers, of nobody; one with a title."""
    rows: list[dict[str, Any]] = [
        home(1),
        home(2, holder="张三（1/2）、李四（1/2）", identity=f"{synthetic_identity(2)}、{synthetic_identity(3)}",
             phone=f"{synthetic_phone(2)}、{synthetic_phone(3)}"),
        home(3, holder="JOHN SMITH", identity_kind="护照", identity="E12345678", phone=""),
        home(4, holder="王五、赵六", identity="", phone=""),
        home(5, holder="钱七、孙八", identity=f"{synthetic_identity(7)}、无", identity_kind="", phone=f"无、{synthetic_phone(8)}"),
        home(6, holder="", identity="", phone="", identity_kind="", remark="未售"),
        home(7, certificate_no="朝全字第1号", issued_on="2005-06-30"),
    ]  # fmt: skip
    placed(estate, tmp_path, *({**row, "project": estate.project.code} for row in rows))
    return estate


def unit_sheet(estate: Estate) -> bytes:
    rows = unit_list(estate.cast.district.actor, estate.project)
    return write_template(LISTS[UNITS].columns, title="清册", sheet_name="清册", rows=rows)


def exported(title: str, columns: Sequence[Column], rows: Iterable[Any]) -> bytes:
    return write_workbook([
        Sheet(title, columns, rows, heading=(("全部；共7行", STAMP),), notes=(NOTE,), totals={}, filters=True, watermark=STAMP)
    ])  # fmt: skip


def page_sheet(estate: Estate) -> bytes:
    spec = EXPORTS["units"]
    rows = list(spec.rows(estate.cast.district.actor, {"project": estate.project.code}, TODAY))
    return exported(spec.title, spec.columns, rows)


def detail_sheet(estate: Estate, *, with_people: bool) -> bytes:
    columns, words = detail_columns(with_people=with_people), detail_words()
    names = [column.name for column in columns]
    rows = [
        {name: words.get(name, {}).get(str(value), value) for name, value in zip(names, row, strict=True)}
        for row in detail_rows(estate.cast.district.actor, {"project": estate.project.code}, with_people=with_people)
    ]
    return exported("房屋明细", columns, rows)


SHEETS: dict[str, Callable[[Estate], bytes]] = {
    "清册": unit_sheet,
    "户清单（掩码）": page_sheet,
    "房屋明细（掩码）": lambda estate: detail_sheet(estate, with_people=False),
    "房屋明细": lambda estate: detail_sheet(estate, with_people=True),
}


def read_back(folder: Path, content: bytes, estate: Estate) -> ReadResult:
    path = folder / "导出.xlsx"
    path.write_bytes(content)
    result = read_in_place(path, estate.project.code)
    assert [error.message for error in result.errors] == []
    return result


def beside(estate: Estate, result: ReadResult) -> Placement:
    return compare_units(project=estate.project, rows=list(placed_units(result.rows).values()), today=TODAY)


@pytest.mark.parametrize("name", SHEETS)
def test_homes_written_out_change_nothing(name: str, peopled: Estate, tmp_path: Path) -> None:
    result = read_back(tmp_path, SHEETS[name](peopled), peopled)
    back = beside(peopled, result)
    assert ([(row.row, why) for row, _, why in back.refused], back.added, back.changed) == ([], [], [])
    assert len(back.unchanged) >= 19
    assert bool(result.export_no) == (name != "清册")


@pytest.mark.parametrize(("name", "header", "value", "changed"), [
    ("户清单（掩码）", "建筑面积（m²）", 99.5, {"area"}),
    ("户清单（掩码）", "备注", "有夹层", {"remark", "features"}),
    ("户清单（掩码）", "权利人", "周九", {"holders"}),
    ("户清单（掩码）", "合同、协议号", "AZ-9999", {"agreement_no"}),
    ("户清单（掩码）", "办证", "已发证", set()),
    ("房屋明细", "联系电话", "19900000777", {"phone"}),
    ("房屋明细", "证件号码", synthetic_identity(77), {"holders"}),
    ("房屋明细（掩码）", "契税", "已完税", set()),
])  # fmt: skip
def test_one_changed_cell_of_a_sheet_of_homes(
    name: str, header: str, value: Any, changed: set[str], peopled: Estate, tmp_path: Path
) -> None:
    book = openpyxl.load_workbook(io.BytesIO(SHEETS[name](peopled)))
    sheet = book.worksheets[0]
    heads = next(row for row in sheet.iter_rows(max_row=6) if "楼层" in [cell.value for cell in row])
    at = next(cell.column for cell in heads if cell.value == header)
    places = {"楼栋": "9号楼", "户号": "101"}
    columns = {cell.value: cell.column for cell in heads}
    row = next(
        n for n in range(heads[0].row + 1, sheet.max_row + 1)
        if all(sheet.cell(n, columns[what]).value == text for what, text in places.items())
    )  # fmt: skip
    sheet.cell(row, at).value = value
    out = io.BytesIO()
    book.save(out)
    path = tmp_path / "改.xlsx"
    path.write_bytes(out.getvalue())
    result = read_in_place(path, peopled.project.code)
    assert result.errors == []
    back = beside(peopled, result)
    assert (back.refused, back.added) == ([], [])
    assert [set(changes) for _, _, changes in back.changed] == ([changed] if changed else [])


def test_preview_of_our_own_export_says_what_it_may_change(peopled: Estate, tmp_path: Path) -> None:
    result = read_back(tmp_path, page_sheet(peopled), peopled)
    with on_day(TODAY):
        session = stage_import(
            actor=peopled.cast.district.actor, project=peopled.project, file_name="户清单.xlsx", file_sha256="0" * 64,
            result=result,
        )  # fmt: skip
    assert session.params[EXPORT_NO] == "DC915017082324866927"
    assert own_export(session)["may"] == "不动产单元号、规划用途、建筑面积、购房合同号/安置协议号、备注"
    assert (session.changed, session.added, session.refused) == (0, 0, 0)
