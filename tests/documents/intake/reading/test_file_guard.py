"""The guard before any parser: what a file is, and archives that lie, inflate or hide something."""

import io
import time
import tracemalloc
import zipfile
from pathlib import Path

import pytest

from documents.intake.reading import file_guard
from documents.intake.reading.codes import FileRefused
from documents.intake.reading.file_guard import inspect_file
from tests.documents.intake.reading.files import (
    archive_of,
    changed_part,
    lying,
    overlapping,
    parts_of,
    text_file,
    with_parts,
    workbook,
)

SHEET = "xl/worksheets/sheet1.xml"


def verdict(content: bytes, folder: Path) -> str:
    path = folder / "upload"
    path.write_bytes(content)
    try:
        return inspect_file(path)
    except FileRefused as refusal:
        return refusal.code


def test_workbook_and_text_pass(tmp_path: Path) -> None:
    assert verdict(workbook(), tmp_path) == "xlsx"
    assert verdict(text_file().encode(), tmp_path) == "csv"


def test_bomb_is_refused_quickly_and_in_little_memory(tmp_path: Path) -> None:
    path = tmp_path / "bomb.xlsx"
    path.write_bytes(with_parts(workbook(), xl__worksheets__sheet9=b"\x00" * (320 << 20)))
    tracemalloc.start()
    started = time.process_time()

    with pytest.raises(FileRefused) as refusal:
        inspect_file(path)

    assert refusal.value.code == "ZIP_BOMB"
    assert time.process_time() - started < 5
    assert tracemalloc.get_traced_memory()[1] < 40 << 20
    tracemalloc.stop()


def test_many_parts_that_are_small_each_are_a_bomb_together(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(file_guard, "MOST_TOTAL", 4 << 20)
    parts = {f"xl/x{n}.xml": b" " * (1 << 20) for n in range(5)}

    assert verdict(archive_of(parts_of(workbook()) | parts), tmp_path) == "ZIP_BOMB"


def test_dense_part_is_honest_below_the_threshold(tmp_path: Path) -> None:
    dense = with_parts(workbook(), xl__worksheets__sheet9=b" " * (31 << 20))

    assert verdict(dense, tmp_path) == "xlsx"


@pytest.mark.parametrize("stated", [1, 10, 400 << 20])
def test_size_stated_wrong_is_not_believed(stated: int, tmp_path: Path) -> None:
    assert verdict(lying(workbook(), SHEET, stated), tmp_path) == "CORRUPT"


def test_bomb_behind_a_small_stated_size_is_a_bomb(tmp_path: Path) -> None:
    content = lying(with_parts(workbook(), **{"xl__x.xml": b" " * (40 << 20)}), "xl/x.xml", 100)

    assert verdict(content, tmp_path) == "ZIP_BOMB"


def test_nested_archive_is_not_opened_and_not_a_workbook(tmp_path: Path) -> None:
    inner = archive_of({"x": b" " * (30 << 20)})

    assert verdict(archive_of({f"{n}.zip": inner for n in range(16)}), tmp_path) == "NOT_A_SPREADSHEET"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-be", "utf-32", "ascii"])
@pytest.mark.parametrize("declaration", ["<!DOCTYPE x>", '<!ENTITY a "b">', "<!doctype x SYSTEM 'file:///etc/x'>"])
def test_declaration_is_found_in_any_encoding(encoding: str, declaration: str, tmp_path: Path) -> None:
    part = f"<?xml version='1.0'?>{declaration}<x/>".encode(encoding)

    assert verdict(with_parts(workbook(), **{"xl__theme__theme1.xml": part}), tmp_path) == "XML_ENTITY"


@pytest.mark.parametrize("at", [0, 100, file_guard.CHUNK - 5, file_guard.CHUNK - 1, file_guard.CHUNK])
def test_declaration_is_found_across_the_edge_of_a_chunk(at: int, tmp_path: Path) -> None:
    part = b" " * at + b"<!DOCTYPE x><x/>"

    assert verdict(with_parts(workbook(), **{"docProps__app.xml": part}), tmp_path) == "XML_ENTITY"


@pytest.mark.parametrize("encoding", ["utf-7", "cp037", "ebcdic-cp-us", "unknown"])
def test_encodings_that_hide_a_declaration_are_refused(encoding: str, tmp_path: Path) -> None:
    part = f'<?xml version="1.0" encoding="{encoding}"?><x/>'.encode()

    assert verdict(with_parts(workbook(), **{"docProps__app.xml": part}), tmp_path) == "XML_ENTITY"


def test_ebcdic_is_refused(tmp_path: Path) -> None:
    part = "<?xml version='1.0'?><!DOCTYPE x><x/>".encode("cp037")

    assert verdict(with_parts(workbook(), **{"docProps__app.xml": part}), tmp_path) == "XML_ENTITY"


def test_words_in_a_cell_are_no_declaration(tmp_path: Path) -> None:
    assert verdict(workbook(edit=lambda sheet: sheet.append(["<!DOCTYPE html>"])), tmp_path) == "xlsx"


@pytest.mark.parametrize("name", ["../x", "a/../../x", "/etc/x", "\\\\host\\x", "C:\\x", "c:/x", "..\\x"])
def test_name_that_leads_outside_is_refused(name: str, tmp_path: Path) -> None:
    assert verdict(archive_of([*parts_of(workbook()).items(), (name, b"x")]), tmp_path) == "ZIP_SLIP"


def test_link_is_refused(tmp_path: Path) -> None:
    stream = io.BytesIO(workbook())
    link = zipfile.ZipInfo("xl/link")
    link.external_attr = 0o120777 << 16
    with zipfile.ZipFile(stream, "a") as archive:
        archive.writestr(link, "/etc/passwd")

    assert verdict(stream.getvalue(), tmp_path) == "ZIP_SLIP"


@pytest.mark.parametrize("name", ["xl/workbook.xml", "XL/WORKBOOK.XML", "xl\\workbook.xml"])
def test_second_entry_of_a_name_is_refused(name: str, tmp_path: Path) -> None:
    stream = io.BytesIO(workbook())
    with zipfile.ZipFile(stream, "a") as archive, pytest.MonkeyPatch.context() as patch:
        patch.setattr("warnings.warn", lambda *_, **__: None)
        archive.writestr(name, "<x/>")

    assert verdict(stream.getvalue(), tmp_path) == "DUP_ENTRY"


def test_entries_that_share_bytes_are_refused(tmp_path: Path) -> None:
    assert verdict(overlapping(workbook()), tmp_path) == "ZIP_OVERLAP"


@pytest.mark.parametrize(("count", "right"), [(150, "xlsx"), (201, "TOO_MANY_ENTRIES"), (6000, "TOO_MANY_ENTRIES")])
def test_entries_are_counted(count: int, right: str, tmp_path: Path) -> None:
    parts = {f"xl/media/{n}.png": b"" for n in range(count)}

    assert verdict(archive_of(parts_of(workbook()) | parts), tmp_path) == right


@pytest.mark.parametrize("name", ["xl/vbaProject.bin", "xl/VBAPROJECT.BIN", "xl/macrosheets/sheet1.xml"])
def test_macro_is_refused_by_its_part(name: str, tmp_path: Path) -> None:
    assert verdict(archive_of(parts_of(workbook()) | {name: b"<x/>"}), tmp_path) == "MACRO"


def test_macro_is_refused_by_its_type_alone(tmp_path: Path) -> None:
    content = changed_part(
        workbook(),
        "[Content_Types].xml",
        lambda xml: xml.replace("</Types>", '<Default Extension="bin" ContentType="x.vbaProject"/></Types>'),
    )

    assert verdict(content, tmp_path) == "MACRO"


def test_other_compression_is_refused(tmp_path: Path) -> None:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_LZMA) as archive:
        for name, data in parts_of(workbook()).items():
            archive.writestr(name, data)

    assert verdict(stream.getvalue(), tmp_path) == "CORRUPT"


def test_large_files_are_refused_before_they_are_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(file_guard, "MOST_BYTES", 1000)

    assert verdict(workbook(), tmp_path) == "ZIP_BOMB"
    assert verdict(text_file().encode() * 10, tmp_path) == "TOO_MANY_ROWS"


@pytest.mark.parametrize(
    ("content", "right"),
    [
        (b"\x89PNG\r\n\x1a\n", "NOT_A_SPREADSHEET"),
        (b"Rar!\x1a\x07", "NOT_A_SPREADSHEET"),
        (b"MZ\x90\x00", "NOT_A_SPREADSHEET"),
        ("BM,楼栋,户号\n".encode(), "csv"),
        (b"<!-- x --><TABLE>", "HTML_AS_XLS"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "OLD_XLS"),
        (b"PK\x05\x06" + b"\x00" * 18, "NOT_A_SPREADSHEET"),
    ],
)
def test_first_bytes_tell_what_a_file_is(content: bytes, right: str, tmp_path: Path) -> None:
    assert verdict(content, tmp_path) == right


def test_bomb_of_512_mb_is_refused_within_a_second(tmp_path: Path) -> None:
    path = tmp_path / "bomb.xlsx"
    path.write_bytes(with_parts(workbook(), xl__worksheets__sheet9=b"\x00" * (512 << 20)))
    started = time.process_time()

    with pytest.raises(FileRefused) as refusal:
        inspect_file(path)

    assert refusal.value.code == "ZIP_BOMB"
    assert time.process_time() - started < 1
