"""Models of the leads, one file per aggregate."""

from projects.leads.models.handling import TicketSpan
from projects.leads.models.tickets import Ticket, TicketMatch

__all__ = ["Ticket", "TicketMatch", "TicketSpan"]
