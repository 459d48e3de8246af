"""Laid states: the first use lays a state by the real services; every later use inserts the rows that the first added.

What is kept, per process: the rows of each table that came, changed or went, and the object that the laying returned.
A kept state is used again only on the ground on which it was laid: equal parents, as many rows with the same last key
in each table that it touches, equal rows where it changed some, and the same key file. On any other ground the
services lay it anew, and that is kept beside.

Keys never collide: on PostgreSQL the sequences gave the keys once and only run on, SQLite raises its own to what is
inserted.
"""

import io
import pickle
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, fields, is_dataclass
from pathlib import Path
from typing import Any

from django.apps import apps
from django.conf import settings
from django.db import connection, models, transaction

Row = tuple[Any, ...]
Rows = dict[Any, Row]  # by key
Ground = tuple[tuple[int, Any], ...]


@dataclass(frozen=True)
class Change:
    """What laying did to one table."""

    model: type[models.Model]
    before: Rows  # the rows that changed or went, as they were
    after: Rows  # the rows that came or changed, as they are now

    @property
    def table(self) -> str:
        return _quoted(self.model._meta.db_table)

    @property
    def key(self) -> str:
        return _quoted(_key(self.model).column)


@dataclass
class Kept:
    """A state as it was laid once."""

    parents: tuple[Any, ...]
    around: tuple[Any, ...]
    changes: list[Change]
    ground: Ground
    pickled: bytes
    sql: str = field(default="")


_kept: defaultdict[str, list[Kept]] = defaultdict(list)


class LaysFiles(RuntimeError):
    """A state writes files: rows alone would not bring it back."""


def laid(name: str, lay: Callable[..., Any], *parents: Any) -> Any:
    """Lay a state on its parents, by `lay(*parents)` or from what was kept of it, and return what `lay` returns."""
    kept = next((one for one in _kept[name] if _stands_on_its_ground(one, parents)), None)
    if kept is None:
        return _lay_and_keep(name, lay, parents)
    with transaction.atomic():
        _write(kept)
    return _Reader(io.BytesIO(kept.pickled), list(_shared(parents))).load()


def forget(name: str) -> None:
    """Forget a state; its next use lays it anew."""
    _kept.pop(name, None)


def _lay_and_keep(name: str, lay: Callable[..., Any], parents: tuple[Any, ...]) -> Any:
    around, shared = _around(), list(_shared(parents))
    before, files = every_row(), _files()
    made = lay(*parents)
    if _files() != files:
        raise LaysFiles(f"the state {name!r} writes files; lay it without `laid`")
    changes = _changes(before, every_row())
    held = io.BytesIO()
    _Keeper(held, shared).dump(made)
    ground = tuple(_count_and_last(before[change.model]) for change in changes)
    _kept[name].append(Kept(parents, around, changes, ground, held.getvalue()))
    return made


def _changes(before: dict[Any, Rows], after: dict[Any, Rows]) -> list[Change]:
    found = []
    for model, now in after.items():
        was = before[model]
        lost = {key: row for key, row in was.items() if now.get(key) != row}
        won = {key: row for key, row in now.items() if was.get(key) != row}
        if lost or won:
            found.append(Change(model, lost, won))
    return found


def _around() -> tuple[Any, ...]:
    """What a state depends on beside rows: the key that seals, and whether what waits for a commit was done."""
    return (str(settings.KEY_FILE), settings.CRYPTO_SUITE, connection.in_atomic_block)


def _stands_on_its_ground(kept: Kept, parents: tuple[Any, ...]) -> bool:
    if kept.parents != parents or kept.around != _around():
        return False
    with connection.cursor() as cursor:
        parts = [
            f"(SELECT COUNT(*) FROM {one.table}), (SELECT MAX({one.key}) FROM {one.table})" for one in kept.changes
        ]
        cursor.execute(f"SELECT {', '.join(parts)}")
        counts = cursor.fetchone()
    if tuple(zip(counts[::2], counts[1::2], strict=True)) != kept.ground:
        return False
    return all(rows_of(change.model, change.before) == change.before for change in kept.changes if change.before)


def _write(kept: Kept) -> None:
    """Delete the rows that changed or went, insert those that came or changed: foreign keys are asked at the end."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            kept.sql = kept.sql or ";".join(_statements(cursor, kept.changes))
            cursor.execute(kept.sql)  # one round trip
            return
        for change in kept.changes:
            if change.before:
                cursor.executemany(f"DELETE FROM {change.table} WHERE {change.key} = %s", [(k,) for k in change.before])
            if change.after:
                cursor.executemany(_insert(change), list(change.after.values()))


def _statements(cursor: Any, changes: Iterable[Change]) -> Iterator[str]:
    for change in changes:
        if change.before:
            yield cursor.mogrify(f"DELETE FROM {change.table} WHERE {change.key} = ANY(%s)", [list(change.before)])
        if change.after:
            rows = list(change.after.values())
            yield cursor.mogrify(_insert(change, len(rows)), [value for row in rows for value in row])
            if isinstance(last := max(change.after), int):
                yield cursor.mogrify(_RAISED, {"table": change.table, "key": _key(change.model).column, "last": last})


_RAISED = """
    SELECT setval(sequence, GREATEST(nextval(sequence), %(last)s))
    FROM (SELECT pg_get_serial_sequence(%(table)s, %(key)s)) AS named (sequence) WHERE sequence IS NOT NULL
"""  # whatever set the sequence back, the keys that were kept are not given again


def _insert(change: Change, count: int = 1) -> str:
    columns = change.model._meta.local_concrete_fields
    marks = f"({', '.join(['%s'] * len(columns))})"
    names = ", ".join(_quoted(column.column) for column in columns)
    return f"INSERT INTO {change.table} ({names}) VALUES {', '.join([marks] * count)}"


def every_row() -> dict[Any, Rows]:
    """All rows of the database, by model and key."""
    every = apps.get_models(include_auto_created=True)
    return {model: rows_of(model) for model in every if model._meta.managed and not model._meta.proxy}


def rows_of(model: type[models.Model], keys: Iterable[Any] | None = None) -> Rows:
    """The rows of a model by key, each value as the database keeps it."""
    columns = model._meta.local_concrete_fields
    bare = "+" if connection.vendor == "sqlite" else ""  # an expression, not a column: no converter touches it
    names = ", ".join(bare + _quoted(column.column) for column in columns)
    place = columns.index(_key(model))
    sql = f"SELECT {names} FROM {_quoted(model._meta.db_table)}"
    wanted = None if keys is None else list(keys)
    if wanted is not None:
        sql += f" WHERE {_quoted(_key(model).column)} IN ({', '.join(['%s'] * len(wanted))})"
    with connection.cursor() as cursor:
        cursor.execute(sql, wanted)
        return {row[place]: row for row in cursor.fetchall()}


def _count_and_last(rows: Rows) -> tuple[int, Any]:
    return len(rows), max(rows, default=None)


def _key(model: type[models.Model]) -> Any:
    return model._meta.pk


def _quoted(name: str) -> str:
    return str(connection.ops.quote_name(name))


def _files() -> set[Path]:
    return set(Path(settings.FILES_DIR).rglob("*"))


def _shared(parents: Sequence[Any]) -> Iterator[Any]:
    """The parents and what they are made of: the returned object holds these very objects, not copies."""
    for one in parents:
        if is_dataclass(one) or isinstance(one, models.Model):
            yield one
        if is_dataclass(one):
            yield from _shared([getattr(one, part.name) for part in fields(one)])


class _Keeper(pickle.Pickler):
    def __init__(self, file: io.BytesIO, shared: list[Any]) -> None:
        super().__init__(file)
        self.places = {id(one): place for place, one in enumerate(shared)}

    def persistent_id(self, obj: Any) -> int | None:
        return self.places.get(id(obj))


class _Reader(pickle.Unpickler):
    def __init__(self, file: io.BytesIO, shared: list[Any]) -> None:
        super().__init__(file)
        self.shared = shared

    def persistent_load(self, pid: Any) -> Any:
        return self.shared[pid]
