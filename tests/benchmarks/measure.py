"""Measuring: medians of at least three rounds, peak memory, one line a result."""

import json
import resource
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from statistics import median
from time import perf_counter, process_time
from typing import Any

from django.db import connection

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


@dataclass
class Spent:
    """What a piece of work took: CPU of this process, and the longest that it held SQLite's one writer, as CPU too."""

    cpu: float = 0.0
    held: float = 0.0
    statements: int = 0
    _since: float | None = field(default=None, repr=False)

    def begin(self) -> None:
        """The writer is taken."""
        self._since = process_time()

    def end(self) -> None:
        """The writer is free again."""
        if self._since is not None:
            self.held, self._since = max(self.held, process_time() - self._since), None


@contextmanager
def spending() -> Iterator[Spent]:
    """Measure a piece of work: a busy machine makes it wait, but no dearer."""
    spent, started = Spent(), process_time()
    commit, rollback = connection.commit, connection.rollback

    def watched(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        spent.statements += 1
        if not sql.startswith("BEGIN"):
            return execute(sql, params, many, context)
        result = execute(sql, params, many, context)
        spent.begin()
        return result

    def ending(finish: Callable[[], None]) -> Callable[[], None]:
        def finished() -> None:
            finish()
            spent.end()

        return finished

    connection.commit, connection.rollback = ending(commit), ending(rollback)
    try:
        with connection.execute_wrapper(watched):
            yield spent
    finally:
        connection.commit, connection.rollback = commit, rollback
        spent.cpu = process_time() - started


def median_spent(rounds: list[Spent]) -> Spent:
    """Return the median of each figure."""
    return Spent(*(median(getattr(spent, name) for spent in rounds) for name in ("cpu", "held", "statements")))


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
