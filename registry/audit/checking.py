"""Try every invariant of the books, on as many processors as there are.

Each invariant is a question of its own, and so is each part of a long one; each process asks in a snapshot of its own:
what one question reads is one state of the books. Inside an open transaction everything is asked in place, in that
one's state; so it is in a process with threads, since a copy of it could wait for a lock that nobody is left to open.
"""

import os
import threading
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from itertools import groupby, repeat
from multiprocessing import get_context
from time import perf_counter
from typing import Any, Final

from django.db import connection, connections

from registry.audit.invariants import INVARIANTS, Violation
from registry.store.snapshot import read_only_snapshot
from registry.store.start import settle_memory

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
    in_order = sorted(codes, key=lambda code: code not in LONGEST)
    questions = [(code, part) for code in in_order for part in _parts(code, project)]
    connections.close_all()  # a connection is not for two processes
    with ProcessPoolExecutor(processes, mp_context=get_context("fork"), initializer=settle_memory) as pool:
        answers = list(pool.map(_checked_apart, questions, repeat(project)))
    tried = {code: _joined(list(some)) for code, some in groupby(answers, key=lambda checked: checked.code)}
    return [tried[code] for code in codes]


def _parts(code: str, project: int | None) -> list[Any]:
    """The parts of an invariant that are asked apart; of most the whole alone."""
    invariant = INVARIANTS[code]
    if invariant.parts is None:
        return [None]
    try:
        return list(invariant.parts(project)) or [None]
    except Exception:  # what keeps it from being parted is named when it is tried whole
        return [None]


def _joined(answers: list[Checked]) -> Checked:
    """The answers to the parts of one invariant as one: every violation, the seconds of all of them."""
    first, violations = answers[0], tuple(violation for answer in answers for violation in answer.violations)
    return Checked(first.code, first.sentence, violations, round(sum(answer.seconds for answer in answers), 2))


def _checked_apart(question: tuple[str, Any], project: int | None) -> Checked:
    code, part = question
    with read_only_snapshot():
        return _checked(code, project, part)


def _checked(code: str, project: int | None, part: Any = None) -> Checked:
    started = perf_counter()
    invariant = INVARIANTS[code]
    violations = tuple(invariant.violations(project, part))
    return Checked(code, invariant.sentence, violations, round(perf_counter() - started, 2))
