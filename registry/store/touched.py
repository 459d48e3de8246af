"""The rows that an open writer wrote, by model: the trail keeps what they are, whatever the service told of them."""

from collections.abc import Callable, Collection, Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import Any

from django.db import models

Model = type[models.Model]
Ahead = Callable[[Model, Collection[int] | None], None]


@dataclass
class Touched:
    """The keys written since the writer opened; True for a row that it made."""

    rows: dict[Model, dict[int, bool]] = field(default_factory=dict)

    def add(self, model: Model, keys: Iterable[int], *, is_new: bool) -> None:
        """Note keys of a model; one that was made here stays new however often it is written."""
        known = self.rows.setdefault(model, {})
        for key in keys:
            known[key] = is_new or known.get(key, False)


_touched: ContextVar[Touched | None] = ContextVar("registry_touched", default=None)
_ahead: ContextVar[Ahead | None] = ContextVar("registry_ahead", default=None)
_keepers: list[Callable[[Touched], Any]] = []


def set_keeper(keeper: Callable[[Touched], Any]) -> None:
    """Name the function that keeps what reference loading and technical work wrote (the audit app, at start)."""
    _keepers[:] = [keeper]


def is_trailed(model: Model) -> bool:
    """Return whether the trail keeps the rows of a model as each writer left them."""
    return bool(getattr(model, "is_trailed", False))


def is_watched(model: Model) -> bool:
    """Return whether a writer is open that keeps what is written of a model."""
    return _touched.get() is not None and is_trailed(model)


@contextmanager
def told_ahead(ahead: Ahead) -> Iterator[None]:
    """Call `ahead` before rows that may stand already are written: what it keeps of them is still as it was."""
    token = _ahead.set(ahead)
    try:
        yield
    finally:
        _ahead.reset(token)


def tell_ahead(model: Model, keys: Collection[int] | None) -> None:
    """Tell who asked that rows are about to be written; None is any row of the model."""
    ahead = _ahead.get()
    if ahead is not None and is_trailed(model):
        ahead(model, keys)


def note(model: Model, keys: Iterable[Any], *, is_new: bool = False) -> None:
    """Note rows as written; nothing if no writer is open or the trail does not keep the model.

    Rows that stand already are noted before they are written.
    """
    touched = _touched.get()
    if touched is not None and is_trailed(model):
        stated = [key for key in keys if key is not None]
        if not is_new:
            tell_ahead(model, stated)
        touched.add(model, stated, is_new=is_new)


def take_touched() -> Touched:
    """Return what the open writer wrote so far, and begin anew: an act that keeps it itself."""
    touched = _touched.get() or Touched()
    taken = Touched(dict(touched.rows))
    touched.rows.clear()
    return taken


@contextmanager
def watching(*, is_act: bool) -> Iterator[None]:
    """Watch what is written. An act keeps its own rows; any other writer's are kept when the outermost is done."""
    if _touched.get() is not None and not is_act:
        yield
        return
    token = _touched.set(Touched())
    try:
        yield
        taken = take_touched()
        if taken.rows and _keepers:
            _keepers[0](taken)
    finally:
        _touched.reset(token)
