"""The figures of any two days side by side, for what a reader may see: of all and by district."""

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Final

from documents.reports.figures import BY_CODE
from projects.gates.selectors.overview import overviews, overviews_on
from projects.ledger.selectors.month_facts import projects_at
from projects.ledger.selectors.projects import projects_visible_to
from registry.kernel.authority import Actor
from registry.kernel.gates.rest import Rest
from registry.kernel.tally import Cut

SHOWN: Final = (
    "involved", "excluded", "due", "cleared_assessed", "registered", "collected", "accepted", "recorded", "issued",
    "remaining", *(rest.value for rest in Rest),
)  # fmt: skip
OF_DISTRICTS: Final = ("due", "issued", "remaining")
EVERYTHING_KNOWN: Final = datetime(9999, 1, 1, tzinfo=UTC)  # by which everything recorded is known


@dataclass(frozen=True)
class Pair:
    """A figure of two days."""

    code: str
    label: str
    unit: str
    first: int
    second: int

    @property
    def change(self) -> int:
        """What lies between them."""
        return self.second - self.first


@dataclass(frozen=True)
class TwoDays:
    """The figures of two days: projects on the ledger, every figure, and three of each district."""

    projects: Pair
    figures: list[Pair]
    districts: list[tuple[str, list[Pair]]]

    def side(self, codes: Iterable[str], *, is_first: bool) -> list[tuple[str, int]]:
        """Return some figures of one of the days, in the order of their codes."""
        by_code = {pair.code: pair for pair in self.figures}
        chosen = [by_code[code] for code in codes]
        return [(pair.label, pair.first if is_first else pair.second) for pair in chosen]


def two_days(actor: Actor, first: date, second: date, *, known_at: datetime | None = None) -> TwoDays:
    """Return the figures of two days as known at a moment, or now. Constant queries whatever the city's size."""
    own = set(projects_visible_to(actor).values_list("id", flat=True))
    names: dict[str, str] = {}
    sides = [_sums(own, day, known_at, names) for day in (first, second)]
    wholes = [_added(sums.values()) for sums, _ in sides]

    def pair(code: str, before: Counter[str], after: Counter[str]) -> Pair:
        figure = BY_CODE[code]
        return Pair(code, figure.label, figure.unit, before[code], after[code])

    return TwoDays(
        Pair("projects", "在账项目", "个", sides[0][1], sides[1][1]),
        [pair(code, *wholes) for code in SHOWN],
        [
            (names[key], [pair(code, sides[0][0][key], sides[1][0][key]) for code in OF_DISTRICTS])
            for key in sorted(names)
        ],
    )


def _sums(
    own: set[int], day: date, known_at: datetime | None, names: dict[str, str]
) -> tuple[dict[str, Counter[str]], int]:
    """Add up the figures of a day by district, with how many projects are on the ledger; districts are named."""
    there = {key: row for key, row in projects_at(Cut(day, known_at or EVERYTHING_KNOWN)).items() if key in own}
    rows = overviews_on(there, on=day) if known_at is None else overviews(there, on=day, known_at=known_at)
    sums: dict[str, Counter[str]] = defaultdict(Counter)
    for key, project in there.items():
        names[project.district_code] = project.version.district_name
        sums[project.district_code].update({code: BY_CODE[code].value(rows[key]) for code in SHOWN})
    return sums, sum(project.is_open for project in there.values())


def _added(counters: Iterable[Counter[str]]) -> Counter[str]:
    total: Counter[str] = Counter()
    for counter in counters:
        total.update(counter)
    return total
