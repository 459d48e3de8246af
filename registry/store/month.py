"""The month gate: whoever writes shares it, whoever closes a month has it alone.

A month is frozen as known at one moment. On PostgreSQL a writer whose act bears an earlier moment may still be open
then, and what it commits later would be missing from the frozen total. So each act takes the gate before it reads the
clock and keeps it until its transaction ends: a close waits for the writers that are open, and a writer that begins
during a close gets its moment after it, so that its rows are a correction in the next month. SQLite knows one writer
at a time (BEGIN IMMEDIATE) and needs no gate.
"""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from enum import Enum, unique
from typing import Any, Final

from django.db import connection

from registry.store.clock import true_now

MONTH: Final = 4_120_001  # the advisory key: one gate for the whole ledger


@unique
class MonthGate(Enum):
    """How an act passes the gate, and the statement that takes it and then reads the clock."""

    SHARED = "pg_advisory_xact_lock_shared"
    EXCLUSIVE = "pg_advisory_xact_lock"

    @property
    def statement(self) -> str:
        """Return the SQL: MATERIALIZED keeps the clock behind the lock."""
        return f"WITH held AS MATERIALIZED (SELECT {self.value}(%s)) SELECT clock_timestamp() FROM held"  # noqa: S608


GateOf = MonthGate | Callable[[Mapping[str, Any]], MonthGate]


def enter_month(gate: MonthGate) -> datetime:
    """Take the gate until the transaction ends, then read the clock. One statement.

    EXCLUSIVE is never asked for after SHARED in one transaction: two who hold it shared and both want it alone wait
    for each other for good. `@write` therefore takes it first of all and refuses a transaction around a close.
    """
    if connection.vendor != "postgresql":
        return true_now()
    with connection.cursor() as cursor:
        cursor.execute(gate.statement, [MONTH])
        moment: datetime = cursor.fetchone()[0]
        return moment.astimezone(UTC)


def gate_for(gate: GateOf, kwargs: Mapping[str, Any]) -> MonthGate:
    """Return the gate of one call: fixed by the service, or told by its arguments (the kind of an approval)."""
    return gate if isinstance(gate, MonthGate) else gate(kwargs)
