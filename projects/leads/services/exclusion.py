"""剔除: a ticket leaves what is scored, by two persons and with its reason, and may come back."""

from typing import Final

from projects.leads.choices import ExecutorEnd
from projects.leads.models import Ticket
from projects.leads.services.handling import assign, end_parts, lay_on_desk, note_act, source
from projects.leads.services.spans import go_on, state_before
from registry.accounts.services import inbox
from registry.audit.recording import record
from registry.kernel.authority import Actor, Permission
from registry.kernel.tickets import TicketEvent, TicketRefused, TicketState
from registry.store.acts import write
from registry.store.locks import lock
from registry.store.second import FirstPerson, always

EXCLUDE: Final = "ticket.exclude"


@write(Permission.TICKET_EXCLUDE, on="ticket", second_person=always("剔除"))
def exclude_ticket(*, actor: Actor, ticket: Ticket, reason: str, first: FirstPerson | None = None) -> Ticket:
    """Exclude a ticket from what is scored, for a reason that another person laid down. Its parts end with it."""
    current = lock(ticket, "holder")
    rows = go_on(current, TicketEvent.EXCLUDE)
    rows += end_parts(current, ExecutorEnd.CLOSED)
    inbox.settle(source(current))
    note_act(current, TicketEvent.EXCLUDE, reason)
    record(
        event="ticket.excluded",
        subject=current,
        facts={"number": current.number, "proposer": first.name if first is not None else ""},
        reason=reason,
        rows=rows,
    )
    return current


@write(Permission.TICKET_EXCLUDE, on="ticket", once=True)
def restore_ticket(*, actor: Actor, ticket: Ticket, reason: str) -> Ticket:
    """Bring an excluded ticket back to the state that it had, with its executors. Refused: no reason; not excluded."""
    current = lock(ticket, "holder", "project")
    if not reason.strip():
        raise TicketRefused("未填写恢复原因。", field="reason")
    before = state_before(current)
    ended = list(
        current.executors.filter(round=current.round, outcome=ExecutorEnd.CLOSED)
        .order_by("id")
        .select_related("organisation")
    )
    rows = go_on(current, TicketEvent.RESTORE)
    if before is TicketState.IN_HAND:
        latest = max((part.ended_at for part in ended), default=None)
        parts = [part for part in ended if part.ended_at == latest]
        lead = next(part.organisation for part in parts if part.is_lead)
        rows += assign(current, lead, [part.organisation for part in parts if not part.is_lead])
    elif before in (TicketState.WAITING, TicketState.RETURNED):
        lay_on_desk(current, "派单", current.holder)
    elif before is TicketState.ANSWERED:
        lay_on_desk(current, "回访", current.holder)
    note_act(current, TicketEvent.RESTORE, reason)
    record(event="ticket.restored", subject=current, facts={"number": current.number}, reason=reason, rows=rows)
    return current
