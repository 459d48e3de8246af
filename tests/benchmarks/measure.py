"""Measuring: medians of at least three rounds, peak memory, one line a result."""

import json
import resource
from collections.abc import Callable
from dataclasses import asdict, dataclass
from statistics import median
from time import perf_counter
from typing import Any

ROUNDS = 3


@dataclass(frozen=True)
class Result:
    """One figure: what was measured, the figure, the goal, and whether it is met."""

    name: str
    value: float
    unit: str
    goal: float
    note: str = ""
    is_floor: bool = False

    @property
    def is_met(self) -> bool:
        """Whether the figure is within its goal; a floor is to be reached, not to be kept under."""
        return self.value >= self.goal if self.is_floor else self.value <= self.goal


def timed(work: Callable[[], Any], rounds: int = ROUNDS) -> float:
    """The median seconds of a piece of work."""
    seconds = []
    for _ in range(rounds):
        started = perf_counter()
        work()
        seconds.append(perf_counter() - started)
    return median(seconds)


def peak_mb() -> float:
    """The most memory that this process has held, in MB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def report(results: list[Result]) -> int:
    """Print a table and JSON; the exit code is 1 if a goal is missed."""
    for one in results:
        mark = "ok    " if one.is_met else "MISSED"
        print(
            f"{mark} {one.name:<46} {one.value:>9.2f} {one.unit:<8} goal {'≥ ' if one.is_floor else ''}{one.goal:g}  {one.note}"
        )
    print(json.dumps([asdict(one) | {"is_met": one.is_met} for one in results], ensure_ascii=False))
    return 0 if all(one.is_met for one in results) else 1
