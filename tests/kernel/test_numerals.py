"""Whole numbers as people send them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from registry.kernel.numerals import MOST, building_order, whole_number


@given(st.integers(min_value=0, max_value=MOST))
def test_a_number_written_in_digits_is_read(number: int) -> None:
    assert whole_number(str(number)) == number


@given(st.text(max_size=30))
def test_no_text_breaks_the_reader_and_what_is_read_is_made_of_digits(text: str) -> None:
    number = whole_number(text)

    if number is not None:
        assert text.strip("0123456789") == ""
        assert int(text) == number <= MOST


@pytest.mark.parametrize("text", ["", "²", "٣", "１２", "-1", "+1", " 1", "1.0", "1e3", "9" * 19, str(MOST + 1)])
def test_what_is_no_whole_number_is_none(text: str) -> None:
    assert whole_number(text) is None


def test_a_number_beyond_what_is_asked_for_is_none() -> None:
    assert (whole_number("200", most=200), whole_number("201", most=200)) == (200, None)


@pytest.mark.parametrize(("number", "order"), [("9", 9), ("036", 36), ("S4", 9999), ("9" * 20, 9999), ("9999", 9999)])
def test_buildings_without_a_number_stand_at_the_end(number: str, order: int) -> None:
    assert building_order(number) == order
