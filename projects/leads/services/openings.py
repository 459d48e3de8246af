"""Calls to those who rang, once their building is open: what came of each."""

from projects.leads.models import OpeningCall, Ticket
from projects.leads.selectors.call_order import call_list
from projects.leads.selectors.texts import OPENING
from registry.audit.recording import record
from registry.kernel.authority import Actor, Permission
from registry.kernel.tickets import TicketRefused
from registry.store.acts import Row, current_act, write
from registry.store.crypto import encrypt
from registry.store.locks import lock


@write(Permission.TICKET_ANSWER, on="ticket", once=True)
def note_opening_call(*, actor: Actor, ticket: Ticket, is_reached: bool, text: str) -> OpeningCall:
    """Note that a caller was told that the building is open, or was not reached.

    Refused: the ticket is on no list of an open building; told already; nothing said.
    """
    current = lock(ticket, "project")
    act = current_act()
    if not text.strip():
        raise TicketRefused("未填写告知情况。请写明告知的内容和诉求人的意见。", field="text")
    listed = call_list(actor, current.project, on=act.today) if current.project is not None else None
    caller = next((row for row in listed.callers if row.ticket.pk == current.pk), None) if listed else None
    if caller is None:
        raise TicketRefused(f"工单{current.number}所在楼栋尚不能办证，不在告知名单内。", code="not_open")
    if caller.is_told:
        raise TicketRefused(f"工单{current.number}的诉求人已告知，不重复登记。", code="told")
    call: OpeningCall = OpeningCall.objects.create(
        ticket=current, called_at=act.recorded_at, is_reached=is_reached, text=encrypt(text.strip(), OPENING),
        organisation_id=actor.organisation_id, act_id=act.id,
    )  # fmt: skip
    record(
        event="ticket.opening_told",
        subject=current,
        facts={"number": current.number, "result": "已告知" if is_reached else "未接通"},
        rows=[Row.added(call, "ticket_id", "called_at", "is_reached")],
    )
    return call
