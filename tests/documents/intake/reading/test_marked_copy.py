"""The marked copy, opened as its sender opens it, and sent again."""

import io
from pathlib import Path

import openpyxl
import pytest

from documents.intake.reading.codes import FileRefused
from documents.intake.reading.marked_copy import write_marked_copy
from documents.intake.reading.reader import read_list
from documents.intake.reading.results import ReadResult
from documents.intake.reading.unit_columns import HEADER
from tests.documents.intake.reading.files import PROJECT, homes, text_file, workbook


def read(content: bytes, folder: Path, name: str = "清册.xlsx") -> ReadResult:
    path = folder / f"upload{Path(name).suffix}"
    path.write_bytes(content)
    return read_list(path, expected_project=PROJECT, file_name=name)


def copy_of(content: bytes, result: ReadResult) -> bytes:
    titles = {HEADER[name]: title for name, title in result.mapping.items()}
    marks = [(error.row, error.column, error.message) for error in result.errors]
    return write_marked_copy(content, sheet=result.sheet, header_row=result.header_row or 1, titles=titles, marks=marks)


def test_bad_cells_are_filled_and_say_what_is_wrong(tmp_path: Path) -> None:
    content = workbook(homes(r2={"identity": 110105190101010018, "use": "住房屋"}))
    result = read(content, tmp_path)

    sheet = openpyxl.load_workbook(io.BytesIO(copy_of(content, result))).active

    assert "末位已丢失" in sheet["K2"].comment.text
    assert sheet["K2"].fill.fgColor.rgb.endswith("F8D7DA")
    assert "可选范围" in sheet["G2"].comment.text
    assert sheet["K3"].comment is None
    assert (sheet["I3"].value, sheet.max_row) == ("张小三", 4)


def test_mended_copy_is_taken_whole(tmp_path: Path) -> None:
    content = workbook(homes(r2={"use": "住房屋"}))
    result = read(content, tmp_path)
    book = openpyxl.load_workbook(io.BytesIO(copy_of(content, result)))
    book.active["G2"].value = "住宅"
    out = io.BytesIO()
    book.save(out)

    again = read(out.getvalue(), tmp_path)

    assert (again.file_error, again.errors, len(again.rows)) == ("", [], 3)


def test_text_file_becomes_a_workbook_of_texts(tmp_path: Path) -> None:
    content = text_file(homes(r2={"use": "住房屋"})).encode()
    result = read(content, tmp_path, "清册.csv")

    sheet = openpyxl.load_workbook(io.BytesIO(copy_of(content, result))).active

    assert "可选范围" in sheet["G2"].comment.text
    assert (sheet["K2"].data_type, len(sheet["K2"].value)) == ("s", 18)


def test_text_file_with_a_title_is_parted_as_it_was_read(tmp_path: Path) -> None:
    text = "清册，说明；一，二，三\r\n" + text_file(homes(r2={"use": "住房屋"}), delimiter="\t")
    content = text.encode("gb18030")
    result = read(content, tmp_path, "清册.csv")

    sheet = openpyxl.load_workbook(io.BytesIO(copy_of(content, result))).active

    assert (result.header_row, sheet["G3"].value) == (2, "住房屋")
    assert "可选范围" in sheet["G3"].comment.text


def test_file_that_is_none_gives_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(FileRefused, match="CORRUPT"):
        write_marked_copy(b"PK\x03\x04 nothing", sheet="", header_row=1, titles={}, marks=[(2, "备注", "错")])
