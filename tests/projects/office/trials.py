"""Trials of the services of the counter."""

from datetime import date, time, timedelta

from projects.office.choices import TicketStep
from projects.office.models import FamilyLink, QueueTicket
from projects.office.services.bookings import book, end_booking, end_preference, note_call, prefer, reopen_day, shut_day
from projects.office.services.families import join_homes, part_homes, state_facts
from projects.office.services.queue import call_next, call_ticket, recall_ticket, step_ticket, take_ticket
from projects.office.services.scans import note_scan
from projects.office.services.slips import withdraw_visit
from projects.office.services.visits import receive_family
from tests.factories.projects import TODAY, Estate, on_day
from tests.factories.trials import Prepared, Trial

MARCH = date(2022, 3, 1)


def join(estate: Estate) -> Prepared:
    unit, other = estate.unit(), estate.unit(1)
    return lambda actor: join_homes(actor=actor, unit=unit, other=other, reason="户口簿载明夫妻")


def part(estate: Estate) -> Prepared:
    act = join(estate)
    with on_day(MARCH):
        act(estate.cast.township.actor)
    link = FamilyLink.objects.select_related("first__building__project").get()
    return lambda actor: part_homes(actor=actor, link=link, reason="查明不是一家")


def state(estate: Estate) -> Prepared:
    unit = estate.unit()
    return lambda actor: state_facts(actor=actor, unit=unit, facts=["minor"], effective_on=MARCH)


def come(estate: Estate) -> Prepared:
    unit = estate.unit()
    return lambda actor: receive_family(actor=actor, unit=unit, handed={unit.pk: ["户口簿"]}, came_on=TODAY)


def take_back(estate: Estate) -> Prepared:
    unit = estate.unit()
    with on_day(TODAY, 8):
        visit = receive_family(actor=estate.cast.township.actor, unit=unit, handed={unit.pk: ["户口簿"]}, came_on=TODAY)
    return lambda actor: withdraw_visit(actor=actor, visit=visit, reason="点错一户，材料是隔壁的")


def scan(estate: Estate) -> Prepared:
    return lambda actor: note_scan(actor=actor, project=estate.project, code="6901234567892")


def take(estate: Estate) -> Prepared:
    return lambda actor: take_ticket(actor=actor, project=estate.project)


def _ticket(estate: Estate) -> QueueTicket:
    with on_day(TODAY, 8):
        ticket: QueueTicket = take(estate)(estate.cast.township.actor)
    return ticket


def call(estate: Estate) -> Prepared:
    _ticket(estate)
    return lambda actor: call_next(actor=actor, project=estate.project, window="1")


def call_one(estate: Estate) -> Prepared:
    ticket = _ticket(estate)
    return lambda actor: call_ticket(actor=actor, ticket=ticket, window="1")


def _called(estate: Estate) -> QueueTicket:
    ticket = _ticket(estate)
    with on_day(TODAY, 9):
        call_ticket(actor=estate.cast.township.actor, ticket=ticket, window="1")
    return ticket


def recall(estate: Estate) -> Prepared:
    ticket = _called(estate)
    return lambda actor: recall_ticket(actor=actor, ticket=ticket)


def step(estate: Estate) -> Prepared:
    ticket = _called(estate)
    return lambda actor: step_ticket(actor=actor, ticket=ticket, step=TicketStep.STARTED)


def reserve(estate: Estate) -> Prepared:
    unit = estate.unit()
    return lambda actor: book(actor=actor, unit=unit, day=TODAY + timedelta(1), at=time(9))


def give_up(estate: Estate) -> Prepared:
    act = reserve(estate)
    with on_day(TODAY, 8):
        booking = act(estate.cast.township.actor)
    return lambda actor: end_booking(actor=actor, booking=booking, ended_as="cancelled", note="家中有事改期")


def shut(estate: Estate) -> Prepared:
    return lambda actor: shut_day(actor=actor, project=estate.project, day=TODAY + timedelta(1), reason="窗口搬迁停办")


def open_again(estate: Estate) -> Prepared:
    act = shut(estate)
    with on_day(TODAY, 8):
        day = act(estate.cast.township.actor)
    return lambda actor: reopen_day(actor=actor, shut=day, reason="窗口搬迁提前完成")


def phone(estate: Estate) -> Prepared:
    unit = estate.unit()
    return lambda actor: note_call(actor=actor, unit=unit, result="reached", called_on=TODAY)


def put_first(estate: Estate) -> Prepared:
    unit = estate.unit()
    return lambda actor: prefer(actor=actor, unit=unit, ground="school", reason="入学通知书17号")


def put_back(estate: Estate) -> Prepared:
    act = put_first(estate)
    with on_day(TODAY, 8):
        preference = act(estate.cast.township.actor)
    return lambda actor: end_preference(actor=actor, preference=preference, reason="登记错了户号")


def _at_counter(event: str, prepare: object) -> Trial:
    return Trial(event, "township", "strange_township", prepare)  # type: ignore[arg-type]


COUNTER: dict[str, Trial] = {
    "join_homes": _at_counter("family.joined", join),
    "part_homes": _at_counter("family.parted", part),
    "state_facts": _at_counter("family.facts_stated", state),
    "receive_family": _at_counter("visit.recorded", come),
    "withdraw_visit": _at_counter("visit.withdrawn", take_back),
    "take_ticket": _at_counter("queue.taken", take),
    "call_next": _at_counter("queue.moved", call),
    "call_ticket": _at_counter("queue.moved", call_one),
    "recall_ticket": _at_counter("queue.moved", recall),
    "step_ticket": _at_counter("queue.moved", step),
    "book": _at_counter("booking.made", reserve),
    "end_booking": _at_counter("booking.ended", give_up),
    "shut_day": _at_counter("day.shut", shut),
    "reopen_day": _at_counter("day.reopened", open_again),
    "note_call": _at_counter("family.called", phone),
    "prefer": _at_counter("home.preferred", put_first),
    "end_preference": _at_counter("home.preference_ended", put_back),
    "note_scan": _at_counter("code.scanned", scan),
}
