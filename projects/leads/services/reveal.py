"""Who rang, in clear: the record is written first, with the reason; within the limits that hold for holders."""

from dataclasses import dataclass

from projects.leads.models import Ticket
from projects.leads.selectors.texts import CALLER, PHONE, said_of
from projects.ledger.services.reveal import RevealRefused, count_one_more
from registry.audit.recording import record
from registry.kernel.authority import Actor, Permission
from registry.kernel.reasons import ASKED, is_substantial
from registry.store.acts import write
from registry.store.crypto import decrypt


@dataclass(frozen=True)
class RevealedCaller:
    """The clear data of one ticket. Shown once, stored nowhere."""

    name: str
    phone: str
    text: str


@write(Permission.TICKET_ANSWER, on="ticket")
def reveal_caller(*, actor: Actor, ticket: Ticket, reason: str) -> RevealedCaller:
    """Show whoever handles a ticket who rang, and what was said as it was said. Auditors and developers never.

    Refused: a reason that says nothing; more in a day than a person may.
    """
    if not is_substantial(reason):
        raise RevealRefused(f"请写明查看完整信息的事由，{ASKED}，如：联系诉求人答复办理情况。", field="reason")
    count_one_more(actor)
    record(
        event="person.revealed",
        subject=ticket,
        facts={"what": "诉求人姓名、电话和诉求原文"},
        reason=reason,
    )
    return RevealedCaller(
        decrypt(ticket.caller_name, CALLER) if ticket.caller_name else "",
        decrypt(ticket.caller_phone, PHONE) if ticket.caller_phone else "",
        said_of(ticket).text,
    )
