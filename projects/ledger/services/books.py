"""Posting: moves in, tallies and the units' repeated columns with them, in one transaction, set-based."""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import connection
from django.db.models import F, Min, Sum

from projects.ledger.choices import MoveKind
from projects.ledger.models import Building, Move, ProjectTally, Tally, Unit
from registry.kernel.errors import DomainError
from registry.kernel.stages import Track
from registry.kernel.tally import Account
from registry.store.acts import current_act, within_act
from registry.store.bulk import CHUNK, insert_rows, update_rows
from registry.store.guard import require_writing

MOVE_FIELDS = (
    "unit_id", "track", "kind", "from_building_id", "from_use", "from_standing", "from_stage", "to_building_id",
    "to_use", "to_standing", "to_stage", "occurred_on", "recorded_at", "reverses_id", "reason", "act_id",
)  # fmt: skip
NOWHERE = (None, None, None, None)


class StaleUnit(DomainError):
    """The books and the unit disagree: someone moved it in between."""


@dataclass(frozen=True)
class NewMove:
    """A move about to be posted: out of `frm`, into `to`; None is nowhere."""

    unit_id: int
    track: Track
    kind: MoveKind
    frm: Account | None
    to: Account | None
    occurred_on: date
    reverses_id: int | None = None
    reason: str = ""


@within_act
def post(moves: Sequence[NewMove]) -> None:
    """Write the moves, shift the tallies, and set the units' repeated columns. Inside an open act."""
    act = current_act()
    sides = {id(account): _side(account) for move in moves for account in (move.frm, move.to)}
    insert_rows(
        Move,
        MOVE_FIELDS,
        (
            (
                move.unit_id, str(move.track), str(move.kind), *sides[id(move.frm)], *sides[id(move.to)],
                move.occurred_on, act.recorded_at, move.reverses_id, move.reason, act.id,
            )
            for move in moves
        ),
    )  # fmt: skip
    shift_tallies(moves)
    _repeat_on_units(moves)


def shift_tallies(moves: Iterable[NewMove]) -> None:
    """Add each move's −1 and +1 to the tallies, accounts in key order so that no two acts deadlock. One query more."""
    stated = list(moves)
    counted = Counter(id(move.to) for move in stated)  # moves of a set share their accounts
    counted.subtract(id(move.frm) for move in stated)
    accounts = {id(account): account for move in stated for account in (move.frm, move.to) if account is not None}
    deltas: Counter[tuple[Any, ...]] = Counter()
    for key, account in accounts.items():
        deltas[_key(account)] += counted[key]
    _apply_deltas(Tally, deltas)
    places = dict(Building.objects.filter(id__in={key[0] for key in deltas}).values_list("id", "project_id"))
    summed: Counter[tuple[Any, ...]] = Counter()
    for (building, *place), delta in deltas.items():
        summed[places[building], *place] += delta
    _apply_deltas(ProjectTally, summed)


@within_act
def carry_tallies(building_ids: Collection[int], *, source: int, target: int) -> None:
    """Take what stands on buildings off the sums of a project and put it on those of another, as they go there."""
    rows = Tally.objects.filter(building_id__in=building_ids, count__gt=0).order_by()
    deltas: Counter[tuple[Any, ...]] = Counter()
    for *place, units in rows.values_list("use", "standing", "track", "stage").annotate(units=Sum("count")):
        deltas[source, *place] -= units
        deltas[target, *place] += units
    _apply_deltas(ProjectTally, deltas)
    table = connection.ops.quote_name(ProjectTally._meta.db_table)
    with connection.cursor() as cursor:  # a sum of nothing of which no building is left says nothing
        cursor.execute(f"DELETE FROM {table} WHERE project_id = %s AND count = 0", [source])  # noqa: S608


def _apply_deltas(model: type[Tally] | type[ProjectTally], deltas: Mapping[tuple[Any, ...], int]) -> None:
    """Add to counts by place, in the order of their keys; a count of nothing begins. A query or two for each."""
    require_writing(model)
    table = connection.ops.quote_name(model._meta.db_table)
    of = "building_id" if model is Tally else "project_id"
    key = f"{of} = %s AND use = %s AND standing = %s AND track = %s AND stage = %s"
    update = f"UPDATE {table} SET count = count + %s WHERE {key}"  # noqa: S608 - the table's own name
    insert = (
        f"INSERT INTO {table} ({of}, use, standing, track, stage, count) VALUES (%s, %s, %s, %s, %s, %s)"  # noqa: S608
        f" ON CONFLICT ({of}, use, standing, track, stage) DO UPDATE SET count = {table}.count + excluded.count"
    )
    with connection.cursor() as cursor:
        for values, delta in sorted((place, delta) for place, delta in deltas.items() if delta):
            cursor.execute(update, [delta, *values])
            if cursor.rowcount:
                continue
            if delta < 0:
                raise StaleUnit(
                    "台账计数与户的状态不一致，未作变更。请刷新后重试；仍不能办理的，请联系系统管理员核对台账。"
                )
            cursor.execute(insert, [*values, delta])


def _key(account: Account) -> tuple[int, str, str, str, str]:
    return (
        account.building,
        str(account.use),
        str(account.standing),
        str(account.track),
        str(account.stage),
    )


def _side(account: Account | None) -> tuple[int | None, str | None, str | None, str | None]:
    if account is None:
        return NOWHERE
    return account.building, str(account.use), str(account.standing), str(account.stage)


def _repeat_on_units(moves: Sequence[NewMove]) -> None:
    stages: dict[tuple[Track, str, date], list[int]] = defaultdict(list)
    for move in moves:
        if (
            move.kind != MoveKind.OPENING
            and move.to is not None
            and (move.frm is None or move.frm.stage != move.to.stage)
        ):
            stages[(move.track, str(move.to.stage), move.occurred_on)].append(move.unit_id)
    for (track, stage, occurred_on), keys in stages.items():
        changes: dict[str, object] = {track.value: stage, "version": F("version") + 1}
        if track == Track.CERTIFICATE:
            changes["certificate_on"] = occurred_on
        for start in range(0, len(keys), CHUNK):
            Unit.objects.filter(id__in=keys[start : start + CHUNK]).update(**changes)


@within_act
def repeat_opening_days(unit_ids: Iterable[int]) -> None:
    """Set on units of the books the day from which they are in them, after an opening was taken back or made anew.

    That is their earliest opening but for those taken back on or before their own day. Two queries for each portion.
    """
    keys = sorted(unit_ids)
    for start in range(0, len(keys), CHUNK):
        openings = Move.objects.filter(
            unit_id__in=keys[start : start + CHUNK], track=Track.CERTIFICATE.value, kind=MoveKind.OPENING
        ).exclude(reversed_by__occurred_on__lte=F("occurred_on"))
        days = openings.values_list("unit_id").annotate(first=Min("occurred_on"))
        update_rows(Unit, ("opened_on",), ((day, key) for key, day in days))
