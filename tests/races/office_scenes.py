"""Races at the counter: one family by two clerks, one ticket by two windows, the last seat of a half hour."""

from collections.abc import Callable
from datetime import timedelta
from itertools import count
from typing import Any

from projects.office.models import Booking, QueueEvent, QueueTicket, Visit
from projects.office.services.bookings import book, half_hours
from projects.office.services.queue import call_ticket, take_ticket
from projects.office.services.visits import Shown, receive_family
from projects.progress.services import place_units
from registry.accounts.models import ApiToken
from registry.accounts.services.tokens import issue_token
from tests.factories.projects import PLACED, TODAY, Estate, home, on_day
from tests.projects.office.families import unit_of
from tests.races.parties import Outcome
from tests.races.scenes import Scene, one_of_two, today

rounds = count(1)
SLOTS = half_hours("9:00—17:00")
SEATS = 6  # of a half hour: three windows, two families each
WORKDAYS = [day for n in range(1, 21) if (day := TODAY + timedelta(n)).weekday() < 5]


def _homes(estate: Estate, number: int) -> list[int]:
    """Homes of a round of their own."""
    n = next(rounds)
    rows = [home("2", f"{n}", 2 + each, 700 + 20 * n + each) for each in range(number)]
    with on_day(PLACED):
        place_units(
            actor=estate.cast.district.actor, project=estate.project, rows=rows, placed_on=PLACED, source="清册"
        )
    return sorted(estate.homes)[-number:]


def same_family(estate: Estate) -> Scene:
    """Two clerks have the card of one family open and both record its visit."""
    [key] = _homes(estate, 1)
    shown = Shown({key: "waiting"}, 0)

    def received(by: str) -> Any:
        return today(
            lambda: receive_family(
                actor=getattr(estate.cast, by).actor, unit=unit_of(key), handed={key: []}, came_on=TODAY, shown=shown
            )
        )

    def holds(first: Outcome, second: Outcome) -> bool:
        return one_of_two(first, second) and Visit.objects.filter(unit_id=key).count() == 1

    return Scene(received("township"), received("township"), holds)


def windows_on_one_ticket(estate: Estate, number: int) -> tuple[list[Any], Callable[[], int]]:
    """So many windows call one ticket; and how often it was called."""
    n = next(rounds)
    with on_day(TODAY):
        ticket: QueueTicket = take_ticket(actor=estate.cast.township.actor, project=estate.project)

    def called(window: str) -> Any:
        return today(lambda: call_ticket(actor=estate.cast.township.actor, ticket=ticket, window=window))

    works = [called(f"{n}{letter}") for letter in "abcdefgh"[:number]]
    return works, QueueEvent.objects.filter(ticket=ticket, step="called").count


def homes_for_the_last_seat(estate: Estate, number: int) -> tuple[list[Any], Callable[[], int]]:
    """So many homes want the last seat of a half hour, six of three windows; and how many seats are taken."""
    keys, n = _homes(estate, SEATS - 1 + number), next(rounds)
    day, at = WORKDAYS[n % len(WORKDAYS)], SLOTS[n // len(WORKDAYS) % len(SLOTS)]

    def booked(key: int) -> Any:
        return today(lambda: book(actor=estate.cast.township.actor, unit=unit_of(key), day=day, at=at))

    for key in keys[: SEATS - 1]:
        booked(key)()
    taken = Booking.objects.filter(day=day, at=f"{at:%H:%M}", ended_act_id__isnull=True)
    return [booked(key) for key in keys[SEATS - 1 :]], taken.count


def same_ticket(estate: Estate) -> Scene:
    """Two windows call one ticket."""
    (first, second), calls = windows_on_one_ticket(estate, 2)
    return Scene(first, second, lambda a, b: one_of_two(a, b) and calls() == 1)


def last_seat(estate: Estate) -> Scene:
    """Two homes want the last seat of a half hour."""
    (first, second), taken = homes_for_the_last_seat(estate, 2)
    return Scene(first, second, lambda a, b: one_of_two(a, b) and taken() == SEATS)


def one_token(estate: Estate) -> Scene:
    """Two administrators issue a token to one organisation under one name."""
    name = f"热线{next(rounds)}"
    issued = today(
        lambda: issue_token(
            actor=estate.cast.system_admin.actor, organisation=estate.cast.district.organisation, name=name,
            ends=TODAY + timedelta(30),
        )
    )  # fmt: skip

    def holds(first: Outcome, second: Outcome) -> bool:
        return one_of_two(first, second) and ApiToken.objects.filter(name=name).count() == 1

    return Scene(issued, issued, holds)


OFFICE_RACES: dict[str, Callable[[Estate], Scene]] = {
    scene.__name__: scene for scene in (same_family, same_ticket, last_seat, one_token)
}
