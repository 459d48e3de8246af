"""Histories on which the forecaster is tried, and what it must reach. Written before the forecaster.

The true process holds what the forecaster's model lacks: the level drifts from month to month, months in which an
office is shut issue nothing, gates open later than stated, and an opened gate brings a rush of some months.
"""

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

FARTHEST: Final = 120  # months: what takes longer counts as this long, for the truth and for every forecast
MISSED: Final = 10.0  # 2 / 0.2: what a month outside of an 80 % band costs
BETTER: Final = 0.90  # the score of the forecaster is at most this share of that of either naive band
COVERED: Final = (0.75, 0.85)  # of the truths lie within the 80 % band


@dataclass(frozen=True)
class History:
    """What is known of a project today, and when it is at nought in truth."""

    issued: tuple[int, ...]  # by month since the first certificate, the latest last
    free: int  # homes that nothing but the pace holds
    gates: tuple[tuple[int, int], ...]  # (months ahead as stated, homes behind it)
    capacity: int  # homes a month that the office can do; 0 is no ceiling
    zero: int  # months from today until nothing is left

    @property
    def left(self) -> int:
        """All that is left."""
        return self.free + sum(homes for _, homes in self.gates)


def histories(seed: int, count: int) -> Iterator[History]:
    """Make so many histories; the same seed gives the same ones."""
    chance = random.Random(seed)
    while count:
        made = _history(chance)
        if sum(made.issued):
            count -= 1
            yield made


def _history(chance: random.Random) -> History:
    level = chance.lognormvariate(3.4, 0.8)
    drift, spread = chance.uniform(0.03, 0.15), chance.uniform(0.2, 0.7)
    shut = chance.choice((0.0, 0.0, 0.08, 0.2))
    known = chance.randint(6, 18)
    capacity = int(level * chance.uniform(1.2, 2.5)) if chance.random() < 0.4 else 0
    rush = [0.0]

    def month() -> int:
        nonlocal level
        level *= chance.lognormvariate(0, drift)
        rush[0] = max(rush[0] - 0.3, 0.0)
        if chance.random() < shut:
            return 0
        wanted = level * (1 + rush[0]) * chance.lognormvariate(-spread * spread / 2, spread)
        return min(round(wanted), capacity or round(wanted))

    issued = tuple(month() for _ in range(known))
    free = max(1, round(level * chance.uniform(2, 24)))
    gates = tuple(
        (chance.randint(1, 12), max(1, round(level * chance.uniform(1, 8)))) for _ in range(chance.choice((0, 0, 1, 2)))
    )
    opens = [
        (ahead + (0 if chance.random() < 0.3 else round(chance.expovariate(1 / (1 + 0.3 * ahead)))), homes)
        for ahead, homes in gates
    ]
    stock, zero = free, 0
    while (stock or any(at > zero for at, _ in opens)) and zero < FARTHEST:
        zero += 1
        for at, homes in opens:
            if at == zero:
                stock, rush[0] = stock + homes, chance.uniform(0, 1.0)
        stock -= min(stock, month())
    return History(issued, free, gates, capacity, zero)


def interval_score(low: float, high: float, truth: float) -> float:
    """Score an 80 % band (Gneiting and Raftery): its width, and ten times by how much it misses."""
    return (high - low) + MISSED * (max(low - truth, 0.0) + max(truth - high, 0.0))


def naive_band(history: Sequence[int], rate: float, left: int) -> tuple[float, float]:
    """Return the band that one rate for all months to come gives, with the spread of the months seen."""
    mean = sum(history) / len(history)
    spread = (sum((n - mean) ** 2 for n in history) / max(len(history) - 1, 1)) ** 0.5

    def months(z: float) -> float:
        """Solve rate·n + z·spread·√n = left for n."""
        if rate <= 0:
            return FARTHEST
        root = (-z * spread + ((z * spread) ** 2 + 4 * rate * left) ** 0.5) / (2 * rate)
        return min(root * root, FARTHEST)

    return months(1.2816), months(-1.2816)
