"""The clocks: the true one of the database, and that of the ledger, which a demo may have moved.

A day or a moment of the ledger (today, an act's `recorded_at`, how long something waits) is read here: `ledger_today`,
`ledger_now`, `database_now`. Only backfill and tests may state another moment. What safety hangs on (leases, sessions,
lock-outs, anchors, the order of acts) is on the true clock. ADR 24; `tests/architecture/test_clock.py` holds it.
"""

from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from contextvars import ContextVar
from datetime import UTC, date, datetime, timedelta

from django.db import DatabaseError, connection, transaction
from django.utils import timezone

from registry.kernel.periods import SHANGHAI as SHANGHAI  # as itself: handed on to those who ask the clock
from registry.kernel.periods import shanghai_day as shanghai_day

NO_SHIFT = timedelta(0)
_is_demo: list[bool] = []  # whether this database was loaded as a demo: asked once by each process
_stated: ContextVar[datetime | None] = ContextVar("registry_stated_clock", default=None)


def database_now() -> datetime:
    """Return the moment of the ledger: its clock, or what backfill states."""
    return stated_moment() or ledger_now()


def ledger_now() -> datetime:
    """Return the present moment of the ledger: the true one, but in a demo. One query, in a demo two."""
    return true_now() + shift()


def ledger_today() -> date:
    """Return the present Shanghai day of the ledger. One query, in a demo two."""
    return shanghai_day(ledger_now())


def moment_here() -> datetime:
    """Return the present moment of the ledger by the clock of this machine. No query, in a demo one."""
    return timezone.now() + shift()


def shift() -> timedelta:
    """Return by how much the clock of the ledger is off the true one: nothing, but in a database loaded as a demo.

    Whether it is one is asked once by each process: a demo is loaded before the processes that serve it start.
    """
    if not _is_demo:
        _is_demo.append(_seconds() is not None)
    return timedelta(seconds=_seconds() or 0) if _is_demo[0] else NO_SHIFT


def is_demo() -> bool:
    """Return whether this database was loaded as a demo, whose clock may be moved."""
    shift()
    return _is_demo[0]


def forget_demo() -> None:
    """Ask anew whether this is a demo: for whoever has just loaded one, and tests."""
    _is_demo.clear()


def _seconds() -> int | None:
    try:
        with transaction.atomic() if connection.in_atomic_block else nullcontext(), connection.cursor() as cursor:
            cursor.execute("SELECT seconds FROM store_democlock LIMIT 1")
            row = cursor.fetchone()
    except DatabaseError:  # before the table is made there is no demo
        return None
    return None if row is None else int(row[0])


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
