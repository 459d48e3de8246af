"""The database clock, read once per act, behind the month gate. Only backfill and tests may state another moment."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, datetime

from django.db import connection

from registry.kernel.periods import SHANGHAI as SHANGHAI  # as itself: handed on to those who ask the clock
from registry.kernel.periods import shanghai_day as shanghai_day

_stated: ContextVar[datetime | None] = ContextVar("registry_stated_clock", default=None)


def database_now() -> datetime:
    """Return the moment of the act: the database clock, or what backfill states."""
    return stated_moment() or true_now()


def true_now() -> datetime:
    """Read the clock of the database: one cheap query."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SELECT clock_timestamp()")
            moment: datetime = cursor.fetchone()[0]
            return moment.astimezone(UTC)
        cursor.execute("SELECT strftime('%Y-%m-%dT%H:%M:%f', 'now')")
        return datetime.fromisoformat(cursor.fetchone()[0]).replace(tzinfo=UTC)


def stated_moment() -> datetime | None:
    """Return the moment that backfill states, if it states one."""
    return _stated.get()


def is_stated() -> bool:
    """Return whether the running act states its own moment (backfill)."""
    return _stated.get() is not None


@contextmanager
def stated(moment: datetime) -> Iterator[None]:
    """Make the acts inside be recorded at `moment`: backfill into an empty ledger, and tests."""
    token = _stated.set(moment)
    try:
        yield
    finally:
        _stated.reset(token)
