"""The fast reader sees what the inspecting reader sees, or refuses: on every file of the corpus, and trap by trap."""

import io
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook
from openpyxl.styles import Font

from documents.intake.reading import city as city_module
from documents.intake.reading.city import City, read_city
from documents.intake.reading.codes import FileRefused
from documents.intake.reading.plain_sheet import CODE
from documents.intake.reading.reader import read_in_place
from documents.intake.reading.results import UnitRow
from tests.documents.intake.reading.corpus import CASES, Case, chinese_date
from tests.documents.intake.reading.files import HEADERS, NAMES, PROJECT, homes, text_file, workbook

Edit = Callable[[Any], None]


def laid(content: bytes, folder: Path, suffix: str = ".xlsx") -> Path:
    path = folder / f"city{suffix}"
    path.write_bytes(content)
    return path


def read(content: bytes, folder: Path, suffix: str = ".xlsx") -> City:
    return read_city(laid(content, folder, suffix))


def rows_of(city: City) -> list[UnitRow]:
    return sorted((row for code in city.packed for row in city.unpacked(code)), key=lambda row: row.row)


def refusal_of(content: bytes, folder: Path, suffix: str = ".xlsx") -> FileRefused:
    with pytest.raises(FileRefused) as refused:
        read(content, folder, suffix)
    assert "。" in refused.value.message
    return refused.value


def without_shown(row: UnitRow) -> dict[str, Any]:
    return row.to_data() | {"shown": {}}


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_fast_reader_agrees_with_the_inspecting_one_or_refuses(case: Case, tmp_path: Path) -> None:
    path = laid(case.make(), tmp_path, case.suffix)
    try:
        expected = read_in_place(path, PROJECT)
        known = expected.file_error
    except FileRefused as refusal:
        known = refusal.code

    try:
        city = read_city(path)
    except FileRefused:
        return
    if known == "FOREIGN_PROJECT":
        assert len(city.packed) > 1
        return
    assert known == "", "what an upload is refused for, a city load is refused for"
    assert [without_shown(row) for row in rows_of(city)] == [without_shown(row) for row in expected.rows]
    assert {(error.row, error.column, error.code) for error in city.errors} == {
        (error.row, error.column, error.code) for error in expected.errors
    }


def test_plain_files_of_the_corpus_are_not_all_refused(tmp_path: Path) -> None:
    taken = 0
    for case in CASES:
        try:
            read(case.make(), tmp_path, case.suffix)
        except FileRefused:
            continue
        taken += 1
    assert taken >= 40


def test_rows_are_grouped_by_project_wherever_they_stand(tmp_path: Path) -> None:
    rows = homes(6, r3={"project": "CY-0002"}, r5={"project": "cy-0002 "}, r6={"project": "CY-0003"})

    city = read(workbook(rows), tmp_path)

    assert city.counts == {"CY-0001": 3, "CY-0002": 2, "CY-0003": 1}
    assert list(city.packed) == ["CY-0001", "CY-0002", "CY-0003"], "in the order of the file"
    assert [row.row for row in city.unpacked("CY-0002")] == [3, 5]
    assert city.rows == 6


def test_unit_code_of_two_projects_is_refused_in_the_second(tmp_path: Path) -> None:
    code = homes(1)[0]["unit_code"]

    city = read(workbook(homes(2, r3={"project": "CY-0002", "unit_code": code})), tmp_path)

    assert [(error.row, error.code) for error in city.errors] == [(3, "UNITCODE_DUP")]


def test_certificate_of_two_projects_is_refused_in_the_second(tmp_path: Path) -> None:
    old = {"certificate_no": "京房权证朝字第12345号", "issued_on": "2005-06-30"}

    city = read(workbook(homes(3, r2=old, r3={"project": "CY-0002", **old}, r4={"certificate_no": "1号"})), tmp_path)

    assert [(error.row, error.column, error.code) for error in city.errors] == [(3, "产权证号", "CERTIFICATE_DUP")]
    (
        first,
        _,
    ) = city.unpacked("CY-0001")
    assert [(certificate.number, certificate.issued_on.isoformat()) for certificate in first.certificates] == [
        (old["certificate_no"], old["issued_on"])
    ]


def test_all_errors_of_all_projects_are_found_in_order_of_rows(tmp_path: Path) -> None:
    rows = homes(4, r2={"use": "怪"}, r3={"project": "CY-0002", "floor": ""}, r5={"identity": "1"})

    city = read(workbook(rows), tmp_path)

    assert [error.row for error in city.errors] == [2, 3, 5]
    assert city.rows == 1


def test_row_without_a_project_is_refused_as_such(tmp_path: Path) -> None:
    city = read(workbook(homes(2, r3={"project": ""})), tmp_path)

    assert [(error.row, error.column) for error in city.errors] == [(3, "项目编号")]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
def test_text_file_of_each_encoding_gives_the_rows_of_the_workbook(encoding: str, tmp_path: Path) -> None:
    lines = [list(HEADERS), *([str(row[name]) for name in NAMES] for row in homes())]
    text = "\r\n".join(",".join(line) for line in lines) + "\r\n"

    from_text, from_book = read(text.encode(encoding), tmp_path, ".csv"), read(workbook(), tmp_path)

    assert [without_shown(row) for row in rows_of(from_text)] == [without_shown(row) for row in rows_of(from_book)]


def test_text_line_of_another_width_is_refused(tmp_path: Path) -> None:
    lines = text_file(homes()).splitlines()
    lines[2] += ",多"

    city = read("\r\n".join(lines).encode(), tmp_path, ".csv")

    assert [(error.row, error.code) for error in city.errors] == [(3, "COL_COUNT")]


def in_xml(old: bytes, new: bytes) -> bytes:
    """The good workbook with its sheet's XML changed."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(workbook())) as source, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as target:
        for name in source.namelist():
            content = source.read(name)
            if name == "xl/worksheets/sheet1.xml":
                assert old in content
                content = content.replace(old, new, 1)
            target.writestr(name, content)
    return out.getvalue()


def edited(edit: Edit) -> bytes:
    book = load_workbook(io.BytesIO(workbook()))
    edit(book)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def second_sheet(book: Any) -> None:
    book.create_sheet("另一张")["A1"] = "x"


def hidden_second_sheet(book: Any) -> None:
    sheet = book.create_sheet("藏起来的")
    sheet["A1"] = "x"
    sheet.sheet_state = "hidden"


def merged(book: Any) -> None:
    book.active.merge_cells("B2:B3")


def hidden_row(book: Any) -> None:
    book.active.row_dimensions[3].hidden = True


def hidden_column(book: Any) -> None:
    book.active.column_dimensions["E"].hidden = True


def formula(book: Any) -> None:
    book.active["H3"] = "=40+36.5"


def struck(book: Any) -> None:
    book.active["I3"].font = Font(strike=True)


def format_of(place: str, code: str, value: Any) -> Edit:
    def edit(book: Any) -> None:
        book.active[place].value, book.active[place].number_format = value, code

    return edit


@pytest.mark.parametrize(
    ("edit", "says"),
    [
        (second_sheet, "不止一张工作表有内容"),
        (hidden_second_sheet, "藏起来的"),
        (merged, "有合并单元格（到第3行）"),
        (hidden_row, "有隐藏行（第3行）"),
        (hidden_column, "有隐藏列"),
        (formula, "有公式（H3单元格）"),
        (struck, "有删除线（I3单元格）"),
        (format_of("E3", "0000", 101), "显示与实际不同的单元格（E3单元格）"),
        (format_of("H3", "0%", 0.5), "显示与实际不同的单元格（H3单元格）"),
        (format_of("H3", ";;;", 76.5), "显示与实际不同的单元格（H3单元格）"),
        (format_of("H3", '0"元"', 76.5), "显示与实际不同的单元格（H3单元格）"),
        (format_of("I3", '@"（代）"', "张三"), "文字显示与实际不同的单元格（I3单元格）"),
        (format_of("I3", "0;0;0;", "张三"), "文字显示与实际不同的单元格（I3单元格）"),
        (format_of("H3", "General", "#N/A"), "有错误值（#N/A、#REF! 等）（H3单元格）"),
    ],
    ids=lambda value: getattr(value, "__name__", None),
)
def test_trap_is_refused_by_name_and_place(edit: Edit, says: str, tmp_path: Path) -> None:
    refused = refusal_of(edited(edit), tmp_path)

    assert refused.code == CODE
    assert says in refused.message
    assert "按项目导入房屋清册" in refused.message


@pytest.mark.parametrize(
    ("place", "code", "value"),
    [
        ("H3", "General", 76.5), ("H3", "0.00", 76.5), ("H3", "#,##0.00", 76.5), ("H3", "0.00_ ", 76.5),
        ("H3", "0.00_);[Red]\\(0.00\\)", 76.5), ("I3", "@", "张三"), ("N3", "0.00%", "文字不怕数字格式"),
    ],
)  # fmt: skip
def test_harmless_format_is_no_trap(place: str, code: str, value: Any, tmp_path: Path) -> None:
    assert read(edited(format_of(place, code, value)), tmp_path).rows == 3


def test_empty_cells_in_dangerous_dress_are_no_trap(tmp_path: Path) -> None:
    assert read(edited(format_of("N3", "0000", None)), tmp_path).rows == 3


def test_titles_merged_above_the_header_are_no_trap(tmp_path: Path) -> None:
    content = workbook(above=[["全市清册"]], edit=lambda sheet: sheet.merge_cells("A1:N1"))

    assert read(content, tmp_path).rows == 3


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (b'<row r="3"', b'<row r="2"'),
        (b"<sheetData>", b"<!-- x --><sheetData>"),
        (b'<row r="3"', b"<row hidden='true' r=\"3\""),
        (b'<row r="3"', b'<row ht="0.0" r="3"'),
        (b"<sheetFormatPr", b'<sheetFormatPr zeroHeight="1"'),
        (b"AZ-0002", b"AZ_x002D_0002"),
        (b"</sheetData>", b'<row r="99999999999"><c r="A99999999999"><v>1</v></c></row></sheetData>'),
        (b"</sheetData>", b'<row r="5"><c r="A99999999999"><v>1</v></c></row></sheetData>'),
        (b"</sheetData>", b'<row r="1048576"><c r="XFD1048576"><v>1</v></c></row></sheetData>'),
    ],
)
def test_trap_in_any_spelling_of_the_xml_is_refused(old: bytes, new: bytes, tmp_path: Path) -> None:
    assert refusal_of(in_xml(old, new), tmp_path).code == CODE


def test_date_that_the_fast_reader_takes_for_a_number_is_a_trap(tmp_path: Path) -> None:
    assert "E3单元格" in refusal_of(chinese_date(), tmp_path).message


def test_apostrophe_before_a_project_makes_no_other_project(tmp_path: Path) -> None:
    assert read(workbook(homes(2, r3={"project": "'CY—0001"})), tmp_path).counts == {"CY-0001": 2}


@pytest.mark.parametrize("at", [-1, 0, 1, 7])
def test_trap_across_two_pieces_is_seen(at: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    content = edited(formula)
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        place = archive.read("xl/worksheets/sheet1.xml").index(b"<f>")
    monkeypatch.setattr("documents.intake.reading.plain_sheet.CHUNK", place + at)

    assert "有公式" in refusal_of(content, tmp_path).message


def test_more_rows_than_a_sheet_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(city_module, "MOST_ROWS", 2)

    assert refusal_of(workbook(), tmp_path).code == "TOO_MANY_ROWS"
