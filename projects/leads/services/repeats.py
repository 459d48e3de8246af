"""Repeat callers: tickets of one caller about one project are one demand (诉求), each a ticket (件) all the same."""

from projects.leads.models import Ticket
from registry.store.acts import within_act


@within_act
def join_repeats(index: bytes | memoryview | None, project_id: int | None) -> None:
    """Let the tickets of a telephone number about a project repeat the earliest of them. Without a number none is told.

    Called again whenever one of them comes to the project or leaves it. Two queries, one more for each that changes.
    """
    if index is None or project_id is None:
        return
    same = Ticket.objects.filter(caller_phone_index=bytes(index), project_id=project_id)
    tickets = list(same.order_by("received_at", "id"))
    for place, ticket in enumerate(tickets):
        first = None if place == 0 else tickets[0].pk
        if ticket.repeats_id != first:
            ticket.repeats_id = first
            ticket.save(update_fields=["repeats"])
