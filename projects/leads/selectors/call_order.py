"""Whom to tell once a building is open: those who rang first come first (F17); to others an order of homes alone.

A home's place says nothing of calls to whoever sees the order: every home that may go on stands in it.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from projects.gates.selectors.facts import facts_of
from projects.leads.choices import Matter
from projects.leads.models import OpeningCall, Ticket
from projects.ledger.models import Building, Project, Unit, UnitHolder
from projects.progress.selectors import explained
from registry.kernel.authority import Actor
from registry.kernel.gates import compute_gates
from registry.kernel.stages import Use
from registry.kernel.tickets import TicketState

LEFT: Final = (TicketState.OUT, TicketState.EXCLUDED)


@dataclass(frozen=True)
class Caller:
    """One demand of a building that has opened: who is to be called back, oldest first, with all of its tickets."""

    ticket: Ticket
    numbers: tuple[str, ...]
    since: datetime
    is_holder: bool
    call: OpeningCall | None

    @property
    def is_told(self) -> bool:
        """Whether the caller was reached since the building opened."""
        return self.call is not None and self.call.is_reached


@dataclass(frozen=True)
class CallList:
    """The callers of the buildings of a project that are open, and how many tickets they made."""

    callers: Sequence[Caller]
    tickets: int

    @property
    def waiting(self) -> list[Caller]:
        """Those not reached yet."""
        return [caller for caller in self.callers if not caller.is_told]


def ready_units(project: Project, *, on: date) -> dict[int, int]:
    """Return the homes that may be accepted on a day and are not, each with its building. Eleven queries."""
    facts = facts_of([project.pk])[project.pk]
    table = compute_gates(facts, on=on)
    ready = {
        unit: columns.id
        for columns, _, _ in facts.states(on)
        for unit in columns.units_of(table.buildings[columns.id].ready)
    }
    waiting = Unit.objects.filter(pk__in=ready, use=Use.DWELLING, certificate__in=("waiting", "notified"))
    return {key: ready[key] for key in waiting.values_list("pk", flat=True)}


def call_list(actor: Actor, project: Project, *, on: date, building: Building | None = None) -> CallList:
    """Return whom to call back about buildings that are open, oldest first: each caller once. Sixteen queries.

    A ticket matched to a home counts if that home may go on; one matched to a building if any of its homes may.
    """
    ready = ready_units(project, on=on)
    buildings = set(ready.values()) if building is None else {building.pk} & set(ready.values())
    rows = Ticket.objects.visible_to(actor).filter(project=project, building__in=buildings, matter=Matter.OURS)
    rows = rows.exclude(state__in=LEFT).select_related("building", "unit").order_by("received_at", "id")
    tickets = [ticket for ticket in rows if ticket.unit_id is None or ticket.unit_id in ready]
    by_caller: dict[int, list[Ticket]] = {}
    for ticket in tickets:
        by_caller.setdefault(ticket.repeats_id or ticket.pk, []).append(ticket)
    calls = {
        call.ticket_id: call for call in OpeningCall.objects.filter(ticket__in=tickets).order_by("called_at", "id")
    }
    holders = holders_of(tickets)
    callers = []
    for own in by_caller.values():
        call = next((calls[ticket.pk] for ticket in reversed(own) if ticket.pk in calls), None)
        is_holder = any(ticket.pk in holders for ticket in own)
        numbers = tuple(ticket.number for ticket in own)
        callers.append(Caller(own[0], numbers, own[0].received_at, is_holder, call))
    return CallList(callers, len(tickets))


def holders_of(tickets: Collection[Ticket]) -> set[int]:
    """Return the tickets whose caller holds the home that they are matched to, by number or by name. One query."""
    units = {ticket.unit_id for ticket in tickets if ticket.unit_id is not None}
    held: dict[int, set[bytes]] = {}
    rows = UnitHolder.objects.filter(unit__in=units, ended_act_id__isnull=True)
    for unit, phone, name in rows.values_list("unit_id", "holder__phone_index", "holder__name_index"):
        held.setdefault(unit, set()).update(bytes(index) for index in (phone, name) if index)
    return {
        ticket.pk
        for ticket in tickets
        if ticket.unit_id is not None
        and {bytes(index) for index in (ticket.caller_phone_index, ticket.caller_name_index) if index}
        & held.get(ticket.unit_id, set())
    }


def call_order(project: Project, *, on: date) -> list[int]:
    """Return the keys of the homes that may go on, in the order in which to tell them. Twelve queries.

    Those whose holder rang come first, oldest first, the others by building and place. Answers the port of the office:
    it is an order of homes, and nothing in it says who rang, or that anybody did.
    """
    ready = ready_units(project, on=on)
    rows = Ticket.objects.filter(project=project, unit__in=ready, matter=Matter.OURS).exclude(state__in=LEFT)
    tickets = list(rows.order_by("received_at", "id"))
    holders = holders_of(tickets)
    first = list(dict.fromkeys(ticket.unit_id for ticket in tickets if ticket.pk in holders and ticket.unit_id))
    rest = Unit.objects.filter(pk__in=ready).exclude(pk__in=first)
    return [*first, *rest.order_by("building__number_order", "building_id", "id").values_list("pk", flat=True)]


def words_for(ticket: Ticket, *, on: date) -> str:
    """Return the prepared answer for the home of a ticket; "" while it is matched to a building only."""
    return explained(ticket.unit, on=on).words if ticket.unit is not None else ""


def homes_in_order(project: Project, *, on: date) -> list[Unit]:
    """Return the homes in the order in which to tell them, as whoever notifies sees them."""
    keys = call_order(project, on=on)
    units = {unit.pk: unit for unit in Unit.objects.filter(pk__in=keys).select_related("building")}
    return [units[key] for key in keys]
