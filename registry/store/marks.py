"""Marks of what was done inside a transaction: a mark goes when its savepoint is taken back.

What is kept in memory of rows that were written must go with the rows. Django forgets what waits for the commit of a
savepoint that is rolled back, so a mark is something that waits.
"""

from typing import Generic, TypeVar

from django.db import connection, transaction


class Mark:
    """A place in the open transaction."""

    def __call__(self) -> None:
        """Do nothing when the transaction commits."""


M = TypeVar("M", bound=Mark)


class Marks(Generic[M]):
    """Marks in the order in which they were set. A rollback takes the last of them, never one from between."""

    def __init__(self) -> None:
        self._set: list[M] = []

    def add(self, mark: M) -> None:
        """Set a mark; raises outside a transaction, where nothing can be taken back."""
        if not connection.in_atomic_block:
            raise transaction.TransactionManagementError("a mark is set inside a transaction")
        self.standing()
        transaction.on_commit(mark)
        self._set.append(mark)

    def standing(self) -> list[M]:
        """Return those whose savepoint was not taken back; the others are forgotten."""
        while self._set and not any(waiting is self._set[-1] for _, waiting, *_ in reversed(connection.run_on_commit)):
            self._set.pop()
        return self._set
