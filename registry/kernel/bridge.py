"""The bridge of a month (本月变动): opening, what the month did, corrections, closing, for every stock and place.

A fact has a day from which it counts and a moment at which it was recorded. It is in a closing if, and only if, it
counts by the last day and was recorded by the moment of the close; so opening, rows and corrections sum to the closing
whatever was recorded when. What concerns an earlier month is no movement of this one: it is 补记 where it was true all
along and recorded late, 纠错 where it takes back what an earlier closing stated wrongly. The two are never netted.
"""

from collections import defaultdict
from collections.abc import Hashable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, fields
from datetime import date, datetime
from typing import Any, Final, Self

from registry.kernel.periods import SHANGHAI, Month
from registry.kernel.stages import Labelled
from registry.kernel.tally import Cut


class Term(Labelled):
    """The rows of the bridge, in the order in which they are printed. STEP moves no column that is printed."""

    OPENING = "opening", "期初"
    TAKEN_IN = "taken_in", "本月纳入"
    ENTERED = "entered", "旧证入账"
    SPLIT = "split", "项目拆分"
    MERGED = "merged", "项目合并"
    TRANSFERRED = "transferred", "划入、划出"
    PARTED = "parted", "分户、合户"
    USE = "use", "用途变更"
    PROJECT_EXCLUDED = "project_excluded", "项目核减"
    EXCLUDED = "excluded", "户核减、恢复"
    CLOSED = "closed", "本月销号"
    REOPENED = "reopened", "恢复在账"
    ISSUED = "issued", "本月发证"
    RETURNED = "returned", "证书收回"
    STEP = "step", "环节办理"
    LATE = "late", "更正：补记"
    ERROR = "error", "更正：纠错"
    CLOSING = "closing", "期末"


STOCKS: Final = (Term.OPENING, Term.CLOSING)
CORRECTIONS: Final = (Term.LATE, Term.ERROR)
MOVEMENTS: Final = tuple(term for term in Term if term not in (*STOCKS, *CORRECTIONS))
PRINTED: Final = tuple(term for term in Term if term is not Term.STEP)
BETWEEN_PROJECTS: Final = (Term.SPLIT, Term.MERGED)
CHAIN: Final = ("collected", "accepted", "recorded", "printed", "issued")  # each stage at or beyond, in order


@dataclass(frozen=True, slots=True)
class Stock:
    """What is counted, or what a fact adds to it: projects on the ledger, homes (套), homes at or beyond a stage."""

    projects: int = 0
    involved: int = 0
    excluded: int = 0
    collected: int = 0
    accepted: int = 0
    recorded: int = 0
    printed: int = 0
    issued: int = 0

    @property
    def due(self) -> int:
        """应办 = 涉及 − 核减."""
        return self.involved - self.excluded

    @property
    def remaining(self) -> int:
        """剩余 = 应办 − 已发证."""
        return self.due - self.issued

    def __add__(self, other: "Stock") -> "Stock":
        return Stock(*(getattr(self, name) + getattr(other, name) for name in COLUMNS))

    def __neg__(self) -> "Stock":
        return Stock(*(-getattr(self, name) for name in COLUMNS))

    def __sub__(self, other: "Stock") -> "Stock":
        return self + -other

    def times(self, units: int) -> "Stock":
        """Return what so many homes that move alike add."""
        return Stock(*(units * getattr(self, name) for name in COLUMNS))

    def __bool__(self) -> bool:
        return any(getattr(self, name) for name in COLUMNS)

    @classmethod
    def of(cls, numbers: Mapping[str, int]) -> Self:
        """Read a stock from stored numbers; what is not stored is none."""
        return cls(**{name: numbers.get(name, 0) for name in COLUMNS})

    @property
    def numbers(self) -> dict[str, int]:
        """The columns that are not nought, to be stored."""
        return {name: getattr(self, name) for name in COLUMNS if getattr(self, name)}


COLUMNS: Final = tuple(column.name for column in fields(Stock))
EMPTY: Final = Stock()


@dataclass(frozen=True, slots=True)
class Fact:
    """Something that changed what is counted of a place (a project).

    `on` is the day from which it counts; `happened_on` the day of its business where that is another: of a reversal
    the day of what it reverses, of an old certificate the day on which the home was taken in. `of` is what it reverses:
    the day from which that counted, and when it was recorded.
    """

    place: Hashable
    term: Term
    stock: Stock
    on: date
    recorded_at: datetime
    happened_on: date | None = None
    of: tuple[date, datetime] | None = None
    cause: str = ""
    author: str = ""

    @property
    def business_on(self) -> date:
        """The day on which it happened."""
        return self.happened_on or self.on

    def is_in(self, cut: Cut) -> bool:
        """Whether a closing has it."""
        return _is_in(cut, self.on, self.recorded_at)


def _is_in(cut: Cut, on: date, recorded_at: datetime) -> bool:
    return on <= cut.on and recorded_at <= cut.known_at


@dataclass(frozen=True, slots=True)
class Correction:
    """A line of the list of corrections: which row it would have been in which month, why, by whom, since when."""

    place: Hashable
    term: Term
    of: Term
    month: Month
    cause: str
    author: str
    recorded_on: date


@dataclass(slots=True)
class Bridge:
    """The rows of one place, or of a sum of places. A row that is not there is nought."""

    rows: dict[Term, Stock] = field(default_factory=lambda: defaultdict(Stock))
    risen: Stock = EMPTY  # by column, what went up in the month, corrections apart
    fallen: Stock = EMPTY  # by column, what went down

    def row(self, term: Term) -> Stock:
        """Return a row; the closing is the sum of all others."""
        if term is Term.CLOSING:
            return sum((stock for stock in self.rows.values()), EMPTY)
        return self.rows.get(term, EMPTY)

    @property
    def corrected(self) -> Stock:
        """What the corrections add, both kinds together."""
        return self.row(Term.LATE) + self.row(Term.ERROR)

    def add(self, term: Term, stock: Stock) -> None:
        """Add to a row, and to what rose and fell if it is a movement."""
        self.rows[term] = self.row(term) + stock
        if term in MOVEMENTS:
            self.risen += Stock(*(max(getattr(stock, name), 0) for name in COLUMNS))
            self.fallen += Stock(*(max(-getattr(stock, name), 0) for name in COLUMNS))

    def __iadd__(self, other: "Bridge") -> "Bridge":
        for term, stock in other.rows.items():
            self.rows[term] = self.row(term) + stock
        self.risen += other.risen
        self.fallen += other.fallen
        return self


def month_rows(
    facts: Iterable[Fact], *, previous: Cut, this: Cut, openings: Mapping[Hashable, Stock] | None = None
) -> tuple[dict[Hashable, Bridge], dict[Correction, Stock]]:
    """Return the bridges by place, and the corrections line by line, each with what it adds.

    `previous` is the close before; where no month was closed, the last day before as known now. `openings` are the
    stocks as they were closed; without them they are counted from the facts that the close before had.
    """
    bridges: dict[Hashable, Bridge] = defaultdict(Bridge)
    lines: dict[Correction, Stock] = defaultdict(Stock)
    for place, stock in (openings or {}).items():
        bridges[place].add(Term.OPENING, stock)
    for fact in facts:
        if not fact.is_in(this):
            continue
        if fact.is_in(previous):
            if openings is None:
                bridges[fact.place].add(Term.OPENING, fact.stock)
            continue
        term = row_of(fact, previous)
        bridges[fact.place].add(term, fact.stock)
        if term in CORRECTIONS:
            lines[_line(fact, term)] += fact.stock
    return dict(bridges), {line: stock for line, stock in lines.items() if stock}


def row_of(fact: Fact, previous: Cut) -> Term:
    """Return the row of a fact that the close before did not have.

    What takes back a record of the same period nets in the row of that record; of a closed one it is 纠错.
    """
    if fact.of is not None and _is_in(previous, *fact.of):
        return Term.ERROR
    return Term.LATE if fact.business_on <= previous.on else fact.term


def _line(fact: Fact, term: Term) -> Correction:
    recorded = fact.recorded_at.astimezone(SHANGHAI).date()
    return Correction(fact.place, term, fact.term, Month.of(fact.business_on), fact.cause, fact.author, recorded)


def summed(bridges: Iterable[Bridge]) -> Bridge:
    """Add up the bridges of places."""
    total = Bridge()
    for bridge in bridges:
        total += bridge
    return total


def faults_of(bridges: Mapping[Any, Bridge]) -> Iterator[str]:
    """Name what is wrong with bridges before they are sealed: each place by itself, and all together."""
    for place, bridge in bridges.items():
        closing = bridge.row(Term.CLOSING)
        chain = [getattr(closing, name) for name in reversed(CHAIN)]
        if chain != sorted(chain) or chain[0] < 0 or chain[-1] > closing.due:
            yield f"{place}：已发证、已缮证、已登簿、已受理、已收材料、应办不是依次不少于前一项"
        if min(closing.involved, closing.excluded, closing.projects) < 0:
            yield f"{place}：期末为负"
        if bridge.row(Term.OPENING) + bridge.risen - bridge.fallen + bridge.corrected != closing:
            yield f"{place}：期初、增加、减少、更正之和不等于期末"
    whole = summed(bridges.values())
    for term in BETWEEN_PROJECTS:
        row = whole.row(term)
        if row - Stock(projects=row.projects):
            yield f"{term.label}各项目合计不为零"
    if whole.row(Term.TRANSFERRED):
        yield f"{Term.TRANSFERRED.label}各单位合计不为零"
