"""Readiness figures from spans: now, or as of a day as known at a moment."""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable
from datetime import date, datetime
from typing import Any, Final

from django.db import connection
from django.db.models import Max, Q

from projects.gates.models import ChainMarks, ReadinessSpan
from projects.ledger.models import Building
from projects.ledger.selectors.history import moved_buildings
from registry.kernel.gates import FIGURES, ISSUED_UNREADY
from registry.kernel.gates.rest import REST_FIGURES
from registry.kernel.stages import Use

EVERY: Final = (*FIGURES, ISSUED_UNREADY, *REST_FIGURES)


def readiness_counts(
    project_ids: Iterable[int] | None,
    *,
    on: date,
    known_at: datetime | None = None,
    placed_on: date | None = None,
    figures: Collection[str] = (),
    uses: Collection[Use] = tuple(Use),
) -> dict[int, Counter[tuple[str, str]]]:
    """Return, per project, the units by (figure, use): cleared, ready, registered. One query; two with `known_at`.

    `figures` names those that are wanted, if not all, and `uses`, as known now: each building keeps a row for each
    figure, use and day of change.
    As known at a moment, a building counts in the project in which it stood on `placed_on` (None: on that day too).
    As known now, `readiness_on` asks the same of many projects with less to read.
    """
    wanted = None if project_ids is None else set(project_ids)
    if known_at is None and wanted is not None:
        return _last_known(wanted, on, figures or EVERY, uses)
    elsewhere: dict[int, int] = {}
    spans = ReadinessSpan.objects.filter(from_on__lte=on)
    if figures:
        spans = spans.filter(figure__in=figures)
    if known_at is None:
        spans = spans.filter(known_to__isnull=True)
    else:
        elsewhere = moved_buildings(on=placed_on or on, known_at=known_at)
        spans = spans.filter(Q(known_to__isnull=True) | Q(known_to__gt=known_at), known_from__lte=known_at)
    if wanted is not None:
        there = [key for key, project in elsewhere.items() if project in wanted]
        spans = spans.filter(Q(building__project_id__in=wanted) | Q(building_id__in=there))
    rows: Any = spans.order_by("from_on", "id").values_list(
        "building__project_id", "building_id", "figure", "use", "count"
    )
    last: dict[tuple[int, int, str, str], int] = {}
    for project_id, building_id, figure, use, count in rows.iterator(chunk_size=20000):
        last[(elsewhere.get(building_id, project_id), building_id, figure, use)] = count
    found: dict[int, Counter[tuple[str, str]]] = defaultdict(Counter)
    for (project_id, _, figure, use), count in last.items():
        if wanted is None or project_id in wanted:
            found[project_id][(figure, use)] += count
    return found


def _last_known(
    project_ids: Collection[int], on: date, figures: Collection[str], uses: Collection[Use]
) -> dict[int, Counter[tuple[str, str]]]:
    """Sum the last span of each building, use and figure: each is found by its key, no earlier one is read."""
    counts: dict[int, Counter[tuple[str, str]]] = defaultdict(Counter)
    if not project_ids:
        return counts
    spans, buildings = (connection.ops.quote_name(model._meta.db_table) for model in (ReadinessSpan, Building))
    last = (
        f"SELECT s.count FROM {spans} s WHERE s.building_id = b.id AND s.use = u.use AND s.figure = f.figure"  # noqa: S608 - names of tables
        " AND s.known_to IS NULL AND s.from_on <= %s ORDER BY s.from_on DESC LIMIT 1"
    )
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT b.project_id, f.figure, u.use, SUM(COALESCE(({last}), 0)) FROM {buildings} b"  # noqa: S608 - names of tables
            f" CROSS JOIN ({_listed('figure', figures)}) f CROSS JOIN ({_listed('use', uses)}) u"
            f" WHERE b.project_id IN ({', '.join(['%s'] * len(project_ids))}) GROUP BY 1, 2, 3",
            [on, *figures, *(use.value for use in uses), *project_ids],
        )
        rows = cursor.fetchall()
    for project, figure, use, units in rows:
        if units:
            counts[project][(figure, use)] = int(units)
    return counts


def _listed(name: str, values: Collection[str]) -> str:
    """A table of given words: one column, a row for each."""
    return " UNION ALL ".join([f"SELECT CAST(%s AS varchar(24)) AS {name}", *["SELECT %s"] * (len(values) - 1)])


def readiness_on(project_ids: Iterable[int], *, on: date) -> dict[int, Counter[tuple[str, str]]]:
    """Return the same as known now, each building where it stood on the day. Two queries.

    The last span of each building, use and figure is found and summed by the database: days do not come over.
    """
    wanted, elsewhere = set(project_ids), moved_buildings(on=on, known_at=None)
    spans = ReadinessSpan.objects.filter(known_to__isnull=True, from_on__lte=on)
    last = spans.values("building_id", "use", "figure").annotate(last=Max("from_on")).order_by()
    sql, params = last.values("building_id", "use", "figure", "last").query.sql_with_params()
    table, buildings = (connection.ops.quote_name(model._meta.db_table) for model in (ReadinessSpan, Building))
    own = f"CASE WHEN s.building_id IN ({', '.join(['%s'] * len(elsewhere)) or 'NULL'}) THEN s.building_id END"
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT b.project_id, {own}, s.figure, s.use, SUM(s.count) FROM ({sql}) k"  # noqa: S608 - names of tables
            f" JOIN {table} s ON s.building_id = k.building_id AND s.use = k.use AND s.figure = k.figure"
            f" AND s.from_on = k.last AND s.known_to IS NULL JOIN {buildings} b ON b.id = s.building_id"
            " WHERE s.count > 0 GROUP BY 1, 2, 3, 4",
            [*elsewhere, *params],
        )
        rows = cursor.fetchall()
    counts: dict[int, Counter[tuple[str, str]]] = defaultdict(Counter)
    for project, building, figure, use, units in rows:
        stood = project if building is None else elsewhere[building]
        if stood in wanted:
            counts[stood][(figure, use)] += int(units)
    return counts


def dwelling_figure(counter: Counter[tuple[str, str]], figure: str) -> int:
    """Return a figure for homes."""
    return counter[(figure, "dwelling")]


def other_figure(counter: Counter[tuple[str, str]], figure: str) -> int:
    """Return a figure for shops, ancillary rooms and the rest."""
    return sum(count for (name, use), count in counter.items() if name == figure and use != "dwelling")


def chain_marks(project_id: int, *, on: date) -> dict[tuple[int, str], str]:
    """Return the marks of each building and part on a day. One query."""
    rows = ChainMarks.objects.filter(building__project_id=project_id, from_on__lte=on).order_by("from_on")
    return {(building, part): marks for building, part, marks in rows.values_list("building_id", "part", "marks")}
