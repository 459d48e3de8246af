"""What an export by a job is made of: every home in reach, or a list as its page shows it; read in portions.

A cursor left open while the job writes its beat is refused by SQLite (BUSY_SNAPSHOT) once anybody else wrote meanwhile.
So rows are read by closed queries: first the keys in their order, eight bytes each, then the rows of a portion.
"""

from array import array
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from itertools import islice
from typing import Any, Final

from django.db.models import QuerySet

from documents.exports.models import ExportFile
from projects.ledger.selectors.projects import project_by_code, projects_visible_to
from projects.ledger.selectors.unit_details import detail_rows, detail_units, detail_words
from projects.ledger.unit_details import FROZEN, TITLE, detail_columns
from registry.kernel.authority import Actor, Permission
from registry.kernel.columns import Column
from registry.lists.exports import EXPORTS

DETAILS: Final = "details"
LONG: Final = 5_000  # rows beyond which a list is made by a job
PORTION: Final = 900


@dataclass(frozen=True)
class Source:
    """What a job writes: title, columns, how many rows, the rows as tuples, words for codes, columns kept in sight."""

    title: str
    columns: tuple[Column, ...]
    total: int
    rows: Callable[[], Iterator[tuple[Any, ...]]]
    words: Mapping[str, Mapping[str, str]]
    frozen: int


def source_of(export: ExportFile, actor: Actor, on: date) -> Source:
    """Return what an export holds for its asker as the rights are now. Refused without them."""
    if export.name == DETAILS:
        actor.require(Permission.IDENTITY_EXPORT if export.is_personal else Permission.UNIT_READ)
        return Source(
            title=TITLE,
            columns=detail_columns(with_people=export.is_personal),
            total=detail_units(actor, export.words).count(),
            rows=lambda: detail_rows(actor, export.words, with_people=export.is_personal),
            words=detail_words(),
            frozen=FROZEN,
        )
    spec = EXPORTS[export.name]
    spec.require(actor)
    columns = spec.shown(export.words)
    rows = spec.rows(actor, export.words, on)
    if not isinstance(rows, QuerySet):
        rows = list(rows)
    return Source(
        title=spec.title,
        columns=columns,
        total=count_of(rows),
        rows=lambda: (tuple(column.read(row) for column in columns) for row in portions(rows)),
        words={},
        frozen=spec.frozen,
    )


def require_right(actor: Actor, export: ExportFile) -> None:
    """Refuse who may no longer see what an export holds."""
    if export.name == DETAILS:
        actor.require(Permission.IDENTITY_EXPORT if export.is_personal else Permission.UNIT_READ)
    else:
        EXPORTS[export.name].require(actor)


def projects_in(export: ExportFile, actor: Actor) -> list[int]:
    """List the keys of the projects that an export may hold something of. One query."""
    code = export.words.get("project")
    if code and export.name != DETAILS and export.name != "acts":
        return [project_by_code(actor, code).id]
    return sorted(projects_visible_to(actor).order_by().values_list("id", flat=True))


def count_of(rows: Iterable[Any]) -> int:
    """Count rows: one query for a queryset, none for a list."""
    return int(rows.order_by().count()) if isinstance(rows, QuerySet) else len(list(rows))


def portions(found: Iterable[Any], size: int = PORTION) -> Iterator[Any]:
    """Return the rows of a queryset in its order, so many a query (and its prefetches); a list as it is."""
    if not isinstance(found, QuerySet):
        yield from found
        return
    keys = iter(array("q", found.values_list("pk", flat=True)))
    while part := list(islice(keys, size)):
        rows = {row.pk: row for row in found.filter(pk__in=part)}
        yield from (rows[key] for key in part if key in rows)
