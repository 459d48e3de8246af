"""Try every invariant of the books, on as many processors as there are.

Each invariant is a question of its own, so each process asks in a snapshot of its own: what one of them reads is one
state of the books. Inside an open transaction everything is asked in place, in that one's state; so it is in a process
with threads, since a copy of it could wait for a lock that nobody is left to open.
"""

import os
import threading
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from itertools import repeat
from multiprocessing import get_context
from time import perf_counter
from typing import Final

from django.db import connection, connections

from registry.audit.invariants import INVARIANTS, Violation
from registry.store.snapshot import read_only_snapshot

PROCESSES: Final = min(4, os.cpu_count() or 1)  # each may take some 170 MB
LONGEST: Final = ("I42", "I13")  # begun first, so that no process waits for them at the end


@dataclass(frozen=True)
class Checked:
    """One invariant tried: what violates it, and the seconds that it took."""

    code: str
    sentence: str
    violations: tuple[Violation, ...]
    seconds: float


def check_books(project: int | None, *, processes: int = PROCESSES) -> list[Checked]:
    """Try every invariant, of one project or of all; they come in the order of their numbers."""
    codes = sorted(INVARIANTS, key=lambda code: int(code[1:]))
    if processes == 1 or connection.in_atomic_block or threading.active_count() > 1:
        with read_only_snapshot():
            return [_checked(code, project) for code in codes]
    began_first = sorted(codes, key=lambda code: code not in LONGEST)
    connections.close_all()  # a connection is not for two processes
    with ProcessPoolExecutor(processes, mp_context=get_context("fork")) as pool:
        tried = {checked.code: checked for checked in pool.map(_checked_apart, began_first, repeat(project))}
    return [tried[code] for code in codes]


def _checked_apart(code: str, project: int | None) -> Checked:
    with read_only_snapshot():
        return _checked(code, project)


def _checked(code: str, project: int | None) -> Checked:
    started = perf_counter()
    invariant = INVARIANTS[code]
    violations = tuple(invariant.violations(project))
    return Checked(code, invariant.sentence, violations, round(perf_counter() - started, 2))
