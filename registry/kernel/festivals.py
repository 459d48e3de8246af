"""The days off that the law gives in every year (全国年节及纪念日放假办法), whether that year's notice is out or not.

The notice moves weekends around them and wins where it is out. Spring Festival, Dragon Boat and Mid-Autumn go by the
moon: their days stand in a table; beyond it only the fixed ones are known. 清明 follows the sun.
"""

from collections.abc import Iterator
from datetime import date, timedelta
from functools import cache
from typing import Final

REFORM: Final = 2025  # from then on the eve of Spring Festival and 2 May too
# year: Spring Festival, Dragon Boat, Mid-Autumn, as month and day
LUNAR: Final[dict[int, str]] = {
    2010: "0214 0616 0922", 2011: "0203 0606 0912", 2012: "0123 0623 0930", 2013: "0210 0612 0919",
    2014: "0131 0602 0908", 2015: "0219 0620 0927", 2016: "0208 0609 0915", 2017: "0128 0530 1004",
    2018: "0216 0618 0924", 2019: "0205 0607 0913", 2020: "0125 0625 1001", 2021: "0212 0614 0921",
    2022: "0201 0603 0910", 2023: "0122 0622 0929", 2024: "0210 0610 0917", 2025: "0129 0531 1006",
    2026: "0217 0619 0925", 2027: "0206 0609 0915", 2028: "0126 0528 1003", 2029: "0213 0616 0922",
    2030: "0203 0605 0912", 2031: "0123 0624 1001", 2032: "0211 0612 0919", 2033: "0131 0601 0908",
    2034: "0219 0620 0927", 2035: "0208 0610 0916", 2036: "0128 0530 1004", 2037: "0215 0618 0924",
    2038: "0204 0607 0913", 2039: "0124 0527 1002", 2040: "0212 0614 0920",
}  # fmt: skip
YEARS: Final = range(min(LUNAR), max(LUNAR) + 1)


@cache
def statutory_days(year: int) -> frozenset[date]:
    """Return the days off of a year as the law of that year has them."""
    return frozenset(_days(year))


def _days(year: int) -> Iterator[date]:
    yield date(year, 1, 1)
    yield date(year, 5, 1)
    yield from (date(year, 10, day) for day in (1, 2, 3))
    yield date(year, 4, int((year % 100) * 0.2422 + 4.81) - (year % 100) // 4)  # 2000 to 2099
    if year >= REFORM:
        yield date(year, 5, 2)
    if year in LUNAR:
        spring, boat, moon = (date(year, int(text[:2]), int(text[2:])) for text in LUNAR[year].split())
        yield from (spring + timedelta(days=day) for day in range(-1 if year >= REFORM else 0, 3))
        yield from (boat, moon)
