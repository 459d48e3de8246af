"""How a ticket is handled, for its page: its clock, its executors, what was done and said, what may be done."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Q, QuerySet

from projects.casework.selectors.calendar import calendar_of
from projects.gates.selectors.building import Explanation
from projects.gates.selectors.matrix import Matrix, matrix_of
from projects.leads.models import CallBack, Ticket, TicketAct, TicketExecutor, TicketSpan
from projects.leads.selectors.texts import ACT
from projects.ledger.models import Building
from projects.progress.selectors import explained
from registry.accounts.choices import OrganisationKind
from registry.accounts.models import Organisation
from registry.kernel.authority import Actor, Permission, Role
from registry.kernel.clocks import Turn, read_clock, split_segments
from registry.kernel.masking import scrub
from registry.kernel.tickets import OPEN, TicketEvent, TicketState, TimeClass
from registry.store.clock import shanghai_day
from registry.store.crypto import decrypt

NO_EXECUTORS = (OrganisationKind.DEVELOPER, OrganisationKind.AUDIT, OrganisationKind.OPERATIONS)


@dataclass(frozen=True)
class ActLine:
    """One thing done about a ticket, its words opened and scrubbed of numbers."""

    act: TicketAct
    text: str
    lost: str


@dataclass(frozen=True)
class TicketClock:
    """How much of its limit a ticket has used, in the words of its class."""

    used: str
    late: bool


@dataclass(frozen=True)
class Answer:
    """What may be told to the caller: the prepared words of the home, or where its building stands."""

    explanation: Explanation | None
    matrix: Sequence[Matrix]
    heading: str


def executors_of(ticket: Ticket) -> list[TicketExecutor]:
    """Return every part of every round, the latest round first. One query."""
    parts = ticket.executors.select_related("organisation").order_by("-round", "-id")
    return list(parts)


def call_backs_of(ticket: Ticket) -> list[CallBack]:
    """Return the calls back, the latest first. One query."""
    return list(ticket.call_backs.order_by("-called_at", "-id"))


def acts_of(ticket: Ticket) -> list[ActLine]:
    """Return what was done, the latest first. One query."""
    lines = []
    for act in ticket.acts.select_related("organisation", "person").order_by("-id"):
        text = scrub(decrypt(act.text, ACT)) if act.text else ""
        is_return = act.event == TicketEvent.RETURN
        lines.append(ActLine(act, text, f"第{act.round}轮，历时{act.workdays}个工作日" if is_return else ""))
    return lines


def clock_of_ticket(ticket: Ticket, now: datetime) -> TicketClock:
    """Return how much of its limit a ticket has used by a moment. Two queries for a class of days, none for hours.

    A return does not restart it; while it waits for the call back, or is done, it stands.
    """
    spans = [] if not TimeClass(ticket.time_class).workdays else list(ticket.spans.order_by("ordinal"))
    last = max((span.starts_at for span in spans if span.state == TicketState.ANSWERED), default=None)
    stopped = last if last is not None and ticket.state not in (TicketState.IN_HAND, TicketState.RETURNED) else now
    late = ticket.state in (TicketState.WAITING, TicketState.IN_HAND, TicketState.RETURNED) and now > ticket.due_at
    if not spans:
        hours = max(0, int((now - ticket.received_at).total_seconds() // 3600))
        return TicketClock(f"自来电已{hours}小时，时限{ticket.get_time_class_display()}", late)
    begins = _round_begins(spans)
    opened = shanghai_day(ticket.received_at if begins == 0 else spans[begins].starts_at)
    turns = [Turn(opened, spans[begins].holder_id)]
    turns += [Turn(max(opened, shanghai_day(span.starts_at)), span.holder_id) for span in spans[begins + 1 :]]
    segments = split_segments(turns, opened_on=opened)
    reading = read_clock(
        segments,
        allowed=TimeClass(ticket.time_class).workdays,
        on=max(opened, shanghai_day(stopped)),
        calendar=calendar_of(),
    )
    which = f"第{ticket.round}轮" if ticket.round > 1 else ""
    return TicketClock(f"{which}已用{reading.used}个工作日，时限{reading.allowed}个工作日", late)


def _round_begins(spans: Sequence[TicketSpan]) -> int:
    """The place of the stretch with which the round that runs began: the last that followed an answer or a closing."""
    closed = (TicketState.ANSWERED, TicketState.DONE)
    begun = [
        at for at in range(1, len(spans)) if spans[at].state == TicketState.IN_HAND and spans[at - 1].state in closed
    ]
    return begun[-1] if begun else 0


def answer_for(ticket: Ticket, *, on: date) -> Answer | None:
    """Return what is known of the caller's home or building; None while the ticket is matched to neither.

    Eighteen queries for a home, three for a building.
    """
    if ticket.project is None or ticket.building_id is None:
        return None
    building = Building.objects.filter(pk=ticket.building_id).first()
    blocks = matrix_of(ticket.project, [building] if building else [], [], on=on)
    explanation = explained(ticket.unit, on=on) if ticket.unit is not None else None
    return Answer(explanation, blocks, f"{building or ''}{ticket.unit or ''}")


def acts_open_to(actor: Actor, ticket: Ticket, parts: Sequence[TicketExecutor]) -> frozenset[str]:
    """Return which acts the actor may begin on a ticket as it stands. No query: `parts` are its executors."""
    state = TicketState(ticket.state)
    running = [part for part in parts if part.ended_at is None]
    own = next((part for part in running if part.organisation_id == actor.organisation_id), None)
    above = actor.role in (Role.CITY, Role.DISTRICT) or ticket.holder_id == actor.organisation_id
    open_acts: set[str] = set()
    if actor.can(Permission.TICKET_DISPATCH) and above and state in (TicketState.WAITING, TicketState.RETURNED):
        open_acts.add("dispatch")
    if actor.can(Permission.TICKET_ANSWER) and own is not None:
        open_acts |= {"contact", "return"} | ({"answer"} if own.is_lead else set())
    handled = any(part.organisation_id == actor.organisation_id and part.round == ticket.round for part in parts)
    called = state in (TicketState.ANSWERED, TicketState.DONE)
    if actor.can(Permission.TICKET_CALL_BACK) and called and not handled:
        open_acts.add("call-back")
    may_leave = state in (*OPEN, TicketState.DONE)
    if actor.can(Permission.TICKET_ANSWER) and may_leave and (own is not None or handled or above):
        open_acts.add("exclude")
    if actor.can(Permission.TICKET_EXCLUDE) and state is TicketState.EXCLUDED:
        open_acts.add("restore")
    return frozenset(open_acts)


def executors_for(ticket: Ticket) -> "QuerySet[Organisation]":
    """Return who may handle a ticket: organs of its district and of the city. No query yet."""
    district = ticket.project.district_code if ticket.project is not None else ticket.district_code
    organs: QuerySet[Organisation] = Organisation.objects.filter(is_active=True).exclude(kind__in=NO_EXECUTORS)
    if district:
        organs = organs.filter(Q(area_code__startswith=district) | Q(area_code=""))
    return organs.order_by("area_code", "code")


def next_in_queue(actor: Actor, ticket: Ticket) -> str:
    """Return the number of what lies next with the actor's organisation by its day; "" if none. One query."""
    if actor.organisation_id is None:
        return ""
    mine = Ticket.objects.visible_to(actor).of_holder(actor.organisation_id).filter(state__in=OPEN)
    later = Q(due_at__gt=ticket.due_at) | Q(due_at=ticket.due_at, pk__gt=ticket.pk)
    following = mine.filter(later).order_by("due_at", "id").values_list("number", flat=True).first()
    return str(following or "")
