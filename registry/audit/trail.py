"""Every column equals its trail: the rows as they stand, held against what their last writer left.

Bucket by bucket of each table: what was kept is read in the order it was kept, the last word on a row stands. Only what
a snapshot named is compared. Books from before the snapshots stay sound until their rows are kept: a row that no writer
touched since is not judged, unless its key or its act is of the time after.
"""

import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import groupby
from operator import itemgetter
from typing import Any, Final

from django.apps import apps
from django.db import DatabaseError, models
from django.db.models import Max, Min

from registry.audit.models import Act, RowSnapshot
from registry.audit.snapshots import BUCKET, reader_of, seals_digest, snapshot_seal, unpack
from registry.store.touched import is_trailed

KEPT: Final = "audit.rows_kept"  # the act by which the rows of older books were kept
STRETCH: Final = 8  # buckets held at a time
PORTION: Final = 8 * STRETCH  # buckets that one process is given
NAMED: Final = 1000
UNREADABLE: Final = (ValueError, KeyError, TypeError, zlib.error)


@dataclass(frozen=True)
class TrailFault:
    """One place where rows and trail differ; `column` is "" where the whole row is at fault."""

    table: str
    key: int
    column: str
    expected: str
    actual: str


@dataclass(frozen=True)
class TrailPart:
    """A part of the trail that is judged by itself: buckets of a table from `first` on, up to `last` with it.

    `made` is the first row of the table that was made under snapshots. Without a table: what binds snapshots to acts.
    """

    table: str = ""
    first: int = 0
    last: int = 0
    made: int | None = None


@dataclass
class _Kept:
    """What is kept of the rows of a stretch: key and values by key, None for a row that is gone."""

    rows: dict[int, list[Any] | None] = field(default_factory=dict)
    columns: dict[int, list[str]] = field(default_factory=dict)
    own: set[int] = field(default_factory=set)
    broken: set[int] = field(default_factory=set)


def trailed_models() -> list[type[models.Model]]:
    """Return the models whose rows the trail keeps, by table."""
    trailed = [model for model in apps.get_models() if is_trailed(model) and model._meta.managed]
    return sorted(trailed, key=lambda model: model._meta.db_table)


def is_before_snapshots() -> bool:
    """Return whether the books are from before the row snapshots. Two queries."""
    return Act.objects.filter(snapshots="").exists() and not Act.objects.filter(event=KEPT).exists()


def trail_faults(*, chain: int | None = None, table: str = "") -> Iterator[TrailFault]:
    """Name every column, row and snapshot that differs; of a project, the rows that its acts wrote; or of one table.

    For each table one query for its bounds and two for every 32,768 keys; nothing is held but one such stretch.
    """
    for part in trail_parts(chain=chain, table=table):
        yield from part_faults(part, chain=chain)


def trail_parts(*, chain: int | None = None, table: str = "") -> Iterator[TrailPart]:
    """List what is judged apart: the snapshots' bond to the acts, then the portions of each table. Two queries each."""
    if not table:
        yield TrailPart()
    for model in trailed_models():
        if table in ("", model._meta.db_table):
            try:
                yield from _parts_of(model, chain)
            except DatabaseError:
                yield TrailPart(model._meta.db_table)  # it says itself that it can't be read


def part_faults(part: TrailPart, *, chain: int | None = None) -> Iterator[TrailFault]:
    """Name what differs in one part."""
    if not part.table:
        yield from _links(chain)
        return
    model = next(model for model in trailed_models() if model._meta.db_table == part.table)
    try:
        for first in _starts(model, part.first, part.last, STRETCH):
            yield from _of_stretch(model, chain, first, part.made)
    except DatabaseError as error:
        yield TrailFault(part.table, 0, "", "表可读", f"读不出来：{type(error).__name__}")


def _links(chain: int | None) -> Iterator[TrailFault]:
    """Hold the snapshots of each act against the digest that the act's seal covers."""
    kept = RowSnapshot.objects.exclude(act_key=None).order_by("act_key", "id").values_list("act_key", "seal")
    seals = groupby(kept.iterator(chunk_size=5000), key=itemgetter(0))
    ahead = next(seals, None)
    acts = Act.objects.exclude(snapshots="").order_by("id").values_list("id", "chain", "seq", "snapshots")
    for act, where, seq, digest in acts.iterator(chunk_size=5000):
        while ahead is not None and ahead[0] < act:
            yield TrailFault("audit_rowsnapshot", ahead[0], "act_key", "属于一条操作记录", "没有这条记录，或记录不认")
            ahead = next(seals, None)
        there = seals_digest(())
        if ahead is not None and ahead[0] == act:
            there = seals_digest(seal for _, seal in ahead[1])
            ahead = next(seals, None)
        if there != digest and chain in (None, where):
            yield TrailFault("audit_rowsnapshot", act, "", f"链{where}第{seq}条留下的行照都在", "缺少或被改动")
    if ahead is not None:
        yield TrailFault("audit_rowsnapshot", ahead[0], "act_key", "属于一条操作记录", "没有这条记录，或记录不认")


def _parts_of(model: type[models.Model], chain: int | None) -> Iterator[TrailPart]:
    table = model._meta.db_table
    bounds = RowSnapshot.objects.filter(table=table).aggregate(
        low=Min("bucket"), high=Max("bucket"), made=Min("first_made")
    )
    keys = model._base_manager.aggregate(low=Min("pk"), high=Max("pk"))
    lows = [low for low in (bounds["low"], None if keys["low"] is None else keys["low"] // BUCKET) if low is not None]
    if (bounds["low"] is None and chain is not None) or not lows:
        return
    last = max(bounds["high"] or 0, (keys["high"] or 0) // BUCKET)
    for first in _starts(model, min(lows), last, PORTION):
        yield TrailPart(table, first, min(first + PORTION - 1, last), bounds["made"])


def _starts(model: type[models.Model], first: int, last: int, step: int) -> Iterator[int]:
    """The first buckets of the stretches that hold anything; empty ones are leapt over when keys lie far apart."""
    while first <= last:
        yield first
        first += step
        if last - first > 1000:
            kept = RowSnapshot.objects.filter(table=model._meta.db_table, bucket__gte=first)
            bucket = kept.aggregate(low=Min("bucket"))["low"]
            key = model._base_manager.filter(pk__gte=first * BUCKET).aggregate(low=Min("pk"))["low"]
            first = max(first, min(start for start in (bucket, key and key // BUCKET, last) if start is not None))


def _of_stretch(model: type[models.Model], chain: int | None, first: int, made: int | None) -> Iterator[TrailFault]:
    table, reader = model._meta.db_table, reader_of(model)
    kept = _Kept()
    yield from _read_kept(kept, table, first, chain)
    act_at = reader.columns.index("act_id") + 1 if "act_id" in reader.columns else 0
    strays: list[tuple[int, Any]] = []
    for row in reader.between(first * BUCKET, (first + STRETCH) * BUCKET):
        key = row[0]
        told = kept.rows.pop(key, row)
        if told == row and kept.columns.get(key) == reader.columns:
            continue
        if key not in kept.columns:
            strays.append((key, row[act_at] if act_at else None))
        elif chain is None or key in kept.own:
            yield from _differences(table, told, kept.columns[key], reader.columns, row)
    for key, left in kept.rows.items():
        if left is not None and (chain is None or key in kept.own):
            yield TrailFault(table, key, "", "有这一行", "不经操作删去了")
    if chain is None:
        yield from _strays(table, strays, kept.broken, made)


def _read_kept(kept: _Kept, table: str, first: int, chain: int | None) -> Iterator[TrailFault]:
    """Read what was kept of a stretch, in order; a snapshot without its seal is named and not believed."""
    snapshots = RowSnapshot.objects.filter(table=table, bucket__gte=first, bucket__lt=first + STRETCH).order_by("id")
    names = ("id", "act_key", "bucket", "first_made", "content", "seal")
    own = set() if chain is None else set(Act.objects.filter(chain=chain).values_list("id", flat=True))
    for pk, act, bucket, made, content, seal in snapshots.values_list(*names).iterator(chunk_size=1000):
        try:
            if seal != snapshot_seal(pk, act, table, bucket, made, content):
                raise ValueError("seal")
            told = unpack(content)
            rows, gone, columns = {row[0]: row for row in told["rows"]}, dict.fromkeys(told["gone"]), told["columns"]
        except UNREADABLE:
            kept.broken.add(bucket)
            yield TrailFault("audit_rowsnapshot", pk, "", "封印完好", "被改动，或读不出来")
            continue
        for some in (rows, gone):
            kept.rows.update(some)
            kept.columns.update(dict.fromkeys(some, columns))
        if act in own:
            kept.own.update(rows, gone)


def _differences(
    table: str, told: list[Any] | None, columns: list[str], present: list[str], row: list[Any]
) -> Iterator[TrailFault]:
    if told is None:
        yield TrailFault(table, row[0], "", "已由操作删去", "又有这一行")
        return
    stands = dict(zip(present, row[1:], strict=True))
    for column, value in zip(columns, told[1:], strict=False):
        if column in stands and stands[column] != value:
            yield TrailFault(table, row[0], column, _shown(value), _shown(stands[column]))


def _shown(value: Any) -> str:
    return "空" if value is None else str(value)[:80]


def _strays(
    table: str, strays: list[tuple[int, int | None]], broken: set[int], made: int | None
) -> Iterator[TrailFault]:
    """Rows of which nothing is kept: sound if the books are from before the snapshots, and the rows by key and act."""
    is_old = bool(strays) and is_before_snapshots()
    for start in range(0, len(strays), NAMED):
        part = [(key, act) for key, act in strays[start : start + NAMED] if key // BUCKET not in broken]
        wanted = {act for _, act in part if isinstance(act, int)}
        before = set(Act.objects.filter(id__in=wanted, snapshots="").values_list("id", flat=True))
        for key, act in part:
            if not is_old or (made is not None and key >= made) or (act is not None and act not in before):
                yield TrailFault(table, key, "", "由操作写入", "没有写入它的操作")
