"""Readiness spans: rewritten in the transaction of whatever they hang on."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import date

from projects.gates.models import BlockerVersion, ChainMarks, ReadinessSpan
from projects.gates.selectors.facts import facts_of
from projects.gates.selectors.reckoning import one_reckoning, reckoning
from projects.ledger.locks import lock_project
from projects.ledger.models import Building, Project
from projects.ledger.selectors.stages import stages_past_acceptance
from registry.kernel.errors import DomainError
from registry.kernel.gates import Span, readiness, stretches
from registry.kernel.gates.rest import rest_spans
from registry.kernel.gates.spans import Stretch
from registry.kernel.stages import Part
from registry.store.acts import current_act, within_act
from registry.store.bulk import insert_rows

SPAN_FIELDS = ("building_id", "use", "figure", "from_on", "count", "known_from", "known_to")

SpanKey = tuple[int, str, str, date]


def refresh_readiness(project_ids: Iterable[int], *, since: date | None = None) -> None:
    """Recompute the spans and chain marks of projects from `since` on (default: from their beginning).

    Lower and equal apps call it in their own act whenever units, steps, blockers, pauses or reliefs change. Among the
    acts of a list it waits until the list is closed (`counted_once`).
    """
    ids = sorted(set(project_ids))
    if (opened := reckoning()) is not None:
        opened.note(ids, since)
        return
    _count(ids, since)


@contextmanager
def counted_once(*, keeps_blockers: bool = False) -> Iterator[Callable[[], None]]:
    """Run a list of acts on gates and count at its end: what is given counts, inside the act that closes the list."""
    with one_reckoning(keeps_blockers=keeps_blockers) as opened:

        def settle() -> None:
            for key, since in opened.take().items():
                _count([key], since)

        yield settle


def locked_once(key: int) -> Project:
    """Lock a project and read it anew, once for all acts of a list."""
    opened = reckoning()
    if opened is None:
        return lock_project(key)
    if key not in opened.projects:
        opened.projects[key] = lock_project(key)
    return opened.projects[key]


def _count(ids: Sequence[int], since: date | None) -> None:
    facts = facts_of(ids)
    stages = stages_past_acceptance(ids)
    for project_id in ids:
        along = list(stretches(facts[project_id], since=since))
        spans = [
            *readiness(facts[project_id], since=since, along=along),
            *rest_spans(facts[project_id], stages[project_id], since=since, along=along),
        ]
        _rewrite_spans(project_id, spans, since)
        _rewrite_marks(project_id, along, since)


def _rewrite_spans(project_id: int, spans: Sequence[Span], since: date | None) -> None:
    act = current_act()
    known = ReadinessSpan.objects.filter(building__project_id=project_id, known_to__isnull=True)
    if since is not None:
        known = known.filter(from_on__gte=since)
    stored: dict[SpanKey, tuple[int, int]] = {
        (building, use, figure, from_on): (key, count)
        for key, building, use, figure, from_on, count in known.values_list(
            "id", "building_id", "use", "figure", "from_on", "count"
        )
    }
    wanted: dict[SpanKey, int] = {
        (span.building, span.use.value, span.figure, span.from_on): span.count for span in spans
    }
    stale = [key for place, (key, count) in stored.items() if wanted.get(place) != count]
    fresh = [(*place, count) for place, count in wanted.items() if stored.get(place, (0, -1))[1] != count]
    if stale:
        ReadinessSpan.objects.filter(id__in=stale).update(known_to=act.recorded_at)
    insert_rows(ReadinessSpan, SPAN_FIELDS, ((*row, act.recorded_at, None) for row in fresh))


def _rewrite_marks(project_id: int, along: Sequence[Stretch], since: date | None) -> None:
    rows: list[tuple[int, str, str, date]] = []
    last: dict[tuple[int, str], str] = {}
    for stretch in along:
        building = stretch.gates.columns.id
        for part in Part:
            marks = "".join(mark.value for mark in stretch.gates.marks(part))
            if last.get((building, part.value)) != marks:
                last[(building, part.value)] = marks
                rows.append((building, part.value, marks, stretch.day))
    stored = ChainMarks.objects.filter(building__in=Building.objects.filter(project_id=project_id))
    (stored if since is None else stored.filter(from_on__gte=since)).delete()
    insert_rows(ChainMarks, ("building_id", "part", "marks", "from_on"), rows)


@within_act
def forget_building(building: Building) -> None:
    """Drop what was counted for a building without a unit, before it is taken out of the ledger."""
    ReadinessSpan.objects.filter(building=building, count=0).delete()
    if not ReadinessSpan.objects.filter(building=building).exists():
        ChainMarks.objects.filter(building=building).delete()


@within_act
def part_with_building(building: Building) -> None:
    """Let a building without a unit leave the ledger. Refused if the scope of a blocker names it. One query more."""
    for number, scope in BlockerVersion.objects.filter(blocker__project=building.project_id).values_list(
        "blocker__number", "scope"
    ):
        if any(building.id in term["in"].get("buildings", ()) for term in scope):
            raise DomainError(f"堵点{number}的范围写到了{building.name}，不能退出台账。")
    forget_building(building)
