"""Moving the ball of a blocker: handed over, returned, paused, resumed; settled when the blocker ends (features F5)."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from django.db.models import Max

from projects.casework.choices import TurnKind
from projects.casework.models import Turn
from projects.casework.selectors.calendar import calendar_of
from projects.casework.selectors.clock import due_of, late_of, turns_of
from projects.gates.models import Blocker
from projects.gates.services.blockers import locked_blocker
from projects.ledger.services.participation import take_part
from registry.accounts.models import Organisation
from registry.audit.recording import record
from registry.kernel.authority import Actor, Permission, Role
from registry.kernel.errors import Refused
from registry.store.acts import Row, current_act, within_act, write

LIMITS = range(1, 366)
FORCE = (Role.CITY, Role.DISTRICT)


class BallRefused(Refused):
    """The ball cannot be moved in this way."""


@write(Permission.BALL_MOVE, on="blocker", once=True)
def hand_over(
    *, actor: Actor, blocker: Blocker, to: Organisation, on: date, limit_days: int, reason: str = ""
) -> Blocker:
    """Return the ball to another organisation from a day on, with a limit in working days.

    Refused: a blocker that is ended; a day before the last hand-over or ahead; to whom has it already; an organisation
    that is no longer in use; a limit outside 1 to 365; anybody but the task force and whoever has the ball.
    """
    current, last = _running(actor, blocker, on)
    if last.holder_id == to.pk:
        raise BallRefused(f"该堵点的责任单位已是{to}，无需移交。请另选单位。", field="to")
    if not to.is_active:
        raise BallRefused(f"{to}已经停用，不能接办。请选承接它职责的单位。", field="to")
    if limit_days not in LIMITS:
        raise BallRefused("时限须在1至365个工作日之间。", field="limit_days")
    take_part(current.project, to)
    _next(current, last, TurnKind.HANDED, on, holder=to, limit_days=limit_days, reason=reason)
    _told(current, "ball.handed", on, {"from": _who(last), "to": str(to), "limit": limit_days}, reason)
    return current


@write(Permission.BALL_MOVE, on="blocker", once=True)
def return_ball(*, actor: Actor, blocker: Blocker, on: date, reason: str) -> Blocker:
    """Send the ball back to whoever had it before (退回), keeping reason, round and the time lost.

    Refused: no reason; nobody had it before; and whatever a hand-over is refused for.
    """
    current, last = _running(actor, blocker, on)
    if not reason.strip():
        raise BallRefused("未填写退回原因。请写明所缺材料，或不属于本单位职责的理由。", field="reason")
    earlier = [turn for turn in turns_of(current) if turn.holder_id not in (None, last.holder_id)]
    if last.holder_id is None or not earlier:
        raise BallRefused("此前无其他责任单位，不能退回。需交其他单位办理的，请使用“移交”。", code="nobody_before")
    before = earlier[-1]
    lost = calendar_of().workdays_between(last.starts, on)
    _next(
        current, last, TurnKind.RETURNED, on, holder=before.holder, limit_days=_whole_limit(current, earlier, before),
        round=max(turn.round for turn in turns_of(current)) + 1, reason=reason,
    )  # fmt: skip
    facts = {"from": _who(last), "to": str(before.holder), "lost": lost}
    _told(current, "ball.returned", on, facts, reason)
    return current


@write(Permission.BALL_PAUSE, on="blocker", once=True)
def pause_clock(*, actor: Actor, blocker: Blocker, on: date, reason: str) -> Blocker:
    """Stop the clock of a blocker, for a stated reason: from then on nobody has the ball.

    Refused: no reason; paused already; a day out of order; a blocker that is ended.
    """
    current, last = _running(actor, blocker, on)
    if not reason.strip():
        raise BallRefused("未填写暂停原因。请写明暂停事由和依据后再暂停计时。", field="reason")
    if last.holder_id is None:
        raise BallRefused(f"已经暂停：{last.pause}。", code="paused")
    _next(current, last, TurnKind.PAUSED, on, pause=reason.strip()[:200])
    _told(current, "clock.paused", on, {"from": _who(last)}, reason)
    return current


@write(Permission.BALL_PAUSE, on="blocker", once=True)
def resume_clock(*, actor: Actor, blocker: Blocker, on: date) -> Blocker:
    """Return the ball back to whoever had it before the pause, with the working days that were left.

    Refused: not paused; nobody had it before.
    """
    current, last = _running(actor, blocker, on)
    held = [turn for turn in turns_of(current) if turn.holder_id is not None]
    if last.holder_id is not None:
        raise BallRefused("计时未暂停，无需恢复。", code="not_paused")
    if not held:
        raise BallRefused("尚未确定责任单位。请通过“移交”确定。", code="nobody_before")
    before = held[-1]
    used = calendar_of().workdays_between(before.starts, before.ended_on or on)
    left = max(0, (before.limit_days or 0) - used)
    _next(current, last, TurnKind.RESUMED, on, holder=before.holder, limit_days=left, round=before.round)
    _told(current, "clock.resumed", on, {"to": str(before.holder), "limit": left}, "")
    return current


@within_act
def copy_turns(*, blocker: Blocker, copy: Blocker) -> None:
    """Return a blocker that a split copied the turns of its origin, days and lateness as they are."""
    for turn in Turn.objects.filter(blocker=blocker).order_by("ordinal"):
        turn.pk, turn.blocker = None, copy
        turn.save(force_insert=True)


@within_act
def settle_turns(*, blocker: Blocker, on: date) -> None:
    """End the clock of a blocker that ends: what was due and how late it was stay as they are now."""
    turns = turns_of(blocker)
    for turn in turns:
        if turn.starts > on:
            raise BallRefused(
                f"{turn.starts}已登记{turn.get_kind_display()}，结束日期不能更早。请核对日期。", field="resolved_on"
            )
    _keep(turns)
    _end(turns[-1], on)


@within_act
def reopen_turns(*, blocker: Blocker, ended_on: date, on: date) -> None:
    """Start the clock of a reopened blocker: in between nobody had the ball."""
    turns = turns_of(blocker)
    _keep(turns)
    last = turns[-1]
    if last.ended_on is None:
        _end(last, ended_on)
    _next(blocker, last, TurnKind.PAUSED, ended_on, pause="已记解决")
    holder, limit = (blocker.responsible, blocker.type.limit_days) if blocker.responsible_id else (None, None)
    pause = "" if holder else "重新打开，尚未确定责任单位"
    _next(
        blocker, turns_of(blocker)[-1], TurnKind.REOPENED, on, holder=holder, pause=pause, limit_days=limit,
        round=last.round + 1,
    )  # fmt: skip


def _whole_limit(blocker: Blocker, earlier: Sequence[Turn], before: Turn) -> int:
    """The limit an organisation was given, not what a pause had left of it."""
    given = [one for one in earlier if one.holder_id == before.holder_id and one.kind != TurnKind.RESUMED]
    return int((given[-1].limit_days if given else None) or blocker.type.limit_days)


def _running(actor: Actor, blocker: Blocker, on: date) -> tuple[Blocker, Turn]:
    """The blocker locked, and its turn that runs, kept as a row."""
    current = locked_blocker(blocker)
    if current.withdrawn_reason or current.resolved_on is not None:
        raise BallRefused(f"{current.number}已办结，不再计时。需继续办理的，请先重新打开。", code="ended")
    if not (actor.is_system or actor.role in FORCE or actor.organisation_id == current.responsible_id):
        raise BallRefused(
            f"责任单位为{current.responsible or '工作专班'}，由其或工作专班移交、退回。", code="not_holder"
        )
    turns = turns_of(current)
    if on < turns[-1].starts:
        raise BallRefused(f"上一次变动在{turns[-1].starts}，日期不能更早。", field="on")
    _keep(turns)
    return current, turns[-1]


def _keep(turns: list[Turn]) -> None:
    """Write the turns that were only read from the blocker so far."""
    for turn in turns:
        if turn._state.adding:
            turn.act_id = turn.act_id or current_act().id
            turn.save(force_insert=True)


def _end(turn: Turn, on: date) -> None:
    calendar = calendar_of()
    turn.due_on, turn.days_late = due_of(turn, calendar), late_of(turn, on, calendar)
    turn.ended_on = on
    turn.save(update_fields=["ended_on", "due_on", "days_late"])


def _next(blocker: Blocker, last: Turn, kind: TurnKind, on: date, **words: Any) -> Turn:
    if last.ended_on is None:
        _end(last, on)
    top = Turn.objects.filter(blocker=blocker).aggregate(top=Max("ordinal"))["top"] or 0
    words.setdefault("round", last.round)
    reason = str(words.pop("reason", "")).strip()[:300]
    turn: Turn = Turn.objects.create(
        blocker=blocker, ordinal=top + 1, kind=kind, starts=on, reason=reason, act_id=current_act().id, **words
    )
    holder = words.get("holder")
    if holder is not None and holder.pk != blocker.responsible_id:
        blocker.responsible = holder
        blocker.save(update_fields=["responsible"])
    return turn


def _who(turn: Turn) -> str:
    return str(turn.holder) if turn.holder_id else f"暂停（{turn.pause}）"


def _told(blocker: Blocker, event: str, on: date, facts: dict[str, object], reason: str) -> None:
    last = turns_of(blocker)[-1]
    record(
        event=event,
        subject=blocker,
        chain=blocker.project_id,
        facts={"number": blocker.number, "title": blocker.title, "on": on, **facts},
        reason=reason,
        rows=[Row.added(last, "blocker_id", "kind", "starts", "holder_id", "round")],
    )
