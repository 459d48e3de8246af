"""楼盘表: one building as a grid, coloured by stage, marked by gates, whatever the project's size."""

from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass

from projects.ledger.models import IN_THE_BOOKS, Building, Unit
from registry.kernel.authority import Actor
from registry.kernel.errors import NotFound
from registry.kernel.stages import Feature, Track, Use, stage_of
from registry.web.building_grid import Cell, GridHead, GridRow

FIELDS = ("id", "entrance", "floor", "floor_order", "room", "use", "features", "standing", "certificate", "tax", "fund")


@dataclass(frozen=True)
class TableUnit:
    """One unit as the table needs it."""

    id: int
    entrance: str
    floor: str
    floor_order: int
    room: str
    use: str
    features: int
    standing: str
    certificate: str
    tax: str
    fund: str


def building_of(actor: Actor, project_id: int, number: str) -> Building:
    """Find a building of a project by its number. One query."""
    found = Building.objects.visible_to(actor).filter(project_id=project_id, number=number).first()
    if found is None:
        raise NotFound(f"本项目没有{number}号楼。")
    building: Building = found
    return building


def buildings_of(project_id: int) -> list[Building]:
    """List the buildings of a project by number. One query."""
    return list(Building.objects.filter(project_id=project_id).order_by("number_order", "id"))


def table_units(building: Building) -> list[TableUnit]:
    """Read the units of a building. One query."""
    rows = Unit.objects.filter(IN_THE_BOOKS, building=building).order_by("-floor_order", "entrance", "room", "id")
    return [TableUnit(*row) for row in rows.values_list(*FIELDS)]


def grid_of(
    units: list[TableUnit],
    *,
    url: Callable[[int], str],
    marks: dict[int, str],
    track: Track = Track.CERTIFICATE,
    selected: int | None = None,
) -> tuple[list[GridHead], list[GridRow]]:
    """Arrange units as floors (top first) by entrances; a number that a floor lacks stays empty."""
    groups: dict[str, dict[tuple[int, str], list[TableUnit]]] = defaultdict(lambda: defaultdict(list))
    for unit in units:
        groups[unit.entrance][(unit.floor_order, unit.floor)].append(unit)
    floors = sorted({(unit.floor_order, unit.floor) for unit in units}, reverse=True)
    entrances = sorted(groups, key=lambda name: (name == "", len(name), name))
    heads, columns = [], {}
    for entrance in entrances:
        rows = groups[entrance]
        columns[entrance] = _columns(rows)
        heads.append(GridHead(_entrance_label(entrance), _note(rows), len(columns[entrance]), is_apart=not entrance))
    grid = []
    for floor in floors:
        cells = []
        for entrance in entrances:
            placed = {_column_key(u): u for u in groups[entrance].get(floor, [])}
            by_place = _aligned(placed, columns[entrance], groups[entrance].get(floor, []))
            cells.append([_cell(u, url, marks, track, selected) if u else None for u in by_place])
        grid.append(GridRow(floor[1], cells))
    return heads, grid


def _column_key(unit: TableUnit) -> str:
    tail = unit.room[-2:]
    return tail if tail.isdigit() else unit.room


def _columns(rows: dict[tuple[int, str], list[TableUnit]]) -> list[str]:
    homes = {_column_key(u) for found in rows.values() for u in found if u.use == Use.DWELLING.value}
    widest = max((len(found) for found in rows.values()), default=0)
    keys = sorted(homes)
    while len(keys) < widest:
        keys.append(f"+{len(keys)}")
    return keys


def _aligned(placed: dict[str, TableUnit], columns: list[str], found: list[TableUnit]) -> list[TableUnit | None]:
    if found and all(key in columns for key in placed) and len(placed) == len(found):
        return [placed.get(key) for key in columns]
    ordered = sorted(found, key=lambda unit: unit.room)
    return [*ordered, *[None] * (len(columns) - len(ordered))]


def _entrance_label(entrance: str) -> str:
    return f"{entrance}单元" if entrance else "底商、配套"


def _note(rows: dict[tuple[int, str], list[TableUnit]]) -> str:
    units = [u for found in rows.values() for u in found]
    homes = sum(u.use == Use.DWELLING.value for u in units)
    issued = sum(u.certificate == "issued" for u in units)
    return f"{homes}套，已发证{issued}" if homes else f"{len(units)}间"


def _cell(
    unit: TableUnit, url: Callable[[int], str], marks: dict[int, str], track: Track, selected: int | None
) -> Cell:
    code = getattr(unit, track.value)
    stage = stage_of(track, code) if code else None
    word = stage.short if stage else "不适用"
    if unit.use != Use.DWELLING.value and track == Track.CERTIFICATE:
        word = Feature(unit.features).label.removeprefix("有") or Use(unit.use).label
    full = f"{unit.entrance}单元 " if unit.entrance else ""
    title = f"{full}{unit.room} {Use(unit.use).label} {stage.label if stage else ''}"
    return Cell(
        url=url(unit.id),
        room=unit.room,
        word=word,
        title=title,
        css=f"st-{stage.css}" if stage else "st-waiting",
        mark=marks.get(unit.id, ""),
        is_selected=unit.id == selected,
    )
