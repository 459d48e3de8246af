"""Tickets go with their buildings when a project is split, and their repeats are told anew when two are made one."""

from collections.abc import Sequence

from django.db.models import Count

from projects.leads.models import Ticket
from projects.leads.services.handling import see_project
from projects.leads.services.openings import source_of
from projects.leads.services.proposals import ask_to_match
from projects.leads.services.repeats import join_repeats
from projects.ledger.models import Project
from registry.accounts.services import inbox
from registry.store.acts import within_act


@within_act
def tickets_part(*, source: Project, made: Project, building_ids: Sequence[int]) -> None:
    """Take the tickets of buildings that leave along into the new project: what was decided of them stands."""
    gone = list(Ticket.objects.filter(project=source, building__in=building_ids).order_by("id"))
    for ticket in gone:
        ticket.project = made
        ticket.repeats = None
        ticket.save(update_fields=["project", "repeats"])
        see_project(ticket, made)
    for index in {bytes(ticket.caller_phone_index) for ticket in gone if ticket.caller_phone_index}:
        join_repeats(index, source.pk)
        join_repeats(index, made.pk)
    ask_to_match()


@within_act
def tickets_join(*, project: Project) -> None:
    """Let the tickets of one caller repeat the earliest, now that two projects are one. One query for each caller.

    The call list of what was absorbed leaves its desk: its callers stand on the list of the whole from now on.
    """
    for absorbed in Project.objects.filter(merged_into=project):
        inbox.settle(source_of(absorbed))
    of_callers = Ticket.objects.filter(project=project, caller_phone_index__isnull=False).order_by()
    several = of_callers.values("caller_phone_index").annotate(n=Count("id")).filter(n__gt=1)
    for index in several.values_list("caller_phone_index", flat=True):
        join_repeats(bytes(index), project.pk)
    ask_to_match()
