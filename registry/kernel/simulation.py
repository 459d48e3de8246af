"""When nothing will be left (清零预测): many runs of the months to come, each drawn from the months that were.

A run takes its pace from the months since the first certificate, later ones more often; it is unsure of that pace by as
much as few months leave it unsure; and the pace drifts. What lies behind a gate can be issued only when the gate is
open, and gates open late. An office does no more than it can. A run ends when nothing is left.
"""

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from itertools import accumulate
from math import sqrt
from typing import Final, Protocol

FARTHEST: Final = 120  # months: beyond ten years there is no date
FEWEST: Final = 3  # months of history behind a band
HALF_LIFE: Final = 6.0  # months after which a month counts half
DRIFT: Final = 0.09  # by how much the pace changes from month to month
ON_TIME: Final = 0.3  # of gates that open in the month stated
RUNS: Final = 200
SHARES: Final = (0.1, 0.5, 0.9)


class Chance(Protocol):
    """What draws: `random.Random` of a seed, so that the same seed gives the same runs."""

    def random(self) -> float:
        """Draw from [0, 1)."""

    def gauss(self, mu: float, sigma: float, /) -> float:
        """Draw from a normal distribution."""

    def lognormvariate(self, mu: float, sigma: float, /) -> float:
        """Draw what has a logarithm of a normal distribution."""

    def expovariate(self, lambd: float, /) -> float:
        """Draw from an exponential distribution."""


class Binding(StrEnum):
    """What keeps the homes from being issued sooner."""

    PACE = "pace"
    GATES = "gates"
    CAPACITY = "capacity"


@dataclass(frozen=True, slots=True)
class Outstanding:
    """What is to be issued: homes free to be, homes behind gates (months ahead, homes), and what an office can do.

    `issued` are the homes of each month since the first certificate, the latest last; a capacity of 0 is no ceiling.
    """

    issued: Sequence[int]
    free: int
    gates: Sequence[tuple[int, int]] = field(default=())
    capacity: int = 0

    @property
    def left(self) -> int:
        """Return all that is left."""
        return self.free + sum(homes for _, homes in self.gates)


@dataclass(frozen=True, slots=True)
class Zero:
    """In how many months nothing is left, with a chance of 10, 50 and 90 in 100; None lies beyond `FARTHEST`.

    `ends` has the months of each run, in order; `left_then`, if a month was asked for, what is left after it: with a
    chance of 10, 50 and 90 in 100 at most so much.
    """

    p10: int | None
    p50: int | None
    p90: int | None
    binding: Binding
    ends: tuple[int, ...]
    left_then: tuple[int, int, int] = (0, 0, 0)

    def chance_by(self, months: int) -> float:
        """Return the share of runs in which nothing is left after so many months."""
        return bisect_left(self.ends, months + 1) / len(self.ends)


def months_to_zero(outstanding: Outstanding, *, chance: Chance, then: int = 0, runs: int = RUNS) -> Zero | None:
    """Simulate until nothing is left. None if the months are too few, or nothing was ever issued, to say.

    `then` is the month after which what is left is wanted too.
    """
    if outstanding.left <= 0:
        return Zero(0, 0, 0, Binding.PACE, (0,) * runs)
    history = outstanding.issued
    if len(history) < FEWEST or not any(history):
        return None
    weights = list(accumulate(0.5 ** ((len(history) - 1 - n) / HALF_LIFE) for n in range(len(history))))
    unsure = _unsure(history)
    held = {Binding.GATES: 0, Binding.CAPACITY: 0}
    ran = [_run(outstanding, chance, weights, unsure, held, then) for _ in range(runs)]
    ends, lefts = sorted(end for end, _ in ran), sorted(left for _, left in ran)
    most = max(held, key=lambda kind: held[kind])
    binding = most if held[most] * 2 > sum(ends) else Binding.PACE
    tenth, half, most_of = (_at(ends, share) for share in SHARES)
    low, middle, high = (_at(lefts, share) for share in SHARES)
    return Zero(_month(tenth), _month(half), _month(most_of), binding, tuple(ends), (low, middle, high))


def _unsure(history: Sequence[int]) -> float:
    """Return by how much, as the deviation of a logarithm, so many months leave the pace unsure."""
    mean = sum(history) / len(history)
    variance = sum((n - mean) ** 2 for n in history) / max(len(history) - 1, 1)
    told = min(len(history), 2 * HALF_LIFE / 1.4)
    return min(sqrt(variance / told) / mean, 1.0)


def _run(
    of: Outstanding,
    chance: Chance,
    weights: Sequence[float],
    unsure: float,
    held: dict[Binding, int],
    then: int,
) -> tuple[int, int]:
    """Return the months until nothing is left in one run (`FARTHEST` + 1 is later), and what is left after `then`."""
    history, last, ceiling = of.issued, weights[-1], of.capacity
    level = chance.lognormvariate(-unsure * unsure / 2, unsure)
    opens: dict[int, int] = {}
    for ahead, homes in of.gates:
        ahead = max(ahead, 1)
        at = ahead if chance.random() < ON_TIME else ahead + round(chance.expovariate(1 / (1 + 0.3 * ahead)))
        opens[at] = opens.get(at, 0) + homes
    free, left = of.free, of.left
    left_then = left if then <= 0 else 0
    for month in range(1, FARTHEST + 1):
        if month in opens:
            free += opens.pop(month)
        level *= 1 + chance.gauss(0, DRIFT)
        done = int(history[bisect_left(weights, chance.random() * last)] * level + chance.random())
        if ceiling and done > ceiling:
            done = ceiling
            held[Binding.CAPACITY] += 1
        if done >= free:
            done = free
            if opens:
                held[Binding.GATES] += 1
        free -= done
        left -= done
        if month == then:
            left_then = left
        if left <= 0:
            return month, left_then
    return FARTHEST + 1, left if then > FARTHEST else left_then


def _at(ranked: Sequence[int], share: float) -> int:
    return ranked[min(int(share * len(ranked)), len(ranked) - 1)]


def _month(end: int) -> int | None:
    return None if end > FARTHEST else end
