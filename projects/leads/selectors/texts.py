"""What a ticket says, opened from its seals: for whoever handles it, and masked for lists."""

import re
from dataclasses import dataclass
from typing import Final

from projects.leads.models import Ticket
from registry.kernel.masking import mask_name, scrub
from registry.store.crypto import decrypt

CALLER: Final = "ticket.caller_name"
PHONE: Final = "ticket.caller_phone"
TEXT: Final = "ticket.text"
ADDRESS: Final = "ticket.address"
ACT: Final = "ticket_act.text"
OPENING: Final = "opening_call.text"
SHOWN: Final = 60  # characters of what was said on a list
_NAMED: Final = re.compile("((?:我叫|我是|本人|姓名[:：]?|业主|户主)\\s*)([一-龥]{2,4})(?=[,，。；;、\\s（(]|$)")


@dataclass(frozen=True)
class Said:
    """The words of one ticket in clear: never on a list, a log or an export."""

    text: str
    address: str


def said_of(ticket: Ticket) -> Said:
    """Return what was said and where, in clear. No query."""
    return Said(decrypt(ticket.text, TEXT), decrypt(ticket.address, ADDRESS) if ticket.address else "")


def masked_text(ticket: Ticket) -> str:
    """Return what was said with numbers and names masked: the caller's, and whoever names himself. No query."""
    text = decrypt(ticket.text, TEXT)
    if ticket.caller_name and (name := decrypt(ticket.caller_name, CALLER)):
        text = text.replace(name, mask_name(name))
    return scrub(_NAMED.sub(lambda match: match[1] + mask_name(match[2]), text))


def short_text(ticket: Ticket) -> str:
    """Return the beginning of what was said, masked, in one line. No query."""
    line = " ".join(masked_text(ticket).split())
    return line if len(line) <= SHOWN else f"{line[: SHOWN - 1]}…"
