"""The one write path: permission, one transaction, one act, and nothing committed that was not recorded."""

import logging
import secrets
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import wraps
from typing import Any, Final, ParamSpec, Protocol, TypeVar, cast

from django.db import IntegrityError, models, transaction

from registry.kernel.authority import Actor, Permission
from registry.kernel.errors import DomainError, NotFound, Refused
from registry.store.arguments import argument_path
from registry.store.clock import is_stated, shanghai_day, shift, stated_moment
from registry.store.days import argument_names, day_rules, hold_days
from registry.store.guard import act_writes
from registry.store.month import GateOf, MonthGate, enter_month, gate_for
from registry.store.once import Found, find_once, take_key
from registry.store.scoping import is_visible
from registry.store.second import NEVER, SecondPerson, second_person_asked
from registry.store.touched import take_touched

P = ParamSpec("P")
R = TypeVar("R")
R_co = TypeVar("R_co", covariant=True)

DOUBLED: Final = "他人刚刚登记了编号或名称相同的内容，本次未保存。请刷新页面核对后再办。"
log = logging.getLogger(__name__)
EPOCH_MS: Final = 1_577_836_800_000  # 2020-01-01 UTC: act ids are milliseconds since then, then 22 random bits


def is_doubled(error: IntegrityError) -> bool:
    """Whether the database refused a value that stands already: another act was first by a moment.

    Every service asks before it writes, so that only two at once come this far; what is wrong by itself stays a fault.
    """
    return getattr(error.__cause__, "sqlstate", "") == "23505" or "UNIQUE constraint failed" in str(error)


def doubled(service: str, error: IntegrityError) -> Refused:
    """Make the refusal of a double, and tell the operator which constraint it was, and no value: a fault of the program
    would look the same to a clerk."""
    told = getattr(error.__cause__, "diag", None)
    name = told.constraint_name if told is not None else str(error).removeprefix("UNIQUE constraint failed: ")
    log.warning("%s: the database refused a double: %s %s", service, type(error.__cause__).__name__, name)
    return Refused(DOUBLED, code="doubled")


class NothingRecorded(RuntimeError):
    """A service changed the ledger and recorded nothing. A fault of the program; the transaction is rolled back."""


class MonthOpen(RuntimeError):
    """A month is being closed inside an act that only shares the month gate. A fault of the program."""


class ActOpen(RuntimeError):
    """A service was called inside another act. Call its `.within` there: one change is one act."""


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
    once_key: str = ""
    result: Any = None
    kept: list[str] = field(default_factory=list)  # seals of row snapshots taken in portions, before the act is stored

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
    service: "Service[..., Any]"


class Recorder(Protocol):
    def __call__(self, act: Act) -> None: ...


class Service(Protocol[P, R_co]):
    """A function under `@write`: called, it is one act of its own; `within` does the same work in the open act."""

    __name__: str
    __module__: str

    @property
    def within(self) -> Callable[P, R_co]: ...

    def __call__(self, *args: P.args, **kwargs: P.kwargs) -> R_co: ...

    def needs_second(self, **given: Any) -> bool: ...

    def earlier(self, actor: Actor, key: str) -> Found | None: ...


WRITES: dict[str, WriteSpec] = {}
PARTS: dict[str, str] = {}
_current: ContextVar[Act | None] = ContextVar("registry_act", default=None)
_batch: ContextVar[str] = ContextVar("registry_batch", default="")
_tried: ContextVar[bool] = ContextVar("registry_tried", default=False)
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
    return first_key_at(moment) + secrets.randbits(22)


def first_key_at(moment: datetime) -> int:
    """Return the least key that an act of a moment may have."""
    return (int(moment.timestamp() * 1000) - EPOCH_MS) * (1 << 22)


@contextmanager
def batch(batch_id: str) -> Iterator[None]:
    """Mark the acts inside as one batch: a command over many projects makes one act per project."""
    token = _batch.set(batch_id)
    try:
        yield
    finally:
        _batch.reset(token)


@contextmanager
def tried() -> Iterator[None]:
    """Run acts of which nothing stays: all of it is taken back, so none is stored in the trail meanwhile."""
    with transaction.atomic():
        token = _tried.set(True)
        try:
            yield
        finally:
            _tried.reset(token)
            transaction.set_rollback(True)


@contextmanager
def _open(actor: Actor, service: str, gate: MonthGate, entered_at: datetime) -> Iterator[Act]:
    moment = stated_moment() or entered_at + shift()
    act = Act(new_act_id(entered_at), moment, actor, service, _batch.get(), is_stated(), gate)
    token = _current.set(act)
    try:
        with act_writes():
            yield act
    finally:
        _current.reset(token)


def require_reach(actor: Actor, subject: models.Model | None) -> None:
    """Refuse a subject outside the actor's scope as if it did not exist."""
    if subject is not None and not is_visible(subject, actor):
        raise NotFound("未找到这条记录，请核对编号。")


def within_act(part: Callable[P, R]) -> Callable[P, R]:
    """Mark work that has no right of its own: it runs inside the act of a service, and is refused outside one."""
    days, names = day_rules(part), argument_names(part)

    @wraps(part)
    def inside(*args: P.args, **kwargs: P.kwargs) -> R:
        act = current_act()
        hold_days({**dict(zip(names, args, strict=False)), **kwargs}, days, act.today)
        return part(*args, **kwargs)

    PARTS[f"{part.__module__}.{part.__name__}"] = part.__name__
    return inside


def write(
    permission: Permission,
    *,
    on: str = "",
    second_person: SecondPerson = NEVER,
    month: GateOf = MonthGate.SHARED,
    once: bool | Callable[[Any], Any] = False,
) -> Callable[[Callable[P, R]], Service[P, R]]:
    """Make a service of a keyword-only function whose first argument is `actor`.

    `on` is the path, in the arguments, of the row whose scope decides (a project or a row of one, "project",
    "apart.one"); "" is for acts on the system itself. `second_person` says which calls need two persons; it holds
    on every path, `within` too, and a page asks `service.needs_second(…)` before it offers the act. With `once` it
    creates: sent again under the key of its form it answers with the first result, read anew (or made of that row
    by the function given); `service.earlier(actor, key)` gives that result, if there is one, before anything is
    asked. `month` is EXCLUSIVE for what closes a month, alone: it must be a transaction of its own (see
    `store.month`). A service above does the same work inside its own act by `.within`: there right and reach are
    those of the act that is open. Days among the arguments are held against what they may be (`kernel.days`).
    """

    def decorate(service: Callable[P, R]) -> Service[P, R]:
        name = service.__name__
        subject = argument_path(service, on)
        days = day_rules(service)
        for path in () if second_person.of_row else second_person.first:
            argument_path(service, path)

        def body(*args: P.args, **kwargs: P.kwargs) -> R:
            if not second_person.of_row:
                second_person.check(cast(Actor, kwargs["actor"]), kwargs)
            hold_days(kwargs, days, current_act().today)
            with second_person_asked(second_person, name):
                return service(*args, **kwargs)

        @wraps(service)
        def wrapped(*args: P.args, **kwargs: P.kwargs) -> R:
            actor = cast(Actor, kwargs["actor"])
            actor.require(permission)
            if _current.get() is not None:
                raise ActOpen(f"{name} was called inside {current_act().service}: call its .within")
            key = take_key(actor) if once and not _batch.get() else ""
            if (found := find_once(actor, key, name)) is not None:
                return answer(found)
            try:
                return one_act(actor, key, *args, **kwargs)
            except (DomainError, IntegrityError) as error:
                if (found := find_once(actor, key, name)) is not None:
                    return answer(found)
                if isinstance(error, IntegrityError) and is_doubled(error):
                    raise doubled(name, error) from error
                raise

        def answer(earlier: Found) -> R:
            return cast(R, once(earlier.row) if callable(once) else earlier.row)

        def earlier(actor: Actor, key: str) -> Found | None:
            known = find_once(actor, key, name) if once else None
            return None if known is None else Found(cast(Any, answer(known)))

        def one_act(actor: Actor, key: str, /, *args: P.args, **kwargs: P.kwargs) -> R:
            gate = gate_for(month, kwargs)
            with transaction.atomic(durable=gate is MonthGate.EXCLUSIVE):
                entered_at = enter_month(gate)
                require_reach(actor, subject(kwargs))
                with _open(actor, name, gate, entered_at) as act:
                    act.once_key = key
                    result = body(*args, **kwargs)
                    if not act.entries:
                        raise NothingRecorded(f"{name} recorded nothing")
                    act.result = act.result or result
                    if _tried.get():
                        take_touched()  # what it wrote is taken back: no row of it is kept
                    else:
                        _recorders[0](act)
                for follow_up in act.follow_ups:
                    follow_up()
            return result

        @wraps(service)
        def within(*args: P.args, **kwargs: P.kwargs) -> R:
            current_act()
            return body(*args, **kwargs)

        wrapped.within = within  # type: ignore[attr-defined]
        wrapped.needs_second = lambda **given: second_person.needs(given)  # type: ignore[attr-defined]
        wrapped.earlier = earlier  # type: ignore[attr-defined]
        made = cast(Service[P, R], wrapped)
        WRITES[name] = WriteSpec(name, service.__module__, permission, made)
        return made

    return decorate
