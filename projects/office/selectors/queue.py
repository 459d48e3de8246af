"""Reading the queue: who waits, who is called, what a day took; the order of homes and who overtook whom."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from statistics import mean
from typing import Final

from projects import ports
from projects.gates.selectors.facts import facts_of
from projects.ledger.choices import MoveKind
from projects.ledger.models import IN_THE_BOOKS, Move, Project, Unit
from projects.office.choices import CallResult, Precedence, TicketState, TicketStep
from projects.office.models import Booking, PhoneCall, Preference, QueueEvent, QueueTicket, ShutDay
from projects.office.selectors.checklists import asked_of_homes
from projects.office.selectors.checklists import facts_of as facts_of_homes
from projects.office.selectors.visits import papers_there
from registry.kernel.authority import Actor
from registry.kernel.errors import NotFound
from registry.kernel.gates import compute_gates
from registry.kernel.stages import Standing, Track

CALLS: Final = frozenset({TicketStep.CALLED, TicketStep.RECALLED, TicketStep.TRANSFERRED})


def tickets_of(project: Project, *, on: date) -> list[QueueTicket]:
    """List the tickets of a day, those that wait in their turn first. One query."""
    rows = QueueTicket.objects.filter(queue__project=project, queue__day=on).select_related("unit__building", "queue")
    rank = {state.value: place for place, state in enumerate(TicketState)}
    return sorted(rows, key=lambda ticket: (rank[ticket.state], ticket.due_at, ticket.number))


def ticket_by_id(actor: Actor, project_id: int, pk: int) -> QueueTicket:
    """Find a ticket of a project. One query."""
    rows = QueueTicket.objects.visible_to(actor).filter(queue__project_id=project_id, pk=pk)
    ticket: QueueTicket | None = rows.select_related("queue", "unit__building").first()
    if ticket is None:
        raise NotFound("未找到这个号，或不在您的范围内。")
    return ticket


@dataclass(frozen=True)
class DayTimes:
    """What the transitions of a day say: numbers given, served, passed; mean minutes of waiting, walking, service."""

    taken: int
    done: int
    no_show: int
    waiting: float | None
    walking: float | None
    service: float | None


def times_of(project: Project, *, on: date) -> DayTimes:
    """Read the times of a day from the transitions of its tickets. One query.

    Waiting: from taking (or coming back) to the call; walking: from the last call to the window; service: from there
    to its end.
    """
    rows = QueueEvent.objects.filter(ticket__queue__project=project, ticket__queue__day=on).order_by("ticket_id", "id")
    waits: list[float] = []
    walks: list[float] = []
    services: list[float] = []
    counts = dict.fromkeys(TicketStep.values, 0)
    since: dict[tuple[int, str], datetime] = {}
    for ticket, step, at in rows.values_list("ticket_id", "step", "at"):
        counts[step] += 1
        if step in (TicketStep.TAKEN, TicketStep.RESUMED):
            since[ticket, "wait"] = at
        elif step in CALLS:
            if (began := since.pop((ticket, "wait"), None)) is not None:
                waits.append(_minutes(began, at))
            since[ticket, "walk"] = at
        elif step == TicketStep.STARTED:
            if (began := since.pop((ticket, "walk"), None)) is not None:
                walks.append(_minutes(began, at))
            since[ticket, "serve"] = at
        elif step == TicketStep.DONE and (began := since.pop((ticket, "serve"), None)) is not None:
            services.append(_minutes(began, at))
    return DayTimes(
        counts[TicketStep.TAKEN], counts[TicketStep.DONE], counts[TicketStep.NO_SHOW], _mean(waits), _mean(walks),
        _mean(services),
    )  # fmt: skip


def _minutes(began: datetime, ended: datetime) -> float:
    return (ended - began).total_seconds() / 60


def _mean(values: Sequence[float]) -> float | None:
    return round(mean(values), 1) if values else None


def bookings_on(project: Project, *, on: date) -> list[Booking]:
    """List the appointments of a day in order of time. One query."""
    rows = Booking.objects.filter(unit__building__project=project, day=on, ended_as__in=["", "kept", "missed"])
    return list(rows.select_related("unit__building").order_by("at", "seat"))


def booking_by_id(actor: Actor, project_id: int, pk: int) -> Booking:
    """Find an appointment of a project. One query."""
    rows = Booking.objects.visible_to(actor).filter(unit__building__project_id=project_id, pk=pk)
    booking: Booking | None = rows.select_related("unit__building__project").first()
    if booking is None:
        raise NotFound("未找到这个预约，或不在您的范围内。")
    return booking


def stranded_bookings(project: Project, *, on: date) -> list[Booking]:
    """List the appointments that stand on a day shut since: each is moved by a call, none is cancelled. One query."""
    days = ShutDay.objects.filter(project=project, ended_act_id__isnull=True, day__gte=on).values("day")
    rows = Booking.objects.filter(unit__building__project=project, day__in=days, ended_act_id__isnull=True)
    return list(rows.select_related("unit__building").order_by("day", "at", "seat"))


def shut_days(project: Project, *, on: date) -> list[ShutDay]:
    """List the days that are shut from a day on. One query."""
    return list(ShutDay.objects.filter(project=project, ended_act_id__isnull=True, day__gte=on).order_by("day"))


@dataclass(frozen=True)
class Reminder:
    """An appointment as its slip prints it: the home, whose it is, masked, and the papers still to bring."""

    booking: Booking
    papers: tuple[str, ...]


def reminders_of(project: Project, *, on: date) -> list[Reminder]:
    """List the appointments of a day that stand, each with what lacks of its home. Some eight queries, whatever their
    number."""
    bookings = [booking for booking in bookings_on(project, on=on) if not booking.ended_as]
    units = [booking.unit for booking in bookings]
    keys = [unit.pk for unit in units]
    asked, facts, there = asked_of_homes(project, units, on=on), facts_of_homes(keys, on=on), papers_there(keys)
    return [
        Reminder(
            booking,
            tuple(
                f"{item.name}（{item.form_words}）"
                for item, on_site in asked[booking.unit_id]
                if item.wanted_for(facts.get(booking.unit_id, ()))
                and not on_site
                and item.name not in there.get(booking.unit_id, frozenset())
            ),
        )
        for booking in bookings
    ]


def free_seats(project: Project, day: date, slots: Sequence[time], most: int) -> list[tuple[time, int]]:
    """Say how many seats of each half hour of a day are free. One query."""
    taken: dict[str, int] = defaultdict(int)
    rows = Booking.objects.filter(opened_for=project.pk, day=day, ended_act_id__isnull=True)
    for at in rows.values_list("at", flat=True):
        taken[at] += 1
    return [(at, max(0, most - taken[f"{at:%H:%M}"])) for at in slots]


@dataclass(frozen=True)
class CallLine:
    """A home on the list of calls: how it stands, the last call, how often nobody answered, its appointment."""

    unit: Unit
    is_ready: bool
    preference: str
    last: PhoneCall | None
    unreached: int
    booking: Booking | None

    @property
    def is_called(self) -> bool:
        """Whether nobody need call again: somebody was reached, or there is an appointment."""
        return self.booking is not None or (self.last is not None and self.last.result == CallResult.REACHED)


def call_list(project: Project, *, on: date, limit: int = 200, start: int = 0) -> tuple[list[CallLine], int]:
    """List the homes that are to be called: those whose gates are open, then the rest; each by preference, by the order
    that leads give, and by the day on which it came into the books. Returns how many there are too.

    Only homes whose papers are not in yet. Some fifteen queries, whatever the number of homes.
    """
    rows = Unit.objects.filter(
        IN_THE_BOOKS, building__project=project, certificate__in=["waiting", "notified"], standing=Standing.ACTIVE
    )
    units = {unit.pk: unit for unit in rows.select_related("building__project")}
    gates = compute_gates(facts_of([project.pk])[project.pk], on=on)
    asked = {key: place for place, key in enumerate(ports.call_order(project, on=on))}
    preferred = preferences_of(project)

    def turn(unit: Unit) -> tuple[object, ...]:
        place = asked.get(unit.pk, len(asked))
        return (
            not gates.is_ready(unit.pk), unit.pk not in preferred, place, unit.opened_on or date.max,
            unit.building.number_order, unit.pk,
        )  # fmt: skip

    ordered = sorted((unit for unit in units.values() if gates.fault_of(unit.pk) is None), key=turn)
    shown = ordered[start : start + limit]
    keys = [unit.pk for unit in shown]
    calls: dict[int, list[PhoneCall]] = defaultdict(list)
    for call in PhoneCall.objects.filter(unit__in=keys).order_by("id"):
        calls[call.unit_id].append(call)
    booked = {row.unit_id: row for row in Booking.objects.filter(unit__in=keys, ended_act_id__isnull=True)}
    lines = [
        CallLine(
            unit,
            gates.is_ready(unit.pk),
            preferred.get(unit.pk, ""),
            calls[unit.pk][-1] if calls[unit.pk] else None,
            sum(call.result == CallResult.NOT_REACHED for call in calls[unit.pk]),
            booked.get(unit.pk),
        )
        for unit in shown
    ]
    return lines, len(ordered)


def preferences_of(project: Project) -> dict[int, str]:
    """Return the homes that go before their turn, with the ground in words. One query."""
    rows = Preference.objects.filter(unit__building__project=project, ended_act_id__isnull=True)
    return {row.unit_id: row.get_ground_display() for row in rows}


def preferences_listed(project: Project) -> list[Preference]:
    """List the preferences that stand, newest first. One query."""
    rows = Preference.objects.filter(unit__building__project=project, ended_act_id__isnull=True)
    return list(rows.select_related("unit__building").order_by("-id"))


def preference_by_id(actor: Actor, project_id: int, pk: int) -> Preference:
    """Find a preference of a project. One query."""
    rows = Preference.objects.visible_to(actor).filter(unit__building__project_id=project_id, pk=pk)
    preference: Preference | None = rows.select_related("unit__building__project").first()
    if preference is None:
        raise NotFound("未找到这条优先登记，或不在您的范围内。")
    return preference


JUMP: Final = 30  # days by which who came later may not go first
WATCHED: Final = {
    "collected": "受理",
    "accepted": "登簿",
    "recorded": "缮证",
}  # stages that a family cannot hold up itself


@dataclass(frozen=True)
class Jump:
    """A home that left a stage before another of its building that had come to it 30 days earlier or more.

    `ground` is why, if a preference was stated by then: then it is marked, and no fault.
    """

    unit: Unit
    step: str
    entered_on: date
    left_on: date
    over: Unit
    over_entered_on: date
    days: int
    ground: str


def queue_jumps(project: Project, *, since: date) -> list[Jump]:
    """Find who left a stage since a day before another of the same building that had waited 30 days longer. Three
    queries, whatever the number of homes; homes that are set apart are overtaken by nobody."""
    moves = Move.objects.filter(
        unit__building__project=project, track=Track.CERTIFICATE.value, reversed_by__isnull=True, kind=MoveKind.ADVANCE
    )
    entered: dict[str, dict[int, date]] = defaultdict(dict)
    left: dict[str, dict[int, date]] = defaultdict(dict)
    for unit, frm, to, on in moves.order_by("id").values_list("unit_id", "from_stage", "to_stage", "occurred_on"):
        left[frm][unit] = on
        entered[to][unit] = on
    rows = Unit.objects.filter(IN_THE_BOOKS, building__project=project, standing=Standing.ACTIVE)
    units = {unit.pk: unit for unit in rows.select_related("building")}
    grounds = {
        unit: (ground, on)
        for unit, ground, on in Preference.objects.filter(unit__building__project=project).values_list(
            "unit_id", "ground", "stated_on"
        )
    }
    words = dict(Precedence.choices)
    jumps: list[Jump] = []
    for stage, step in WATCHED.items():
        by_building: dict[int, list[int]] = defaultdict(list)
        for key in entered[stage]:
            if key in units:
                by_building[units[key].building_id].append(key)
        for keys in by_building.values():
            for key, over in _overtaken(keys, entered[stage], left[stage], since):
                ground, stated_on = grounds.get(key, ("", None))
                is_marked = stated_on is not None and stated_on <= left[stage][key]
                jumps.append(
                    Jump(
                        units[key], step, entered[stage][key], left[stage][key], units[over], entered[stage][over],
                        (entered[stage][key] - entered[stage][over]).days, words[ground] if is_marked else "",
                    )
                )  # fmt: skip
    return sorted(jumps, key=lambda jump: (bool(jump.ground), -jump.days, jump.unit.pk))


def _overtaken(
    keys: Sequence[int], entered: Mapping[int, date], left: Mapping[int, date], since: date
) -> list[tuple[int, int]]:
    """Pair each home that left since a day with the one longest waiting that it left behind, 30 days or more.

    Walked from who left last to who left first: whoever was walked before left later, or is there still.
    """
    earliest: int | None = None
    pairs: list[tuple[int, int]] = []
    ordered = sorted(keys, key=lambda key: (left.get(key, date.max), key), reverse=True)
    waiting: list[int] = []
    last: date | None = None
    for key in ordered:
        gone = left.get(key, date.max)
        if last is not None and gone < last:
            for other in waiting:
                if earliest is None or entered[other] < entered[earliest]:
                    earliest = other
            waiting = []
        last = gone
        waiting.append(key)
        if gone == date.max or gone < since or earliest is None:
            continue
        if entered[earliest] + timedelta(days=JUMP) <= entered[key]:
            pairs.append((key, earliest))
    return pairs


def windows_called(project: Project, *, on: date, limit: int = 8) -> list[dict[str, str]]:
    """List the numbers called to windows, newest first: numbers alone, for the screen of the waiting room. Two
    queries."""
    rows = QueueTicket.objects.filter(queue__project=project, queue__day=on, state=TicketState.CALLED)
    called = {ticket.pk: ticket for ticket in rows}
    events = QueueEvent.objects.filter(ticket__in=list(called), step__in=list(CALLS)).order_by("-id")
    seen = dict.fromkeys(events.values_list("ticket_id", flat=True))
    return [{"number": str(called[key]), "window": called[key].window} for key in list(seen)[:limit]]


def shut_day_by_id(actor: Actor, project_id: int, pk: int) -> ShutDay:
    """Find a day that was shut. One query."""
    row: ShutDay | None = (
        ShutDay.objects.visible_to(actor).select_related("project").filter(project_id=project_id, pk=pk).first()
    )
    if row is None:
        raise NotFound("未找到这个停办日，或不在您的范围内。")
    return row
