"""Names of units under a scheme: proposed by order of floors and by areas; what is ambiguous is left to a person."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation

from django.db.models import Q

from projects.ledger.models import IN_THE_BOOKS, Building, Project, Unit, UnitName
from registry.kernel.authority import Actor
from registry.kernel.errors import DomainError, NotFound
from registry.kernel.names import building_number, room_number
from registry.kernel.numerals import whole_number
from registry.kernel.place_query import place_query


@dataclass(frozen=True)
class NamedRow:
    """A line of another office's list: what it calls a unit, the floor, the area if it states one."""

    text: str
    floor: str
    area: Decimal | None = None


@dataclass(frozen=True)
class Proposal:
    """A row with the unit proposed for it, whether nothing else fits, and the units that it may be."""

    row: NamedRow
    unit: Unit | None
    is_certain: bool
    why: str
    choices: tuple[Unit, ...]


def read_rows(text: str) -> list[NamedRow]:
    """Read lines of 名称 层 面积, split by tab, comma or blank; refused with the line that can't be read."""
    rows = []
    for n, line in enumerate(text.splitlines(), start=1):
        parts = line.replace("，", " ").replace(",", " ").split()
        if not parts:
            continue
        try:
            area = Decimal(parts[2]) if len(parts) > 2 else None
        except InvalidOperation:
            area = None
            parts = parts[:1]
        if len(parts) < 2:
            raise DomainError(
                f"第{n}行“{line.strip()[:40]}”无法识别。请按“名称 层 面积”格式填写，如 甲-201 2 88.51。", field="text"
            )
        rows.append(NamedRow(parts[0], parts[1], area))
    doubled = next((one.text for n, one in enumerate(rows) if one.text in {row.text for row in rows[:n]}), "")
    if doubled:
        raise DomainError(f"“{doubled}”出现两次。一个名称只能是一户。", field="text")
    return rows


def proposals_for(building: Building, rows: Sequence[NamedRow]) -> list[Proposal]:
    """Propose a unit for each row, floor by floor. One query.

    Certain: on its floor exactly one unit has its area, and it alone states that area. Else the place in the floor's
    order is proposed and a person decides; where the numbers of a floor differ, nothing is proposed.
    """
    units: dict[str, list[Unit]] = defaultdict(list)
    found = Unit.objects.filter(IN_THE_BOOKS, building=building).select_related("building")
    for unit in found.order_by("floor_order", "id"):
        units[unit.floor].append(unit)
    floors: dict[str, list[NamedRow]] = defaultdict(list)
    for row in rows:
        floors[row.floor].append(row)
    return [_propose(row, floors[row.floor], units.get(row.floor, [])) for row in rows]


def _propose(row: NamedRow, stated: Sequence[NamedRow], units: Sequence[Unit]) -> Proposal:
    choices = tuple(units)
    same = [unit for unit in units if row.area is not None and unit.area == row.area]
    if len(same) == 1 and sum(one.area == row.area for one in stated) == 1:
        return Proposal(row, same[0], True, "同层面积唯一", choices)
    if not units:
        return Proposal(row, None, False, f"本楼没有{row.floor}层", choices)
    if len(stated) != len(units):
        return Proposal(row, None, False, f"{row.floor}层本清单{len(stated)}个名称，台账{len(units)}户", choices)
    return Proposal(row, units[list(stated).index(row)], False, "仅按顺序对应，面积不能区分，请核对", choices)


def at_place(project: Project, text: str) -> Q | None:
    """Return what a home must be that a text names as people say it, 9-3-502; None if it names no place. No query.

    The project's buildings are named: by them and the room the index finds the homes, by the room alone every
    project's.
    """
    place = place_query(text)
    if place is None or place.name:
        return None
    condition = Q(room=place.room, building__in=Building.objects.filter(project=project).values("pk"))
    if place.building:
        condition &= Q(building__number=place.building)
    if place.entrance:
        condition &= Q(entrance=place.entrance)
    return condition


def building_by_number(project: Project, number: str) -> Building:
    """Find a building of a project that the actor was shown. One query."""
    found: Building | None = Building.objects.filter(project=project, number=number).first()
    if found is None:
        raise NotFound(f"本项目没有{number}号楼。")
    return found


def picked(chosen: Iterable[tuple[str, Proposal]]) -> dict[int, str]:
    """Return the names by the unit picked for each; refused if one unit was picked twice. No query."""
    names: dict[int, str] = {}
    for key, one in chosen:
        if (unit := whole_number(key)) is not None:
            if unit in names:
                raise DomainError(f"“{names[unit]}”和“{one.row.text}”选择了同一户。请改选其中一项。", field="text")
            names[unit] = one.row.text
    return names


def names_of(building: Building) -> list[UnitName]:
    """List the names in use of a building's units, by unit and scheme. One query."""
    rows = UnitName.objects.filter(unit__building=building, ends__isnull=True).select_related("unit__building")
    return list(rows.order_by("unit__floor_order", "unit_id", "scheme"))


def units_named(actor: Actor, text: str) -> list[UnitName]:
    """Find units by any name, those of the past too; at most 50. One query."""
    rows = UnitName.objects.visible_to(actor).filter(text=text.strip())
    return list(rows.select_related("unit__building__project").order_by("ends", "id")[:50])


def units_by_name(project: Project) -> dict[tuple[str, str], tuple[Unit, ...]]:
    """Return the units in the books by building and room as any scheme in use calls them. One query.

    The building goes by the ledger's number and by the numbers of the other schemes; a name by its folded text. More
    than one unit under a key is ambiguous: whoever asks lets a person decide.
    """
    found: dict[tuple[str, str], dict[int, Unit]] = defaultdict(dict)
    names = UnitName.objects.filter(unit__building__project=project, unit__certificate__gt="", ends__isnull=True)
    for name in names.select_related("unit__building").order_by("unit_id"):
        building = name.unit.building
        numbers = {building.number, building.construction_no, building.police_no, building.survey_no} - {""}
        for number in numbers:
            found[building_number(number), room_number(name.text)][name.unit_id] = name.unit
    return {key: tuple(units.values()) for key, units in found.items()}
