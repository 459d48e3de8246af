"""Who has tickets of a project to handle: whoever has work in a project sees it."""

from collections.abc import Sequence

from projects.leads.models import TicketExecutor
from projects.ledger.selectors.work import Pairs, Work


def running_tickets(projects: Sequence[int] | None) -> Pairs:
    """Return who has a ticket of a project in hand. One query."""
    running = TicketExecutor.objects.filter(ended_at__isnull=True, ticket__project__isnull=False)
    if projects is not None:
        running = running.filter(ticket__project_id__in=projects)
    return running.values_list("ticket__project_id", "organisation_id").distinct()


WORK = (Work("tickets", "12345工单在其办理", running_tickets),)
