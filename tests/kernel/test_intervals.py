"""Wilson intervals and places with ties."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from registry.kernel.intervals import Interval, places, wilson


def test_the_interval_of_a_known_table() -> None:
    """R's prop.test(8, 10, correct = FALSE): 0.4902—0.9433; binom.confint(0, 10, method = "wilson"): 0—0.2775."""
    assert wilson(8, 10) == Interval(Decimal("49.02"), Decimal("94.33"))
    assert wilson(0, 10) == Interval(Decimal("0.00"), Decimal("27.75"))
    assert wilson(10, 10) == Interval(Decimal("72.25"), Decimal("100.00"))
    assert wilson(0, 0) is None
    assert wilson(8, 10).text == "49.0%—94.3%"
    with pytest.raises(ValueError, match="3 of 2"):
        wilson(3, 2)


@given(st.integers(1, 5000), st.data())
def test_an_interval_holds_the_share_and_narrows_with_more_cases(cases: int, data: st.DataObject) -> None:
    hits = data.draw(st.integers(0, cases))
    few, many = wilson(hits, cases), wilson(hits * 4, cases * 4)
    assert few is not None
    assert many is not None
    share = Decimal(hits * 100) / cases
    assert few.low - Decimal("0.01") <= share <= few.high + Decimal("0.01")
    assert many.high - many.low <= few.high - few.low + Decimal("0.01")
    assert few.overlaps(many)


def test_intervals_apart_are_told_apart() -> None:
    assert not Interval(Decimal(10), Decimal(20)).overlaps(Interval(Decimal(21), Decimal(30)))
    assert Interval(Decimal(10), Decimal(21)).overlaps(Interval(Decimal(21), Decimal(30)))


def test_equal_values_share_a_place_and_the_next_is_passed_over() -> None:
    assert places([Decimal(90), None, Decimal(95), Decimal(90), Decimal(80)]) == [2, None, 1, 2, 4]


@given(st.lists(st.one_of(st.none(), st.decimals(0, 100, places=2)), max_size=20))
def test_a_place_is_one_more_than_those_above(values: list[Decimal | None]) -> None:
    for value, place in zip(values, places(values), strict=True):
        above = sum(other is not None and value is not None and other > value for other in values)
        assert place == (None if value is None else above + 1)
