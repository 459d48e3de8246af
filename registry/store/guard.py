"""Guarded models: a row changes inside an act, or not at all."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any, ClassVar, Final

from django.db import models

from registry.store.touched import is_watched, note, tell_ahead, watching

NAMED: Final = 500  # rows whose keys an update names: what was noted is exactly what was written
_writing: ContextVar[str] = ContextVar("registry_writing", default="")


class UnguardedWrite(RuntimeError):
    """A write was tried outside the one write path. A fault of the program, never of the user."""


@contextmanager
def _allowed(by: str) -> Iterator[None]:
    token = _writing.set(by)
    try:
        with watching(is_act=by == "act"):
            yield
    finally:
        _writing.reset(token)


def act_writes() -> Any:
    """Allow writes while an act is open. Called by store.acts alone."""
    return _allowed("act")


def technical_writes() -> Any:
    """Allow writes to technical tables (jobs, heartbeats, sessions of work) that are no acts of a person."""
    return _allowed("technical")


def fixture_writes() -> Any:
    """Allow tests and reference loading to lay rows without an act."""
    return _allowed("fixture")


def require_writing(model: type[models.Model]) -> None:
    """Raise if no writer is open."""
    if not _writing.get():
        raise UnguardedWrite(f"{model.__name__} is written outside @write")


class GuardedQuerySet(models.QuerySet[Any]):
    """A queryset whose every write needs an open act."""

    def create(self, **kwargs: Any) -> Any:
        require_writing(self.model)
        return super().create(**kwargs)

    def bulk_create(self, *args: Any, **kwargs: Any) -> Any:
        require_writing(self.model)
        if kwargs.get("update_conflicts"):
            tell_ahead(self.model, None)
        made = super().bulk_create(*args, **kwargs)
        note(self.model, [row.pk for row in made], is_new=True)
        return made

    def bulk_update(self, *args: Any, **kwargs: Any) -> Any:
        require_writing(self.model)
        return super().bulk_update(*args, **kwargs)

    def update(self, **kwargs: Any) -> int:
        require_writing(self.model)
        if not is_watched(self.model):
            return super().update(**kwargs)
        keys = list(self.order_by().values_list("pk", flat=True))
        note(self.model, keys)
        if len(keys) > NAMED:
            return super().update(**kwargs)
        return models.QuerySet.update(self.filter(pk__in=keys), **kwargs) if keys else 0

    def delete(self) -> Any:
        require_writing(self.model)
        if is_watched(self.model):
            note(self.model, list(self.order_by().values_list("pk", flat=True)))
        return super().delete()


class GuardedModel(models.Model):
    """A model that is written inside an act only. `personal_fields` names its personal columns, for scrubbing.

    The trail keeps its rows as each writer left them; a model out of the trail says why at `is_trailed = False`.
    """

    personal_fields: ClassVar[tuple[str, ...]] = ()
    is_trailed: ClassVar[bool] = True

    objects = GuardedQuerySet.as_manager()

    class Meta:
        abstract = True

    def save(self, *args: Any, **kwargs: Any) -> None:
        require_writing(type(self))
        is_new = self._state.adding
        if self.pk is not None:
            tell_ahead(type(self), [self.pk])
        super().save(*args, **kwargs)
        note(type(self), [self.pk], is_new=is_new)

    def delete(self, *args: Any, **kwargs: Any) -> Any:
        require_writing(type(self))
        note(type(self), [self.pk])
        return super().delete(*args, **kwargs)
