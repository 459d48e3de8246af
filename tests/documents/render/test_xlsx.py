"""Workbooks, read back by two libraries."""

import io
import re
import zipfile
from collections.abc import Iterator
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import openpyxl
import pytest
import python_calamine

from documents.render.xlsx import Sheet, write_workbook
from registry.kernel.columns import Column, Kind
from registry.kernel.errors import DomainError
from registry.kernel.masking import Masked

COLUMNS = (
    Column("code", "项目编号", kind="code"),
    Column("name", "项目名称"),
    Column("homes", "应办", kind="int", total=True),
    Column("area", "建筑面积", kind="area", total=True),
    Column("rate", "发证率", kind="rate"),
    Column("registered_on", "首登日期", kind="date"),
)
ROWS = (
    {
        "code": "P03",
        "name": "演示家园三期",
        "homes": 7899,
        "area": Decimal("705790.80"),
        "rate": Decimal("5.22"),
        "registered_on": date(2021, 7, 26),
    },
    {"code": "0012", "name": "53号楼", "homes": 104, "area": Decimal("9800.05"), "rate": None, "registered_on": None},
)
PAYLOADS = [
    "=1+1", "+1", "-1", "@x", "\t=1", "\r=1", "=HYPERLINK(\"http://x\")", "=cmd|' /C calc'!A0", "＝1+1", "＠SUM(A1)",
    "+86 199", "-", "=", "@", "'=1", " =1", "\n=1", "{=1}", "=DDE(\"a\")", "-2+3+cmd|' /C calc'!A0",
]  # fmt: skip


def ledger(**changes: Any) -> Sheet:
    return Sheet(**({"title": "项目台账", "columns": COLUMNS, "rows": ROWS} | changes))


def opened(*sheets: Sheet) -> openpyxl.Workbook:
    return openpyxl.load_workbook(io.BytesIO(write_workbook(sheets)))


def first(*sheets: Sheet) -> Any:
    return opened(*sheets).worksheets[0]


def one_cell(value: object, kind: Kind = "text") -> Any:
    return first(Sheet("表", [Column("x", "列", kind=kind)], [{"x": value}])).cell(3, 1)


# ── what a cell holds ────────────────────────────────────────────────────────


@pytest.mark.parametrize("payload", PAYLOADS)
def test_no_text_becomes_a_formula_anywhere(payload: str) -> None:
    columns = [Column("x", payload), Column("n", "数", kind="int", total=True)]
    content = write_workbook(
        [
            Sheet(
                payload,
                columns,
                [{"x": payload, "n": payload and 1}],
                heading=[payload, (payload, payload)],
                totals={"x": payload},
                notes=[payload],
                bands=[(payload, 2)],
                name=payload,
            )
        ]
    )
    sheet = openpyxl.load_workbook(io.BytesIO(content)).worksheets[0]
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        raw = archive.read("xl/worksheets/sheet1.xml")

    assert {cell.data_type for row in sheet.iter_rows() for cell in row if cell.value is not None} <= {"s", "n"}
    assert re.search(rb"<f[ >/]", raw) is None
    assert sheet.cell(6, 1).value == payload


@pytest.mark.parametrize("payload", ["=1+1", "+1", "-1", "@x", "\t=1"])
def test_text_that_looks_like_a_formula_stays_text_when_edited(payload: str) -> None:
    assert one_cell(payload).quotePrefix is True
    assert one_cell("十八里乡").quotePrefix is False


@pytest.mark.parametrize(
    ("kind", "value", "stored", "data_type", "shown_as"),
    [
        ("int", 7899, 7899, "n", "#,##0"),
        ("int", -3, -3, "n", "#,##0"),
        ("area", Decimal("89.50"), 89.5, "n", "#,##0.00"),
        ("money", Decimal("-12.30"), -12.3, "n", "#,##0.00"),
        ("rate", Decimal("5.22"), 0.0522, "n", "0.00%"),
        ("rate", None, "—", "s", "0.00%"),
        ("date", date(2022, 3, 8), datetime(2022, 3, 8), "d", "yyyy-mm-dd"),
        ("date", date(1899, 1, 1), "1899-01-01", "s", "yyyy-mm-dd"),
        ("date", datetime(2022, 3, 8, 8, 20, tzinfo=UTC), datetime(2022, 3, 8, 16, 20), "d", "yyyy-mm-dd hh:mm"),
        ("code", "110105012038GB00005F00120304", "110105012038GB00005F00120304", "s", "@"),
        ("code", "0012", "0012", "s", "@"),
        ("code", 12, "12", "s", "@"),
        ("text", "2-1", "2-1", "s", "@"),
        ("text", True, "是", "s", "@"),
        ("int", "按核定", "按核定", "s", "#,##0"),
        ("int", 10**16, "10,000,000,000,000,000", "s", "#,##0"),
        ("text", None, None, "n", "@"),
    ],
)
def test_cell_is_what_its_column_says(kind: Kind, value: object, stored: object, data_type: str, shown_as: str) -> None:
    cell = one_cell(value, kind)

    assert (cell.value, cell.data_type, cell.number_format) == (stored, data_type, shown_as)


@pytest.mark.parametrize(
    ("kind", "clear", "masked"),
    [
        ("person", "徐演忠", "徐*忠"),
        ("identity", "110105190101010018", "110***********0018"),
        ("phone", "19900001234", "199****1234"),
    ],
)
def test_personal_values_are_masked_in_the_file(kind: Kind, clear: str, masked: str) -> None:
    content = write_workbook([Sheet("表", [Column("x", "列", kind=kind)], [{"x": clear}])])
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        everything = b"".join(archive.read(name) for name in archive.namelist()).decode()

    assert one_cell(clear, kind).value == masked
    assert clear not in everything
    assert one_cell(Masked.name("徐演忠"), "text").value == "徐*忠"


def test_columns_opened_for_an_export_hold_clear_text() -> None:
    column = Column("x", "证件号码", kind="identity").in_clear()

    assert first(Sheet("表", [column], [{"x": "110105190101010018"}])).cell(3, 1).value == "110105190101010018"


@pytest.mark.parametrize(
    ("dirty", "clean"),
    [
        ("甲\x00乙\x0b丙\x1f", "甲乙丙"),
        ("甲\u202e乙\u2066", "甲乙"),
        ("甲\ud800乙", "甲乙"),
        ("第一行\r\n第二行", "第一行\n第二行"),
        ("字" * 40_000, "字" * 32_767),
    ],
    ids=["control", "direction", "surrogate", "line ends", "length"],
)
def test_text_is_cleaned_of_what_a_workbook_cannot_hold(dirty: str, clean: str) -> None:
    assert one_cell(dirty).value == clean


def test_text_that_looks_like_an_escape_is_escaped() -> None:
    """Excel reads _x0041_ as A; _x005F_ is the underscore itself."""
    assert one_cell("a_x0041_b").value in {"a_x005F_x0041_b", "a_x0041_b"}
    assert b"a_x005F_x0041_b" in zipfile.ZipFile(
        io.BytesIO(write_workbook([Sheet("表", [Column("x", "列")], [{"x": "a_x0041_b"}])]))
    ).read("xl/worksheets/sheet1.xml")


# ── the sheet ────────────────────────────────────────────────────────────────


def test_ledger_stands_title_heads_rows_totals_notes() -> None:
    sheet = first(
        ledger(
            heading=["填报单位：区专班", ("单位：套", "截至2022年2月28日")],
            totals={"rate": Decimal("5.16")},
            notes=["1. 发证率＝发证÷应办。"],
        )
    )
    values = [[cell.value for cell in row] for row in sheet.iter_rows()]

    assert values[0][0] == "项目台账"
    assert values[1][0] == "填报单位：区专班"
    assert "截至2022年2月28日" in values[2]
    assert values[3] == [column.header for column in COLUMNS]
    assert values[4][:4] == ["P03", "演示家园三期", 7899, 705790.8]
    assert values[6] == ["合计", None, 8003, 715590.85, 0.0516, None]
    assert values[8][0] == "1. 发证率＝发证÷应办。"
    assert "A1:F1" in {str(merged) for merged in sheet.merged_cells.ranges}


def test_sheet_without_sums_has_no_total_row() -> None:
    sheet = first(ledger(columns=COLUMNS[:2]))
    none_wanted = first(ledger(totals=None))

    assert [row[0].value for row in sheet.iter_rows()] == ["项目台账", "项目编号", "P03", "0012", None]
    assert "合计" not in [row[0].value for row in none_wanted.iter_rows()]


def test_empty_sheet_keeps_its_heads_and_sums_to_zero() -> None:
    values = [[cell.value for cell in row] for row in first(ledger(rows=[])).iter_rows()]

    assert values[1][0] == "项目编号"
    assert values[2][:4] == ["合计", None, 0, 0]


def test_head_stays_in_sight_and_repeats_on_paper() -> None:
    sheet = first(ledger(heading=["一", "二"], frozen=2, bands=[("", 2), ("规模", 2), ("", 2)]))

    assert sheet.freeze_panes == "C6"
    assert sheet.print_title_rows == "$4:$5"
    assert "C4:D4" in {str(merged) for merged in sheet.merged_cells.ranges}


@pytest.mark.parametrize(
    ("paper", "portrait", "size", "side"),
    [("A4", False, 9, "landscape"), ("A3", False, 8, "landscape"), ("A4", True, 9, "portrait")],
)
def test_sheet_is_laid_for_its_paper(paper: Any, portrait: bool, size: int, side: str) -> None:
    sheet = first(ledger(paper=paper, portrait=portrait))

    assert (int(sheet.page_setup.paperSize), sheet.page_setup.orientation) == (size, side)
    assert (sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight) == (1, 0)
    assert sheet.sheet_properties.pageSetUpPr.fitToPage is True
    assert sheet.oddFooter.center.text == "第&P页，共&N页"


def test_three_rules_heavy_thin_closing() -> None:
    sheet = first(ledger(totals=None))

    assert (sheet["A2"].border.top.style, sheet["A2"].border.bottom.style) == ("medium", "thin")
    assert sheet["A3"].border.bottom.color.rgb == "00DDE1E7"
    assert sheet["A5"].border.top.style == "medium"


def test_long_text_gets_the_height_of_its_lines() -> None:
    sheet = first(Sheet("表", [Column("x", "进展", width=20)], [{"x": "短"}, {"x": "税务部门已经进场核税" * 6}]))

    assert sheet.row_dimensions[3].height is None
    assert sheet.row_dimensions[4].height > 80


def test_sheet_names_are_what_excel_allows_and_each_once() -> None:
    titles = ["按主要问题[主要/全部]", "总表", "总表", "一" * 40, "[]", "A", "a"]
    names = opened(*(Sheet(title, COLUMNS[:2], []) for title in titles)).sheetnames

    assert names == ["按主要问题 主要 全部", "总表", "总表（2）", "一" * 31, "表", "A", "a（2）"]


def test_bands_must_cover_the_columns() -> None:
    with pytest.raises(ValueError, match="bands"):
        ledger(bands=[("规模", 2)])


def test_too_many_rows_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("documents.render.xlsx.MOST_ROWS", 3)

    with pytest.raises(DomainError, match="分开导出"):
        write_workbook([ledger()])


# ── the file ─────────────────────────────────────────────────────────────────


def test_same_sheets_give_the_same_bytes() -> None:
    assert write_workbook([ledger(), ledger(title="总表")]) == write_workbook([ledger(), ledger(title="总表")])


def test_sheet_names_differ_by_more_than_their_case() -> None:
    sheets = [Sheet(title, COLUMNS[:2], []) for title in ("b", "B", "b")]

    assert opened(*sheets).sheetnames == ["b", "B（2）", "b（3）"]


def test_file_bears_no_clock_and_no_name_of_a_user() -> None:
    content = write_workbook([ledger()])
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        moments = {entry.date_time for entry in archive.infolist()}
        core = archive.read("docProps/core.xml").decode()

    assert moments == {(1980, 1, 1, 0, 0, 0)}
    assert core.count("2000-01-01T00:00:00Z") == 2
    assert str(datetime.now().year) not in core


def test_rows_are_never_laid_in_a_temporary_file(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path / "absent"))

    assert len(write_workbook([ledger()])) > 4000


def test_rows_may_come_one_by_one() -> None:
    def rows() -> Iterator[dict[str, Any]]:
        for number in range(3000):
            yield {**ROWS[0], "code": f"P{number:04}"}

    sheet = first(ledger(rows=rows()))

    assert sheet.max_row == 3000 + 4
    assert sheet.cell(3003, 3).value == 3000 * 7899


def test_other_readers_see_the_same_values() -> None:
    rows = python_calamine.load_workbook(io.BytesIO(write_workbook([ledger()]))).get_sheet_by_index(0).to_python()

    assert rows[2][:3] == ["P03", "演示家园三期", 7899.0]
    assert rows[3][0] == "0012"
    assert rows[2][5] == date(2021, 7, 26)
