"""The three rates (三率): how many were spoken with in time, solved, satisfied; scores, groups and places.

What is counted, and by which rules, comes with every figure: rules are dated and say their source. No rule, weight or
class of any city is built in; where none is set there is no score. Two fields are never one: contact in time is what
the system knows, 响应 what the caller says.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from itertools import pairwise
from typing import Final

from registry.kernel.errors import DomainError
from registry.kernel.intervals import Interval, places, wilson
from registry.kernel.numerals import whole_number
from registry.kernel.rates import HUNDREDTH, Rounding, format_rate, rate

SATISFIED: Final = "yes"
BASICALLY: Final = "basically"
HUNDRED: Final = 100
NOT_RANKED: Final = "不足最小件数，不排名"


@dataclass(frozen=True, slots=True)
class Case:
    """One ticket as it is scored for one unit; None where nobody was asked, or nothing is due yet."""

    key: int
    in_time: bool | None
    responded: bool | None = None
    solved: bool | None = None
    satisfied: str = ""
    is_repeat: bool = False
    is_late: bool = False

    @property
    def is_asked(self) -> bool:
        """Whether a valid call back was made: all three answers are there."""
        return self.solved is not None


@dataclass(frozen=True, slots=True)
class RateRules:
    """By what the three rates are counted from a day on, and on whose word.

    `weights` in percent of response, solution, satisfaction; all zero: no score. `deductions` in hundredths of a point
    for each ticket not contacted in time, not solved, not satisfied, repeated; all zero: by weights. `bands` are the
    least numbers of tickets of each group, the largest first; fewer than the last: not ranked.
    """

    source: str = ""
    weights: tuple[int, int, int] = (0, 0, 0)
    deductions: tuple[int, int, int, int] = (0, 0, 0, 0)
    by_caller: bool = False
    basically_counts: bool = True
    bands: tuple[int, ...] = ()
    classes: tuple[int, ...] = ()
    class_names: tuple[str, ...] = ()
    rounding: Rounding = "half_up"

    @property
    def is_by_deductions(self) -> bool:
        """Whether points are taken off, rather than rates weighted."""
        return any(self.deductions)

    @property
    def has_score(self) -> bool:
        """Whether a score can be made at all."""
        return self.is_by_deductions or sum(self.weights) == HUNDRED


@dataclass(frozen=True, slots=True)
class Share:
    """A rate with what it is made of: hits among cases; no value without cases."""

    hits: int
    cases: int
    rounding: Rounding = "half_up"

    @property
    def value(self) -> Decimal | None:
        """The rate in percent; None if there is no case."""
        return rate(self.hits, self.cases, self.rounding)

    @property
    def text(self) -> str:
        """The rate as printed; — without cases."""
        return format_rate(self.value)

    @property
    def interval(self) -> Interval | None:
        """Between what it lies, by so few cases."""
        return wilson(self.hits, self.cases)


@dataclass(frozen=True, slots=True)
class Rates:
    """The three rates of one unit in one period."""

    tickets: int
    demands: int
    contacted: Share
    responded: Share
    solved: Share
    satisfied: Share
    score: Decimal | None

    @property
    def unsolved(self) -> int:
        """How many of those called back say that it is not solved."""
        return self.solved.cases - self.solved.hits


def rates_of(cases: Iterable[Case], rules: RateRules) -> Rates:
    """Count the three rates of a unit by the rules: zero valid call-backs give no rate, never 0 or 100."""
    scored = list(cases)
    due = [case for case in scored if case.in_time is not None]
    asked = [case for case in scored if case.is_asked]
    pleased = {SATISFIED, BASICALLY} if rules.basically_counts else {SATISFIED}
    contacted = Share(sum(bool(case.in_time) for case in due), len(due), rules.rounding)
    responded = Share(sum(bool(case.responded) for case in asked), len(asked), rules.rounding)
    solved = Share(sum(bool(case.solved) for case in asked), len(asked), rules.rounding)
    satisfied = Share(sum(case.satisfied in pleased for case in asked), len(asked), rules.rounding)
    response = responded if rules.by_caller else contacted
    return Rates(
        tickets=len(scored),
        demands=sum(not case.is_repeat for case in scored),
        contacted=contacted,
        responded=responded,
        solved=solved,
        satisfied=satisfied,
        score=_score(scored, (response, solved, satisfied), rules),
    )


def _score(cases: Sequence[Case], shares: tuple[Share, Share, Share], rules: RateRules) -> Decimal | None:
    """Weigh the exact rates, or take points off 100 by ticket; None where a part has no case or no rule is set."""
    if rules.is_by_deductions:
        if not cases:
            return None
        lost = (
            sum(case.in_time is False for case in cases),
            sum(case.solved is False for case in cases),
            shares[2].cases - shares[2].hits,
            sum(case.is_repeat for case in cases),
        )
        off = Fraction(sum(n * points for n, points in zip(lost, rules.deductions, strict=True)), len(cases) * HUNDRED)
        return _percent(max(Fraction(0), HUNDRED - off))
    if not rules.has_score or any(
        share.cases == 0 for share, weight in zip(shares, rules.weights, strict=True) if weight
    ):
        return None
    parts = (
        Fraction(share.hits, share.cases) * weight
        for share, weight in zip(shares, rules.weights, strict=True)
        if weight
    )
    return _percent(sum(parts, Fraction(0)))


def _percent(value: Fraction) -> Decimal:
    hundredths = int(value * HUNDRED + Fraction(1, 2))
    return Decimal(hundredths).scaleb(-2).quantize(HUNDREDTH)


@dataclass(frozen=True, slots=True)
class Placed:
    """Where a unit stands among those of its group: its group in words, its place, its class."""

    band: str
    place: int | None
    of: int
    label: str = ""


def ranked(rows: Sequence[Rates], rules: RateRules) -> list[Placed]:
    """Return the place of each unit in its group of size: by score, where none is made by what is solved.

    Equal ones share a place. Units with fewer tickets than the smallest group asks for have none.
    """
    bands = [band_of(row.tickets, rules.bands) for row in rows]
    placed: list[Placed] = [Placed(NOT_RANKED, None, 0) for _ in rows]
    for band in set(bands) - {None}:
        at = [place for place, own in enumerate(bands) if own == band]
        values = [rows[place].score if rules.has_score else rows[place].solved.value for place in at]
        for place, rank, value in zip(at, places(values), values, strict=True):
            with_value = sum(each is not None for each in values)
            placed[place] = Placed(str(band), rank, with_value, class_of(value, rules) if rules.has_score else "")
    return placed


def band_of(tickets: int, bands: Sequence[int]) -> str | None:
    """Return the group of a number of tickets in words: 300件及以上, 80—299件; None below the least of the last.

    Without groups everybody is in one.
    """
    if not bands:
        return "不分组"
    for at, least in enumerate(bands):
        if tickets >= least:
            return f"{least}件及以上" if at == 0 else f"{least}—{bands[at - 1] - 1}件"
    return None


def class_of(value: Decimal | None, rules: RateRules) -> str:
    """Return the class of a score by the limits that are set; "" while none are."""
    if value is None or not rules.classes:
        return ""
    at = next((at for at, least in enumerate(rules.classes) if value >= least), len(rules.classes))
    return rules.class_names[at] if at < len(rules.class_names) else f"第{at + 1}类"


def read_limits(text: str, label: str) -> tuple[int, ...]:
    """Read limits as staff set them: 300、80、20, each less than the one before. Raises DomainError."""
    parts = [part.strip() for part in text.replace(",", "、").replace("，", "、").split("、") if part.strip()]
    numbers = [whole_number(part) for part in parts]
    limits = tuple(number for number in numbers if number is not None)
    if len(limits) < len(parts) or any(later >= earlier for earlier, later in pairwise(limits)):
        raise DomainError(
            f"{label}“{text}”应为由大到小的整数，用“、”隔开，如300、80、20。请在设置中更正。", code="limits"
        )
    return limits


def growth(now: int, before: int) -> Decimal | None:
    """Return by how many percent a number grew; None from nothing."""
    return rate(now - before, before) if before else None


def unnamed(total: int, parts: Iterable[int]) -> int:
    """Return what a total has beyond its named parts: positive if some are unlabelled, negative if too many."""
    return total - sum(parts)
