"""The figures of any two days side by side, for what a reader may see: by district, as known now or at a moment."""

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from documents.reports.figures import BY_CODE
from projects.gates.selectors.overview import Overview, overviews, overviews_on
from projects.ledger.selectors.projects import projects_in_sight
from registry.kernel.authority import Actor
from registry.kernel.gates.rest import Rest

SHOWN = ("involved", "excluded", "due", "cleared_assessed", "registered", "collected", "accepted", "recorded", "issued",
         "remaining", *(rest.value for rest in Rest))  # fmt: skip


@dataclass(frozen=True)
class Pair:
    """A figure of two days."""

    label: str
    unit: str
    first: int
    second: int

    @property
    def change(self) -> int:
        """What lies between them."""
        return self.second - self.first


def two_days(
    actor: Actor, first: date, second: date, *, known_at: datetime | None = None
) -> tuple[list[Pair], list[tuple[str, list[Pair]]]]:
    """Return the figures of two days, of all and of each district; constant queries whatever the city's size."""
    districts = projects_in_sight(actor)
    sums = [_sums(districts, day, known_at) for day in (first, second)]
    whole = [_added(by_district.values()) for by_district in sums]
    names = dict(sorted((code, name) for code, name in districts.values()))
    each = [
        (name, [Pair("应办", "套", *(one[code]["due"] for one in sums)),
                Pair("已发证", "套", *(one[code]["issued"] for one in sums)),
                Pair("剩余", "套", *(one[code]["remaining"] for one in sums))])
        for code, name in names.items()
    ]  # fmt: skip
    pairs = [Pair(BY_CODE[code].label, BY_CODE[code].unit, whole[0][code], whole[1][code]) for code in SHOWN]
    return pairs, each


def _sums(
    districts: dict[int, tuple[str, str]], day: date, known_at: datetime | None
) -> dict[str, Counter[str]]:
    rows: dict[int, Overview] = (
        overviews_on(districts, on=day) if known_at is None else overviews(districts, on=day, known_at=known_at)
    )
    sums: dict[str, Counter[str]] = defaultdict(Counter)
    for key, row in rows.items():
        sums[districts[key][0]].update({code: BY_CODE[code].value(row) for code in SHOWN})
    return sums


def _added(counters: Iterable[Counter[str]]) -> Counter[str]:
    total: Counter[str] = Counter()
    for counter in counters:
        total.update(counter)
    return total
