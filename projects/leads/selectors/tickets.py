"""Tickets as lists and pages read them, within an actor's reach."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Final

from django.db.models import Q, QuerySet

from projects.leads.choices import Channel, Matter
from projects.leads.models import Ticket, TicketMatch
from projects.leads.selectors.texts import short_text
from registry.accounts.selectors.areas import TOWNSHIP
from registry.accounts.selectors.settings import areas
from registry.kernel.authority import Actor, Role
from registry.kernel.errors import NotFound
from registry.kernel.tickets import TicketState, TimeClass
from registry.lists.orders import Order, by_heads, by_pinyin, ranked

ALL: Final = "all"
NOWHERE: Final = "none"  # tickets that say no township
MOST: Final = 10_000  # tickets that a list counts
STATES: Final = {
    ALL: "全部",
    "open": "未办结",
    "late": "逾期",
    "mine": "在本单位",
    "unmatched": "未匹配项目",
    **{state.value: state.label for state in TicketState},
}
TICKET_ORDERS: Final = (  # of the page and of its export
    Order("due", "期限在前", ("due_at", "id")),
    Order("newest", "最近来电", ("-received_at", "-id")),
    *by_heads(
        {
            "number": "number",
            "received_at": "received_at",
            "due_at": "due_at",
            "holder": by_pinyin("holder__name"),
            "state": ranked("state", TicketState),
            "time_class": ranked("time_class", TimeClass),
        },
        tie=("id",),
    ),
)


def tickets_for(actor: Actor) -> "QuerySet[Ticket]":
    """Return the tickets that the actor may see, with what a list shows. No query yet."""
    tickets: QuerySet[Ticket] = Ticket.objects.visible_to(actor).select_related("project", "building", "unit", "holder")
    return tickets


def tickets_chosen(actor: Actor, words: Mapping[str, Any], now: datetime) -> "QuerySet[Ticket]":
    """Return the tickets as filtered. No query yet."""
    tickets = tickets_for(actor)
    state = str(words.get("state", ""))
    if state in ("open", "late", "unmatched"):
        tickets = tickets.still_open()  # type: ignore[attr-defined]
    elif state == "mine":
        tickets = tickets.of_holder(actor.organisation_id)  # type: ignore[attr-defined]
    elif state and state != ALL:
        tickets = tickets.filter(state=state)
    if state == "late":
        tickets = tickets.filter(due_at__lt=now)
    if state == "unmatched":
        tickets = tickets.filter(project__isnull=True)
    for name in ("matter", "channel", "time_class"):
        if words.get(name):
            tickets = tickets.filter(**{name: words[name]})
    if town := words.get("township"):
        said = Q(project__isnull=True, township_code="" if town == NOWHERE else town)
        tickets = tickets.filter(said if town == NOWHERE else said | Q(project__township_code=town))
    if words.get("project") is not None:
        tickets = tickets.filter(project=words["project"])
    if words.get("q"):
        tickets = tickets.numbered("".join(str(words["q"]).split()))  # type: ignore[attr-defined]
    return tickets.order_by("due_at", "id")


def counted(tickets: "QuerySet[Ticket]") -> str:
    """Return how many there are, in words; beyond MOST only that there are more. One query, which stops there."""
    count = tickets.order_by()[: MOST + 1].count()
    return f"{MOST:,}件以上" if count > MOST else f"{count:,}件"


def with_default(actor: Actor, words: Mapping[str, Any]) -> dict[str, Any]:
    """Return what a list is narrowed by: if no state is asked for, what lies with one's own organisation, undone.

    Whoever has no tickets of its own to handle sees all that are not done.
    """
    given = {name: words[name] for name in words}
    own = "open" if actor.role in (Role.CITY, Role.AUDITOR) or actor.organisation_id is None else "mine"
    return {**given, "state": given.get("state") or own}


def ticket_choices() -> dict[str, list[tuple[str, str]]]:
    """Return what the list can be narrowed by. One query."""
    return {
        "state": list(STATES.items()),
        "matter": list(Matter.choices),
        "channel": list(Channel.choices),
        "time_class": [(each.value, each.label) for each in TimeClass],
        "township": [*areas(TOWNSHIP).order_by("code").values_list("code", "name"), (NOWHERE, "未定")],
    }


def ticket_by_number(actor: Actor, number: str) -> Ticket:
    """Find a ticket. One query."""
    ticket = tickets_for(actor).filter(number=number).first()
    if ticket is None:
        raise NotFound(f"没有工单{number}，或不在您的范围内。请核对工单编号。")
    return ticket


def with_words(tickets: Sequence[Ticket]) -> list[tuple[Ticket, str]]:
    """Return tickets each with the beginning of what was said, masked. No query."""
    return [(ticket, short_text(ticket)) for ticket in tickets]


def matches_of(ticket: Ticket) -> list[TicketMatch]:
    """Return what a ticket was matched to, the latest first. One query."""
    return list(ticket.matches.select_related("project", "building", "unit", "person").order_by("-id"))


def repeats_of(actor: Actor, ticket: Ticket) -> list[Ticket]:
    """Return the other tickets of the same caller about the same cause, in order. One query."""
    root = ticket.repeats_id or ticket.pk
    same = tickets_for(actor).filter(Q(pk=root) | Q(repeats=root)).exclude(pk=ticket.pk)
    return list(same.order_by("received_at", "id"))
