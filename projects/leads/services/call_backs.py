"""Call-backs: whoever rang is asked three things; not solved opens the ticket again."""

from datetime import datetime
from typing import Final

from projects.casework.selectors.calendar import calendar_of
from projects.leads.choices import ExecutorEnd, Satisfaction
from projects.leads.models import CallBack, Ticket
from projects.leads.services.handling import assign, dispatcher_before, note_act, source
from projects.leads.services.spans import go_on
from registry.accounts.services import inbox
from registry.audit.recording import record
from registry.kernel.authority import Actor, Permission
from registry.kernel.tickets import TicketEvent, TicketRefused, TimeClass, deadline
from registry.store.acts import Row, current_act, values_of, within_act, write
from registry.store.locks import lock
from registry.store.second import by_row

HANDLED: Final = (TicketEvent.CONTACT, TicketEvent.ANSWER)
TOLD = ("called_at", "is_reached", "responded", "solved", "satisfied", "round")


CALLING_BACK: Final = by_row(
    "办理和回访", "handlers", same="本人办理过这件工单，不能回访。请由工作专班另一名人员回访。"
)


@write(Permission.TICKET_CALL_BACK, on="ticket", once=True, second_person=CALLING_BACK)
def call_back_ticket(
    *, actor: Actor, ticket: Ticket, called_at: datetime, is_reached: bool, responded: bool | None = None,
    solved: bool | None = None, satisfied: str = "", remark: str = "",
) -> CallBack:  # fmt: skip
    """Note a call back: not reached, or whether somebody spoke with the caller, whether it is solved, how satisfied.

    Solved closes the ticket; not solved opens it again for the same executors, one round on, with the limit of its
    class from the call. Refused: by an organisation or a person that handled it; a time ahead or before the answer; one
    of the three answers missing.
    """
    current = lock(ticket, "holder", "project")
    require_another(actor, current)
    act = current_act()
    if called_at > act.recorded_at:
        raise TicketRefused("回访时间尚未到来。请填写实际回访的时间。", field="called_at")
    if called_at < current.received_at:
        raise TicketRefused("回访时间早于来电时间。请核对。", field="called_at")
    if is_reached and (responded is None or solved is None or satisfied not in Satisfaction.values):
        raise TicketRefused("回访接通的，须填写是否联系、是否解决、是否满意三项。", field="satisfied")
    answers = {"responded": responded, "solved": solved, "satisfied": satisfied} if is_reached else {}
    if not is_reached:
        event = TicketEvent.NOT_REACHED
    else:
        event = TicketEvent.SOLVED if solved else TicketEvent.NOT_SOLVED
    round_asked = current.round
    rows = reopen(current, called_at) if event is TicketEvent.NOT_SOLVED else go_on(current, event)
    if event is TicketEvent.SOLVED:
        inbox.settle(source(current))
    call: CallBack = CallBack.objects.create(
        ticket=current,
        called_at=called_at,
        is_reached=is_reached,
        round=round_asked,
        recorded_at=act.recorded_at,
        act_id=act.id,
        **answers,
    )
    note_act(current, event, remark)
    record(
        event="ticket.called_back",
        subject=current,
        facts={"number": current.number, "result": event.label},
        rows=[Row.added(call, "ticket_id", *TOLD), *rows],
    )
    return call


def require_another(actor: Actor, ticket: Ticket) -> None:
    """Refuse who handled a ticket in this round: its organisation, and that person in any role. Two queries."""
    if ticket.executors.filter(organisation_id=actor.organisation_id or 0, round=ticket.round).exists():
        raise TicketRefused("承办单位不能回访自己办理的工单。请由派单的工作专班回访。", code="own_ticket")
    done = ticket.acts.filter(round=ticket.round, event__in=HANDLED, person__isnull=False)
    CALLING_BACK.require(actor, handlers=list(done.values_list("person_id", flat=True)))


@within_act
def reopen(ticket: Ticket, called_at: datetime) -> list[Row]:
    """Open a ticket again: the executors of the round before, one round on; where there were none, to be dispatched."""
    parts = list(
        ticket.executors.filter(round=ticket.round).exclude(outcome=ExecutorEnd.RETURNED).select_related("organisation")
    )
    lead = next((part.organisation for part in parts if part.is_lead), None) or dispatcher_before(ticket)
    assists = [part.organisation for part in parts if not part.is_lead and part.organisation_id != lead.pk]
    rows = go_on(ticket, TicketEvent.NOT_SOLVED, lead)
    before = values_of(ticket, ("round", "due_at"))
    ticket.round, ticket.due_at = ticket.round + 1, deadline(TimeClass(ticket.time_class), called_at, calendar_of())
    ticket.save(update_fields=["round", "due_at"])
    return [*rows, *Row.if_changed(ticket, before), *assign(ticket, lead, assists)]
