"""How tickets are found from the search box: by their number, by those who handle them."""

import re
from typing import Final

from django.urls import reverse

from projects.leads.selectors.tickets import tickets_for
from registry.kernel.authority import Actor, Permission
from registry.web.search import SHOWN, Group, Hit, Question, SearchSource

NUMBER: Final = re.compile("[A-Za-z0-9_/-]*[0-9][A-Za-z0-9_/-]*")  # what may be the number of a ticket
SHORTEST: Final = 3


def find_tickets(actor: Actor, question: Question) -> Group | None:
    """Find tickets by the beginning of their number. Nothing of a caller is looked for or shown. One query."""
    text = "".join(question.text.split())
    if len(text) < SHORTEST or not NUMBER.fullmatch(text):
        return None
    rows = list(tickets_for(actor).numbered(text).order_by("number")[: SHOWN + 1])  # type: ignore[attr-defined]
    hits = tuple(
        Hit(
            ticket.number,
            reverse("leads:ticket", args=[ticket.number]),
            tuple(str(part) for part in (ticket.project, ticket.holder) if part),
            ticket.get_state_display(),
        )
        for ticket in rows[:SHOWN]
    )
    return Group("12345工单", hits, len(rows), is_capped=len(rows) > SHOWN)


SEARCH = (SearchSource("ticket", 80, Permission.TICKET_READ, find_tickets),)
