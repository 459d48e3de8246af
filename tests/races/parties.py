"""Two or more at once: each party works in a thread with a connection of its own and can be stopped at a statement."""

import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import connection

PATIENCE = 30.0
Work = Callable[[], Any]


@dataclass(frozen=True)
class Outcome:
    """What became of one party."""

    value: Any = None
    error: BaseException | None = None

    @property
    def is_done(self) -> bool:
        """Whether its work was committed."""
        return self.error is None

    @property
    def says(self) -> str:
        """The class of what refused it, or nothing."""
        return type(self.error).__name__ if self.error is not None else ""


class Party:
    """Somebody who works at the same time as others. `stop_at` is a piece of the SQL before which it stands still."""

    def __init__(self, work: Work, *, stop_at: str = "") -> None:
        self._work, self._stop_at = work, stop_at
        self._reached, self._go = threading.Event(), threading.Event()
        self._outcome: Outcome | None = None
        self._thread = threading.Thread(target=self._run, daemon=True)
        self.backend = 0

    def start(self) -> "Party":
        """Begin."""
        self._thread.start()
        return self

    def stopped(self) -> "Party":
        """Wait until it stands before its statement, in the middle of its transaction."""
        assert self._reached.wait(PATIENCE), "never came to its statement"
        assert self._outcome is None, f"ended before its statement: {self._outcome}"
        return self

    def waits(self, long: float = 0.3) -> bool:
        """Whether it is held up by somebody: by a lock on PostgreSQL, before its transaction on SQLite."""
        until = time.monotonic() + (PATIENCE if connection.vendor == "postgresql" else long)
        while time.monotonic() < until:
            if self._outcome is not None:
                return False
            if connection.vendor == "postgresql" and self._is_held_up():
                return True
            time.sleep(0.01)
        return self._outcome is None

    def let_go(self) -> "Party":
        """Let it go on."""
        self._go.set()
        return self

    def outcome(self) -> Outcome:
        """Wait for its end."""
        self._go.set()
        self._thread.join(PATIENCE)
        assert self._outcome is not None, "never ended"
        return self._outcome

    def _run(self) -> None:
        try:
            connection.ensure_connection()
            if connection.vendor == "postgresql":
                self.backend = connection.connection.info.backend_pid
            with connection.execute_wrapper(self._stand_still):
                outcome = Outcome(self._work())
        except BaseException as error:
            outcome = Outcome(error=error)
        finally:
            connection.close()
        self._outcome = outcome
        self._reached.set()

    def _stand_still(self, execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        if self._stop_at and not self._reached.is_set() and self._stop_at in sql:
            self._reached.set()
            assert self._go.wait(PATIENCE), "nobody let it go"
        return execute(sql, params, many, context)

    def _is_held_up(self) -> bool:
        with connection.cursor() as cursor:
            cursor.execute("SELECT cardinality(pg_blocking_pids(%s)) > 0", [self.backend])
            return bool(cursor.fetchone()[0])


def meet(first: Work, second: Work, *, at: str) -> tuple[Outcome, Outcome, bool]:
    """Stop the first in its transaction, let the second run as far as it gets, then both to their ends.

    The last value is whether the second had to wait.
    """
    one = Party(first, stop_at=at).start().stopped()
    other = Party(second).start()
    waited = other.waits()
    return one.let_go().outcome(), other.outcome(), waited


def race(works: Sequence[Work]) -> list[Outcome]:
    """Let all begin at the same moment."""
    gate = threading.Barrier(len(works))

    def started(work: Work) -> Work:
        def run() -> Any:
            connection.ensure_connection()
            gate.wait(PATIENCE)
            return work()

        return run

    parties = [Party(started(work)).start() for work in works]
    return [party.outcome() for party in parties]
