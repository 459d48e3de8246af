"""The rules of single cells."""

from datetime import date, datetime, time
from decimal import Decimal
from typing import Any

import pytest

from documents.intake.reading.cells import (
    as_area,
    as_code,
    as_place_text,
    as_text,
    as_typed_text,
    is_like_formula,
    is_nothing,
)
from documents.intake.reading.tables import CellFault, FormulaWithoutValue, is_blank, unescape
from registry.kernel.errors import DomainError


def refused(rule: Any, *arguments: Any, **more: Any) -> str:
    with pytest.raises(DomainError) as refusal:
        rule(*arguments, **more)
    assert refusal.value.message.endswith("。")
    return refusal.value.code


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (None, ""), ("a ", "a "), (101, "101"), (101.0, "101"), (1.5, "1.5"), (True, "是"), ("=1", "=1"),
        (datetime(2026, 2, 3), "2026-02-03"), (1e300, "1e+300"),
    ],
)  # fmt: skip
def test_value_becomes_the_text_people_see(value: Any, text: str) -> None:
    assert as_text(value) == text


@pytest.mark.parametrize(
    ("value", "code"),
    [
        (FormulaWithoutValue(), "FORMULA_NO_VALUE"), (CellFault("#N/A"), "CELL_ERROR"), ("a\x07b", "CTRL_CHAR"),
        ("a\u202eb", "CTRL_CHAR"), ("a\u2066b", "CTRL_CHAR"),
    ],
)  # fmt: skip
def test_value_that_says_nothing_true_is_refused(value: Any, code: str) -> None:
    assert refused(as_text, value) == code


@pytest.mark.parametrize(
    "value",
    [datetime(2026, 2, 3), date(2026, 2, 3), time(1, 2), "2026-02-03", "2026/2/3", "2026年2月3日", "2月3日", "3-Feb",
     "Feb-26", "2026-02-03 00:00:00"],
)  # fmt: skip
def test_date_where_a_room_should_stand_is_refused(value: Any) -> None:
    assert refused(as_place_text, value) == "ROOM_IS_DATE"


def test_number_too_long_for_excel_is_refused_in_any_code() -> None:
    assert refused(as_typed_text, 1.234567890123456e15) == "ID_PRECISION_LOST"
    assert as_typed_text(123456789012345.0) == "123456789012345"


@pytest.mark.parametrize("room", ["2-301", "1-2-301", "S04", "301", "2026", "甲1", "-101", "1/2"])
def test_room_that_only_resembles_a_date_is_a_room(room: str) -> None:
    assert as_place_text(room) == room


def test_agreement_may_be_numbered_by_its_date() -> None:
    assert as_typed_text("2019-3-1") == "2019-3-1"
    assert refused(as_typed_text, date(2019, 3, 1)) == "ROOM_IS_DATE"


@pytest.mark.parametrize("value", [110105190101010018, 1.1e17, 0, datetime(2026, 1, 1)])
def test_number_is_never_an_identifier(value: Any) -> None:
    assert refused(as_code, value, "ID_PRECISION_LOST") == "ID_PRECISION_LOST"


def test_identifier_sheds_the_mark_that_kept_it_text() -> None:
    assert as_code("'110105190101010018", "ID_PRECISION_LOST") == "110105190101010018"
    assert as_code(" — ", "ID_PRECISION_LOST") == ""


@pytest.mark.parametrize(
    ("value", "area"),
    [
        (76.5, "76.50"), (76, "76.00"), ("76.5", "76.50"), ("７６．５", "76.50"), ("76.50㎡", "76.50"),
        ("76.5平方米", "76.50"), ("76.5 m²", "76.50"), ("1,076.50", "1076.50"), (86.500000001, "86.50"),
        (89.49999999999999, "89.50"), ("待测", None), (None, None), (" ", None), ("/", None),
    ],
)  # fmt: skip
def test_area_is_read_as_people_write_it(value: Any, area: str | None) -> None:
    assert as_area(value, is_home=True) == (None if area is None else Decimal(area))


@pytest.mark.parametrize(
    "value",
    [
        "abc",
        "76,5",
        "1,23",
        "nan",
        "inf",
        "1e3",
        float("nan"),
        float("inf"),
        True,
        date(2026, 1, 1),
        "76.5.1",
        "-",
        "—",
        "89.5元",
        "套内76.2",
    ],
)
def test_what_is_no_number_is_no_area(value: Any) -> None:
    assert refused(as_area, value, is_home=True) == "AREA_FORMAT"


@pytest.mark.parametrize(("value", "is_home"), [(0, True), (-1, True), (5000.01, True), (100001, False)])
def test_area_beyond_sense_is_refused(value: Any, is_home: bool) -> None:
    assert refused(as_area, value, is_home=is_home) == "AREA_RANGE"


@pytest.mark.parametrize("value", ["89.505", 89.505, 89.4949999999999, "0.125", 0.001])
def test_area_of_more_than_two_decimals_is_never_rounded(value: Any) -> None:
    assert refused(as_area, value, is_home=True) == "AREA_DECIMALS"


def test_shop_may_be_larger_than_a_home() -> None:
    assert as_area(99999.99, is_home=False) == Decimal("99999.99")


@pytest.mark.parametrize("text", ["", " ", "/", "—", "－", "无", "暂无", "\u3000"])
def test_sign_for_nothing_is_nothing(text: str) -> None:
    assert is_nothing(text)


def test_nothing_is_not_seen_where_something_stands() -> None:
    assert not is_nothing("0")
    assert not is_nothing("无名")


@pytest.mark.parametrize(
    ("text", "is_code", "right"),
    [
        ("=1+1", True, True), ("＝1+1", False, True), ("@sum", False, True), ("+86", False, True), ("-101", True, False),
        ("-101", False, True), ("-", False, False), ("1=1", False, False), ("-cmd", True, True),
    ],
)  # fmt: skip
def test_text_like_a_formula_is_noted(text: str, is_code: bool, right: bool) -> None:
    assert is_like_formula(text, is_code=is_code) is right


def test_escapes_are_decoded_once() -> None:
    assert unescape("a_x0007_b_x005F_x0041_") == "a\x07b_x0041_"


@pytest.mark.parametrize(("value", "right"), [(None, True), (" \u3000\xa0", True), (0, False), (False, False)])
def test_blank_is_what_shows_nothing(value: Any, right: bool) -> None:
    assert is_blank(value) is right


@pytest.mark.parametrize(
    ("value", "text"), [("1.0", "1"), ("201.00", "201"), ("1.5", "1.5"), ("9-1", "9-1"), ("0101", "0101")]
)
def test_a_whole_number_as_programs_print_it_is_a_number_of_a_place(value: str, text: str) -> None:
    assert as_place_text(value) == text


@pytest.mark.parametrize("value", ["2.01E+12", "1.1e+17", " 4E+9 ", 2.01e15])
def test_a_number_cut_short_is_no_code(value: object) -> None:
    with pytest.raises(DomainError) as told:
        as_typed_text(value)
    assert told.value.code == "ID_PRECISION_LOST"
