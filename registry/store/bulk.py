"""Set-based writing: rows go to the database as rows, not as model instances."""

import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date, datetime
from itertools import islice
from types import NoneType
from typing import Any

from django.db import connection, connections, models

from registry.store.guard import require_writing
from registry.store.touched import is_watched, note

CHUNK = 5000
Way = tuple[frozenset[type], Callable[[Any], Any]]
PLAIN = frozenset({str, int, bool})
JSON = frozenset({dict, list})
KEY: Way = (frozenset({int}), lambda key: key)
TIMES = frozenset({date, datetime})
PLAIN_FIELDS = (models.CharField, models.TextField, models.IntegerField, models.BooleanField, models.ForeignKey)


def insert_rows(model: type[models.Model], fields: Sequence[str], rows: Iterable[Sequence[Any]]) -> int:
    """Insert rows given in the order of `fields` (attribute names) and return how many.

    COPY on PostgreSQL, executemany on SQLite; values pass through each field's own conversion. Keys are not returned:
    a caller that needs them states the key itself (`reserve_keys`) or reads them back. Rows of a model that the trail
    keeps are given their keys here, a portion at a time, for one query more each.
    """
    require_writing(model)
    if is_watched(model):
        return _insert_noted(model, fields, rows)
    return _insert(model, fields, rows)


def _insert_noted(model: type[models.Model], fields: Sequence[str], rows: Iterable[Sequence[Any]]) -> int:
    """Insert portion by portion and note the keys: those stated, or reserved here."""
    done, left = 0, iter(rows)
    own = model._meta.pk.name
    while part := list(islice(left, CHUNK)):
        if own in fields:
            keys: Sequence[int] = [row[fields.index(own)] for row in part]
            done += _insert(model, fields, part)
        else:
            keys = reserve_keys(model, len(part))
            done += _insert(model, (own, *fields), ((key, *row) for key, row in zip(keys, part, strict=True)))
        note(model, keys, is_new=True)
    return done


def _insert(model: type[models.Model], fields: Sequence[str], rows: Iterable[Sequence[Any]]) -> int:
    columns = [_field(model, name) for name in fields]
    converted = _converted([_conversion(field) for field in columns], rows)
    quote = connection.ops.quote_name
    names = ", ".join(quote(field.column) for field in columns)
    table = quote(model._meta.db_table)
    if connection.vendor == "postgresql":
        return _copy(f"COPY {table} ({names}) FROM STDIN", converted)
    marks = ", ".join(["%s"] * len(columns))
    return _executemany(f"INSERT INTO {table} ({names}) VALUES ({marks})", converted)


def reserve_keys(model: type[models.Model], count: int) -> Sequence[int]:
    """Reserve `count` keys of a table for the open transaction, ascending. One query."""
    require_writing(model)
    table = model._meta.db_table
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(
                "SELECT nextval(pg_get_serial_sequence(%s, 'id')) FROM generate_series(1, %s)", [table, count]
            )
            return [int(key) for (key,) in cursor.fetchall()]
        cursor.execute("SELECT seq FROM sqlite_sequence WHERE name = %s", [table])
        row = cursor.fetchone()
        first = (row[0] if row else 0) + 1
        return range(first, first + count)


def update_rows(model: type[models.Model], fields: Sequence[str], rows: Iterable[Sequence[Any]]) -> int:
    """Update rows by key: each row is the values of `fields`, then the key."""
    require_writing(model)
    columns = [_field(model, name) for name in fields]
    quote = connection.ops.quote_name
    sets = ", ".join(f"{quote(field.column)} = %s" for field in columns)
    ways = [_conversion(field) for field in columns]
    stated = list(rows)
    note(model, [row[-1] for row in stated])
    converted = _converted([*ways, KEY], stated)
    return _executemany(f"UPDATE {quote(model._meta.db_table)} SET {sets} WHERE id = %s", converted)


def _field(model: type[models.Model], name: str) -> Any:
    for field in model._meta.concrete_fields:
        if name in (field.name, field.attname):
            return field
    raise LookupError(f"{model.__name__} has no field {name}")


def _converted(ways: Sequence[Way], rows: Iterable[Sequence[Any]]) -> Iterator[tuple[Any, ...]]:
    """Convert a portion at a time, column by column: most columns have values of types that go as they are."""
    left = iter(rows)
    while part := list(islice(left, CHUNK)):
        columns = zip(ways, zip(*part, strict=True), strict=True)
        yield from zip(*(_column(way, values) for way, values in columns), strict=True)


def _column(way: Way, values: Sequence[Any]) -> Sequence[Any]:
    plain, convert = way
    if set(map(type, values)) <= plain:
        return values
    return [value if type(value) in plain else convert(value) for value in values]


def _conversion(field: Any) -> Way:
    """The way a field's values take to the database: types that go as they are, and what converts the others.

    A day or a moment is converted once: a set of rows has few of them.
    """
    real = connections[connection.alias]  # the proxy looks itself up for every value
    plain: frozenset[type] = frozenset({NoneType})
    if type(field).__module__.startswith("django.db.models.") and isinstance(field, PLAIN_FIELDS):
        plain |= PLAIN
    elif _is_bytes(field) and real.vendor == "sqlite":
        plain |= {bytes}
    elif type(field) is models.JSONField and field.encoder is None and real.vendor == "sqlite":
        return plain, lambda value: json.dumps(value) if type(value) in JSON else field.get_db_prep_save(value, real)
    times: dict[date, Any] = {}

    def convert(value: Any) -> Any:
        if type(value) not in TIMES:
            return field.get_db_prep_save(value, real)
        if value not in times:
            times[value] = field.get_db_prep_save(value, real)
        return times[value]

    return plain, convert


def _is_bytes(field: Any) -> bool:
    """Tell a column of bytes that stores them as they are."""
    kind, own = type(field), models.BinaryField
    return (
        isinstance(field, own)
        and kind.get_db_prep_value is own.get_db_prep_value
        and kind.get_prep_value is own.get_prep_value
    )


def _executemany(sql: str, rows: Iterable[tuple[Any, ...]]) -> int:
    done, iterator = 0, iter(rows)
    with connection.cursor() as cursor:
        while part := list(islice(iterator, CHUNK)):
            cursor.executemany(sql, part)
            done += len(part)
    return done


def _copy(sql: str, rows: Iterable[tuple[Any, ...]]) -> int:
    done = 0
    with connection.wrap_database_errors, connection.cursor() as cursor, cursor.cursor.copy(sql) as copy:
        for row in rows:
            copy.write_row(row)
            done += 1
    return done
