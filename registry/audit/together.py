"""Acts that are stored together: those of one list, all in one transaction.

Each waits, its rows written and its facts fixed, until the last is done. Then what snapshots keep is read table by
table, the head of a chain is locked and moved once, and every act goes in with one insert. What is on record is the
same, act by act: before a later act writes a row again, what an earlier one left of it is read, and an act that was
taken back with its savepoint is never stored.
"""

from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import Any

from django.db import models

from registry.audit.models import Act
from registry.audit.snapshots import Part, parts_of
from registry.store.marks import Mark, Marks
from registry.store.touched import Touched, told_ahead

ChangedRow = tuple[str, int, Any, Any]  # table, key, before, after


@dataclass(eq=False)
class Writer(Mark):
    """What one writer did: the rows that it touched and, if it was an act, the act and what it told of rows."""

    touched: Touched
    act: Act | None = None
    rows: Sequence[ChangedRow] = ()
    kept: Sequence[str] = ()
    parts: list[Part] | None = None  # read before the end, as a later writer is about to write the same rows


Store = Callable[[Sequence[Writer], Sequence[Sequence[Part]]], None]


@dataclass
class Together:
    """The writers that wait, and the last one that touched a row."""

    waiting: Marks[Writer] = field(default_factory=Marks)
    last: dict[tuple[type[models.Model], int], Writer] = field(default_factory=dict)

    def add(self, writer: Writer) -> None:
        """Have a writer wait; a rollback of its savepoint takes its mark."""
        if writer.act is not None and writer.act.once_key:
            raise RuntimeError(f"{writer.act.event} bears the key of a form: it is an act by itself")
        self.waiting.add(writer)
        for model, keys in writer.touched.rows.items():
            self.last.update(dict.fromkeys(((model, key) for key in keys), writer))

    def read_ahead(self, model: type[models.Model], keys: Collection[int] | None) -> None:
        """Read what waiting writers left of rows that are about to be written again (None: any of the model)."""
        if keys is None:
            touching = [writer for writer in self.waiting.standing() if model in writer.touched.rows]
        else:
            touching = [self.last[model, key] for key in keys if (model, key) in self.last]
        _read([writer for writer in dict.fromkeys(touching) if writer.parts is None])

    def store(self, store: Store) -> None:
        """Store those that still stand, in their order."""
        writers = self.waiting.standing()
        _read([writer for writer in writers if writer.parts is None])
        if writers:
            store(writers, [writer.parts or [] for writer in writers])


def _read(writers: Sequence[Writer]) -> None:
    for writer, parts in zip(writers, parts_of([writer.touched for writer in writers]), strict=True):
        writer.parts = parts


_together: ContextVar[Together | None] = ContextVar("registry_together", default=None)


def wait_together(writer: Writer) -> bool:
    """Have a writer wait for those that are stored with it; False if it is by itself."""
    together = _together.get()
    if together is None:
        return False
    together.add(writer)
    return True


@contextmanager
def waiting(store: Store) -> Iterator[None]:
    """Have all writers inside wait, and store them at the end; nothing of them if the work fails.

    Inside the transaction that all of them are of. Within another such stretch, they wait for its end.
    """
    if _together.get() is not None:
        yield
        return
    together = Together()
    token = _together.set(together)
    try:
        with told_ahead(together.read_ahead):
            yield
    finally:
        _together.reset(token)
    together.store(store)
