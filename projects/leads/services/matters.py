"""Tickets of other matters: kept out, or taken up again, by a person who says why."""

from projects.leads.choices import ExecutorEnd, Matter
from projects.leads.models import Ticket
from projects.leads.services.handling import end_parts, note_act, put_on_desk, source
from projects.leads.services.spans import go_on
from registry.accounts.services import inbox
from registry.audit.recording import record
from registry.kernel.authority import Actor, Permission
from registry.kernel.tickets import TicketEvent, TicketRefused
from registry.store.acts import Row, values_of, write
from registry.store.locks import lock

TOLD = ("matter", "matter_rule")


@write(Permission.TICKET_MATCH, on="ticket", once=True)
def keep_out_ticket(*, actor: Actor, ticket: Ticket, reason: str) -> Ticket:
    """Find that a ticket is of another matter: it stays in the books with the reason. Refused: no reason; answered."""
    return _judge(actor, ticket, Matter.OTHER, TicketEvent.KEEP_OUT, reason)


@write(Permission.TICKET_MATCH, on="ticket", once=True)
def take_up_ticket(*, actor: Actor, ticket: Ticket, reason: str) -> Ticket:
    """Find that a ticket that was kept out is ours: it waits for dispatch, its limit as it was. Refused: no reason."""
    return _judge(actor, ticket, Matter.OURS, TicketEvent.TAKE_UP, reason)


def _judge(actor: Actor, ticket: Ticket, matter: Matter, event: TicketEvent, reason: str) -> Ticket:
    current = lock(ticket, "holder", "project")
    if not reason.strip():
        raise TicketRefused("未填写理由。请写明认定的依据。", field="reason")
    before = values_of(current, TOLD)
    rows = go_on(current, event)
    rows += end_parts(current, ExecutorEnd.CLOSED)
    inbox.settle(source(current))
    if event is TicketEvent.TAKE_UP:
        put_on_desk(current, "派单", current.holder)
    note_act(current, event, reason)
    who = "人工" if actor.person_id is not None else "规则"
    current.matter, current.matter_rule = matter, f"{who}：{reason.strip()}"[:300]
    current.save(update_fields=["matter", "matter_rule"])
    record(
        event="ticket.kept_out" if matter is Matter.OTHER else "ticket.taken_up",
        subject=current,
        facts={"number": current.number},
        reason=current.matter_rule,
        rows=[*rows, *Row.if_changed(current, before)],
    )
    return current
