"""A building laid down or described anew: the numbers by which the site, the police and the surveyors know it."""

from collections.abc import Collection, Mapping
from datetime import date
from typing import Any, Final

from django.db.models import Model

from projects.ledger.locks import lock_project
from projects.ledger.models import IN_THE_BOOKS, Building, BuildingPlacement, Move, Project, Unit
from projects.ports import building_leaves
from registry.audit.recording import record
from registry.kernel.authority import Actor, Permission
from registry.kernel.errors import DomainError
from registry.kernel.names import building_number
from registry.kernel.numerals import building_order
from registry.store.acts import Row, current_act, within_act, write

NUMBERS: Final = ("construction_no", "police_no", "survey_no")
LABELS: Final = {
    "name": "名称", "construction_no": "施工号", "police_no": "公安楼号", "survey_no": "幢号", "occupied_on": "入住日期",
}  # fmt: skip


class BuildingRefused(DomainError):
    """A building that can't be described so."""


@write(Permission.UNIT_PLACE, on="project")
def keep_building(
    *, actor: Actor, project: Project, number: str, words: Mapping[str, Any], is_whole: bool = False
) -> Building:
    """Lay down a building that is not there, or change the words given; a blank one changes nothing, or clears the
    field if the words are all that is meant to change (`is_whole`).

    Refused: no number; a merged project; a day of occupation ahead; a number of a scheme that another building of the
    project has; nothing that changes.
    """
    locked = lock_project(project.pk)
    plain = building_number(number)
    if not plain:
        raise BuildingRefused("未填写楼号。请按现场楼号填写，如 9号楼。", field="number")
    if locked.merged_into_id is not None:
        raise BuildingRefused(f"{project.code}已并入另一个项目。请在合并后的项目登记楼栋。")
    stated = {name: value for name, value in words.items() if name in LABELS and value not in ("", None)}
    _require(locked, plain, stated)
    building: Building | None = Building.objects.filter(project=locked, number=plain).first()
    if building is None:
        return _lay(locked, plain, stated)
    wanted = {name: value for name, value in words.items() if name in LABELS} if is_whole else stated
    if not wanted.get("name", building.name):
        raise BuildingRefused("楼栋名称不能为空。请填写名称。", field="name")
    changed = {name: value for name, value in wanted.items() if getattr(building, name) != value}
    if not changed:
        raise BuildingRefused(f"{building.name}的资料没有变动。", code="unchanged")
    before = {name: str(getattr(building, name) or "") for name in changed}
    for name, value in changed.items():
        setattr(building, name, value)
    building.save(update_fields=list(changed))

    record(
        event="building.changed",
        subject=building,
        chain=locked.id,
        facts={"building": building.name, "what": "、".join(LABELS[name] for name in changed)},
        rows=[
            Row.of(
                "ledger_building",
                building.id,
                before=before,
                after={name: str(value or "") for name, value in changed.items()},
            )
        ],
    )
    return building


def _require(project: Project, number: str, wanted: Mapping[str, Any]) -> None:
    for name in NUMBERS:
        if name in wanted:
            others = Building.objects.filter(project=project, **{name: wanted[name]}).exclude(number=number)
            for other in others[:1]:
                raise BuildingRefused(
                    f"{LABELS[name]}“{wanted[name]}”已是{other.name}的。同一编号体系中，一个编号只能对应一栋。",
                    field=name,
                )


def _lay(project: Project, number: str, wanted: Mapping[str, Any]) -> Building:
    act = current_act()
    building: Building = Building.objects.create(
        project=project,
        number=number,
        number_order=building_order(number),
        act_id=act.id,
        **{"name": f"{number}号楼" if number.isdigit() else number, **wanted},
    )
    BuildingPlacement.objects.create(
        building=building, project=project, effective_on=act.today, recorded_at=act.recorded_at, act_id=act.id
    )

    record(
        event="building.laid",
        subject=building,
        chain=project.id,
        facts={"building": building.name},
        rows=[Row.added(building, "number")],
    )
    return building


@within_act
def restore_building(building: Building, before: Mapping[str, Any], reason: str) -> None:
    """Return a building back the words it had before a list changed them. Inside the act of a service above."""
    wanted = {name: _day(value) if name == "occupied_on" else value for name, value in before.items() if name in LABELS}
    changed = {name: value for name, value in wanted.items() if getattr(building, name) != value}
    now = {name: str(getattr(building, name) or "") for name in changed}
    for name, value in changed.items():
        setattr(building, name, value)
    building.save(update_fields=list(changed))

    record(
        event="building.restored",
        subject=building,
        chain=building.project_id,
        facts={"building": building.name, "what": "、".join(LABELS[name] for name in changed)},
        reason=reason,
        rows=[
            Row.of(
                "ledger_building",
                building.id,
                before=now,
                after={name: str(value or "") for name, value in changed.items()},
            )
        ],
    )


def _day(value: Any) -> date | None:
    return date.fromisoformat(value) if value else None


@within_act
def remove_building(building: Building, reason: str) -> None:
    """Take a building that was laid by mistake out of the ledger. Inside the act of a service above.

    Refused if anything hangs on it: it is then no mistake any more.
    """
    dependent = dependents_of(building, but=(BuildingPlacement,))
    if dependent:
        raise BuildingRefused(f"{building.name}上已有{dependent}，不能退出台账。")
    key, name, chain = building.id, building.name, building.project_id
    record(
        event="building.removed",
        chain=chain,
        facts={"building": name},
        reason=reason,
        rows=[Row.of("ledger_building", key, before={"number": building.number}, after=None)],
    )
    BuildingPlacement.objects.filter(building=building).delete()
    building.delete()


@within_act
def withdraw_buildings(project: Project, *, act_id: int, reason: str) -> list[str]:
    """Take out of the ledger the buildings that an act laid and on which nothing stands any more; gives their names.

    A building is kept if a home of it is in the books, or a step or the scope of a blocker names it.
    """
    act = current_act()
    withdrawn: list[Building] = []
    for building in Building.objects.filter(project=project, act_id=act_id).order_by("number_order", "id"):
        if Unit.objects.filter(IN_THE_BOOKS, building=building).exists() or is_named(building):
            continue
        building.withdrawn_act_id = act.id
        building.save(update_fields=["withdrawn_act_id"])
        withdrawn.append(building)
    if withdrawn:
        record(
            event="buildings.withdrawn",
            subject=project,
            chain=project.id,
            facts={"buildings": "、".join(building.name for building in withdrawn)},
            reason=reason,
            rows=[Row.changed(building, {"withdrawn_act_id": None}) for building in withdrawn],
        )
    return [building.name for building in withdrawn]


def is_named(building: Building) -> bool:
    """Tell whether something other than its retired units and their moves rests on a building."""
    try:
        building_leaves(building)
    except DomainError:
        return True
    return bool(dependents_of(building, but=(BuildingPlacement, Unit, Move, *_derived())))


def _derived() -> list[type[Model]]:
    """List what no act states, but is counted from units and steps: tallies, spans and marks of readiness."""
    return [
        relation.related_model
        for relation in Building._meta.get_fields(include_hidden=True)
        if relation.auto_created
        and isinstance(relation.related_model, type)
        and all(column.attname != "act_id" for column in relation.related_model._meta.concrete_fields)
    ]


@write(Permission.UNIT_PLACE, on="building")
def take_back_building(*, actor: Actor, building: Building, before: Mapping[str, Any] | None, reason: str) -> None:
    """Take a building laid by a list out of the ledger, or give it back the words that it had.

    Refused if units, steps or a blocker's scope rest on it.
    """
    lock_project(building.project_id)
    if before is not None:
        restore_building(building, before, reason)
        return
    building_leaves(building)
    remove_building(building, reason)


def dependents_of(row: Model, *, but: Collection[type[Model]]) -> str:
    """Name the first kind of thing that points at a row, whichever app it belongs to; "" if nothing does."""
    for relation in row._meta.get_fields(include_hidden=True):
        model = relation.related_model
        if not relation.auto_created or relation.concrete or not isinstance(model, type) or model in but:
            continue
        if model._default_manager.filter(**{relation.field.name: row}).exists():  # type: ignore[union-attr]
            return str(model._meta.verbose_name)
    return ""
