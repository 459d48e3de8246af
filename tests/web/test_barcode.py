"""Bar codes: every symbol is one of the standard, the check symbol is right, and the drawing has the widths."""

import re

import pytest

from registry.kernel.identifiers import ScanCode, ScanKind
from registry.web.barcode import _WIDTHS, bar_code, bar_widths


def test_every_symbol_is_eleven_modules_of_six_and_no_two_are_alike() -> None:
    assert len(_WIDTHS) == len(set(_WIDTHS)) == 106
    for widths in _WIDTHS:
        bars, gaps = (sum(map(int, widths[start::2])) for start in (0, 1))
        assert (bars + gaps, bars % 2, len(widths)) == (11, 0, 6)


def test_the_example_of_the_standard() -> None:
    """12 34 56: start C, 12, 34, 56, check (105 + 12 + 2·34 + 3·56) mod 103 = 44, stop."""
    assert bar_widths("123456") == "".join((_WIDTHS[105], "112232", "131123", "331121", "132131", "2331112"))


def test_a_label_is_drawn_with_its_quiet_zones() -> None:
    digits = ScanCode(ScanKind.BAG, 1).format()
    drawn = bar_code(digits, label="条码")
    widths = bar_widths(digits)

    assert [int(each) for each in re.findall(r'width="(\d)"', drawn)] == [int(each) for each in widths[::2]]
    assert f'viewBox="0 0 {sum(map(int, widths)) + 20} 40"' in drawn
    assert '<rect x="10"' in drawn


@pytest.mark.parametrize("digits", ["123", "12a4", ""])
def test_what_set_c_has_no_symbols_for_is_a_fault_of_the_program(digits: str) -> None:
    with pytest.raises(ValueError, match="pairs of digits"):
        bar_widths(digits)
