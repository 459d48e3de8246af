"""Shares in percent: exact, rounded as the setting says, never a false 100.00%.

Published tables differ in rounding (Sanya 2014 truncated 89.655 to 89.65), so rounding is an argument and not a
constant (domain.md 5.2, 5.3 T1).
"""

from decimal import Decimal
from fractions import Fraction
from typing import Literal

Rounding = Literal["half_up", "truncate"]
Number = int | Decimal

NO_RATE = "—"
HUNDREDTH = Decimal("0.01")
WHOLE = 10_000  # one hundred percent, in hundredths of a percent


def rate(numerator: Number, denominator: Number, rounding: Rounding = "half_up") -> Decimal | None:
    """Return numerator / denominator in percent with two decimals; None where there is no denominator.

    100.00 comes out if, and only if, both are equal: 7,898 of 7,898.3 is 99.99, not 100.00.
    """
    if denominator < 0:
        raise ValueError(f"a rate has no negative denominator: {denominator}")
    if denominator == 0:
        return None
    share = Fraction(numerator) / Fraction(denominator) * WHOLE
    hundredths = _rounded(share, rounding)
    if hundredths == WHOLE and share != WHOLE:
        hundredths += 1 if share > WHOLE else -1
    return Decimal(hundredths).scaleb(-2).quantize(HUNDREDTH)


def format_rate(value: Decimal | None) -> str:
    """Return "5.06%", or "—" where there was no denominator; a finer value is rounded half-up without reaching 100."""
    shown = None if value is None else rate(value, 100)
    return NO_RATE if shown is None else f"{shown:,.2f}%".replace("-", "−")


def rate_text(numerator: Number, denominator: Number, rounding: Rounding = "half_up") -> str:
    """Return the printed share of numerator in denominator."""
    return format_rate(rate(numerator, denominator, rounding))


def signed(number: int) -> str:
    """Print a change: +12, −3, 0."""
    return f"{number:+,}".replace("-", "−") if number else "0"


def _rounded(share: Fraction, rounding: Rounding) -> int:
    """Round to whole hundredths of a percent, halves away from zero, or cut towards zero."""
    magnitude = abs(share)
    whole = int(magnitude) if rounding == "truncate" else int(magnitude + Fraction(1, 2))
    return whole if share >= 0 else -whole
