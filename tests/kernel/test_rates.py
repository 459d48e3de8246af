"""Shares: the published figures of domain.md 5.3 are external tests."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from registry.kernel.rates import Rounding, format_rate, rate, rate_text

PUBLISHED = [
    ("T1 Sanya 2014, half-up", 1586, 1769, "half_up", "89.66%"),
    ("T1 Sanya 2014, as published", 1586, 1769, "truncate", "89.65%"),
    ("T2 Gansu 2022 transfer of found", 70, 87, "half_up", "80.46%"),
    ("T2 Gansu 2022 first of found", 83, 87, "half_up", "95.40%"),
    ("T3 Gansu 2021", 50, 81, "half_up", "61.73%"),
    ("T4 Hainan 2014", 24_022, 55_851, "half_up", "43.01%"),
    ("T4 Haikou 2014", 21_311, 45_036, "half_up", "47.32%"),
    ("T4 Sanya 2014", 444, 5_427, "half_up", "8.18%"),
    ("T5 Zhouzhuang issued", 400, 7_899, "half_up", "5.06%"),
    ("T5 Zhouzhuang collected", 3_000, 7_899, "half_up", "37.98%"),
    ("T6 Beijing 21.9 of 60", 219_000, 600_000, "half_up", "36.50%"),
]


@pytest.mark.parametrize(("numerator", "denominator", "rounding", "printed"), [case[1:] for case in PUBLISHED])
def test_rate_of_published_figures(numerator: int, denominator: int, rounding: Rounding, printed: str) -> None:
    assert rate_text(numerator, denominator, rounding) == printed


def test_published_totals_of_t4_and_t6_are_not_made_to_agree() -> None:
    assert sum((45_036, 5_427)) == 50_463
    assert sum((Decimal("16.8"), Decimal("12.28"))) > Decimal("21.9")


def test_rate_without_denominator_is_a_dash() -> None:
    assert rate(0, 0) is None
    assert rate_text(5, 0) == "—"
    assert format_rate(None) == "—"


def test_rate_with_negative_denominator_is_a_mistake_of_the_caller() -> None:
    with pytest.raises(ValueError, match="negative"):
        rate(1, -1)


def test_rate_of_all_but_one_is_not_a_hundred() -> None:
    assert rate_text(599_999, 600_000) == "99.99%"
    assert rate_text(600_001, 600_000) == "100.01%"
    assert rate_text(600_000, 600_000) == "100.00%"


def test_rate_of_areas_is_exact() -> None:
    assert rate(Decimal("117536.15"), Decimal("235072.30")) == Decimal("50.00")


def test_rate_of_a_negative_correction_rounds_away_from_zero() -> None:
    assert rate(-1, 800) == Decimal("-0.13")
    assert rate_text(-1, 800) == "−0.13%"


def test_format_rate_of_a_finer_value() -> None:
    assert format_rate(Decimal("99.999")) == "99.99%"
    assert format_rate(Decimal("5.055")) == "5.06%"
    assert format_rate(Decimal("1234.5")) == "1,234.50%"


@given(st.integers(0, 10**7), st.integers(1, 10**7))
def test_rate_is_a_hundred_only_when_equal(numerator: int, denominator: int) -> None:
    for rounding in ("half_up", "truncate"):
        assert (rate(numerator, denominator, rounding) == 100) == (numerator == denominator)


@given(st.integers(0, 10**7), st.integers(1, 10**7))
def test_rate_is_within_a_hundredth_and_truncation_never_flatters(numerator: int, denominator: int) -> None:
    exact = Decimal(numerator) * 100 / Decimal(denominator)
    half_up, truncated = rate(numerator, denominator), rate(numerator, denominator, "truncate")
    assert half_up is not None
    assert truncated is not None
    assert abs(half_up - exact) <= Decimal("0.01")
    assert truncated <= half_up
    assert numerator > denominator or truncated <= exact
