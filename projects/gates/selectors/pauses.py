"""Running pauses: what an organ has stopped, since when, on what ground, and how many units stand still for it."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from itertools import groupby

from django.db.models import Q, QuerySet

from projects.gates.models import Blocker, Pause
from projects.gates.selectors.blockers import last_scopes
from projects.gates.selectors.building import PAST
from projects.gates.selectors.facts import facts_of
from projects.ledger.models import IN_THE_BOOKS, Building, Project, Unit
from registry.kernel.authority import Actor
from registry.kernel.errors import NotFound
from registry.kernel.gates import compute_gates
from registry.kernel.scope import BuildingColumns, Scope, UnitFacts
from registry.kernel.stages import Feature, Standing, Use

COLUMNS = ("building__project_id", "building_id", "id", "entrance", "floor", "use", "features")
REASON_IS_GONE = "所依据的堵点已解决，请核实后恢复受理。"


@dataclass(frozen=True)
class RunningPause:
    """A pause as pages show it. `units` are those not yet accepted in its scope, `homes` the dwellings among them.

    `note` says why it should be looked at: the blocker named as its ground is resolved or withdrawn.
    """

    key: int
    project: Project
    organ: str
    reason: str
    basis: str
    starts: date
    ends: date | None
    scope: Scope
    words: str
    homes: int
    units: int
    days: int
    note: str

    @property
    def is_open(self) -> bool:
        """Whether nobody has said yet when it ends."""
        return self.ends is None


def pauses_visible_to(actor: Actor, *, on: date) -> "QuerySet[Pause]":
    """Return the pauses that are not over by a day, the oldest first. No query yet."""
    rows: QuerySet[Pause] = Pause.objects.visible_to(actor).filter(Q(ends__isnull=True) | Q(ends__gt=on))
    return rows.select_related("project").order_by("starts", "id")


def running_pauses(
    actor: Actor, *, on: date, project: Project | None = None, most: int | None = None
) -> list[RunningPause]:
    """List the pauses of a project (or of all that the actor sees) that run on a day or begin later.

    One query if there is none, else four whatever their number.
    """
    chosen = pauses_visible_to(actor, on=on)
    rows = list((chosen if project is None else chosen.filter(project=project))[:most])
    if not rows:
        return []
    keys = {row.project_id for row in rows}
    names, waiting, gone = _names(keys), waiting_columns(keys), _grounds_gone(keys)
    return [_shown(row, names, waiting[row.project_id], gone, on) for row in rows]


def pauses_on_unit(actor: Actor, unit: Unit, *, on: date) -> list[RunningPause]:
    """List the running pauses of a unit's project that hold the unit. Queries as `running_pauses`."""
    stated = UnitFacts(unit.pk, unit.building_id, unit.entrance, unit.floor, Use(unit.use), Feature(unit.features))
    pauses = running_pauses(actor, on=on, project=unit.building.project)
    return [] if unit.certificate in PAST else [pause for pause in pauses if pause.scope.matches(stated)]


def pauses_on_building(actor: Actor, building: Building, *, on: date) -> list[RunningPause]:
    """List the running pauses of a building's project that catch units of the building. One query more."""
    pauses = running_pauses(actor, on=on, project=building.project)
    columns = _columns(building.pk, _rows(Q(building=building))) if pauses else None
    return [] if columns is None else [pause for pause in pauses if pause.scope.mask(columns)]


def pauses_on_blocker(actor: Actor, blocker: Blocker, *, on: date) -> list[RunningPause]:
    """List the running pauses that rest on a blocker, or catch units that it catches. Two queries more."""
    pauses = running_pauses(actor, on=on, project=blocker.project)
    if not pauses:
        return []
    caught, _ = last_scopes(blocker)
    columns = [
        _columns(key, list(rows))
        for key, rows in groupby(_rows(Q(building__project=blocker.project_id)), key=lambda row: row[1])
    ]
    return [
        pause
        for pause in pauses
        if pause.basis == f"堵点{blocker.number}"
        or any(pause.scope.mask(units) & caught.mask(units) for units in columns)
    ]


def pause_by_id(actor: Actor, pk: int, *, on: date) -> tuple[Pause, RunningPause]:
    """Find a pause that is not over, as a row and as pages show it. Four queries."""
    row = pauses_visible_to(actor, on=on).filter(pk=pk).first()
    if row is None:
        raise NotFound("未找到这次暂停受理，或者已经恢复受理。请从项目页进入。")
    keys = {row.project_id}
    shown = _shown(row, _names(keys), waiting_columns(keys)[row.project_id], _grounds_gone(keys), on)
    return row, shown


def ready_by_ending(pause: Pause, *, on: date) -> tuple[int, int]:
    """Count the homes of the project that are ready on a day as it is, and without the pause. Eight queries."""
    facts = facts_of([pause.project_id])[pause.project_id]
    freed = replace(facts, pauses=tuple(other for other in facts.pauses if other.id != pause.pk))
    before, after = (compute_gates(stated, on=on).count("ready", uses=[Use.DWELLING]) for stated in (facts, freed))
    return before, after


def waiting_columns(project_ids: Iterable[int]) -> dict[int, list[BuildingColumns]]:
    """Read the units not yet accepted of projects, column by column. One query."""
    waiting: dict[int, list[BuildingColumns]] = defaultdict(list)
    wanted = Q(building__project_id__in=list(project_ids)) & ~Q(standing=Standing.EXCLUDED.value)
    for (project_id, building_id), rows in groupby(_rows(wanted, ~Q(certificate__in=PAST)), key=lambda row: row[:2]):
        waiting[project_id].append(_columns(building_id, list(rows)))
    return waiting


def _rows(*wanted: Q) -> list[tuple[int, int, int, str, str, str, int]]:
    units = Unit.objects.filter(IN_THE_BOOKS, *wanted).order_by("building__project_id", "building_id", "id")
    return list(units.values_list(*COLUMNS))


def _columns(building_id: int, rows: list[tuple[int, int, int, str, str, str, int]]) -> BuildingColumns:
    features = {had: Feature(had) for had in {row[6] for row in rows}}
    uses = {use.value: use for use in Use}
    return BuildingColumns(
        id=building_id,
        unit_ids=tuple(row[2] for row in rows),
        entrances=tuple(row[3] for row in rows),
        floors=tuple(row[4] for row in rows),
        uses=tuple(uses[row[5]] for row in rows),
        features=tuple(features[row[6]] for row in rows),
    )


def _names(project_ids: Iterable[int]) -> dict[int, str]:
    return dict(Building.objects.filter(project_id__in=project_ids).values_list("id", "name"))


def _grounds_gone(project_ids: Iterable[int]) -> frozenset[str]:
    """Name the grounds of pauses that are no more: blockers resolved or entered by mistake."""
    gone = Q(resolved_on__isnull=False) | ~Q(withdrawn_reason="")
    numbers = Blocker.objects.filter(gone, project_id__in=project_ids).values_list("number", flat=True)
    return frozenset(f"堵点{number}" for number in numbers)


def _shown(
    row: Pause, names: dict[int, str], waiting: list[BuildingColumns], gone: frozenset[str], on: date
) -> RunningPause:
    scope = Scope.from_data(row.scope)
    masks = [(columns, scope.mask(columns)) for columns in waiting]
    return RunningPause(
        key=row.pk,
        project=row.project,
        organ=row.organ,
        reason=row.reason,
        basis=row.basis,
        starts=row.starts,
        ends=row.ends,
        scope=scope,
        words=scope.describe(names),
        homes=sum((mask & columns.use_mask(Use.DWELLING)).bit_count() for columns, mask in masks),
        units=sum(mask.bit_count() for _, mask in masks),
        days=max(0, (on - row.starts).days),
        note=REASON_IS_GONE if row.basis in gone and row.ends is None else "",
    )
