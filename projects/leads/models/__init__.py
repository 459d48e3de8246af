"""Models of the leads, one file per aggregate."""

from projects.leads.models.handling import CallBack, TicketAct, TicketExecutor, TicketSpan
from projects.leads.models.openings import OpeningCall
from projects.leads.models.proposals import TicketProposal
from projects.leads.models.tickets import Ticket, TicketMatch

__all__ = [
    "CallBack", "OpeningCall", "Ticket", "TicketAct", "TicketExecutor", "TicketMatch", "TicketProposal", "TicketSpan",
]  # fmt: skip
