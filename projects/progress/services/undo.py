"""Undoing the placing of a unit list: moves reversed by moves, values put back, what people touched since kept.

An act is undone row by row from what it recorded. A unit that any later act wrote is kept as it is and named with the
act that touched it; the others go back: a new one is retired (it stays as a row, on no account), a changed one gets
its former values. Nothing is deleted.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from django.db.models import Model, QuerySet

from projects.gates.services import refresh_readiness
from projects.ledger.choices import MoveKind
from projects.ledger.locks import lock_project, lock_units
from projects.ledger.models import IN_THE_BOOKS, FeatureChange, Move, Project, Unit, UnitCodeHistory, UnitHolder
from projects.ledger.services.books import NewMove, post, repeat_opening_days
from projects.ledger.services.certificates import restore_certificates
from projects.ledger.services.features import FeatureStatement, change_features
from projects.ledger.services.holders import HOLDING_FIELDS, restore_phones
from registry.audit.selectors import Happening, acts_since, happenings, keys_of_act, rows_of_act
from registry.kernel.stages import Standing, Track, Use
from registry.kernel.tally import Account
from registry.store.acts import Row, current_act, within_act
from registry.store.bulk import insert_rows, update_rows
from registry.store.clock import shanghai_day
from registry.store.undo import KeptRow

UNIT_TABLE = "ledger_unit"
RESTORED = ("use", "features", "unit_code", "area", "agreement_no", "remark", "certificate_no")
LOOKS = ("person.revealed",)  # acts that show a unit and change nothing of it
CHUNK = 5000
REVERSED = (
    "id", "unit_id", "track", "kind", "occurred_on",
    "from_building_id", "from_use", "from_standing", "from_stage",
    "to_building_id", "to_use", "to_standing", "to_stage",
)  # fmt: skip


@dataclass
class UndoPlan:
    """What undoing an act would do: units to retire, former values to put back, units kept."""

    retired: list[int] = field(default_factory=list)
    restored: dict[int, Mapping[str, Any]] = field(default_factory=dict)
    kept: list[KeptRow] = field(default_factory=list)


def plan_undo(*, project: Project, act_id: int) -> UndoPlan:
    """Return what undoing the act that placed a unit list would do. Writes nothing.

    Its queries are as many as the tables that hang on units.
    """
    written = rows_of_act(act_id, table=UNIT_TABLE)
    of_act = keys_of_act(act_id, table=UNIT_TABLE)
    since = touched_since(of_act, act_id)
    present = set(Unit.objects.filter(IN_THE_BOOKS, id__in=of_act).values_list("id", flat=True))
    labels = _labels(list(since))
    plan = UndoPlan()
    for key, (before, _) in written.items():
        if key in since:
            plan.kept.append(KeptRow(key, labels.get(key, f"户{key}"), since[key]))
        elif key not in present:
            continue  # retired already: undone before
        elif before is None or before.get("retired"):
            plan.retired.append(key)
        else:
            plan.restored[key] = before
    return plan


def _parts(keys: Sequence[int]) -> Iterable[Sequence[int]]:
    return (keys[start : start + CHUNK] for start in range(0, len(keys), CHUNK))


def _labels(keys: Sequence[int]) -> dict[int, str]:
    found: dict[int, str] = {}
    for part in _parts(keys):
        for unit in Unit.objects.filter(IN_THE_BOOKS, id__in=part).select_related("building"):
            found[unit.id] = f"{unit.building}{unit}"
    return found


def touched_since(units: QuerySet[Any, int], act_id: int) -> dict[int, str]:
    """Find the units that a later act wrote, or a row that hangs on them, and say which act it was.

    `units` is the query of their keys.
    """
    found: dict[int, int] = {}
    _note(found, acts_since(act_id, table=UNIT_TABLE, keys=units, but=LOOKS).items())
    for model, name in _hanging():
        later = model._default_manager.filter(**{f"{name}__in": units, "act_id__gt": act_id})
        _note(found, later.values_list(f"{name}_id", "act_id"))
    acts = happenings(set(found.values()))
    return {key: _said(acts[act]) if act in acts else "之后有改动" for key, act in found.items()}


def _note(found: dict[int, int], rows: Iterable[tuple[int, int]]) -> None:
    for key, act in rows:
        found[key] = max(act, found.get(key, 0))


def _hanging() -> list[tuple[type[Model], str]]:
    """List the tables that point at units and say which act wrote them, whichever app they belong to."""
    return [
        (relation.related_model, relation.field.name)
        for relation in Unit._meta.related_objects
        if any(one.attname == "act_id" for one in relation.related_model._meta.concrete_fields)
    ]


def _said(one: Happening) -> str:
    return f"{shanghai_day(one.at)} {one.who}：{one.text}"


@within_act
def undo_placement(*, project: Project, act_id: int, reason: str) -> UndoPlan:
    """Take back what an act placed, inside the open act of a service above; gives what was done and kept."""
    lock_project(project.pk)
    plan = plan_undo(project=project, act_id=act_id)
    keys = [*plan.retired, *plan.restored]
    units = _units(keys)
    _reverse_moves(plan, units, act_id, reason)
    _retire([units[key] for key in plan.retired])
    current_act().rows.extend(
        Row.of(UNIT_TABLE, key, before={"retired": False}, after={"retired": True}) for key in plan.retired
    )
    _restore(plan, units)
    _restore_features(keys, act_id)
    _restore_holders(keys, set(plan.retired), act_id)
    restore_certificates(keys, act_id=act_id)
    current_act().rows.extend(restore_phones(_replaced_phones(act_id)))
    if keys:
        refresh_readiness([project.id])
    return plan


def _replaced_phones(act_id: int) -> dict[int, tuple[bytes | None, bytes | None]]:
    """Read the telephones that the act replaced or cleared, sealed as they were."""
    return {
        key: (_sealed(before["phone"]), _sealed(after["phone"]))
        for key, (before, after) in rows_of_act(act_id, table="ledger_holder").items()
        if before and after and "phone" in after
    }


def _sealed(text: str | None) -> bytes | None:
    return bytes.fromhex(text) if text else None


def _units(keys: Sequence[int]) -> dict[int, Unit]:
    return {unit.id: unit for unit in lock_units(None, keys, also_retired=True)}


def _reverse_moves(plan: UndoPlan, units: Mapping[int, Unit], act_id: int, reason: str) -> None:
    """Post the reversal of each move of the act, last first, stated for the day of the move that it reverses.

    Where the act reversed an opening to open the unit anew, the unit is opened again as it was.
    """
    standing = Move.objects.filter(act_id=act_id, reversed_by__isnull=True).order_by("-id")
    accounts: dict[tuple[Any, ...], Account | None] = {(None, None, None, None, track.value): None for track in Track}
    moves = []
    for key, unit_id, track, kind, on, *sides in standing.values_list(*REVERSED):
        if unit_id not in units:
            continue
        frm, to = (*sides[:4], track), (*sides[4:], track)
        for side in (frm, to):
            if side not in accounts:
                accounts[side] = _account(*side)
        kind = MoveKind.RETIREMENT if frm[0] is None else MoveKind(kind)
        kind = MoveKind.OPENING if to[0] is None else kind
        moves.append(NewMove(unit_id, Track(track), kind, accounts[to], accounts[frm], on, key, reason[:200]))
    post(moves)
    repeat_opening_days({move.unit_id for move in moves if move.to is not None and move.frm is None})
    retired = set(plan.retired)
    for track in Track:
        gone = [("", m.unit_id) for m in moves if m.to is None and m.track == track and m.unit_id not in retired]
        update_rows(Unit, (track.value,), gone)
        back = [(m.to.stage, None, m.unit_id) for m in moves if m.to and m.frm is None and m.track == track]
        if track == Track.CERTIFICATE:
            update_rows(Unit, (track.value, "certificate_on"), back)
        else:
            update_rows(Unit, (track.value,), ((stage, key) for stage, _, key in back))


def account_on(move: Move, side: str) -> Account | None:
    """Return the account of one side of a move, "from" or "to"; None is nowhere."""
    building = getattr(move, f"{side}_building_id")
    if building is None:
        return None
    use, standing, stage = (getattr(move, f"{side}_{name}") for name in ("use", "standing", "stage"))
    return _account(building, use, standing, stage, move.track)


def _account(building: int, use: str, standing: str, stage: str, track: str) -> Account:
    return Account(building, Use(use), Standing(standing), Track(track), stage)


def _retire(units: Sequence[Unit]) -> None:
    """Empty the columns that repeat the moves, and free the unit code for whom it belongs to."""
    fields = (
        "certificate",
        "tax",
        "fund",
        "certificate_on",
        "opened_on",
        "unit_code",
        "holders_masked",
        "certificate_no",
        "version",
    )
    update_rows(Unit, fields, (("", "", "", None, None, None, "", "", unit.version + 1, unit.id) for unit in units))


def _restore(plan: UndoPlan, units: Mapping[int, Unit]) -> None:
    act = current_act()
    by_fields: dict[tuple[str, ...], list[tuple[Any, ...]]] = defaultdict(list)
    for key, before in plan.restored.items():
        unit = units[key]
        names = tuple(name for name in RESTORED if name in before)
        values = tuple(_value(name, before[name]) for name in names)
        if "unit_code" in names and unit.unit_code:
            UnitCodeHistory.objects.create(unit=unit, unit_code=unit.unit_code, until=act.today, act_id=act.id)
        by_fields[names].append((*values, unit.version + 1, key))
        now = {name: getattr(unit, name) for name in names}
        act.rows.append(Row.of(UNIT_TABLE, key, before=now, after=dict(zip(names, values, strict=True))))
    for names, rows in by_fields.items():
        update_rows(Unit, (*names, "version"), rows)


def _restore_features(keys: Sequence[int], act_id: int) -> None:
    """State the features before, for the day from which the act had stated others."""
    changed = FeatureChange.objects.filter(unit_id__in=keys, act_id=act_id).order_by("id")
    rows = changed.values_list("unit_id", "features", "was", "effective_on")
    change_features([FeatureStatement(*row) for row in rows])


def _value(name: str, text: Any) -> Any:
    return Decimal(text) if name == "area" and text is not None else text


def _restore_holders(keys: Sequence[int], retired: Collection[int], act_id: int) -> None:
    """End the holders that the act brought; those whom it ended hold again, by rows of their own.

    A retired unit shows none already.
    """
    act = current_act()
    for part in _parts(keys):
        brought = UnitHolder.objects.filter(unit_id__in=part, act_id=act_id, ended_act_id__isnull=True)
        names: dict[int, list[str]] = {
            key: [] for key in brought.values_list("unit_id", flat=True) if key not in retired
        }
        brought.update(ended_act_id=act.id)
        former = list(
            UnitHolder.objects.filter(unit_id__in=part, ended_act_id=act_id)
            .order_by("unit_id", "position")
            .values_list(*HOLDING_FIELDS[:-2], "holder__name_masked")
        )
        insert_rows(
            UnitHolder,
            HOLDING_FIELDS,
            ((*row[:-1], None, act.id) for row in former),
        )
        for row in former:
            names.setdefault(row[0], []).append(row[-1])
        update_rows(Unit, ("holders_masked",), (("、".join(shown)[:200], key) for key, shown in names.items()))
