"""Ranking that is fair: like with like, in bands of size, nobody ranked by a handful; equal rates share a place.

What a place could have done is its denominator: a share of all homes would punish whoever has the hard projects. Places
are compared in bands of that denominator, places below the least of them are listed and not ranked, and, drilled down,
within the class of what blocks the projects and the years since people moved in.
"""

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Final, Generic, TypeVar

from registry.kernel.intervals import places
from registry.kernel.rates import Rounding, rate

Place = TypeVar("Place", bound=Hashable)
YEARS: Final = ((10, "10年以上"), (5, "5至9年"), (0, "不满5年"))
UNKNOWN_YEARS: Final = "入住年份未填"
OTHERS: Final = "其他各类合并"


@dataclass(frozen=True, slots=True)
class Ranked(Generic[Place]):
    """A place with what it did of what it could have done; no band and no rank below the least."""

    place: Place
    done: int
    whole: int
    rate: Decimal | None
    band: int | None  # 1 is the largest
    rank: int | None


def ranked(
    figures: Mapping[Place, tuple[int, int]], bands: Sequence[int], rounding: Rounding = "half_up"
) -> list[Ranked[Place]]:
    """Rank places by done ÷ whole, given as (done, whole), within bands.

    `bands` has the least of each; below the least of all nothing is ranked. The result is in the order of bands, then
    ranks; what is not ranked stands last, in the order given.
    """
    floors = sorted({floor for floor in bands if floor > 0}, reverse=True)
    rows = []
    for place, (done, whole) in figures.items():
        band = next((number for number, floor in enumerate(floors, start=1) if whole >= floor), None)
        rows.append(Ranked(place, done, whole, rate(done, whole, rounding) if whole > 0 else None, band, None))
    listed: list[Ranked[Place]] = []
    for number in range(1, len(floors) + 1):
        own = [row for row in rows if row.band == number]
        standing = zip(own, places([row.rate for row in own]), strict=True)
        listed += sorted((replace(row, rank=rank) for row, rank in standing), key=lambda row: row.rank or 0)
    return [*listed, *(row for row in rows if row.band is None)]


def band_label(bands: Sequence[int], number: int | None, unit: str = "套") -> str:
    """Return a band in words: 300套以上, 80至299套; what is below the least is not ranked."""
    floors = sorted({floor for floor in bands if floor > 0}, reverse=True)
    if number is None:
        return f"不足{floors[-1]}{unit}，不排名" if floors else "不排名"
    floor = floors[number - 1]
    return f"{floor:,}{unit}以上" if number == 1 else f"{floor:,}至{floors[number - 2] - 1:,}{unit}"


def moved(before: tuple[int | None, int | None] | None, now: tuple[int | None, int | None]) -> str:
    """Return how a place moved since last month, each as (band, rank): within its band, or into another."""
    if before is None or before[1] is None or now[1] is None or now[0] is None or before[0] is None:
        return "—"
    if before[0] != now[0]:
        return "换组"
    change = before[1] - now[1]
    return "持平" if change == 0 else f"升{change}" if change > 0 else f"降{-change}"


def years_label(occupied: int | None, year: int) -> str:
    """Return the class of the years since people moved in."""
    if occupied is None:
        return UNKNOWN_YEARS
    return next((label for least, label in YEARS if year - occupied >= least), YEARS[-1][1])


def merged_cells(sizes: Mapping[tuple[str, str], int], least: int) -> dict[tuple[str, str], tuple[str, str]]:
    """Return into which cell each (class of blocker, class of years) goes, so that none is below the least.

    A cell that is too small goes, with those below it, into the next one with more years; what is left at the top joins
    the cell under it. A whole class of blockers that is too small joins the other ones of its kind.
    """
    order = [UNKNOWN_YEARS, *(label for _, label in reversed(YEARS))]
    into: dict[tuple[str, str], tuple[str, str]] = {}
    for head in sorted({head for head, _ in sizes}):
        groups: list[tuple[list[str], int]] = []
        waiting: list[str] = []
        count = 0
        for label in (label for label in order if (head, label) in sizes):
            waiting, count = [*waiting, label], count + sizes[head, label]
            if count >= least:
                groups.append((waiting, count))
                waiting, count = [], 0
        if waiting and groups:
            labels, whole = groups.pop()
            groups.append(([*labels, *waiting], whole + count))
        elif waiting:
            into |= {(head, label): (OTHERS, "") for label in waiting}
        for labels, _ in groups:
            name = "各年限" if set(labels) == {label for kind, label in sizes if kind == head} else "、".join(labels)
            into |= {(head, label): (head, name) for label in labels}
    return into
