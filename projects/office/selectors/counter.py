"""The counter's own day: who waits, who has an appointment, what was done since the morning."""

from dataclasses import dataclass
from datetime import date

from projects.ledger.models import Project
from projects.office.choices import PaperState, TicketState
from projects.office.models import Booking, MadeCertificate, QueueTicket, Visit, VisitHome
from projects.office.selectors.queue import bookings_on, tickets_of

SHOWN = 6


@dataclass(frozen=True)
class CounterDay:
    """What stands beside the field of the counter."""

    waiting: list[QueueTicket]
    waits: int
    bookings: list[Booking]
    families: int
    at_once: int
    collected: int
    issued: int


def counter_day(project: Project, *, on: date) -> CounterDay:
    """Read the day of a counter: the queue, the appointments to come, families seen, homes completed, certificates
    handed over. Six queries.

    A family is served at once if nothing lacked at its first visit.
    """
    waiting = [ticket for ticket in tickets_of(project, on=on) if ticket.state == TicketState.WAITING]
    visits = Visit.objects.filter(unit__building__project=project, came_on=on, withdrawn_act_id__isnull=True)
    lacking = VisitHome.objects.filter(visit__in=visits, papers__state=PaperState.LACKS).values("visit_id")
    return CounterDay(
        waiting=waiting[:SHOWN],
        waits=len(waiting),
        bookings=[booking for booking in bookings_on(project, on=on) if not booking.ended_as],
        families=visits.count(),
        at_once=visits.filter(ordinal=1).exclude(pk__in=lacking).count(),
        collected=VisitHome.objects.filter(visit__in=visits, is_moved=True).count(),
        issued=MadeCertificate.objects.filter(unit__building__project=project, hand_over__handed_on=on).count(),
    )
