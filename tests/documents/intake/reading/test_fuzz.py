"""Damaged files: whatever is cut, flipped or mixed up, the reader gives a verdict and invents no row."""

import random
import re
from datetime import datetime, time
from pathlib import Path

import pytest

from documents.intake.reading.codes import CODES, FileRefused
from documents.intake.reading.reader import read_in_place
from documents.intake.reading.results import ReadResult
from registry.kernel.identifiers import synthetic_identity
from tests.documents.intake.reading.files import (
    NAMES,
    PROJECT,
    archive_of,
    home,
    homes,
    parts_of,
    shared,
    text_file,
    workbook,
)

SEED = 7
NUMBER = synthetic_identity(5)
TOKEN = re.compile(rb"<[^<>]*>|[^<>]+")


def verdict(content: bytes, path: Path) -> ReadResult:
    """The verdict in this process: any exception but a refusal is a fault of the reader and shows as such."""
    path.write_bytes(content)
    try:
        return read_in_place(path, PROJECT)
    except FileRefused as refusal:
        return ReadResult(file_error=refusal.code, message=refusal.message)


def check(result: ReadResult) -> None:
    if result.file_error:
        assert CODES[result.file_error].kind == "file"
        assert result.message.endswith("。")
        assert len(result.rows) == 0
        return
    refused = {error.row for error in result.errors}
    assert result.rows_present == len(result.rows) + len(refused) + len(result.skipped)
    assert {row.row for row in result.rows} & refused == set()
    assert all(error.code in CODES for error in result.errors)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "upload"


def test_workbook_cut_anywhere_is_refused(path: Path) -> None:
    whole = shared(workbook())

    for end in range(1, len(whole), 64):
        result = verdict(whole[:end], path)
        check(result)
        assert result.file_error, f"cut at {end}"


def test_flipped_bits_of_a_workbook_never_change_a_row(path: Path) -> None:
    whole = shared(workbook())
    right = verdict(whole, path).rows
    chance = random.Random(SEED)

    for _ in range(300):
        damaged = bytearray(whole)
        damaged[chance.randrange(len(whole))] ^= 1 << chance.randrange(8)
        result = verdict(bytes(damaged), path)
        check(result)
        assert result.file_error or result.rows == right


@pytest.mark.parametrize(
    "part",
    ["xl/worksheets/sheet1.xml", "xl/workbook.xml", "xl/styles.xml", "xl/sharedStrings.xml", "[Content_Types].xml"],
)
def test_mutated_markup_gives_a_verdict(part: str, path: Path) -> None:
    parts = parts_of(shared(workbook()))
    tokens = TOKEN.findall(parts[part])
    chance = random.Random(SEED)

    for _ in range(60):
        mutant = list(tokens)
        at, other = chance.randrange(len(mutant)), chance.randrange(len(mutant))
        match chance.randrange(5):
            case 0:
                del mutant[at]
            case 1:
                mutant.insert(at, mutant[other])
            case 2:
                mutant[at], mutant[other] = mutant[other], mutant[at]
            case 3:
                mutant[at] = re.sub(rb'"[^"]*"', chance.choice([b'""', b'"-1"', b'"99999999999"', b'"x"']), mutant[at])
            case _:
                mutant[at] = re.sub(rb"[0-9]+", chance.choice([b"0", b"1e999", b"-5", b"nan"]), mutant[at])
        check(verdict(archive_of(parts | {part: b"".join(mutant)}), path))


def test_workbook_without_any_one_part_gives_a_verdict(path: Path) -> None:
    parts = parts_of(shared(workbook()))

    for name in parts:
        check(verdict(archive_of({other: data for other, data in parts.items() if other != name}), path))


@pytest.mark.parametrize("encoding", ["utf-8", "gb18030", "utf-16"])
def test_damaged_text_gives_a_verdict(encoding: str, path: Path) -> None:
    whole = text_file(homes(5)).encode(encoding)
    chance = random.Random(SEED)
    scraps = [b'"', b",", b"\r\n", b"\x00", b"\xff", b"=", "合计".encode(encoding), b"\x80\x80", b'""', b"\x1a"]

    for _ in range(120):
        damaged = bytearray(whole)
        for _ in range(chance.randrange(1, 4)):
            at = chance.randrange(len(damaged))
            match chance.randrange(3):
                case 0:
                    del damaged[at : at + chance.randrange(1, 40)]
                case 1:
                    damaged[at:at] = chance.choice(scraps)
                case _:
                    damaged[at] = chance.randrange(256)
        check(verdict(bytes(damaged), path))


ODD = (
    None, "", " ", "\u3000", "/", "无", "0", "-1", "1e999", "=1+1", "'x", "a\nb", "、", "、、", ",", "合计", "注：", "😀", "𠮷", "_x0001_",
    "_x005F_", "\u202e", "\u200b", "１２３", "2024-1-5", "#REF!", "x" * 40_000, 0, -1, 7.5, 1e300, 10**17, True, datetime(2024, 1, 5),
    time(1, 2), NUMBER, f"{NUMBER} {NUMBER}", f"{NUMBER}/{NUMBER}", NUMBER * 2, f"姓{NUMBER}名", NUMBER[:15], "19900000001 19900000002",
)  # fmt: skip


def test_whatever_stands_in_a_cell_gives_a_verdict_and_no_number(path: Path) -> None:
    chance = random.Random(SEED)
    rows = []
    for n in range(1, 501):
        odd = chance.sample(NAMES[1:], chance.randrange(1, 5))
        places = {"building": str(n), "unit_code": ""}
        rows.append(home(n % 9 + 1, **(places | {name: chance.choice(ODD) for name in odd})))
    rows = [{name: cell[:32_000] if isinstance(cell, str) else cell for name, cell in row.items()} for row in rows]

    result = verdict(workbook(rows), path)

    check(result)
    assert result.file_error == ""
    assert 0 < len(result.rows) < result.rows_present
    assert all(error.message.startswith(f"第 {error.row} 行") and "。" in error.message for error in result.errors)
    said = " ".join(error.message for error in result.errors) + str(result.shown)
    assert NUMBER[:15] not in said


def test_noise_gives_a_verdict(path: Path) -> None:
    chance = random.Random(SEED)

    for length in range(1, 200):
        for head in (b"", b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", b"\xff\xfe", b"<"):
            check(verdict(head + chance.randbytes(length), path))
