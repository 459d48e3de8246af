"""The one write path: permission, one transaction, one act, and nothing committed that was not recorded."""

import secrets
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import wraps
from typing import Any, Final, Protocol, TypeVar

from django.db import models, transaction

from registry.kernel.authority import Actor, Permission
from registry.kernel.errors import NotFound
from registry.store.clock import is_stated, shanghai_day, stated_moment
from registry.store.guard import act_writes
from registry.store.month import GateOf, MonthGate, enter_month, gate_for
from registry.store.scoping import is_visible

R = TypeVar("R")

EPOCH_MS: Final = 1_577_836_800_000  # 2020-01-01 UTC: act ids are milliseconds since then, then 22 random bits


class NothingRecorded(RuntimeError):
    """A service changed the ledger and recorded nothing. A fault of the program; the transaction is rolled back."""


class MonthOpen(RuntimeError):
    """A month is being closed inside an act that only shares the month gate. A fault of the program."""


class ActOpen(RuntimeError):
    """A service was called inside another act. Call its `.inner` there: one change is one act."""


def values_of(instance: models.Model, fields: Iterable[str]) -> dict[str, Any]:
    """Return what an instance says of these fields: kept before a change, for `Row.changed`."""
    return {field: getattr(instance, field) for field in fields}


@dataclass(frozen=True)
class Row:
    """One changed row: table, key, values before and after (None = the row was not / is no more).

    A changed row carries both sides, of the same fields: whoever reads the trail sees from what to what.
    """

    table: str
    key: int
    before: Mapping[str, Any] | None
    after: Mapping[str, Any] | None

    @classmethod
    def added(cls, instance: models.Model, *fields: str) -> "Row":
        """Return the row of something new, with the fields that the trail keeps of it."""
        return cls(instance._meta.db_table, instance.pk, None, values_of(instance, fields))

    @classmethod
    def changed(cls, instance: models.Model, before: Mapping[str, Any]) -> "Row":
        """Return the row of a change: `before` holds the old values by field name. Raises if none differs."""
        after = values_of(instance, before)
        if after == dict(before):
            raise ValueError(f"{instance._meta.db_table} {instance.pk}: nothing changed in {sorted(before)}")
        return cls(instance._meta.db_table, instance.pk, dict(before), after)

    @classmethod
    def if_changed(cls, instance: models.Model, before: Mapping[str, Any]) -> list["Row"]:
        """Return the row of a change, of the fields that differ; none if the act left the row as it was."""
        differing = {field: old for field, old in before.items() if getattr(instance, field) != old}
        return [cls.changed(instance, differing)] if differing else []

    @classmethod
    def kept(cls, instance: models.Model, known: Mapping[str, Any] | None, *fields: str) -> list["Row"]:
        """Return the row of what was written by its natural key: new if nothing was known of it, else what differs."""
        return [cls.added(instance, *fields)] if known is None else cls.if_changed(instance, known)

    @classmethod
    def removed(cls, instance: models.Model, *fields: str) -> "Row":
        """Return the row of something that is no more, with the fields that it had."""
        return cls(instance._meta.db_table, instance.pk, values_of(instance, fields), None)

    @classmethod
    def of(cls, table: str, key: int, *, before: Mapping[str, Any] | None, after: Mapping[str, Any] | None) -> "Row":
        """Return a row of which no instance is at hand: for what is written set by set."""
        return cls(table, key, before, after)


@dataclass(frozen=True)
class Entry:
    """What a service recorded: an event by name, its subject, its facts and why."""

    event: str
    subject: models.Model | None
    facts: Mapping[str, Any]
    reason: str


@dataclass
class Act:
    """An act in the making. `id` and `recorded_at` are fixed when it opens; rows written by it carry the id."""

    id: int
    recorded_at: datetime
    actor: Actor
    service: str
    batch_id: str
    backfilled: bool
    month: MonthGate = MonthGate.SHARED
    entries: list[Entry] = field(default_factory=list)
    rows: list[Row] = field(default_factory=list)
    chain: int | None = None
    follow_ups: list[Callable[[], Any]] = field(default_factory=list)

    @property
    def today(self) -> date:
        """The Shanghai day on which the act is recorded."""
        return shanghai_day(self.recorded_at)


@dataclass(frozen=True)
class WriteSpec:
    """One line of the table of all services that write."""

    name: str
    module: str
    permission: Permission
    service: Callable[..., Any]


class Recorder(Protocol):
    def __call__(self, act: Act) -> None: ...


WRITES: dict[str, WriteSpec] = {}
_current: ContextVar[Act | None] = ContextVar("registry_act", default=None)
_batch: ContextVar[str] = ContextVar("registry_batch", default="")
_recorders: list[Recorder] = []


def set_recorder(recorder: Recorder) -> None:
    """Name the one function that stores a finished act (the audit app, at start)."""
    _recorders[:] = [recorder]


def current_act() -> Act:
    """Return the act that is open; raises if there is none."""
    act = _current.get()
    if act is None:
        raise NothingRecorded("no act is open")
    return act


def require_month_alone() -> None:
    """Raise unless the open act has the month gate alone: whoever freezes a month asks first."""
    if current_act().month is not MonthGate.EXCLUSIVE:
        raise MonthOpen(f"{current_act().service} shares the month gate: declare it with month=MonthGate.EXCLUSIVE")


def after_act(follow_up: Callable[[], Any]) -> None:
    """Do something once the open act is recorded, in its transaction: a rule answers with an act of its own.

    Each runs with no act open, in the order asked for; one that fails takes the act with it.
    """
    current_act().follow_ups.append(follow_up)


def new_act_id(moment: datetime) -> int:
    """Make a 63-bit id that grows with time."""
    return (int(moment.timestamp() * 1000) - EPOCH_MS) * (1 << 22) + secrets.randbits(22)


@contextmanager
def batch(batch_id: str) -> Iterator[None]:
    """Mark the acts inside as one batch: a command over many projects makes one act per project."""
    token = _batch.set(batch_id)
    try:
        yield
    finally:
        _batch.reset(token)


@contextmanager
def _open(actor: Actor, service: str, gate: MonthGate, entered_at: datetime) -> Iterator[Act]:
    moment = stated_moment() or entered_at
    act = Act(new_act_id(entered_at), moment, actor, service, _batch.get(), is_stated(), gate)
    token = _current.set(act)
    try:
        with act_writes():
            yield act
    finally:
        _current.reset(token)


def _nothing(kwargs: Mapping[str, Any]) -> models.Model | None:
    return None


def require_reach(actor: Actor, subject: models.Model | None) -> None:
    """Refuse a subject outside the actor's scope as if it did not exist."""
    if subject is not None and not is_visible(subject, actor):
        raise NotFound("没有找到这条记录，请核对编号。")


def write(
    permission: Permission,
    *,
    on: Callable[[Mapping[str, Any]], models.Model | None] = _nothing,
    month: GateOf = MonthGate.SHARED,
) -> Callable[[Callable[..., R]], Callable[..., R]]:
    """Make a service of a keyword-only function whose first argument is `actor`.

    `on` names the row whose scope decides (a project or a row of one); None is for acts on the system itself.
    `month` is EXCLUSIVE for what closes a month, alone: it must be a transaction of its own (see `store.month`).
    The plain function stays at `.inner`, for a service above that does this work inside its own act.
    """

    def decorate(service: Callable[..., R]) -> Callable[..., R]:
        @wraps(service)
        def wrapped(*, actor: Actor, **kwargs: Any) -> R:
            actor.require(permission)
            if _current.get() is not None:
                raise ActOpen(f"{service.__name__} was called inside {current_act().service}: call its .inner")
            gate = gate_for(month, kwargs)
            with transaction.atomic(durable=gate is MonthGate.EXCLUSIVE):
                entered_at = enter_month(gate)
                require_reach(actor, on(kwargs))
                with _open(actor, service.__name__, gate, entered_at) as act:
                    result = service(actor=actor, **kwargs)
                    if not act.entries:
                        raise NothingRecorded(f"{service.__name__} recorded nothing")
                    _recorders[0](act)
                for follow_up in act.follow_ups:
                    follow_up()
            return result

        wrapped.inner = service  # type: ignore[attr-defined]
        WRITES[service.__name__] = WriteSpec(service.__name__, service.__module__, permission, wrapped)
        return wrapped

    return decorate
