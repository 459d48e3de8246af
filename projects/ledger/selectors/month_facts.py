"""What changed the stock of projects between two closes, as facts of the bridge: from moves, placements, versions.

Moves of the certificate track of homes come grouped by act, day and edge; the bridge itself is `kernel/bridge.py`.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import lru_cache
from typing import Any, Final, NamedTuple

from django.db.models import Count, F, Q, QuerySet

from projects.ledger.choices import MoveKind
from projects.ledger.models import Building, BuildingPlacement, Move, Project, ProjectVersion
from projects.ledger.selectors.history import moved_buildings, versions_on
from registry.audit.selectors import authors_of, facts_told, happenings
from registry.kernel.bridge import CHAIN, CORRECTIONS, EMPTY, Fact, Stock, Term, row_of
from registry.kernel.periods import DAY, midnight_before, shanghai_day
from registry.kernel.stages import Track, Use, at_or_beyond
from registry.kernel.tally import Cut

Side = tuple[str | None, str | None, str | None]  # use, standing, stage; None is nowhere
SIDES: Final = ("use", "standing", "stage")
GROUPED: Final = (
    "kind", *(f"from_{name}" for name in SIDES), *(f"to_{name}" for name in SIDES), "occurred_on", "recorded_at",
    "act_id", "reason", "reverses__kind", "reverses__occurred_on", "reverses__recorded_at",
)  # fmt: skip


@dataclass(frozen=True)
class ProjectThen:
    """A project that counts at a close: where it lay, and whether it stood on the ledger (在账)."""

    code: str
    district_code: str
    township_code: str
    is_open: bool
    taken_in_on: date
    version: ProjectVersion


@dataclass(frozen=True)
class MonthFacts:
    """The facts between two closes, and the projects that counted at each."""

    facts: Sequence[Fact]
    before: Mapping[int, ProjectThen]
    now: Mapping[int, ProjectThen]
    absorbed: Mapping[int, int]  # by project merged by now: into which


class _Drafted(NamedTuple):
    fact: Fact
    act_id: int
    reason: str


def projects_at(cut: Cut) -> dict[int, ProjectThen]:
    """Return the projects that count at a close: taken in by its day, not merged into another. Two queries."""
    taken_in = {key: (code, on) for key, code, on in Project.objects.values_list("id", "code", "taken_in_on")}
    return {
        key: ProjectThen(
            taken_in[key][0],
            version.district_code,
            version.township_code,
            version.closed_on is None or version.closed_on > cut.on,
            taken_in[key][1],
            version,
        )
        for key, version in versions_on(on=cut.on, known_at=cut.known_at).items()
        if version.merged_into_id is None and key in taken_in and taken_in[key][1] <= cut.on
    }


def month_facts(*, previous: Cut, this: Cut) -> MonthFacts:
    """Return what the close before had not and this one has. Constant queries, whatever the city's size."""
    before, now = projects_at(previous), projects_at(this)
    stood, stands = (moved_buildings(on=cut.on, known_at=cut.known_at) for cut in (previous, this))
    drafts = [*_project_facts(before, now, this)]
    moved, transfers = _transfers(previous, this, before, now, stood, stands)
    drafts += transfers
    drafts += _move_facts(previous, this, before, now, stands, moved)
    return MonthFacts(_with_causes(drafts, previous), before, now, _absorbed(before, now, this))


def _absorbed(before: Mapping[int, ProjectThen], now: Mapping[int, ProjectThen], this: Cut) -> dict[int, int]:
    gone = [key for key in before if key not in now]
    versions = versions_on(on=this.on, known_at=this.known_at, project_ids=gone) if gone else {}
    return {key: version.merged_into_id for key, version in versions.items() if version.merged_into_id is not None}


# Projects: taken in, closed, back on the ledger.


def _project_facts(before: Mapping[int, ProjectThen], now: Mapping[int, ProjectThen], this: Cut) -> Iterator[_Drafted]:
    merged = {key for key in before if key not in now}
    versions = versions_on(on=this.on, known_at=this.known_at, project_ids=merged) if merged else {}
    first = _first_versions([key for key in now if key not in before], this)
    for key, project in now.items():
        version = project.version
        if key not in before:
            recorded_at, act_id, term = first[key]
            yield _draft(key, term, Stock(1), project.taken_in_on, recorded_at, act_id)
            if not project.is_open:
                yield _draft(key, Term.CLOSED, Stock(-1), version.closed_on, version.recorded_at, version.act_id)
        elif before[key].is_open and not project.is_open:
            yield _draft(key, Term.CLOSED, Stock(-1), version.closed_on, version.recorded_at, version.act_id)
        elif project.is_open and not before[key].is_open:
            yield _draft(key, Term.REOPENED, Stock(1), version.effective_on, version.recorded_at, version.act_id)
    for key in sorted(merged):
        if before[key].is_open and (gone := versions.get(key)) is not None:
            yield _draft(key, Term.MERGED, Stock(-1), gone.effective_on, gone.recorded_at, gone.act_id)


def _first_versions(keys: Collection[int], this: Cut) -> dict[int, tuple[datetime, int, Term]]:
    """When and by which act projects came, and whether it was by a split. Two queries."""
    if not keys:
        return {}
    rows = ProjectVersion.objects.filter(project_id__in=keys).order_by("-id")
    made = {key: (recorded, act) for key, recorded, act in rows.values_list("project_id", "recorded_at", "act_id")}
    placed = BuildingPlacement.objects.filter(project_id__in=keys).exclude(building__act_id=F("act_id"))
    split = {key for key, act in placed.values_list("project_id", "act_id") if made[key][1] == act}
    return {key: (*made[key], Term.SPLIT if key in split else Term.TAKEN_IN) for key in made}


def _draft(
    place: int, term: Term, stock: Stock, on: date | None, recorded_at: datetime, act_id: int, reason: str = "",
    happened_on: date | None = None, of: tuple[date, datetime] | None = None,
) -> _Drafted:  # fmt: skip
    if on is None:
        raise ValueError(f"a fact of project {place} has no day")
    return _Drafted(Fact(place, term, stock, on, recorded_at, happened_on, of), act_id, reason)


# Buildings that changed their project.


def _transfers(
    previous: Cut,
    this: Cut,
    before: Mapping[int, ProjectThen],
    now: Mapping[int, ProjectThen],
    stood: Mapping[int, int],
    stands: Mapping[int, int],
) -> tuple[set[int], list[_Drafted]]:
    """The buildings that stood in one project at the close before and in another now, with what they took along."""
    moved = {
        building
        for building, project in stands.items()
        if stood.get(building, project) != project and stood[building] in before and project in now
    }
    if not moved:
        return set(), []
    stocks: dict[int, Stock] = defaultdict(Stock)
    homes = _of_buildings(_moves(this), moved).filter(occurred_on__lte=previous.on, recorded_at__lte=previous.known_at)
    for frm, to, _, *rest, units in _grouped(homes, ("kind", *GROUPED[1:7])):
        stocks[to or frm] += _change(rest[1:4], rest[4:7]).times(units)
    rows = BuildingPlacement.objects.filter(building_id__in=moved, recorded_at__lte=this.known_at).order_by("id")
    placed = {row.building_id: row for row in rows.filter(effective_on__lte=this.on)}
    drafts = []
    for building in sorted(moved):
        row, term = placed[building], Term.MERGED if stands[building] in before else Term.SPLIT
        for place, stock in ((stood[building], -stocks[building]), (stands[building], stocks[building])):
            drafts.append(_draft(place, term, stock, row.effective_on, row.recorded_at, row.act_id))
    return moved, drafts


# Homes: from the moves of the certificate track.


def _moves(this: Cut) -> QuerySet[Any]:
    return Move.objects.filter(
        track=Track.CERTIFICATE.value, occurred_on__lte=this.on, recorded_at__lte=this.known_at
    ).filter(Q(from_use=Use.DWELLING.value) | Q(to_use=Use.DWELLING.value))


def _of_buildings(moves: QuerySet[Any], buildings: Collection[int]) -> QuerySet[Any]:
    return moves.filter(Q(to_building__in=buildings) | Q(from_building__in=buildings))


def _grouped(moves: QuerySet[Any], names: Sequence[str]) -> Iterable[Any]:
    """Rows of (from building, to building, its project, …names, units)."""
    columns = ("from_building_id", "to_building_id", "unit__building__project_id", *names)
    rows: Iterable[Any] = moves.values_list(*columns).order_by().annotate(units=Count("id"))
    return rows


def _move_facts(
    previous: Cut,
    this: Cut,
    before: Mapping[int, ProjectThen],
    now: Mapping[int, ProjectThen],
    stands: Mapping[int, int],
    moved: Collection[int],
) -> Iterator[_Drafted]:
    """Facts of homes: what is new since the close before, and all of the homes of projects that came since."""
    since = min(previous.known_at, midnight_before(previous.on + DAY))  # nothing is recorded before it occurs
    new = _moves(this).filter(recorded_at__gte=since)
    rows = list(_grouped(new.filter(Q(occurred_on__gt=previous.on) | Q(recorded_at__gt=previous.known_at)), GROUPED))
    late = _buildings_of([key for key in now if key not in before], stands) - set(moved)
    if late:
        known = _of_buildings(_moves(this), late)
        rows += _grouped(known.filter(occurred_on__lte=previous.on, recorded_at__lte=previous.known_at), GROUPED)
    placed = _placed_on({row[GROUPED.index("act_id") + 3] for row in rows if row[3] == MoveKind.OPENING})
    for row in rows:
        building = row[1] or row[0]
        place = stands.get(building, row[2])
        if place in now:
            since_day = now[place].taken_in_on if place not in before and building not in moved else date.min
            yield from _facts_of(place, row, since_day, placed)


def _buildings_of(project_ids: Collection[int], stands: Mapping[int, int]) -> set[int]:
    if not project_ids:
        return set()
    own = set(Building.objects.filter(project_id__in=project_ids).values_list("id", flat=True))
    wanted = set(project_ids)
    return {key for key in own if stands.get(key, -1) in (-1, *wanted)} | {
        key for key, project in stands.items() if project in wanted
    }


def _facts_of(place: int, row: Sequence[Any], since: date, placed: Mapping[int, date]) -> Iterator[_Drafted]:
    kind, frm, to = row[3], row[4:7], row[7:10]
    occurred_on, recorded_at, act_id, reason, of_kind, of_day, of_known, units = row[10:]
    on, change = max(occurred_on, since), _change(frm, to).times(units)
    happened, of = None, None
    if of_day is not None and not (kind == MoveKind.CORRECTION and to[0] is None):
        happened, of = of_day, (max(of_day, since), of_known)
        kind, frm, to = of_kind, to, frm
    elif kind == MoveKind.OPENING or to[0] is None:  # taken in; or the opening of a home that is opened anew
        happened = max(on, placed.get(act_id, shanghai_day(recorded_at)))
    draft = _draft(place, Term.STEP, change, on, recorded_at, act_id, reason, happened, of)
    for term, stock in _terms(kind, frm, to, reason, change):
        if stock:
            yield draft._replace(fact=replace(draft.fact, term=term, stock=stock))


def _terms(
    kind: str, frm: Sequence[Any], to: Sequence[Any], reason: str, change: Stock
) -> Iterator[tuple[Term, Stock]]:
    """The rows of a change. An opening has two: the home is taken in, and what it had reached is of old."""
    homes = Stock(involved=change.involved, excluded=change.excluded)
    if kind == MoveKind.OPENING and not reason:
        yield Term.TAKEN_IN, homes
        yield Term.ENTERED, change - homes
    elif kind == MoveKind.OPENING or to[0] is None or frm[0] is None:
        yield Term.ENTERED, change  # opened anew with its certificate: both sides in one row
    elif kind == MoveKind.USE:
        yield Term.USE, change
    elif kind == MoveKind.STANDING:
        yield Term.EXCLUDED, change
    else:
        issued = Stock(issued=change.issued)
        yield Term.ISSUED, issued
        yield Term.STEP, change - issued


def _change(frm: Sequence[Any], to: Sequence[Any]) -> Stock:
    return _worth(*to) - _worth(*frm)


@lru_cache
def _worth(use: str | None, standing: str | None, stage: str | None) -> Stock:
    """What one home adds to the stock where it stands. Excluded homes stand in no figure but 涉及 and 核减."""
    if use != Use.DWELLING.value:
        return EMPTY
    if standing == "excluded":
        return Stock(involved=1, excluded=1)
    reached = {name: int(stage in at_or_beyond(Track.CERTIFICATE, name)) for name in CHAIN}
    return Stock(involved=1, **reached)


# Why and by whom: of corrections alone.


def _placed_on(act_ids: Collection[int]) -> dict[int, date]:
    """The day that the acts which took homes in state for it. One query."""
    told = facts_told(act_ids, "units.placed")
    return {key: date.fromisoformat(facts["on"]) for key, facts in told.items() if facts.get("on")}


def _with_causes(drafts: Iterable[_Drafted], previous: Cut) -> list[Fact]:
    """Name cause and author of what will be a correction; of the others nobody asks. Two queries."""
    rows = list(drafts)
    ids = {row.act_id for row in rows if row_of(row.fact, previous) in CORRECTIONS}
    told, authors = (happenings(ids), authors_of(ids)) if ids else ({}, {})
    facts = []
    for fact, act_id, reason in rows:
        if (said := told.get(act_id)) is not None:
            fact = replace(fact, cause=reason or said.reason or said.text, author=authors[act_id])
        facts.append(fact)
    return facts
