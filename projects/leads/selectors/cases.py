"""The tickets that are scored in a period, as known at a moment: by whom, in time or not, what was answered."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final

from django.db.models import QuerySet

from projects.leads.choices import ExecutorEnd
from projects.leads.models import CallBack, Ticket, TicketAct, TicketExecutor, TicketMatch, TicketSpan
from projects.ledger.selectors.history import Homes, versions_on
from registry.kernel.authority import Actor
from registry.kernel.periods import Period, midnight_before
from registry.kernel.tickets import TicketEvent, TicketState
from registry.kernel.tickets.rates import Case

PORTION: Final = 5000
UNSCORED: Final = (TicketState.OUT, TicketState.EXCLUDED)


@dataclass(frozen=True)
class Part:
    """One organisation's part in a ticket: by when it had to speak with the caller, when it did."""

    organisation_id: int
    is_lead: bool
    in_time: bool | None


@dataclass(frozen=True)
class ScoredTicket:
    """One ticket of a period, as it counts for its project, place and executors; `in_time` is of the ticket.

    Its clock does not restart with a return: the first dispatch says by when the caller is to be spoken with.
    """

    key: int
    number: str
    received_at: datetime
    category: str
    project_id: int | None
    district_code: str
    township_code: str
    parts: tuple[Part, ...]
    in_time: bool | None
    responded: bool | None
    solved: bool | None
    satisfied: str
    is_repeat: bool
    is_late: bool
    state: str

    def case(self, in_time: bool | None) -> Case:
        """Return how it counts for a unit that spoke with the caller in time, or not."""
        return Case(self.key, in_time, self.responded, self.solved, self.satisfied, self.is_repeat, self.is_late)


def scored_tickets(
    actor: Actor, period: Period, *, now: datetime, known_at: datetime | None = None
) -> tuple[list[ScoredTicket], list[ScoredTicket]]:
    """Return the tickets first dispatched in a period that count, and those excluded or of another matter.

    As known at a moment (None: now). `now` is when contacts fall due. Eight queries for each 5,000 tickets, two more.
    """
    seen_at = now if known_at is None else min(now, known_at)
    starts, ends = midnight_before(period.starts), midnight_before(period.ends)
    begun = _known(TicketExecutor.objects.filter(starts_at__gte=starts, starts_at__lt=ends), known_at)
    keys = sorted(set(begun.values_list("ticket_id", flat=True)))
    counted: list[ScoredTicket] = []
    left: list[ScoredTicket] = []
    for at in range(0, len(keys), PORTION):
        for ticket in _portion(actor, keys[at : at + PORTION], starts, seen_at, known_at, period.last):
            (left if ticket.state in UNSCORED else counted).append(ticket)
    return counted, left


def _portion(
    actor: Actor, keys: Sequence[int], starts: datetime, seen_at: datetime, known_at: datetime | None, on: date
) -> Iterable[ScoredTicket]:
    tickets = {ticket.pk: ticket for ticket in Ticket.objects.visible_to(actor).filter(pk__in=keys)}
    parts: dict[int, list[TicketExecutor]] = defaultdict(list)
    for part in _known(TicketExecutor.objects.filter(ticket__in=tickets), known_at).order_by("starts_at", "id"):
        parts[part.ticket_id].append(part)
    own = [key for key in tickets if parts[key] and parts[key][0].starts_at >= starts]
    contacts, answers, states = _contacts(own, known_at), _answers(own, known_at), _states(own, known_at)
    projects = _projects(own, known_at, tickets, on)
    repeated = _repeated([tickets[key] for key in own], projects, known_at, on)
    places = versions_on(on=on, known_at=known_at, project_ids={key for key in projects.values() if key is not None})
    for key in own:
        ticket, place = tickets[key], places.get(projects[key] or 0)
        call = answers.get(key)
        state, answered_at = states.get(key, (ticket.state, None))
        first = [part for part in parts[key] if part.round == 1]
        spoken = [contacts[part.pk] for part in first if part.pk in contacts]
        yield ScoredTicket(
            key=key, number=ticket.number, received_at=ticket.received_at, category=ticket.category,
            project_id=projects[key],
            district_code=place.district_code if place else ticket.district_code,
            township_code=place.township_code if place else ticket.township_code,
            parts=tuple(
                Part(part.organisation_id, part.is_lead, _in_time(contacts.get(part.pk), part.contact_due_at, seen_at))
                for part in first if not _was_returned(part, known_at)
            ),
            in_time=_in_time(min(spoken, default=None), first[0].contact_due_at, seen_at),
            responded=call.responded if call else None, solved=call.solved if call else None,
            satisfied=call.satisfied if call else "", is_repeat=key in repeated,
            is_late=(answered_at or seen_at) > first[0].due_at, state=state,
        )  # fmt: skip


def _known(rows: "QuerySet[Any]", known_at: datetime | None) -> "QuerySet[Any]":
    return rows if known_at is None else rows.filter(recorded_at__lte=known_at)


def _was_returned(part: TicketExecutor, known_at: datetime | None) -> bool:
    """Whether a part was given back, or given to another: it is not scored for whoever gave it back."""
    is_known = known_at is None or (part.ended_recorded_at is not None and part.ended_recorded_at <= known_at)
    return part.outcome in (ExecutorEnd.RETURNED, ExecutorEnd.REPLACED) and is_known


def _in_time(spoken: datetime | None, due_at: datetime, seen_at: datetime) -> bool | None:
    if spoken is not None:
        return spoken <= due_at
    return False if seen_at > due_at else None


def _contacts(keys: Collection[int], known_at: datetime | None) -> dict[int, datetime]:
    """The first contact with the caller in each part."""
    acts = _known(TicketAct.objects.filter(ticket__in=keys, event=TicketEvent.CONTACT, part__isnull=False), known_at)
    return dict(acts.order_by("-at").values_list("part_id", "at"))


def _answers(keys: Collection[int], known_at: datetime | None) -> dict[int, CallBack]:
    """The last valid call back of each ticket."""
    calls = _known(CallBack.objects.filter(ticket__in=keys, is_reached=True), known_at)
    return {call.ticket_id: call for call in calls.order_by("called_at", "id")}


def _states(keys: Collection[int], known_at: datetime | None) -> dict[int, tuple[str, datetime | None]]:
    """The state of each ticket at the moment, and when it was first answered."""
    spans = TicketSpan.objects.filter(ticket__in=keys)
    if known_at is not None:
        spans = spans.filter(starts_at__lte=known_at)
    last: dict[int, str] = dict(spans.order_by("ordinal").values_list("ticket_id", "state"))
    acts = _known(TicketAct.objects.filter(ticket__in=keys, event=TicketEvent.ANSWER), known_at).order_by("-at")
    answered: dict[int, datetime] = dict(acts.values_list("ticket_id", "at"))
    return {key: (state, answered.get(key)) for key, state in last.items()}


def _projects(
    keys: Collection[int], known_at: datetime | None, tickets: dict[int, Ticket], on: date
) -> dict[int, int | None]:
    """The project of each ticket as matched at the moment, and what that was part of on the day as known then."""
    if known_at is None:
        return {key: tickets[key].project_id for key in keys}
    return dict.fromkeys(keys) | _matched(keys, known_at, on)


def _matched(keys: Iterable[int], known_at: datetime, on: date) -> dict[int, int | None]:
    rows = TicketMatch.objects.filter(ticket__in=keys, recorded_at__lte=known_at).order_by("id")
    matched = {
        key: (project, building)
        for key, project, building in rows.values_list("ticket_id", "project_id", "building_id")
    }
    homes = Homes(on=on, known_at=known_at)
    return {key: _stood_in(homes, *place) for key, place in matched.items()}


def _stood_in(homes: Homes, project: int | None, building: int | None) -> int | None:
    """Where a building stood, else what its project was part of, however deep."""
    if project is None:
        return None
    then = homes.of_building(building, project)
    while (version := homes.versions.get(then)) is not None and version.merged_into_id is not None:
        then = version.merged_into_id
    return then


def _repeated(
    tickets: Sequence[Ticket], projects: dict[int, int | None], known_at: datetime | None, on: date
) -> set[int]:
    """The tickets whose caller had rung before about the same project, as known at the moment."""
    if known_at is None:
        return {ticket.pk for ticket in tickets if ticket.repeats_id is not None}
    indexes = {bytes(ticket.caller_phone_index) for ticket in tickets if ticket.caller_phone_index}
    same = Ticket.objects.filter(caller_phone_index__in=indexes, recorded_at__lte=known_at).order_by(
        "received_at", "id"
    )
    rows = list(same.values_list("pk", "caller_phone_index", "received_at"))
    matched = _matched([pk for pk, _, _ in rows], known_at, on)
    first: dict[tuple[bytes, int], int] = {}
    for pk, index, _ in rows:
        if (project := matched.get(pk)) is not None:
            first.setdefault((bytes(index), project), pk)
    own = {ticket.pk: bytes(ticket.caller_phone_index or b"") for ticket in tickets}
    return {
        key for key, index in own.items()
        if (project := matched.get(key)) is not None and first.get((index, project), key) != key
    }  # fmt: skip
