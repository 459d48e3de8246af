"""Standing: held, carried, excluded and back; a posting on every track the unit has."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, Final

from django.db.models import Max

from projects.gates.services import refresh_readiness
from projects.ledger.choices import MoveKind
from projects.ledger.locks import lock_project, lock_units
from projects.ledger.models import Move, Project, Unit
from projects.ledger.services.books import NewMove, post
from projects.progress.models import Hold
from projects.progress.services.advance import account_of
from registry.audit.recording import record
from registry.kernel.authority import Actor, Permission
from registry.kernel.errors import DomainError
from registry.kernel.stages import HOLD_REASONS, Standing, Track
from registry.kernel.tally import Account
from registry.store.acts import Row, current_act, write
from registry.store.second import FirstPerson, SecondPerson
from registry.store.versions import UNSEEN, Seen


class StandingRefused(DomainError):
    """A change of standing that can't be made."""


def tracks_of(unit: Unit) -> tuple[Track, ...]:
    """Return the tracks on which the unit stands; the fund is for those who owe one."""
    return tuple(track for track in Track if getattr(unit, track.value))


IN_TWO: Final = (Standing.CARRIED, Standing.EXCLUDED)  # what takes a home out of the queue, or out of the count


def _needs_two(given: Mapping[str, Any]) -> bool:
    """What leaves the queue or the count, and what comes back into it: one person alone undoes no two persons' act."""
    return given["standing"] in IN_TWO or any(unit.standing in IN_TWO for unit in given.get("units", ()))


BY_TWO: Final = SecondPerson("挂账、核减及其恢复", needs=_needs_two, of_row=True)


@write(Permission.UNIT_STANDING, on="project", second_person=BY_TWO)
def change_standing(
    *,
    actor: Actor,
    project: Project,
    unit_ids: Sequence[int],
    standing: Standing,
    reason: str,
    evidence: str,
    on: date,
    review_on: date | None = None,
    first: FirstPerson | None = None,
    seen: Seen = UNSEEN,
) -> int:
    """Hold, carry, exclude or restore units, with reason, evidence and (for held) a review date.

    Carrying and excluding need a first person, and so does what is carried or excluded when it changes. Refused: an
    issued unit; a reason outside the closed list; held without review date; a review not after the day; a day ahead,
    or before a unit's last move. Readiness follows.
    """
    lock_project(project.pk)
    act = current_act()
    _require(standing, reason, evidence, on, review_on)
    locked = lock_units(project, unit_ids)
    for unit in locked if seen.marks else ():
        seen.merge({"standing": unit.standing}, {"standing": standing}, unit)
    units = [unit for unit in locked if unit.standing != standing.value]
    BY_TWO.require(actor, standing=standing, units=units, first=first)
    if not units:
        raise StandingRefused("所选户都已是这个状态，或不在本项目内。")
    issued = [unit for unit in units if unit.certificate == "issued" and standing != Standing.ACTIVE]
    if issued:
        raise StandingRefused(
            f"{issued[0].building}{issued[0]}已发证，不能改为“{standing.label}”。系误登发证的，请提请更正。"
        )
    later = last_moved(units)
    early = next((unit for unit in units if on < later[unit.id]), None)
    if early is not None:
        raise StandingRefused(
            f"{early.building}{early}上一次变动在{later[early.id]}，状态变更的日期不能更早。", field="on"
        )
    post([_standing_move(unit, track, standing, on, reason) for unit in units for track in tracks_of(unit)])
    keys = [unit.id for unit in units]
    Unit.objects.filter(id__in=keys).update(standing=standing.value)
    Hold.objects.filter(unit_id__in=keys, ends__isnull=True).update(ends=on, ended_act_id=act.id)
    if standing != Standing.ACTIVE:
        Hold.objects.bulk_create(
            Hold(
                unit=unit, standing=standing.value, reason=reason, evidence=evidence, starts=on, review_on=review_on,
                act_id=act.id,
            )
            for unit in units
        )  # fmt: skip

    refresh_readiness([project.id], since=on)
    record(
        event="units.standing_changed",
        subject=project,
        chain=project.id,
        facts={"count": len(units), "standing": standing.label, "why": HOLD_REASONS.get(reason, reason), "on": on},
        reason=evidence,
        rows=[
            Row.of("ledger_unit", u.id, before={"standing": u.standing}, after={"standing": standing.value})
            for u in units
        ],
    )
    return len(units)


def last_moved(units: Sequence[Unit]) -> dict[int, date]:
    """Return the day of each unit's last move on any track. One query."""
    rows = Move.objects.filter(unit__in=[unit.id for unit in units]).values_list("unit_id")
    return dict(rows.annotate(last=Max("occurred_on")))


def _require(standing: Standing, reason: str, evidence: str, on: date, review_on: date | None) -> None:
    if standing == Standing.ACTIVE:
        return
    if reason not in HOLD_REASONS:
        raise StandingRefused("原因不在可选范围内。请从列表中选择。", field="reason")
    if not evidence.strip():
        raise StandingRefused("未填写依据。请写明证明材料或文号。", field="evidence")
    if standing == Standing.HELD and review_on is None:
        raise StandingRefused("暂缓必须定复查日期，到期由专班复查。", field="review_on")
    if review_on is not None and review_on <= on:
        raise StandingRefused(f"复查日期要晚于{on}。", field="review_on")


def _standing_move(unit: Unit, track: Track, standing: Standing, on: date, reason: str) -> NewMove:
    frm = account_of(unit, track)
    to = Account(frm.building, frm.use, standing, track, frm.stage)
    return NewMove(unit.id, track, MoveKind.STANDING, frm, to, on, reason=reason)
