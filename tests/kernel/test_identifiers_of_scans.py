"""Codes for the scanner: parse∘format is the identity, every wrong digit is found, each refusal says what to scan."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from registry.kernel.identifiers import IdentifierError, ScanCode, ScanKind, is_scan_code

kinds = st.sampled_from(ScanKind)
serials = st.integers(1, 10**11 - 1)


def refused(text: str, *wanted: ScanKind) -> IdentifierError:
    with pytest.raises(IdentifierError) as refusal:
        ScanCode.parse(text, *wanted)
    return refusal.value


@given(kinds, serials)
def test_code_is_fourteen_digits_and_read_back(kind: ScanKind, serial: int) -> None:
    code = ScanCode(kind, serial)
    assert len(code.format()) == 14
    assert code.format().isdecimal()
    assert ScanCode.parse(code.format()) == ScanCode.parse(code.spaced, kind) == code


@given(kinds, serials, st.integers(1, 13), st.integers(1, 9))
def test_every_wrong_digit_is_found(kind: ScanKind, serial: int, place: int, more: int) -> None:
    digits = ScanCode(kind, serial).format()
    wrong = digits[:place] + str((int(digits[place]) + more) % 10) + digits[place + 1 :]
    assert refused(wrong).code == "SCAN_CHECKSUM"


@given(kinds, serials, st.integers(1, 12))
def test_neighbours_changed_over_are_found(kind: ScanKind, serial: int, place: int) -> None:
    digits = ScanCode(kind, serial).format()
    wrong = digits[:place] + digits[place + 1] + digits[place] + digits[place + 2 :]
    if wrong != digits:
        assert refused(wrong).code == "SCAN_CHECKSUM"


def test_codes_of_the_first_serial() -> None:
    assert [ScanCode(kind, 1).format() for kind in ScanKind] == [
        "81000000000019", "82000000000011", "83000000000010", "84000000000013", "85000000000018",
        "86000000000017", "87000000000012",
    ]  # fmt: skip
    assert ScanCode(ScanKind.BAG, 12345).spaced == "8200 0000 1234 52"


@pytest.mark.parametrize("text", ["", "袋123", "19900001234", "110105190101010011", "8200000000001", "820000000000111"])
def test_what_is_no_code_is_refused(text: str) -> None:
    refusal = refused(text, ScanKind.BAG)
    assert (refusal.code, is_scan_code(text)) == ("SCAN_FORMAT", False)
    assert refusal.message == "扫到的不是本系统的条码（应为8开头的14位数字）。请扫描材料袋上的条码。"


def test_code_of_another_thing_says_what_it_is() -> None:
    assert refused(ScanCode(ScanKind.MANIFEST, 7).format(), ScanKind.BAG, ScanKind.CERTIFICATE).message == (
        "扫到的是移交清单的条码。请扫描材料袋、证书上的条码。"
    )


def test_kind_that_is_not_there_and_serial_nought_are_refused() -> None:
    for body in ("8900000000001", "8200000000000"):
        [right] = [body + digit for digit in "0123456789" if code_or_none(body + digit) != "SCAN_CHECKSUM"]
        assert refused(right).code == "SCAN_UNKNOWN"


def code_or_none(text: str) -> str:
    try:
        ScanCode.parse(text)
    except IdentifierError as refusal:
        return str(refusal.code)
    return ""


@pytest.mark.parametrize("serial", [0, -1, 10**11])
def test_serial_without_room_is_a_fault_of_the_program(serial: int) -> None:
    with pytest.raises(ValueError, match="no room"):
        ScanCode(ScanKind.BAG, serial)


def test_shape_is_told_from_what_is_typed() -> None:
    assert is_scan_code(ScanCode(ScanKind.RECEIPT, 99).spaced)
    assert not is_scan_code("9-3-502")
