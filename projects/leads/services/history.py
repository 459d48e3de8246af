"""What a list or another platform tells of a ticket that was handled before it came, or beside us: noted as stated.

The stretches of a ticket's life say what was known here and when; the parts, acts and calls keep the stated moments.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from projects.leads.choices import ExecutorEnd, Satisfaction
from projects.leads.models import CallBack, Ticket
from projects.leads.services.call_backs import reopen, require_another
from projects.leads.services.handling import (
    EXECUTOR,
    assign,
    dispatcher_before,
    end_parts,
    lay_on_desk,
    note_act,
    require_executor,
    source,
)
from projects.leads.services.spans import go_on
from registry.accounts.models import Organisation
from registry.accounts.services import inbox
from registry.audit.recording import record
from registry.kernel.authority import Actor, Permission, Role
from registry.kernel.tickets import TicketEvent, TicketRefused, TicketState
from registry.store.acts import Row, current_act, values_of, write
from registry.store.clock import SHANGHAI
from registry.store.locks import lock


@dataclass(frozen=True)
class TicketHistory:
    """What is told of the handling; None or "" where nothing is told."""

    lead: Organisation | None = None
    assists: Sequence[Organisation] = ()
    dispatched_at: datetime | None = None
    returned_at: datetime | None = None
    return_reason: str = ""
    contacted_at: datetime | None = None
    answered_at: datetime | None = None
    answer: str = ""
    called_at: datetime | None = None
    is_reached: bool = True
    responded: bool | None = None
    solved: bool | None = None
    satisfied: str = ""

    @property
    def is_empty(self) -> bool:
        """Whether nothing at all is told."""
        return self == TicketHistory()


@write(Permission.TICKET_TAKE_IN, on="ticket", once=True)
def keep_history(*, actor: Actor, ticket: Ticket, history: TicketHistory) -> list[str]:
    """Note what is told of a ticket and is not known yet, step by step in its order; returns what was noted.

    Refused: by who neither has the ticket nor dispatched it; a call back by who may not call, or handled it; a return
    without reason; a step before the one before it or ahead; an answer to a call not all of which is told; an executor
    that dispatching would refuse; nothing new.
    """
    current = lock(ticket, "holder", "project")
    _require_teller(actor, current, history)
    _require_order(current, history)
    noted: list[str] = []
    rows: list[Row] = []
    for name, step in (("派单", _dispatch), ("联系", _contact), ("退回", _return), ("反馈", _answer), ("回访", _call)):
        made = step(current, history)
        if made is not None:
            noted.append(name)
            rows += made
    if not noted:
        raise TicketRefused(f"工单{current.number}没有可补记的办理情况。", code="nothing_new")
    record(
        event="ticket.history_kept",
        subject=current,
        facts={"number": current.number, "what": "、".join(noted)},
        rows=rows,
    )
    return noted


def _require_teller(actor: Actor, ticket: Ticket, history: TicketHistory) -> None:
    """Refuse whoever tells what is not its own to tell: the rights of the pages hold for lists and platforms too."""
    above = actor.is_system or actor.role in (Role.CITY, Role.DISTRICT)
    if not above and actor.organisation_id not in (ticket.holder_id, dispatcher_before(ticket).pk):
        raise TicketRefused(f"工单{ticket.number}由{ticket.holder}办理，其办理情况不由本单位补记。", code="not_holder")
    if history.called_at is None:
        return
    if not actor.can(Permission.TICKET_CALL_BACK):
        raise TicketRefused(
            f"回访由工作专班登记，{actor.organisation_name or actor.role.label}不能补记回访。请删去回访各项。",
            code="no_power", field="called_at",
        )  # fmt: skip
    if actor.person_id is not None:
        require_another(actor, ticket)


def _require_order(ticket: Ticket, history: TicketHistory) -> None:
    told = (
        ("来电时间", ticket.received_at), ("派单时间", history.dispatched_at), ("联系时间", history.contacted_at),
        ("反馈时间", history.answered_at), ("回访时间", history.called_at),
    )  # fmt: skip
    earlier, label = ticket.received_at, "来电时间"
    fields = {
        "派单时间": "dispatched_at",
        "联系时间": "contacted_at",
        "反馈时间": "answered_at",
        "回访时间": "called_at",
    }
    for name, at in told[1:]:
        if at is None:
            continue
        if at < earlier:
            said = f"{earlier.astimezone(SHANGHAI):%Y-%m-%d %H:%M}"
            raise TicketRefused(f"{name}早于{label}{said}。请核对时间。", field=fields[name], code="impossible")
        if at > current_act().recorded_at:
            raise TicketRefused(f"{name}尚未到来。请核对时间。", field=fields[name], code="impossible")
        if name != "联系时间":
            earlier, label = at, name
    if (history.returned_at is not None) != bool(history.return_reason.strip()):
        field = "returned_at" if history.returned_at is None else "return_reason"
        raise TicketRefused("退回须同时写明退回时间和退回原因。", field=field)


def _dispatch(ticket: Ticket, history: TicketHistory) -> list[Row] | None:
    if history.lead is None or ticket.state not in (TicketState.WAITING, TicketState.RETURNED):
        return None
    for organisation in (history.lead, *history.assists):
        require_executor(ticket, organisation)
    rows = go_on(ticket, TicketEvent.DISPATCH, history.lead)
    rows += assign(ticket, history.lead, history.assists, at=history.dispatched_at)
    note_act(ticket, TicketEvent.DISPATCH, f"主办：{history.lead}", at=history.dispatched_at)
    return rows


def _contact(ticket: Ticket, history: TicketHistory) -> list[Row] | None:
    part = ticket.executors.filter(is_lead=True, ended_at__isnull=True, contacted_at__isnull=True).first()
    if history.contacted_at is None or part is None:
        return None
    before = values_of(part, EXECUTOR)
    part.contacted_at = history.contacted_at
    part.save(update_fields=["contacted_at"])
    note_act(ticket, TicketEvent.CONTACT, "", at=history.contacted_at, part=part)
    return Row.if_changed(part, before)


def _return(ticket: Ticket, history: TicketHistory) -> list[Row] | None:
    if history.returned_at is None or ticket.state != TicketState.IN_HAND:
        return None
    part = ticket.executors.get(is_lead=True, ended_at__isnull=True)
    cost = max(0, int((history.returned_at - part.starts_at).total_seconds() // 60))
    rows = go_on(ticket, TicketEvent.RETURN, dispatcher_before(ticket))
    rows += end_parts(ticket, ExecutorEnd.RETURNED, at=history.returned_at)
    lay_on_desk(ticket, "重派", ticket.holder)
    note_act(ticket, TicketEvent.RETURN, history.return_reason, minutes=cost, at=history.returned_at)
    return rows


def _answer(ticket: Ticket, history: TicketHistory) -> list[Row] | None:
    if history.answered_at is None or ticket.state != TicketState.IN_HAND:
        return None
    rows = go_on(ticket, TicketEvent.ANSWER, dispatcher_before(ticket))
    rows += end_parts(ticket, ExecutorEnd.ANSWERED, at=history.answered_at)
    lay_on_desk(ticket, "回访", ticket.holder)
    note_act(ticket, TicketEvent.ANSWER, history.answer, at=history.answered_at)
    return rows


def _call(ticket: Ticket, history: TicketHistory) -> list[Row] | None:
    if history.called_at is None or ticket.state not in (TicketState.ANSWERED, TicketState.DONE):
        return None
    if ticket.call_backs.filter(called_at=history.called_at).exists():
        return None
    three = (history.responded, history.solved)
    if history.is_reached and (None in three or history.satisfied not in Satisfaction.values):
        raise TicketRefused("回访接通的，须填写是否联系、是否解决、是否满意三项。", field="satisfied")
    round_asked = ticket.round
    answers = {"responded": history.responded, "solved": history.solved, "satisfied": history.satisfied}
    if not history.is_reached:
        event = TicketEvent.NOT_REACHED
    else:
        event = TicketEvent.SOLVED if history.solved else TicketEvent.NOT_SOLVED
    if event is TicketEvent.NOT_SOLVED:
        rows = reopen(ticket, history.called_at)
    elif ticket.state == TicketState.DONE:
        rows = []  # asked once more after it was closed: the answers count, the state stays
    else:
        rows = go_on(ticket, event)
    if event is TicketEvent.SOLVED:
        inbox.settle(source(ticket))
    call = CallBack.objects.create(
        ticket=ticket, called_at=history.called_at, is_reached=history.is_reached, round=round_asked,
        recorded_at=current_act().recorded_at,
        act_id=current_act().id, **(answers if history.is_reached else {}),
    )  # fmt: skip
    note_act(ticket, event, "", at=history.called_at)
    return [Row.added(call, "ticket_id", "called_at", "is_reached", "responded", "solved", "satisfied", "round"), *rows]
