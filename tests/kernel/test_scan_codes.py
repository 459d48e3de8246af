"""Codes for scanners: what is written is read, and no misread digit passes."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from registry.kernel.scan_codes import (
    LENGTH,
    MOST,
    ScanCode,
    ScanKind,
    check_digit,
    looks_scanned,
    read_code,
    scan_code,
)

kinds = st.sampled_from(list(ScanKind))
numbers = st.integers(1, MOST)


@given(kinds, numbers)
def test_a_code_is_digits_and_reads_as_what_was_written(kind: ScanKind, number: int) -> None:
    code = scan_code(kind, number)

    assert (len(code), code.isdigit(), code.isascii(), looks_scanned(code)) == (LENGTH, True, True, True)
    assert read_code(code) == ScanCode(kind, number)


@given(kinds, numbers, st.integers(0, LENGTH - 1), st.integers(1, 9))
def test_one_wrong_digit_is_never_read(kind: ScanKind, number: int, place: int, by: int) -> None:
    code = scan_code(kind, number)
    wrong = str((int(code[place]) + by) % 10)

    assert read_code(f"{code[:place]}{wrong}{code[place + 1 :]}") is None


def test_the_check_digit_is_that_of_the_standard() -> None:
    assert check_digit("0794") == "5"  # the example of ISO/IEC 7064, 8.4
    assert scan_code(ScanKind.RECEIPT, 1) == "80100000000001" + check_digit("80100000000001")


@pytest.mark.parametrize(
    "text", ["", "110105190101010018", "6901234567892", "80100000000001", "810000000000012", "８０１"]
)
def test_other_numbers_are_none_of_ours(text: str) -> None:
    assert read_code(text) is None


def test_a_code_of_no_kind_or_no_row_is_none_of_ours() -> None:
    for body in ("80900000000001", "80100000000000"):
        assert read_code(body + check_digit(body)) is None


@pytest.mark.parametrize("number", [0, -1, MOST + 1])
def test_no_code_is_written_for_what_does_not_fit(number: int) -> None:
    with pytest.raises(ValueError, match="no code"):
        scan_code(ScanKind.BAG, number)


def test_what_a_scanner_gives_is_long() -> None:
    assert (looks_scanned("20035678"), looks_scanned("69012345678921"), looks_scanned("8010000000000a1")) == (
        False,
        True,
        False,
    )
