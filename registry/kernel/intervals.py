"""What few cases can tell: Wilson intervals of a share, places with ties, and how many cases a place asks for.

Source: E. B. Wilson, Probable inference, JASA 22 (1927); 95 % as printed in tables of evaluation.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from math import sqrt
from typing import Final

from registry.kernel.rates import rate

Z95: Final = 1.959963984540054
TENTH: Final = Decimal("0.1")


@dataclass(frozen=True, slots=True)
class Interval:
    """Between which two percentages a share lies, by the cases at hand."""

    low: Decimal
    high: Decimal

    @property
    def text(self) -> str:
        """The interval as printed: 61.2%—83.4%."""
        low, high = (share.quantize(TENTH, ROUND_HALF_UP) for share in (self.low, self.high))
        return f"{low}%—{high}%"

    def overlaps(self, other: "Interval") -> bool:
        """Whether both may be of one share: no place divides them then."""
        return self.low <= other.high and other.low <= self.high


def wilson(hits: int, cases: int, *, z: float = Z95) -> Interval | None:
    """Return the Wilson interval of hits among cases in percent, to hundredths; None without cases."""
    if not 0 <= hits <= cases:
        raise ValueError(f"{hits} of {cases} is no share")
    if not cases:
        return None
    share, square = hits / cases, z * z
    middle = (share + square / (2 * cases)) / (1 + square / cases)
    reach = z * sqrt(share * (1 - share) / cases + square / (4 * cases * cases)) / (1 + square / cases)
    low = 0.0 if not hits else max(0.0, middle - reach)
    high = 1.0 if hits == cases else min(1.0, middle + reach)
    return Interval(_percent(low), _percent(high))


def places(values: Sequence[Decimal | None]) -> list[int | None]:
    """Return the place of each value, the highest first: equal values share a place and the next is passed over.

    Who has no value has no place.
    """
    stated = sorted((value for value in values if value is not None), reverse=True)
    first: dict[Decimal, int] = {}
    for at, value in enumerate(stated, start=1):
        first.setdefault(value, at)
    return [None if value is None else first[value] for value in values]


def _percent(share: float) -> Decimal:
    percent = rate(Decimal(repr(share)), 1)
    return Decimal(0) if percent is None else percent
