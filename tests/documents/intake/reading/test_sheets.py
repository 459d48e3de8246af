"""Workbooks read with an eye for what they hide: dimensions, merges, styles, headers on two rows, limits."""

import time
from datetime import datetime
from io import BytesIO
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from documents.intake.reading import sheet_xml, sheets, tables
from documents.intake.reading.codes import FileRefused
from documents.intake.reading.reader import Wanted
from documents.intake.reading.reader_process import read_in_process
from documents.intake.reading.sheets import read_workbook
from documents.intake.reading.tables import Table
from documents.intake.reading.unit_rows import UNIT_COLUMNS
from documents.render.template_xlsx import write_template
from projects.ledger.lists.buildings import BUILDING_COLUMNS
from tests.documents.intake.reading.files import (
    HEADERS,
    NAMES,
    PROJECT,
    changed_part,
    changed_sheet,
    home,
    homes,
    put,
    saved,
    shared,
    with_formula,
    workbook,
)


def read(content: bytes, folder: Path) -> Table:
    path = folder / "upload.xlsx"
    path.write_bytes(content)
    return read_workbook(path, UNIT_COLUMNS)


def test_shared_and_inline_texts_read_alike(tmp_path: Path) -> None:
    assert read(shared(workbook()), tmp_path).rows == read(workbook(), tmp_path).rows


def test_shared_texts_join_their_runs_and_leave_reading_aids_out(tmp_path: Path) -> None:
    runs = "<si><r><t>张</t></r><r><t>龑</t></r><rPh sb='0' eb='1'><t>zhang</t></rPh></si>"
    name = "<si><t>" + "".join(f"&#{ord(c)};" for c in str(home(1)["holder"])) + "</t></si>"
    content = changed_part(shared(workbook()), "xl/sharedStrings.xml", lambda xml: xml.replace(name, runs))

    assert read(content, tmp_path).rows[0].cells["holder"] == "张龑"


def test_false_dimension_hides_nothing(tmp_path: Path) -> None:
    content = changed_sheet(workbook(), '<dimension ref="[^"]*"', '<dimension ref="A1:A1"')

    assert len(read(content, tmp_path).rows) == 3


def test_cells_without_places_follow_one_another(tmp_path: Path) -> None:
    content = changed_sheet(workbook(homes(1, r2={"unit_code": "x"})), r'<(row|c) r="\w+"', r"<\1", count=0)

    assert read(content, tmp_path).rows[0].cells["room"] == "101"


def test_header_on_two_rows_is_read_as_one(tmp_path: Path) -> None:
    def edit(sheet: Any) -> None:
        sheet.insert_rows(1)
        for column in range(1, len(HEADERS) + 1):
            if not 9 <= column <= 12:
                sheet.cell(1, column).value = sheet.cell(2, column).value
                sheet.cell(2, column).value = None
                sheet.merge_cells(start_row=1, end_row=2, start_column=column, end_column=column)
        sheet.cell(1, 9).value = "权利人信息"
        sheet.merge_cells("I1:L1")

    table = read(workbook(edit=edit), tmp_path)

    assert (table.header.row, table.header.match.score, len(table.rows)) == (2, 16, 3)
    assert table.rows[0].number == 3


def test_merge_is_filled_inside_its_range_only(tmp_path: Path) -> None:
    def edit(sheet: Any) -> None:
        for row in (3, 4, 5):
            sheet.cell(row, 2).value = None
        sheet.merge_cells("B2:B4")

    table = read(workbook(homes(4), edit=edit), tmp_path)

    assert [line.cells.get("building") for line in table.rows] == ["9号楼", "9号楼", "9号楼", None]


def test_blank_is_never_filled_without_a_merge(tmp_path: Path) -> None:
    table = read(workbook(homes(3, r3={"building": None})), tmp_path)

    assert table.rows[1].cells["building"] is None
    assert table.warnings == {}


def test_formula_with_an_empty_text_as_result_is_a_blank(tmp_path: Path) -> None:
    table = read(with_formula("N3", "", "str"), tmp_path)

    assert table.rows[1].cells["remark"] is None


def test_dates_of_both_calendars_are_seen(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    book.epoch = openpyxl.utils.datetime.CALENDAR_MAC_1904
    book.active.append(list(HEADERS))
    book.active.append([home(1)[name] or None for name in NAMES])
    book.active["E2"] = datetime(2026, 2, 3)

    assert read(saved(book), tmp_path).rows[0].cells["room"] == datetime(2026, 2, 3)


def test_list_on_a_later_sheet_is_found(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    book.active.append(["封面"])
    sheet = book.create_sheet("分户")
    sheet.append(list(HEADERS))
    sheet.append([home(1)[name] or None for name in NAMES])

    table = read(saved(book), tmp_path)

    assert (table.sheet, len(table.rows), list(table.warnings)) == ("分户", 1, ["EXTRA_SHEETS"])


def test_rows_beyond_the_limit_refuse_the_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tables, "MOST_ROWS", 3)
    assert len(read(workbook(homes(3)), tmp_path).rows) == 3

    with pytest.raises(FileRefused, match="TOO_MANY_ROWS"):
        read(workbook(homes(4)), tmp_path)


def test_stray_cell_at_the_end_of_the_sheet_costs_nothing(tmp_path: Path) -> None:
    started = time.process_time()
    table = read(workbook(edit=put({"N1048576": "x", "XFD3": "y"})), tmp_path)

    assert (len(table.rows), list(table.warnings)) == (3, ["BLANK_ROWS_SKIPPED", "EXTRA_COLUMNS"])
    assert table.untitled_columns == ["GS列以右"]
    assert time.process_time() - started < 2


def test_reading_stops_after_500_blank_rows_and_no_sooner(tmp_path: Path) -> None:
    assert len(read(workbook([home(1), *[{}] * 500, home(2)]), tmp_path).rows) == 2
    with pytest.raises(FileRefused) as refusal:
        read(workbook([home(1), *[{}] * 501, home(2)]), tmp_path)

    assert (refusal.value.code, "第 504 行又有内容" in refusal.value.message) == ("TOO_MANY_ROWS", True)


@pytest.mark.parametrize(
    ("pattern", "replacement"),
    [
        (r'<row r="3"', '<row r="2000000"'),
        (r'<row r="3"', '<row r="x"'),
        (r'r="B3"', 'r="A3"'),
        (r'r="B3"', 'r="B9"'),
        (r'r="B3"', 'r="B"'),
        (r"</worksheet>", ""),
    ],
)
def test_sheet_that_contradicts_itself_is_corrupt(pattern: str, replacement: str, tmp_path: Path) -> None:
    with pytest.raises(FileRefused, match="CORRUPT"):
        read(changed_sheet(workbook(), pattern, replacement), tmp_path)


def test_sheet_outside_what_the_guard_searched_is_not_opened(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="not searched"):
        sheet_xml.open_part(None, "xl/media/sheet1.png")  # type: ignore[arg-type]


def test_unknown_number_format_is_no_reason_to_refuse(tmp_path: Path) -> None:
    content = changed_part(workbook(), "xl/styles.xml", lambda xml: xml.replace('numFmtId="0"', 'numFmtId="200"'))

    assert len(read(content, tmp_path).rows) == 3


def test_strict_format_is_refused_with_advice(tmp_path: Path) -> None:
    content = changed_part(
        workbook(), "xl/workbook.xml", lambda xml: xml.replace("schemas.openxmlformats.org", "purl.oclc.org/ooxml", 1)
    )
    with pytest.raises(FileRefused) as refusal:
        read(content, tmp_path)

    assert "Strict" in refusal.value.message


def test_numbered_but_empty_rows_are_blank(tmp_path: Path) -> None:
    rows = [{"n": n, **(home(n) if n < 3 else {})} for n in range(1, 40)]
    table = read(workbook(rows, headers=["序号", *HEADERS], names=["n", *NAMES]), tmp_path)

    assert [line.number for line in table.rows] == [2, 3]


def test_long_tail_of_formatted_rows_is_not_read_through(tmp_path: Path) -> None:
    tail = "".join(f'<row r="{n}"><c r="A{n}" s="0"/></row>' for n in range(5, 60_000))
    table = read(changed_sheet(workbook(), "</sheetData>", f"{tail}</sheetData>"), tmp_path)

    assert len(table.rows) == 3


def test_list_of_the_story_is_read_in_seconds(tmp_path: Path) -> None:
    path = tmp_path / "upload.xlsx"
    path.write_bytes(shared(workbook([home(n, unit_code="", floor=str(n % 30 + 1)) for n in range(1, 7900)])))
    started = time.process_time()

    result = read_in_process(str(path), Wanted(PROJECT)).rest

    assert (len(result.rows), result.errors) == (7899, [])
    assert time.process_time() - started < 10, "5 s on a quiet machine"


def test_our_templates_own_sheets_are_no_news_and_a_senders_are(tmp_path: Path) -> None:
    ours = write_template(BUILDING_COLUMNS, title="清单", rows=[{"project": "CY-0137", "number": "9"}])
    (tmp_path / "a.xlsx").write_bytes(ours)
    assert "EXTRA_SHEETS" not in read_workbook(tmp_path / "a.xlsx", BUILDING_COLUMNS).warnings
    book = openpyxl.load_workbook(BytesIO(ours))
    del book["填写说明"]
    book.create_sheet("填写说明").append(["请看这里", "另有12户"])
    book.save(tmp_path / "b.xlsx")
    assert "EXTRA_SHEETS" in read_workbook(tmp_path / "b.xlsx", BUILDING_COLUMNS).warnings


def over(*lines: list[str | None]) -> bytes:
    """A workbook whose header stands on several lines."""
    book = openpyxl.Workbook()
    for line in lines:
        book.active.append(line)
    book.active.append([home(1)[name] or None for name in NAMES])
    return saved(book)


def test_a_title_over_several_columns_is_none_of_them(tmp_path: Path) -> None:
    upper: list[str | None] = [None, None, None, None, None, None, None, "建筑面积", None, *[None] * 7]
    lower: list[str | None] = [*HEADERS]
    lower[7], lower[8] = "套内", "分摊"

    table = read(over(upper, lower), tmp_path)

    assert "area" not in table.mapping
    assert (table.header.row, table.titles[7], "EXTRA_COLUMNS" in table.warnings) == (2, "套内", True)


def test_a_header_on_three_lines_is_joined(tmp_path: Path) -> None:
    first: list[str | None] = [header if at < 8 else None for at, header in enumerate(HEADERS)]
    second: list[str | None] = [header if 8 <= at < 12 else None for at, header in enumerate(HEADERS)]
    third: list[str | None] = [header if at >= 12 else None for at, header in enumerate(HEADERS)]

    table = read(over(first, second, third), tmp_path)

    assert (table.header.row, table.header.match.score, len(table.rows)) == (3, 16, 1)


def test_a_fault_of_our_own_is_no_damaged_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What falls in our own code above the door to the format is told as ours; nonsense in the file is the file's."""
    path = tmp_path / "upload.xlsx"
    path.write_bytes(workbook([home(1)]))
    monkeypatch.setattr(sheets, "BLANK_STOP", None)  # any fault: a name of ours that is not what it should be
    with pytest.raises(TypeError):
        read_workbook(path, UNIT_COLUMNS)
    monkeypatch.undo()
    path.write_bytes(changed_sheet(workbook([home(1)]), "</sheetData>", "</sheetDat>"))
    with pytest.raises(FileRefused, match="CORRUPT"):
        read_workbook(path, UNIT_COLUMNS)


def test_two_tables_side_by_side_are_refused_by_their_headers(tmp_path: Path) -> None:
    path = tmp_path / "upload.xlsx"
    path.write_bytes(workbook([home(1)], headers=(*HEADERS, None, *HEADERS)))
    with pytest.raises(FileRefused) as told:
        read_workbook(path, UNIT_COLUMNS)
    assert told.value.code == "DUP_COLUMN"
