"""Each race of tests/races again and again: both begin within a few milliseconds, in an order drawn from the seed."""

import os
import random
import time

import pytest

from tests.factories.projects import Estate
from tests.races.conftest import ground
from tests.races.office_scenes import OFFICE_RACES, SEATS, homes_for_the_last_seat, windows_on_one_ticket
from tests.races.parties import Work, race
from tests.races.scenes import RACES, lay_series, number_of

__all__ = ["ground"]
ROUNDS, SEED = int(os.environ.get("ROUNDS", "200")), int(os.environ.get("SEED", "1"))


def late(work: Work, seconds: float) -> Work:
    """The same work, a moment later."""

    def run() -> object:
        time.sleep(seconds)
        return work()

    return run


@pytest.mark.parametrize("name", [*RACES, *OFFICE_RACES])
def test_it_holds_in_every_round(ground: Estate, name: str) -> None:
    drawn = random.Random(SEED)
    for number in range(ROUNDS):
        scene = {**RACES, **OFFICE_RACES}[name](ground)

        first, second = race([late(work, drawn.random() * 0.05) for work in (scene.first, scene.second)])

        assert scene.holds(first, second), (number, first, second)


def test_of_two_to_eight_windows_one_calls_a_ticket_in_every_round(ground: Estate) -> None:
    for number in range(ROUNDS):
        works, calls = windows_on_one_ticket(ground, 2 + number % 7)

        outcomes = race(works)

        assert (sum(outcome.is_done for outcome in outcomes), calls()) == (1, 1), (number, outcomes)


def test_of_eight_homes_one_gets_the_last_seat_in_every_round(ground: Estate) -> None:
    for number in range(ROUNDS):
        works, taken = homes_for_the_last_seat(ground, 8)

        outcomes = race(works)

        assert (sum(outcome.is_done for outcome in outcomes), taken()) == (1, SEATS), (number, outcomes)


def test_sixteen_take_sixteen_numbers_in_every_round(ground: Estate) -> None:
    for number in range(ROUNDS):
        prefix = lay_series()

        outcomes = race([number_of(prefix)] * 16)

        assert sorted(outcome.value for outcome in outcomes) == list(range(1, 17)), (number, outcomes)
