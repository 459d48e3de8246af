"""Histories: state machines that live through many. `@many_histories()` stands over each: their number stands once.

`HYPOTHESIS_PROFILE=search` looks for new ones: other histories each time, and many.
"""

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from typing import Any

import hypothesis
from django.db import connection, transaction
from hypothesis import HealthCheck, Phase

ON_SQLITE, ON_POSTGRESQL = 12, 4  # the rules are the same on both; PostgreSQL shows that the rows are too
SEARCHED = 200


def is_search() -> bool:
    return os.environ.get("HYPOTHESIS_PROFILE") == "search"


def many_histories(*, seed: int, on_sqlite: int = ON_SQLITE) -> Callable[[Any], Any]:
    """Let a test live through histories: the same ones in each run, whatever is edited around them.

    The seed is one with which each act happens; short histories may be more. They begin anew each time, so there is
    nothing to shrink.
    """
    number = on_sqlite if connection.vendor == "sqlite" else ON_POSTGRESQL
    settings = hypothesis.settings(
        max_examples=SEARCHED if is_search() else number,
        deadline=None,
        phases=(Phase.explicit, Phase.generate),
        suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
    )
    return lambda test: settings(test if is_search() else hypothesis.seed(seed)(test))


def are_all_acts_expected() -> bool:
    """Whether so many histories are lived that each act must happen in one of them."""
    return is_search() or connection.vendor == "sqlite"


class _Undo(Exception):
    pass


@contextmanager
def undone() -> Iterator[None]:
    """Take back what is written inside: each history begins with the ledger as it was."""
    with suppress(_Undo), transaction.atomic():
        yield
        raise _Undo
