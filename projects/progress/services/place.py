"""Placing units: the set-based write behind every unit list. New units open on each of their tracks."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from projects.gates.services import refresh_readiness
from projects.ledger.choices import MoveKind
from projects.ledger.models import Building, BuildingPlacement, Holder, Project, Unit, UnitCodeHistory
from projects.ledger.services.books import NewMove, post
from projects.ledger.services.holders import (
    HolderWrite,
    KnownPhone,
    changed_phone,
    holder_keys,
    holders_by_unit,
    link_agreements,
    phones_of,
    write_holders,
    write_phones,
)
from projects.progress.services.standing import last_moved, tracks_of
from registry.audit.recording import record
from registry.kernel.authority import Actor, Permission
from registry.kernel.errors import DomainError
from registry.kernel.masking import mask_name, mask_phone
from registry.kernel.names import building_number
from registry.kernel.stages import Feature, Standing, Track, Use, opening_stage
from registry.kernel.tally import Account
from registry.store.acts import Row, current_act, write
from registry.store.bulk import insert_rows, reserve_keys, update_rows

UNIT_FIELDS = (
    "id", "building_id", "entrance", "floor", "floor_order", "room", "use", "features", "standing", "certificate",
    "tax", "fund", "certificate_on", "unit_code", "area", "agreement_no", "holders_masked", "certificate_no", "remark",
    "version", "act_id",
)  # fmt: skip
COMPARED = ("use", "features", "unit_code", "area", "agreement_no", "remark")
AGREEMENT_OF = {"resettlement": "resettlement", "commercial": "purchase", "reform": "reform", "pooled": "pooled"}
PEOPLE = frozenset({"holders", "phone"})
GUARDED_WHEN_ISSUED = ("use", "unit_code", "area")


class PlacementRefused(DomainError):
    """A unit list that can't be placed."""


@dataclass(frozen=True)
class PlacedHolder:
    """A right holder as a file states it, in clear: it leaves this service sealed."""

    name: str
    identity_kind: str = "resident"
    identity: str = ""
    phone: str = ""
    share: str = ""


@dataclass(frozen=True)
class PlacedUnit:
    """One unit as a file states it. `row` is where it stands in the file."""

    row: int
    building: str
    entrance: str
    floor: str
    floor_order: int
    room: str
    use: Use
    features: Feature = Feature.NONE
    unit_code: str | None = None
    area: Decimal | None = None
    holders: tuple[PlacedHolder, ...] = ()
    agreement_no: str = ""
    remark: str = ""

    @property
    def place(self) -> tuple[str, str, str, str]:
        """The natural key inside the project: building number, entrance, nominal floor, room."""
        return building_number(self.building), self.entrance, self.floor, self.room


@dataclass
class Placement:
    """What a unit list does to a project: rows by verdict, with the changes of each changed unit.

    `revived` has the key of the retired unit in whose place an added row comes, by row number.
    """

    added: list[PlacedUnit] = field(default_factory=list)
    revived: dict[int, int] = field(default_factory=dict)
    changed: list[tuple[PlacedUnit, int, dict[str, tuple[Any, Any]]]] = field(default_factory=list)
    unchanged: list[tuple[PlacedUnit, int]] = field(default_factory=list)
    refused: list[tuple[PlacedUnit, str, str]] = field(default_factory=list)


@dataclass(frozen=True)
class Existing:
    """A unit as the ledger has it, for comparison with a file."""

    id: int
    values: dict[str, Any]
    certificate: str
    holders: frozenset[tuple[bytes, bytes | None]]
    holders_masked: str

    @property
    def is_retired(self) -> bool:
        """Whether its import was undone: stated again, it comes back as if it were new."""
        return not self.certificate


def compare_units(*, project: Project, rows: Sequence[PlacedUnit]) -> Placement:
    """This will sort a file's units into added, changed, unchanged and refused. Writes nothing; 4 queries.

    Absent units are never touched. A unit or a unit code stated again in the list is refused. An issued unit's
    holders, use, code and area change by correction only (I18).
    """
    known: dict[tuple[str, str, str, str], Existing] = {}
    held, phones = holders_by_unit(project), phones_of(project)
    units = Unit.objects.filter(building__project=project).values_list(
        "id", "building__number", "entrance", "floor", "room", "certificate", "holders_masked", *COMPARED
    )
    for key, number, entrance, floor, room, certificate, masked, *values in units:
        known[(number, entrance, floor, room)] = Existing(
            key, dict(zip(COMPARED, values, strict=True)), certificate, held.get(key, frozenset()), masked
        )
    codes = _code_owners(rows)
    result = Placement()
    seen: dict[Any, int] = {}
    for row in rows:
        existing = known.get(row.place)
        owner = codes.get(row.unit_code or "")
        again = seen.setdefault(row.place, row.row)
        code_again = seen.setdefault(row.unit_code, row.row) if row.unit_code else row.row
        if again != row.row:
            result.refused.append((row, "UNIT_DUP", f"与第{again}行是同一户。请核对后只留正确的一行。"))
        elif code_again != row.row:
            result.refused.append(
                (row, "UNITCODE_DUP", f"不动产单元号与第{code_again}行的另一户相同。请核对，一户一号。")
            )
        elif owner is not None and (existing is None or owner != existing.id):
            result.refused.append((row, "UNITCODE_DUP", "不动产单元号已属于台账里的另一户。请核对单元号。"))
        elif existing is None or existing.is_retired:
            result.added.append(row)
            if existing is not None:
                result.revived[row.row] = existing.id
        else:
            _compare(row, existing, phones, result)
    return result


def _compare(
    row: PlacedUnit, existing: Existing, phones: dict[tuple[bytes, bytes | None], KnownPhone], result: Placement
) -> None:
    holders = holder_keys(row.holders)
    stated = {
        "use": row.use.value,
        "features": int(row.features),
        "unit_code": row.unit_code,
        "area": row.area,
        "agreement_no": row.agreement_no,
        "remark": row.remark,
    }
    changes = {
        name: (existing.values[name], value)
        for name, value in stated.items()
        if value not in (None, "") and value != existing.values[name]
    }
    if not row.remark:
        changes.pop("features", None)  # a list states features in its remarks: none there, none stated
    if row.holders and holders != existing.holders:
        names = "、".join(mask_name(holder.name) for holder in row.holders)
        told_apart = "（证件号码不同）" if names == existing.holders_masked else ""
        changes["holders"] = (existing.holders_masked, names + told_apart)
    replaced = [(old.masked, mask_phone(h.phone)) for h in row.holders if (old := changed_phone(h, phones)) is not None]
    if replaced:
        changes["phone"] = ("、".join(old for old, _ in replaced), "、".join(new for _, new in replaced))
    guarded = [name for name in (*GUARDED_WHEN_ISSUED, "holders") if name in changes]
    if existing.certificate == "issued" and guarded:
        result.refused.append(
            (row, "FOREIGN_CHANGE", "已发证的户，权利人、用途、面积、单元号只能走更正程序，不能由导入修改。")
        )
    elif changes:
        result.changed.append((row, existing.id, changes))
    else:
        result.unchanged.append((row, existing.id))


def _code_owners(rows: Sequence[PlacedUnit]) -> dict[str, int]:
    codes = [row.unit_code for row in rows if row.unit_code]
    owners: dict[str, int] = {}
    for start in range(0, len(codes), 800):
        owners |= dict(Unit.objects.filter(unit_code__in=codes[start : start + 800]).values_list("unit_code", "id"))
    return owners


@write(Permission.UNIT_PLACE, on=lambda kw: kw["project"])
def place_units(
    *, actor: Actor, project: Project, rows: Sequence[PlacedUnit], placed_on: date, source: str
) -> Placement:
    """This will write a unit list: new units with their opening moves, changed ones with what changed.

    Rows that can't be placed come back refused with their reason; the others are written in one transaction.
    """
    return place_within_act(project=project, rows=rows, placed_on=placed_on, source=source)


def place_within_act(*, project: Project, rows: Sequence[PlacedUnit], placed_on: date, source: str) -> Placement:
    """This will do the work of `place_units` inside the open act of a service above (an import is committed)."""
    Project.objects.select_for_update().get(pk=project.pk)
    if placed_on > current_act().today:
        raise PlacementRefused(f"入账日期{placed_on}还没到。", field="placed_on")
    placement = compare_units(project=project, rows=rows)
    buildings = _buildings(project, placement.added, placed_on)
    added = _insert_units(placement, buildings)
    _open(added, placement.added, buildings, placed_on)
    before = _change_units(placement, placed_on)
    numbers = [(key, row.agreement_no) for key, row in zip(added, placement.added, strict=True)]
    link_agreements(project=project, numbers=numbers, kind=AGREEMENT_OF.get(project.housing_type, "other"))
    write_holders(
        project=project,
        units=[
            *(HolderWrite(key, row.holders) for key, row in zip(added, placement.added, strict=True)),
            *(HolderWrite(key, row.holders) for row, key, changes in placement.changed if "holders" in changes),
        ],
    )

    known_people = [row.holders for row, _, changes in placement.changed if "phone" in changes]
    if Holder.objects.filter(project=project).exclude(act_id=current_act().id).exists():
        known_people += [row.holders for row in placement.added]
    phones = write_phones(project=project, holders=[holder for holders in known_people for holder in holders])
    if placement.added or placement.changed:
        refresh_readiness([project.id])
    record(
        event="units.placed",
        subject=project,
        chain=project.id,
        facts={
            "source": source,
            "added": len(placement.added),
            "changed": len(placement.changed),
            "unchanged": len(placement.unchanged),
            "refused": len(placement.refused),
            "on": placed_on,
        },
        rows=[*(Row("ledger_unit", key, None, None) for key in added), *before, *phones],
    )
    return placement


def _buildings(project: Project, added: Sequence[PlacedUnit], placed_on: date) -> dict[str, Building]:
    act = current_act()
    known = {building.number: building for building in Building.objects.filter(project=project)}
    for row in added:
        number = building_number(row.building)
        if number not in known:
            building = Building.objects.create(
                project=project,
                number=number,
                number_order=int(number) if number.isdigit() else 9999,
                name=f"{number}号楼" if number.isdigit() else number,
                act_id=act.id,
            )
            BuildingPlacement.objects.create(
                building=building,
                project=project,
                effective_on=placed_on,
                recorded_at=act.recorded_at,
                act_id=act.id,
            )
            known[number] = building
    return known


def _insert_units(placement: Placement, buildings: dict[str, Building]) -> Sequence[int]:
    """Insert what is new and bring back what was retired; the keys stand beside the added rows."""
    if not placement.added:
        return []
    revived = placement.revived
    fresh = iter(reserve_keys(Unit, len(placement.added) - len(revived)) if len(revived) < len(placement.added) else ())
    keys = [revived.get(row.row) or next(fresh) for row in placement.added]
    values = zip(keys, placement.added, strict=True)
    rows = [_unit_values(key, buildings[building_number(row.building)].id, row) for key, row in values]
    back = set(revived.values())
    insert_rows(Unit, UNIT_FIELDS, (values for values in rows if values[0] not in back))
    if back:
        update_rows(Unit, UNIT_FIELDS[1:], ((*values[1:], values[0]) for values in rows if values[0] in back))
    return keys


def _unit_values(key: int, building_id: int, row: PlacedUnit) -> tuple[Any, ...]:
    return (
        key, building_id, row.entrance, row.floor, row.floor_order, row.room, row.use.value, int(row.features),
        Standing.ACTIVE.value, opening_stage(Track.CERTIFICATE, row.use), opening_stage(Track.TAX, row.use),
        opening_stage(Track.FUND, row.use), None, row.unit_code, row.area, row.agreement_no, "", "", row.remark, 1,
        current_act().id,
    )  # fmt: skip


def _open(keys: Sequence[int], added: Sequence[PlacedUnit], buildings: dict[str, Building], placed_on: date) -> None:
    moves = []
    for key, row in zip(keys, added, strict=True):
        building = buildings[building_number(row.building)].id
        for track in Track:
            stage = opening_stage(track, row.use)
            if stage:
                account = Account(building, row.use, Standing.ACTIVE, track, stage)
                moves.append(NewMove(key, track, MoveKind.OPENING, None, account, placed_on))
    post(moves)


def _change_units(placement: Placement, placed_on: date) -> list[Row]:
    act = current_act()
    if not placement.changed:
        return []
    units = {unit.id: unit for unit in Unit.objects.filter(id__in=[key for _, key, _ in placement.changed])}
    _require_later(units.values(), placement, placed_on)
    rows: list[Row] = []
    by_fields: dict[tuple[str, ...], list[Unit]] = defaultdict(list)
    moves: list[NewMove] = []
    for row, key, changes in placement.changed:
        unit = units[key]
        if "use" in changes:
            moves += _use_moves(unit, row.use, placed_on)
        if "unit_code" in changes and unit.unit_code:
            UnitCodeHistory.objects.create(unit=unit, unit_code=unit.unit_code, until=placed_on, act_id=act.id)
        fields = tuple(name for name in changes if name not in PEOPLE)
        for name in fields:
            setattr(unit, name, changes[name][1])
        unit.version += 1
        by_fields[(*fields, "version")].append(unit)
        rows.append(
            Row(
                "ledger_unit",
                key,
                {name: _text(old) for name, (old, _) in changes.items()},
                {name: _text(new) for name, (_, new) in changes.items()},
            )
        )
    post(moves)
    for names, changed in by_fields.items():
        Unit.objects.bulk_update(changed, names, batch_size=200)
    return rows


def _require_later(units: Iterable[Unit], placement: Placement, placed_on: date) -> None:
    reused = {key for _, key, changes in placement.changed if "use" in changes}
    moved = [unit for unit in units if unit.id in reused]
    later = last_moved(moved)
    early = next((unit for unit in moved if placed_on < later[unit.id]), None)
    if early is not None:
        raise PlacementRefused(
            f"户号{early}上一次变动在{later[early.id]}，用途变更的日期不能更早。请改入账日期。", field="placed_on"
        )


def _use_moves(unit: Unit, use: Use, on: date) -> list[NewMove]:
    moves = []
    for track in tracks_of(unit):
        frm = Account(unit.building_id, Use(unit.use), Standing(unit.standing), track, getattr(unit, track.value))
        to = Account(unit.building_id, use, Standing(unit.standing), track, frm.stage)
        moves.append(NewMove(unit.id, track, MoveKind.USE, frm, to, on))
    return moves


def _text(value: Any) -> Any:
    return str(value) if isinstance(value, Decimal) else value
