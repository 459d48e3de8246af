"""Placing units: the set-based write behind every unit list. New units open on each of their tracks."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from projects.gates.services import refresh_readiness
from projects.ledger.choices import MoveKind
from projects.ledger.locks import lock_project
from projects.ledger.models import Building, BuildingPlacement, Holder, Project, Unit, UnitCodeHistory
from projects.ledger.selectors.certificates import PlacedCertificate, joined_numbers
from projects.ledger.selectors.fund import FundRule, fund_rule
from projects.ledger.services.books import NewMove, post
from projects.ledger.services.certificates import CertificateWrite, write_certificates
from projects.ledger.services.features import FeatureStatement, change_features, last_feature_days
from projects.ledger.services.holders import (
    HolderWrite,
    link_agreements,
    masked_names,
    write_holders,
    write_phones,
)
from projects.progress.services.compare import PlacedUnit, Placement, compare_units
from projects.progress.services.opening_certificates import (
    last_stage,
    opening_account,
    opening_day,
    reopen_units,
)
from projects.progress.services.standing import last_moved, tracks_of
from projects.progress.services.stated_people import PlacedHolder
from registry.audit.recording import record
from registry.kernel.authority import Actor, Permission
from registry.kernel.errors import DomainError
from registry.kernel.names import building_number
from registry.kernel.numerals import building_order
from registry.kernel.stages import Standing, Track, Use, opening_stage
from registry.kernel.tally import Account
from registry.store.acts import Row, current_act, write
from registry.store.bulk import insert_rows, reserve_keys, update_rows

__all__ = [
    "PlacedCertificate",
    "PlacedHolder",
    "PlacedUnit",
    "Placement",
    "PlacementRefused",
    "compare_units",
    "place_units",
]

UNIT_FIELDS = (
    "id", "building_id", "entrance", "floor", "floor_order", "room", "use", "features", "standing", "certificate",
    "tax", "fund", "certificate_on", "opened_on", "unit_code", "area", "agreement_no", "holders_masked", "certificate_no", "remark",
    "version", "act_id",
)  # fmt: skip
AGREEMENT_OF = {
    "resettlement": "resettlement",
    "commercial": "purchase",
    "commercial_finished": "purchase",
    "commercial_early": "purchase",
    "reform": "reform",
    "pooled": "pooled",
}
PEOPLE = frozenset({"holders", "shares"})  # changes that write the holders of a unit anew
APART = frozenset({"holders", "shares", "phone", "issued_on", "certificate"})  # changes that are no column of the unit


class PlacementRefused(DomainError):
    """A unit list that can't be placed."""


@write(Permission.UNIT_PLACE, on="project")
def place_units(
    *, actor: Actor, project: Project, rows: Sequence[PlacedUnit], placed_on: date, source: str
) -> Placement:
    """Write a unit list: new units with their opening moves, changed ones with what changed.

    Rows that can't be placed come back refused with their reason; the others are written in one transaction.
    """
    locked = lock_project(project.pk)
    if placed_on < locked.taken_in_on:
        raise PlacementRefused(
            f"入账日期{placed_on}早于项目纳入日期{locked.taken_in_on}。请填写纳入之后的日期。", field="placed_on"
        )
    act = current_act()
    placement = compare_units(project=project, rows=rows, today=act.today, reader=act.actor)
    buildings = _buildings(project, placement.added, placed_on)
    rule = fund_rule(project.district_code)
    added = _insert_units(placement, buildings, placed_on, rule)
    _open(added, placement.added, buildings, placed_on, rule)
    before = _change_units(placement, placed_on, rule)
    write_certificates(
        [
            *(CertificateWrite(key, row.certificates) for key, row in zip(added, placement.added, strict=True)),
            *(CertificateWrite(key, row.certificates) for row, key, _ in placement.changed),
        ]
    )
    numbers = [(key, row.agreement_no) for key, row in zip(added, placement.added, strict=True)]
    link_agreements(project=project, numbers=numbers, kind=AGREEMENT_OF.get(project.housing_type, "other"))
    write_holders(
        project=project,
        units=[
            *(HolderWrite(key, row.holders, is_shown=True) for key, row in zip(added, placement.added, strict=True)),
            *(
                HolderWrite(key, row.holders, is_cleared=not row.holders)
                for row, key, changes in placement.changed
                if PEOPLE & changes.keys()
            ),
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
            "refused": len({row.row for row, _, _ in placement.refused}),
            "on": placed_on,
        },
        rows=[*_added_rows(added, placement), *before, *phones],
    )
    return placement


def _added_rows(keys: Sequence[int], placement: Placement) -> list[Row]:
    """A new unit was not; one that an undo had taken out of the books was, and is back in them."""
    back = set(placement.revived.values())
    return [
        Row.of(
            "ledger_unit",
            key,
            before={"retired": True} if key in back else None,
            after={"retired": False} if key in back else None,
        )
        for key in keys
    ]


def _buildings(project: Project, added: Sequence[PlacedUnit], placed_on: date) -> dict[str, Building]:
    act = current_act()
    known = {building.number: building for building in Building.objects.filter(project=project)}
    for row in added:
        number = building_number(row.building)
        if number not in known:
            building = Building.objects.create(
                project=project,
                number=number,
                number_order=building_order(number),
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


def _insert_units(
    placement: Placement, buildings: dict[str, Building], placed_on: date, rule: FundRule
) -> Sequence[int]:
    """Insert what is new and bring back what was retired; the keys stand beside the added rows."""
    if not placement.added:
        return []
    revived = placement.revived
    fresh = iter(reserve_keys(Unit, len(placement.added) - len(revived)) if len(revived) < len(placement.added) else ())
    keys = [revived.get(row.row) or next(fresh) for row in placement.added]
    values = zip(keys, placement.added, strict=True)
    ids = {row.building: buildings[building_number(row.building)].id for row in placement.added}
    rows = [_unit_values(key, ids[row.building], row, placed_on, rule) for key, row in values]
    back = set(revived.values())
    _state_features_anew({row.row: row for row in placement.added}, revived, placed_on)
    insert_rows(Unit, UNIT_FIELDS, (values for values in rows if values[0] not in back))
    if back:
        update_rows(Unit, UNIT_FIELDS[1:], ((*values[1:], values[0]) for values in rows if values[0] in back))
    return keys


def _state_features_anew(added: Mapping[int, PlacedUnit], revived: Mapping[int, int], placed_on: date) -> None:
    """A unit that comes back into the books may have other features than it left with."""
    if revived:
        had = dict(Unit.objects.filter(id__in=revived.values()).values_list("id", "features"))
        change_features(
            [FeatureStatement(key, had[key], int(added[row].features), placed_on) for row, key in revived.items()]
        )


def _unit_values(key: int, building_id: int, row: PlacedUnit, placed_on: date, rule: FundRule) -> tuple[Any, ...]:
    stage_on = last_stage if row.certificates else opening_stage
    fund_uses = rule.uses(opening_day(row.certificates, placed_on))
    return (
        key, building_id, row.entrance, row.floor, row.floor_order, row.room, row.use.value, int(row.features),
        Standing.ACTIVE.value, *(stage_on(track, row.use, fund_uses) for track in Track),
        opening_day(row.certificates, placed_on) if row.certificates else None,
        opening_day(row.certificates, placed_on), row.unit_code, row.area,
        row.agreement_no, masked_names(row.holders), joined_numbers(row.certificates), row.remark, 1, current_act().id,
    )  # fmt: skip


def _open(
    keys: Sequence[int],
    added: Sequence[PlacedUnit],
    buildings: dict[str, Building],
    placed_on: date,
    rule: FundRule,
) -> None:
    """Open each new unit on its tracks; one that has its certificate where they end, on the certificate's day."""
    moves: list[NewMove] = []
    by_kind: dict[tuple[int, Use, date, bool], list[tuple[Track, Account]]] = {}
    ids = {row.building: buildings[building_number(row.building)].id for row in added}
    for key, row in zip(keys, added, strict=True):
        kind = (ids[row.building], row.use, opening_day(row.certificates, placed_on), bool(row.certificates))
        if kind not in by_kind:
            by_kind[kind] = _opening_accounts(*kind, rule)
        moves += [NewMove(key, track, MoveKind.OPENING, None, account, kind[2]) for track, account in by_kind[kind]]
    post(moves)


def _opening_accounts(
    building: int, use: Use, opened_on: date, is_issued: bool, rule: FundRule
) -> list[tuple[Track, Account]]:
    paying = rule.uses(opened_on)
    every = ((track, opening_account(building, use, track, fund_uses=paying, is_issued=is_issued)) for track in Track)
    return [(track, account) for track, account in every if account]


def _change_units(placement: Placement, placed_on: date, rule: FundRule) -> list[Row]:
    act, paying = current_act(), rule.uses(placed_on)
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
            if not unit.fund and row.use in paying:
                changes["fund"] = ("", opening_stage(Track.FUND, row.use, paying))
                opened = Account(unit.building_id, row.use, Standing(unit.standing), Track.FUND, changes["fund"][1])
                moves.append(NewMove(unit.id, Track.FUND, MoveKind.OPENING, None, opened, placed_on))
        if "unit_code" in changes and unit.unit_code:
            UnitCodeHistory.objects.create(unit=unit, unit_code=unit.unit_code, until=placed_on, act_id=act.id)
        fields = tuple(name for name in changes if name not in APART)
        for name in fields:
            setattr(unit, name, changes[name][1])
        unit.version += 1
        by_fields[(*fields, "version")].append(unit)
        rows.append(
            Row.of(
                "ledger_unit",
                key,
                before={name: _text(old) for name, (old, _) in changes.items()},
                after={name: _text(new) for name, (_, new) in changes.items()},
            )
        )
    post(moves)
    change_features(
        [
            FeatureStatement(key, *changes["features"], placed_on)
            for _, key, changes in placement.changed
            if "features" in changes
        ]
    )
    for names, changed in by_fields.items():
        Unit.objects.bulk_update(changed, names, batch_size=200)
    anew = [(units[key], row.certificates) for row, key, changes in placement.changed if "certificate" in changes]
    reopen_units(anew, placed_on)
    return rows


def _require_later(units: Iterable[Unit], placement: Placement, placed_on: date) -> None:
    changing = {key: changes for _, key, changes in placement.changed if {"use", "features"} & changes.keys()}
    moved = [unit for unit in units if unit.id in changing]
    later = last_moved([unit for unit in moved if "use" in changing[unit.id]])
    known = last_feature_days([unit.id for unit in moved])
    for unit in moved:
        if "use" in changing[unit.id] and placed_on < later[unit.id]:
            raise PlacementRefused(
                f"户号{unit}上一次变动在{later[unit.id]}，用途变更的日期不能更早。请改入账日期。", field="placed_on"
            )
        last = known.get(unit.id, unit.opened_on)
        if "features" in changing[unit.id] and last is not None and placed_on < last:
            raise PlacementRefused(
                f"户号{unit}的特征上一次记于{last}，变更的日期不能更早。请改入账日期。", field="placed_on"
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
