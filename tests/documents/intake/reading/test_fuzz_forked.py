"""The reader alone, in a fork: thousands of damaged files, each with a verdict, none with a row that nobody sent."""

import random
import time
from pathlib import Path

import pytest

from tests.documents.intake.reading.corpus import CASES
from tests.documents.intake.reading.files import homes, shared, text_file, workbook
from tests.documents.intake.reading.forked import server
from tests.documents.intake.reading.test_fuzz import check

FLIPS = 2_000
SECONDS = 60


def test_two_thousand_flipped_bits_never_invent_a_row(tmp_path: Path) -> None:
    whole = shared(workbook())
    chance, started = random.Random(11), time.monotonic()

    with server(tmp_path) as reader:
        right = reader.verdict(whole).rows
        for done in range(FLIPS):
            damaged = bytearray(whole)
            damaged[chance.randrange(len(whole))] ^= 1 << chance.randrange(8)
            result = reader.verdict(bytes(damaged))
            check(result)
            assert result.file_error or result.rows == right, f"flip {done}"

    assert time.monotonic() - started < SECONDS


@pytest.mark.parametrize("encoding", ["utf-8", "gb18030", "utf-16"])
def test_text_cut_at_every_64_bytes_gives_a_verdict(encoding: str, tmp_path: Path) -> None:
    whole = text_file(homes(20)).encode(encoding)

    with server(tmp_path) as reader:
        for end in range(1, len(whole), 64):
            check(reader.verdict(whole[:end]))


def test_every_file_of_the_corpus_damaged_gives_a_verdict(tmp_path: Path) -> None:
    chance = random.Random(5)

    with server(tmp_path) as reader:
        for case in CASES:
            whole = case.make()
            if len(whole) > 1 << 20:
                continue
            for _ in range(4):
                damaged = bytearray(whole)
                for _ in range(chance.randrange(1, 6)):
                    if damaged:
                        damaged[chance.randrange(len(damaged))] = chance.randrange(256)
                check(reader.verdict(bytes(damaged[: chance.randrange(1, len(damaged) + 2)])))
