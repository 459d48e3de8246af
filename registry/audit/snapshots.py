"""Snapshots: every row that a writer wrote is kept as it stood when the writer was done, whatever was told of it.

Values are kept in one form for both databases: days and moments as SQLite has them, JSON canonical, secrets, personal
columns and long texts as keyed digests. Order is the order of the snapshots' own keys: a row is locked by its writer
until both are committed.
"""

import hashlib
import json
import zlib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import cached_property, lru_cache, partial
from itertools import groupby, islice
from typing import Any, Final

from django.db import connection, models

from registry.audit.models import RowSnapshot
from registry.store.bulk import insert_rows, reserve_keys
from registry.store.crypto import keyed_digest
from registry.store.touched import Touched

BUCKET: Final = 4096
LONG: Final = 120
SHORT: Final = 16  # too short to be worth parsing anew, or to hold personal data
PORTION: Final = 2000
NOTHING: Final = "-"  # kept by an act that wrote no row: it is not from before the snapshots
FIELDS: Final = ("id", "act_key", "table", "bucket", "first_made", "content", "seal")
Convert = Callable[[Any], Any]
Part = tuple[str, int, int | None, bytes]  # table, bucket, smallest key that was made, packed content


class RowReader:
    """Reads rows of a model in the form that snapshots keep, straight from the columns: nothing is opened."""

    def __init__(self, model: type[models.Model]) -> None:
        self.model = model
        self.fields = [field for field in model._meta.concrete_fields if not field.primary_key]
        self.columns: list[str] = [str(field.column) for field in self.fields]
        self._personal = set(getattr(model, "personal_fields", ()))

    @cached_property
    def _select(self) -> str:
        quote, table = connection.ops.quote_name, self.model._meta.db_table
        names = ", ".join(_expression(field, quote(str(field.column))) for field in self.fields)
        return f"SELECT id, {names} FROM {quote(table)}"  # noqa: S608 - names of the model's own

    def by_key(self, keys: Sequence[int]) -> dict[int, list[Any]]:
        """Return the rows of these keys that are there, each with its key first. One query for every 2,000."""
        rows: dict[int, list[Any]] = {}
        for start in range(0, len(keys), PORTION):
            wanted = ", ".join(str(int(key)) for key in keys[start : start + PORTION])
            rows.update((row[0], row) for row in self._read(f"{self._select} WHERE id IN ({wanted})"))
        return rows

    def between(self, first: int, end: int) -> Iterator[list[Any]]:
        """Read the rows from a key to before another, in order, each with its key first. One query."""
        return self._read(f"{self._select} WHERE id >= {int(first)} AND id < {int(end)} ORDER BY id")

    def _read(self, sql: str) -> Iterator[list[Any]]:
        hidden = hider()
        every = ((at, _way(field, self._personal, hidden)) for at, field in enumerate(self.fields, start=1))
        ways = [(at, way) for at, way in every if way is not None]
        with connection.cursor() as cursor:
            cursor.execute(sql)
            while rows := cursor.fetchmany(PORTION):
                columns: list[Sequence[Any]] = list(zip(*rows, strict=True))
                for at, way in ways:
                    columns[at] = [None if value is None else way(value) for value in columns[at]]
                yield from map(list, zip(*columns, strict=True))


@lru_cache(maxsize=200)
def reader_of(model: type[models.Model]) -> RowReader:
    """Return the reader of a model."""
    return RowReader(model)


def _expression(field: Any, name: str) -> str:
    """The column in the form that is kept, so that no value is turned here one by one.

    SQLite stores it so, and would turn a day or a moment, and stumble over one that is none; PostgreSQL is asked.
    """
    if connection.vendor == "sqlite":
        return f"+{name}"
    if isinstance(field, models.JSONField):
        return f"{name}::text"
    if isinstance(field, models.BooleanField):
        return f"{name}::int"
    if isinstance(field, models.DateTimeField):
        return f"replace(to_char({name} AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI:SS.US'), '.000000', '')"
    return f"to_char({name}, 'YYYY-MM-DD')" if isinstance(field, models.DateField) else name


def _way(field: Any, personal: set[str], hidden: Convert) -> Convert | None:
    """The way from a stored value to the one kept; None if it is kept as it is."""
    if isinstance(field, models.BinaryField) or field.name in personal or field.name == "password":
        return hidden
    if isinstance(field, models.JSONField):
        return partial(_json, hidden=hidden)
    if isinstance(field, models.CharField | models.TextField):
        return None if field.max_length and field.max_length <= LONG else partial(_text, hidden=hidden)
    return None


def hider() -> Convert:
    """Return the way from a secret, a personal column or a long text to the keyed digest that stands for it."""
    keyed = hashlib.blake2b(digest_size=12, key=bytes.fromhex(keyed_digest("audit.cell", "")))

    def hidden(value: Any) -> str:
        digest = keyed.copy()
        if type(value) is not bytes:
            value = bytes(value) if isinstance(value, memoryview) else str(value).encode(errors="replace")
        digest.update(value)
        return f"≈{digest.hexdigest()}"

    return hidden


def _text(value: Any, hidden: Convert) -> Any:
    return hidden(value) if isinstance(value, str) and len(value) > LONG else value


def _json(value: Any, hidden: Convert) -> Any:
    try:
        plain = _short_json(value) if len(value) <= SHORT else _canonical(value)
    except (ValueError, TypeError):
        return hidden(value)
    return _text(plain, hidden)


def _canonical(text: str) -> str:
    return json.dumps(json.loads(text), ensure_ascii=False, sort_keys=True, separators=(",", ":"))


@lru_cache(maxsize=500)
def _short_json(text: str) -> str:
    """Most values of a set of rows are the same few: [], {}."""
    return _canonical(text)


def keep_snapshots(touched: Touched, act_key: int | None = None) -> list[str]:
    """Keep the rows that a writer wrote as they stand now; return the seals of what was kept, in order.

    A query for each table (and every 2,000 rows), one for the keys and one insert.
    """
    [parts] = parts_of([touched])
    [seals] = keep_parts([(act_key, parts)])
    return seals


def parts_of(writers: Sequence[Touched]) -> list[list[Part]]:
    """Read what snapshots keep of several writers' rows, as they stand now. A query for each table and 2,000 rows."""
    parts: list[list[Part]] = [[] for _ in writers]
    for model in sorted({model for each in writers for model in each.rows}, key=lambda model: model._meta.db_table):
        own = [(at, each.rows[model]) for at, each in enumerate(writers) if model in each.rows]
        rows = reader_of(model).by_key(sorted({key for _, keys in own for key in keys}))
        for at, keys in own:
            parts[at] += _parts(model, keys, rows)
    return parts


def keep_parts(writers: Sequence[tuple[int | None, Sequence[Part]]]) -> list[list[str]]:
    """Keep what was read, writer by writer with the key of its act, and return the seals of each. Two queries."""
    every = [(act_key, part) for act_key, parts in writers for part in parts]
    if not every:
        return [[] for _ in writers]
    keys = reserve_keys(RowSnapshot, len(every))
    rows = [(key, act_key, *part) for key, (act_key, part) in zip(keys, every, strict=True)]
    sealed = [(*row, snapshot_seal(*row)) for row in rows]
    insert_rows(RowSnapshot, FIELDS, sealed)
    seals = (row[-1] for row in sealed)
    return [list(islice(seals, len(parts))) for _, parts in writers]


def seals_digest(seals: Iterable[str]) -> str:
    """Return the digest of the seals of an act's snapshots, in their order; NOTHING for none."""
    text = "\n".join(seals)
    return hashlib.sha256(text.encode()).hexdigest() if text else NOTHING


def _parts(model: type[models.Model], keys: Mapping[int, bool], rows: Mapping[int, list[Any]]) -> Iterator[Part]:
    reader, wanted = reader_of(model), sorted(keys)
    for bucket, group in groupby(wanted, key=lambda key: key // BUCKET):
        own = list(group)
        standing = [rows[key] for key in own if key in rows]
        gone = [key for key in own if key not in rows and not keys[key]]
        if standing or gone:
            made = min((row[0] for row in standing if keys[row[0]]), default=None)
            content = pack({"columns": reader.columns, "rows": standing, "gone": gone})
            yield model._meta.db_table, bucket, made, content


def pack(content: Mapping[str, Any]) -> bytes:
    """Compress the content of a snapshot."""
    return zlib.compress(json.dumps(content, ensure_ascii=False, separators=(",", ":")).encode(), 1)


def unpack(content: bytes | memoryview) -> dict[str, Any]:
    """Return the content of a snapshot. Raises ValueError or zlib.error if it can't be read."""
    told: dict[str, Any] = json.loads(zlib.decompress(bytes(content)))
    return told


def snapshot_seal(
    key: int, act_key: int | None, table: str, bucket: int, made: int | None, content: bytes | memoryview
) -> str:
    """Return the seal of a snapshot at its place in the order: nobody makes one without the key file."""
    digest = hashlib.sha256(bytes(content)).hexdigest()
    return keyed_digest("audit.rows", f"{key}|{act_key}|{table}|{bucket}|{made}|{digest}")
