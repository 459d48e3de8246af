"""The queue of a day: taking a number, calling it, and every other transition; each is kept with its moment.

The row of the day is locked first, after the project: two windows that call at once get two tickets, and a window has
one ticket at a time. Waiting, walking and service time are read from the transitions, nothing of them is typed.
"""

from collections.abc import Collection
from datetime import datetime, time, timedelta
from typing import Any, Final

from projects.ledger.locks import lock_project
from projects.ledger.models import Project, Unit
from projects.office.choices import TicketState, TicketStep
from projects.office.models import Booking, QueueDay, QueueEvent, QueueTicket
from projects.office.services.powers import require_counter
from registry.audit.recording import record
from registry.kernel.authority import Actor, Permission
from registry.kernel.errors import DomainError
from registry.store.acts import current_act, within_act, write
from registry.store.clock import SHANGHAI
from registry.store.locks import lock, lock_one, lock_where

RECALL_AFTER: Final = timedelta(minutes=5)
LATE_BY: Final = timedelta(minutes=10)  # who keeps an appointment no later than this keeps its place
AT_WINDOW: Final = (TicketState.CALLED, TicketState.SERVING)


class QueueRefused(DomainError):
    """A transition that a ticket can't make."""


@write(Permission.UNIT_ADVANCE, on="project", once=True)
def take_ticket(
    *, actor: Actor, project: Project, unit: Unit | None = None, booking: Booking | None = None
) -> QueueTicket:
    """Give the next number of today, to who walks in or keeps an appointment.

    Refused: an appointment of another day, or one that is kept or given up already; a home of another project.
    """
    require_counter(actor, "取号")
    locked = lock_project(project.pk)
    act = current_act()
    QueueDay.objects.bulk_create(
        [QueueDay(project=locked, opened_for=locked.pk, day=act.today, act_id=act.id)], ignore_conflicts=True
    )
    queue = lock_one(QueueDay, opened_for=locked.pk, day=act.today)
    due_at = act.recorded_at
    if booking is not None:
        booking = lock(booking, "unit__building")
        if booking.ended_act_id is not None:
            raise QueueRefused("这个预约已经到场、取消或改期。请刷新页面。", code="booking_over")
        if booking.day != act.today:
            raise QueueRefused(f"这个预约是{booking.day}的，今日不能取预约号。请取现场号。", code="other_day")
        slot = datetime.combine(booking.day, time.fromisoformat(booking.at), SHANGHAI)
        due_at = slot if act.recorded_at <= slot + LATE_BY else act.recorded_at
        booking.ended_as, booking.ended_act_id = "kept", act.id
        booking.save(update_fields=["ended_as", "ended_act_id"])
        unit = booking.unit
    if unit is not None and unit.building.project_id != locked.pk:
        raise QueueRefused("这一户不在本项目内，不能在本窗口取号。", code="foreign")
    queue.last += 1
    queue.save(update_fields=["last"])
    ticket: QueueTicket = QueueTicket.objects.create(
        queue=queue, number=queue.last, unit=unit, booking=booking, due_at=due_at, act_id=act.id
    )
    _note(actor, ticket, TicketStep.TAKEN)
    record(
        event="queue.taken",
        subject=ticket,
        chain=locked.pk,
        facts={"ticket_no": str(ticket), "booked": "预约" if booking else "现场"},
    )
    return ticket


@write(Permission.UNIT_ADVANCE, on="project", once=True)
def call_next(*, actor: Actor, project: Project, window: str) -> QueueTicket:
    """Call the first ticket that waits to a window. Refused: nobody waits; the window has somebody."""
    require_counter(actor, "叫号")
    queue = _queue(project)
    window = _window(window)
    _require_free(queue, window)
    ticket = QueueTicket.objects.filter(queue=queue, state=TicketState.WAITING).order_by("due_at", "number").first()
    if ticket is None:
        raise QueueRefused("没有等候的号。", code="nobody_waits")
    return _moved(actor, project, ticket, TicketStep.CALLED, TicketState.CALLED, window)


@write(Permission.UNIT_ADVANCE, on="ticket", once=True)
def call_ticket(*, actor: Actor, ticket: QueueTicket, window: str) -> QueueTicket:
    """Call one ticket out of turn. Refused: one that somebody called already, by whom and when; a window that is
    taken."""
    require_counter(actor, "叫号")
    project, current = _locked(ticket)
    if current.state != TicketState.WAITING:
        last = current.events.select_related("person").order_by("-id").first()
        who = last.person.name if last and last.person else "系统"
        at = last.at.astimezone(SHANGHAI) if last else None
        raise QueueRefused(
            f"{current}已由{who}于{at:%H:%M}{last.get_step_display()}，现在是“{current.get_state_display()}”。"
            if last
            else f"{current}现在是“{current.get_state_display()}”，不能叫号。",
            code="not_waiting",
        )
    window = _window(window)
    _require_free(current.queue, window)
    return _moved(actor, project, current, TicketStep.CALLED, TicketState.CALLED, window)


@write(Permission.UNIT_ADVANCE, on="ticket", once=True)
def recall_ticket(*, actor: Actor, ticket: QueueTicket) -> QueueTicket:
    """Call a ticket once more that was called and has not come. Not before five minutes have passed."""
    require_counter(actor, "叫号")
    project, current = _locked(ticket)
    _require_state(current, {TicketState.CALLED}, "再次叫号")
    calls = current.events.filter(step__in=[TicketStep.CALLED, TicketStep.RECALLED, TicketStep.TRANSFERRED])
    last = calls.order_by("-id").values_list("at", flat=True)[0]
    now = current_act().recorded_at
    if now < last + RECALL_AFTER:
        wait = int((last + RECALL_AFTER - now).total_seconds() // 60) + 1
        raise QueueRefused(f"{current}叫号不足5分钟，请{wait}分钟后再叫。", code="too_soon")
    return _moved(actor, project, current, TicketStep.RECALLED, TicketState.CALLED, current.window)


@write(Permission.UNIT_ADVANCE, on="ticket", once=True)
def step_ticket(
    *, actor: Actor, ticket: QueueTicket, step: TicketStep, window: str = "", note: str = ""
) -> QueueTicket:
    """Let a ticket come to its window, be served, leave for a while, come back, go to another window, or be passed.

    Refused: a step that its state does not allow; a window that has somebody; passing who was called less than five
    minutes ago.
    """
    require_counter(actor, "办理排队号")
    project, current = _locked(ticket)
    if step not in STEPS:
        raise QueueRefused(f"“{TicketStep(step).label}”不在此办理。请在排队叫号页取号、叫号。", code="step")
    frm, to = STEPS[TicketStep(step)]
    _require_state(current, frm, TicketStep(step).label)
    if step == TicketStep.NO_SHOW and current.state == TicketState.CALLED:
        called = current.events.filter(step__in=[TicketStep.CALLED, TicketStep.RECALLED]).order_by("-id")
        if current_act().recorded_at < called.values_list("at", flat=True)[0] + RECALL_AFTER:
            raise QueueRefused(f"{current}叫号不足5分钟，不能过号。", code="too_soon")
    place = current.window if to in AT_WINDOW else ""
    if step == TicketStep.TRANSFERRED:
        place = _window(window)
        _require_free(current.queue, place)
    return _moved(actor, project, current, TicketStep(step), to, place, note)


STEPS: Final[dict[TicketStep, tuple[frozenset[TicketState], TicketState]]] = {
    TicketStep.STARTED: (frozenset({TicketState.CALLED}), TicketState.SERVING),
    TicketStep.DONE: (frozenset({TicketState.SERVING, TicketState.CALLED}), TicketState.DONE),
    TicketStep.PARKED: (frozenset({TicketState.CALLED, TicketState.SERVING, TicketState.WAITING}), TicketState.PARKED),
    TicketStep.RESUMED: (frozenset({TicketState.PARKED, TicketState.NO_SHOW}), TicketState.WAITING),
    TicketStep.TRANSFERRED: (frozenset({TicketState.CALLED, TicketState.SERVING}), TicketState.CALLED),
    TicketStep.NO_SHOW: (frozenset({TicketState.CALLED}), TicketState.NO_SHOW),
}


def _queue(project: Project) -> QueueDay:
    locked = lock_project(project.pk)
    queue = lock_where(QueueDay, opened_for=locked.pk, day=current_act().today)
    if queue is None:
        raise QueueRefused("今日尚未取号。请先取号。", code="nobody_waits")
    return queue


def _locked(ticket: QueueTicket) -> tuple[Project, QueueTicket]:
    """Lock the project, the day and the ticket, in this order, and read it anew."""
    project = lock_project(ticket.queue.project_id)
    lock(ticket.queue)
    current = lock(ticket, "queue")
    if current.queue.day != current_act().today:
        raise QueueRefused(f"{current}是{current.queue.day}的号，已作废。请重新取号。", code="other_day")
    return project, current


def _window(text: str) -> str:
    window = text.strip()
    if not window:
        raise QueueRefused("未填写窗口号。请填写，如2号窗口填2。", field="window")
    return window[:10]


def _require_free(queue: QueueDay, window: str) -> None:
    held = QueueTicket.objects.filter(queue=queue, window=window, state__in=AT_WINDOW).first()
    if held is not None:
        raise QueueRefused(f"{window}号窗口正在办理{held}。请先办结、暂离或过号。", code="window_taken")


def _require_state(ticket: QueueTicket, states: Collection[TicketState], what: str) -> None:
    if ticket.state not in states:
        raise QueueRefused(f"{ticket}现在是“{ticket.get_state_display()}”，不能{what}。请刷新页面。", code="state")


@within_act
def _note(actor: Actor, ticket: QueueTicket, step: TicketStep, note: str = "") -> None:
    act = current_act()
    QueueEvent.objects.create(
        ticket=ticket, step=step, at=act.recorded_at, window=ticket.window, person_id=actor.person_id, note=note.strip(),
        act_id=act.id,
    )  # fmt: skip


@within_act
def _moved(
    actor: Actor, project: Any, ticket: QueueTicket, step: TicketStep, state: TicketState, window: str, note: str = ""
) -> QueueTicket:
    ticket.state, ticket.window = state, window
    ticket.save(update_fields=["state", "window"])
    _note(actor, ticket, step, note)
    record(
        event="queue.moved",
        subject=ticket,
        chain=project.pk,
        facts={
            "ticket_no": str(ticket), "step_name": step.label, "window": f"，{window}号窗口" if window else "",
        },
    )  # fmt: skip
    return ticket
