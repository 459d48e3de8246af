"""The facts that the kernel decides gates by, read for any number of projects in a constant number of queries."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from itertools import groupby
from typing import Any

from projects import ports
from projects.gates.models import Blocker, BlockerVersion, GatePlan, GateStep, Pause, StepLeftOut
from projects.ledger.models import IN_THE_BOOKS, Building, Unit
from registry.kernel.gates import BlockerFact, Gate, PauseFact, ProjectFacts, ReliefFact, StepFact, StepStatus
from registry.kernel.scope import BuildingColumns, Scope
from registry.kernel.stages import Feature, Part, Standing, Use

UNIT_COLUMNS = (
    "building_id",
    "id",
    "entrance",
    "floor",
    "use",
    "features",
    "standing",
    "certificate",
    "certificate_on",
)
USES = {use.value: use for use in Use}
STANDINGS = {standing.value: standing for standing in Standing}
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


@dataclass(frozen=True)
class _Buildings:
    columns: tuple[BuildingColumns, ...]
    standings: tuple[tuple[Standing, ...], ...]
    plans: tuple[frozenset[Gate], ...]
    issued: Mapping[int, date]


def facts_of(project_ids: Iterable[int], *, building_id: int | None = None) -> dict[int, ProjectFacts]:
    """Read the facts of projects (or of one building of a project): 8 queries whatever their size."""
    ids = list(project_ids)
    steps, blockers, pauses = _steps(ids), _blockers(ids), _pauses(ids)
    reliefs = _reliefs(ids, blockers)
    buildings = _buildings(ids, building_id)
    return {
        key: ProjectFacts(
            buildings=buildings[key].columns,
            standings=buildings[key].standings,
            plans=buildings[key].plans,
            steps=tuple(steps[key]),
            blockers=tuple(blockers[key]),
            reliefs=tuple(reliefs.get(key, ())),
            pauses=tuple(pauses[key]),
            issued=buildings[key].issued,
        )
        for key in ids
    }


def _reliefs(ids: list[int], blockers: Mapping[int, list[BlockerFact]]) -> dict[int, list[ReliefFact]]:
    """Those of the blockers themselves, and of the origin of a blocker that a split copied (two queries more)."""
    found = {key: list(rows) for key, rows in ports.reliefs(ids).items()}
    copied = {row.id for rows in blockers.values() for row in rows if row.origin is not None}
    if not copied:
        return found
    copies = list(Blocker.objects.filter(id__in=copied).values_list("id", "project_id", "origin_id", "origin__project"))
    theirs = ports.reliefs({home for *_, home in copies})
    for key, project_id, origin, home in copies:
        given = [replace(one, blocker_id=key) for one in theirs.get(home, ()) if one.blocker_id == origin]
        found.setdefault(project_id, []).extend(given)
    return found


def _buildings(ids: list[int], building_id: int | None) -> Mapping[int, _Buildings]:
    wanted = Building.objects.filter(project_id__in=ids)
    if building_id is not None:
        wanted = wanted.filter(id=building_id)
    rows = wanted.order_by("number_order", "id").values_list("id", "project_id", "plan", "project__housing_type")
    plans = gate_plans()
    units = (
        Unit.objects.filter(IN_THE_BOOKS, building__in=wanted).order_by("building_id", "id").values_list(*UNIT_COLUMNS)
    )
    columns: dict[int, _Units] = {
        key: _columns(key, list(group))
        for key, group in groupby(units.iterator(chunk_size=20000), key=lambda row: row[0])
    }
    found: dict[int, list[tuple[_Units, frozenset[Gate]]]] = defaultdict(list)
    for key, project_id, own_plan, housing_type in rows:
        plan = frozenset(Gate(code) for code in own_plan) if own_plan is not None else plans[housing_type]
        found[project_id].append((columns.get(key) or _columns(key, []), plan))
    return defaultdict(
        lambda: _Buildings((), (), (), {}),
        {
            key: _Buildings(
                tuple(units.columns for units, _ in rows),
                tuple(units.standings for units, _ in rows),
                tuple(plan for _, plan in rows),
                {unit: on for units, _ in rows for unit, on in units.issued},
            )
            for key, rows in found.items()
        },
    )


@dataclass(frozen=True)
class _Units:
    columns: BuildingColumns
    standings: tuple[Standing, ...]
    issued: list[tuple[int, date]]


def _columns(key: int, rows: list[Any]) -> _Units:
    features = {had: Feature(had) for had in {row[5] for row in rows}}
    columns = BuildingColumns(
        id=key,
        unit_ids=tuple(row[1] for row in rows),
        entrances=tuple(row[2] for row in rows),
        floors=tuple(row[3] for row in rows),
        uses=tuple(USES[row[4]] for row in rows),
        features=tuple(features[row[5]] for row in rows),
    )
    issued = [(row[1], row[8]) for row in rows if row[7] == "issued" and row[8] is not None]
    return _Units(columns, tuple(STANDINGS[row[6]] for row in rows), issued)


def gate_plans(*, on: date | None = None) -> dict[str, frozenset[Gate]]:
    """Return the gates that each housing type needs: the last plan in force. One query.

    A type without a plan needs every building gate but the presale permit.
    """
    default = frozenset(gate for gate in Gate.building_gates() if gate != Gate.PRESALE_PERMIT)
    plans: dict[str, frozenset[Gate]] = defaultdict(lambda: default)
    rows = GatePlan.objects.order_by("effective_on")
    for plan in rows if on is None else rows.filter(effective_on__lte=on):
        plans[plan.housing_type] = frozenset(Gate(code) for code in plan.gates)
    return plans


def _steps(ids: list[int]) -> Mapping[int, list[StepFact]]:
    left_out: dict[int, set[int]] = defaultdict(set)
    for step_id, unit_id in StepLeftOut.objects.filter(step__project_id__in=ids).values_list("step_id", "unit_id"):
        left_out[step_id].add(unit_id)
    found: dict[int, list[StepFact]] = defaultdict(list)
    rows = GateStep.objects.filter(project_id__in=ids).order_by("effective_on", "id").values_list(*STEP_COLUMNS)
    for key, project_id, gate, building, part, status, effective_on, revoked_on, document in rows:
        found[project_id].append(
            StepFact(
                id=key,
                gate=GATES[gate],
                building=building,
                part=PARTS[part],
                status=STATUSES[status],
                effective_on=effective_on,
                revoked_on=revoked_on,
                left_out=frozenset(left_out.get(key, ())),
                document=document or "",
            )
        )
    return found


def _blockers(ids: list[int]) -> Mapping[int, list[BlockerFact]]:
    versions = (
        BlockerVersion.objects.filter(blocker__project_id__in=ids, blocker__withdrawn_reason="")
        .select_related("blocker__type", "blocker__responsible")
        .order_by("blocker_id", "effective_on", "id")
    )
    found: dict[int, list[BlockerFact]] = defaultdict(list)
    for _, group in groupby(versions, key=lambda version: version.blocker_id):
        rows = list(group)
        for version, following in zip(rows, [*rows[1:], None], strict=True):
            blocker = version.blocker
            ends = blocker.resolved_on
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


def _pauses(ids: list[int]) -> Mapping[int, list[PauseFact]]:
    found: dict[int, list[PauseFact]] = defaultdict(list)
    for pause in Pause.objects.filter(project_id__in=ids).order_by("starts", "id"):
        found[pause.project_id].append(
            PauseFact(
                id=pause.id,
                scope=Scope.from_data(pause.scope),
                starts=pause.starts,
                ends=pause.ends,
                label=f"{pause.organ}：{pause.reason}",
                organ=pause.organ,
            )
        )
    return found
