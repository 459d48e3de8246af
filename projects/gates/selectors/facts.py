"""The facts that the kernel decides gates by, read for any number of projects in a constant number of queries."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import replace
from datetime import date, datetime
from itertools import groupby

from django.db.models import Q

from projects import ports
from projects.gates.choices import PLACE_USES
from projects.gates.models import Blocker, BlockerVersion, GateStep, Pause, StepLeftOut
from projects.gates.selectors.bars import bars_of
from projects.gates.selectors.buildings_through_time import BuildingThroughTime, buildings_through_time
from projects.gates.selectors.reckoning import InTheWay, add_steps, buildings_of, kept_facts, kept_steps
from projects.ledger.selectors.history import known_by
from registry.audit.selectors import values_then
from registry.kernel.gates import BlockerFact, Gate, PauseFact, ProjectFacts, ReliefFact, StepFact, StepStatus
from registry.kernel.scope import Scope
from registry.kernel.stages import Part

STEP_COLUMNS = (
    "id",
    "project_id",
    "gate",
    "building_id",
    "part",
    "status",
    "effective_on",
    "revoked_on",
    "document__number",
)
GATES = {gate.value: gate for gate in Gate}
PARTS = {"": None, **{part.value: part for part in Part}}
STATUSES = {status.value: status for status in StepStatus}


def facts_of(
    project_ids: Iterable[int], *, building_id: int | None = None, known_at: datetime | None = None
) -> dict[int, ProjectFacts]:
    """Read the facts of projects (or of one building of a project): 12 queries whatever their size, two more
    where there are parking or storage places.

    For every day: what the buildings were before stands in `former`. `compute_gates(facts, on=…)` asks them as they
    were on the day. As known at a moment (None: now): what was recorded later, or ended later, is as it was known; what
    merges and splits moved since is told where it stands now. Ten queries more.
    """
    ids = list(project_ids)
    if known_at is None:
        steps = kept_steps(ids, building_id, _steps)
        blockers, reliefs, pauses = kept_facts(ids, _standing_in_the_way)
        buildings = buildings_of(ids, building_id)
    else:
        steps = _steps(ids, building_id, known_at=known_at)
        blockers, reliefs, pauses = _standing_in_the_way(ids, known_at)
        buildings = buildings_through_time(ids, building_id=building_id, known_at=known_at)
    bars = bars_of(ids, known_at=known_at) if any(_has_places(own) for own in buildings.values()) else {}
    facts = {}
    for key in ids:
        own = buildings.get(key, [])
        facts[key] = ProjectFacts(
            buildings=tuple(building.columns for building in own),
            standings=tuple(building.standings for building in own),
            plans=tuple(building.plan for building in own),
            steps=tuple(steps.get(key, ())),
            blockers=tuple(blockers[key]),
            reliefs=tuple(reliefs.get(key, ())),
            pauses=tuple(pauses[key]),
            bars=bars.get(key, ()),
            issued={unit: on for building in own for unit, on in building.issued.items()},
            former={building.columns.id: building.former for building in own if building.former},
        )
    return facts


def _has_places(buildings: Iterable[BuildingThroughTime]) -> bool:
    """Whether some units are parking or storage places, or were: the rest need not be asked about settings."""
    states = (state.columns for building in buildings for state in building.former)
    columns = (*(building.columns for building in buildings), *states)
    return any(not PLACE_USES.isdisjoint(each.present_uses) for each in columns)


def _standing_in_the_way(ids: list[int], known_at: datetime | None = None) -> InTheWay:
    """Read what stands in the way of homes and what lifts it: blockers, reliefs, pauses."""
    blockers = _blockers(ids, known_at)
    return blockers, _reliefs(ids, blockers, known_at), _pauses(ids, known_at)


def _reliefs(
    ids: list[int], blockers: Mapping[int, list[BlockerFact]], known_at: datetime | None
) -> dict[int, list[ReliefFact]]:
    """Those of the blockers themselves, and of the origin of a blocker that a split copied (two queries more)."""
    found = {key: list(rows) for key, rows in ports.reliefs(ids, known_at=known_at).items()}
    copied = {row.id for rows in blockers.values() for row in rows if row.origin is not None}
    if not copied:
        return found
    copies = list(Blocker.objects.filter(id__in=copied).values_list("id", "project_id", "origin_id", "origin__project"))
    theirs = ports.reliefs({home for *_, home in copies}, known_at=known_at)
    for key, project_id, origin, home in copies:
        given = [replace(one, blocker_id=key) for one in theirs.get(home, ()) if one.blocker_id == origin]
        found.setdefault(project_id, []).extend(given)
    return found


def _steps(ids: list[int], building_id: int | None, known_at: datetime | None = None) -> Mapping[int, list[StepFact]]:
    """Read the steps of projects, of one building those of the whole project too."""
    left_out: dict[int, set[int]] = defaultdict(set)
    for step_id, unit_id in StepLeftOut.objects.filter(step__project_id__in=ids).values_list("step_id", "unit_id"):
        left_out[step_id].add(unit_id)
    found: dict[int, list[StepFact]] = defaultdict(list)
    steps = known_by(GateStep.objects.filter(project_id__in=ids), known_at)
    then = values_then(steps, "revoked_on", known_at=known_at)
    if building_id is not None:
        steps = steps.filter(Q(building=building_id) | Q(building__isnull=True))
    rows = steps.order_by("effective_on", "id").values_list(*STEP_COLUMNS)
    for key, project_id, gate, building, part, status, effective_on, revoked_on, document in rows:
        ended = then.get(key, {}).get("revoked_on", revoked_on)
        left = left_out.get(key, ())
        found[project_id].append(_step(key, gate, building, part, status, effective_on, ended, document, left_out=left))
    return found


def _step(
    key: int,
    gate: str,
    building: int | None,
    part: str,
    status: str,
    effective_on: date,
    revoked_on: date | None,
    document: str | None,
    *,
    left_out: Collection[int],
) -> StepFact:
    return StepFact(
        id=key,
        gate=GATES[gate],
        building=building,
        part=PARTS[part],
        status=STATUSES[status],
        effective_on=effective_on,
        revoked_on=revoked_on,
        left_out=frozenset(left_out),
        document=document or "",
    )


def tell_steps(project_id: int, steps: Iterable[GateStep], left_out: Mapping[int, Collection[int]]) -> None:
    """Tell a list of steps, if one runs, what an act of it recorded, and by step the units left out. No query."""
    add_steps(
        project_id,
        (
            _step(
                step.pk, step.gate, step.building_id, step.part, step.status, step.effective_on, step.revoked_on,
                step.document.number if step.document else "", left_out=left_out.get(step.pk, ()),
            )
            for step in steps
        ),
    )  # fmt: skip


def _blockers(ids: list[int], known_at: datetime | None) -> Mapping[int, list[BlockerFact]]:
    raised = Blocker.objects.filter(project_id__in=ids)
    then = values_then(raised, "resolved_on", "withdrawn_reason", known_at=known_at)
    if known_at is None:
        raised = raised.filter(withdrawn_reason="")
    versions = (
        known_by(BlockerVersion.objects.filter(blocker__in=raised), known_at)
        .select_related("blocker__type", "blocker__responsible")
        .order_by("blocker_id", "effective_on", "id")
    )
    found: dict[int, list[BlockerFact]] = defaultdict(list)
    for key, group in groupby(versions, key=lambda version: version.blocker_id):
        rows, known = list(group), then.get(key, {})
        if known.get("withdrawn_reason", rows[0].blocker.withdrawn_reason):
            continue
        for version, following in zip(rows, [*rows[1:], None], strict=True):
            blocker = version.blocker
            ends = known.get("resolved_on", blocker.resolved_on)
            if following is not None and (ends is None or following.effective_on < ends):
                ends = following.effective_on
            found[blocker.project_id].append(
                BlockerFact(
                    id=blocker.id,
                    number=blocker.number,
                    gate=Gate(blocker.gate),
                    scope=Scope.from_data(version.scope),
                    at_fault=Scope.from_data(version.at_fault),
                    found_on=version.effective_on,
                    resolved_on=ends,
                    type_code=blocker.type.code,
                    origin=blocker.origin_id,
                    label=blocker.title,
                    public=blocker.public_text,
                    holder=str(blocker.responsible) if blocker.responsible else "",
                )
            )
    return found


def _pauses(ids: list[int], known_at: datetime | None) -> Mapping[int, list[PauseFact]]:
    pauses = known_by(Pause.objects.filter(project_id__in=ids), known_at)
    then = values_then(pauses, "ends", known_at=known_at)
    found: dict[int, list[PauseFact]] = defaultdict(list)
    for pause in pauses.order_by("starts", "id"):
        found[pause.project_id].append(
            PauseFact(
                id=pause.id,
                scope=Scope.from_data(pause.scope),
                starts=pause.starts,
                ends=then.get(pause.id, {}).get("ends", pause.ends),
                label=f"{pause.organ}：{pause.reason}",
                organ=pause.organ,
            )
        )
    return found
