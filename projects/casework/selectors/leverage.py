"""Leverage: what to resolve first, live for a project, from the last count for an area."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Prefetch, Q, QuerySet

from projects.casework.models import LeverageMember, LeverageRow, LeverageRun
from projects.casework.selectors.calendar import calendar_of
from projects.casework.selectors.clock import department_days
from projects.gates.models import Blocker
from projects.gates.selectors.facts import facts_of
from registry.kernel.authority import Actor
from registry.kernel.gates import BlockerFact, ProjectFacts
from registry.kernel.leverage import Move, rank, signatures
from registry.kernel.numerals import whole_number

NOBODY = "none"
CHUNK = 25  # projects whose units are in memory at once


@dataclass(frozen=True)
class Ranked:
    """The moves of one project, best first, and its open blockers by key."""

    project_id: int
    blockers: Mapping[int, BlockerFact]
    moves: Sequence[Move]


def is_open(on: date) -> Q:
    """Return the filter over blockers that are open on a day."""
    return Q(found_on__lte=on, withdrawn_reason="") & (Q(resolved_on__isnull=True) | Q(resolved_on__gt=on))


def ranked_moves(project_ids: Iterable[int], *, on: date, chunk: int = CHUNK) -> Iterator[tuple[int, Ranked]]:
    """Rank the moves of each project with an open blocker, as (projects read so far, its moves).

    One query, and ten for each chunk of projects (twelve with copied blockers); memory is that of a chunk.
    """
    calendar, done = calendar_of(), 0
    for ids in _batched(project_ids, chunk):
        done += len(ids)
        blockers = list(open_blockers_in(ids, on))
        spent = department_days(blockers, on, calendar)
        for key, facts in facts_of(sorted({blocker.project_id for blocker in blockers})).items():
            yield done, ranking_of(key, facts, spent, on=on)


def _batched(keys: Iterable[int], size: int) -> Iterator[tuple[int, ...]]:
    every = list(keys)
    return (tuple(every[start : start + size]) for start in range(0, len(every), size))


def ranking_of(project_id: int, facts: ProjectFacts, spent: Mapping[int, int], *, on: date) -> Ranked:
    """Rank the moves of a project whose facts and department-days by blocker are at hand. No query."""
    live = {blocker.id: blocker for blocker in facts.blockers if blocker.is_live(on)}
    moves = rank(
        signatures(facts, on=on),
        {key: blocker.number for key, blocker in live.items()},
        spent,
    )
    return Ranked(project_id, live, moves)


def open_blockers_in(project_ids: Iterable[int], on: date) -> "QuerySet[Blocker]":
    """Return the open blockers of some projects, as the clock reads them. No query yet."""
    found: QuerySet[Blocker] = Blocker.objects.filter(is_open(on), project_id__in=list(project_ids))
    return found.select_related("type", "responsible")


def leverage_of(project_id: int, *, on: date) -> Ranked:
    """Rank the moves of one project now: eleven queries, or twelve with blockers that a split copied."""
    facts = facts_of([project_id])[project_id]
    return ranking_of(project_id, facts, department_days(open_blockers_in([project_id], on), on, calendar_of()), on=on)


def last_run() -> LeverageRun | None:
    """Return the last count over all projects. One query."""
    found: LeverageRun | None = LeverageRun.objects.order_by("-id").first()
    return found


def rows_visible_to(actor: Actor, run: LeverageRun | None, words: Mapping[str, str] | None = None) -> "QuerySet[Any]":
    """Return the sets of a count that the actor may see, narrowed by words; three queries when read.

    Words: district, township (codes), type (of a blocker), holder (key of an organisation, or `NOBODY`).
    """
    rows = LeverageRow.objects.visible_to(actor).filter(run=run) if run else LeverageRow.objects.none()
    given = {key: value for key, value in (words or {}).items() if value}
    if "district" in given:
        rows = rows.filter(project__district_code=given["district"])
    if "township" in given:
        rows = rows.filter(project__township_code=given["township"])
    if "type" in given:
        rows = rows.filter(id__in=_with_a_member(run, blocker__type__code=given["type"]))
    if "holder" in given:
        rows = rows.filter(id__in=_with_a_member(run, **_held_by(given["holder"])))
    members = LeverageMember.objects.select_related("blocker__type", "blocker__responsible").order_by("blocker__number")
    found: QuerySet[Any] = (
        rows.select_related("project").prefetch_related(Prefetch("members", queryset=members)).order_by("place")
    )
    return found


def _held_by(holder: str) -> dict[str, Any]:
    """The filter of an organisation's key as the address bar has it; nobody has a key that is no key."""
    if holder == NOBODY:
        return {"blocker__responsible__isnull": True}
    return {"blocker__responsible_id": whole_number(holder) or 0}


def _with_a_member(run: LeverageRun | None, **wanted: Any) -> "QuerySet[Any]":
    found: QuerySet[Any] = LeverageMember.objects.filter(row__run=run, **wanted).values("row_id")
    return found


def choices_of(actor: Actor, run: LeverageRun | None) -> dict[str, list[tuple[str, str]]]:
    """Return what the sets of a count can be narrowed by: only what occurs in them. Three queries."""
    rows = LeverageRow.objects.visible_to(actor).filter(run=run)
    places = rows.values_list(
        "project__district_code", "project__district_name", "project__township_code", "project__township_name"
    ).distinct()
    members = LeverageMember.objects.filter(row__in=rows)
    types = members.values_list("blocker__type__code", "blocker__type__label").distinct()
    holders = members.values_list(
        "blocker__responsible_id", "blocker__responsible__short_name", "blocker__responsible__name"
    ).distinct()
    known = list(places)
    return {
        "district": sorted({(code, name) for code, name, _, _ in known}),
        "township": sorted({(code, f"{district}{name}") for _, district, code, name in known}),
        "type": sorted((code, f"{code} {label}") for code, label in types),
        "holder": sorted(
            ((str(key or NOBODY), short or name or "未确定") for key, short, name in holders), key=lambda one: one[1]
        ),
    }
