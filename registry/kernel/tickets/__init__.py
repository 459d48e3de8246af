"""Tickets of a hotline: the life of one, its limit, and what was said in plain text. No framework, no clock."""

from registry.kernel.tickets.limits import TimeClass, deadline
from registry.kernel.tickets.matters import other_matter, other_place
from registry.kernel.tickets.moments import read_moment
from registry.kernel.tickets.states import CLOSED, OPEN, TicketEvent, TicketRefused, TicketState, next_state
from registry.kernel.tickets.text import is_number, plain_text

__all__ = [
    "CLOSED",
    "OPEN",
    "TicketEvent",
    "TicketRefused",
    "TicketState",
    "TimeClass",
    "deadline",
    "is_number",
    "next_state",
    "other_matter",
    "other_place",
    "plain_text",
    "read_moment",
]
