"""A month is closed while a home is issued, month after month: what was frozen is what a later count gives."""

import random

from projects.progress.services import place_units
from registry.kernel.periods import Month
from registry.store.clock import shanghai_day, true_now
from tests.documents.reports.test_monthly import taken_back
from tests.documents.reports.test_random_months import MONTHS, live
from tests.factories.projects import PLACED, Estate, bring_to, home, on_day
from tests.races.conftest import ground
from tests.races.parties import race
from tests.races.test_month import Turn, issued, recounted
from tests.trials.test_races import ROUNDS, SEED, late

__all__ = ["ground"]
STARTS = Month.parse("2021-09")  # every home is ready since July


def new_home(estate: Estate, number: int) -> int:
    """One more home of building 1, brought in when the others were."""
    with on_day(PLACED):
        place_units(
            actor=estate.cast.district.actor, project=estate.project, placed_on=PLACED, source="清册",
            rows=[home("1", "8", number + 2, 700 + number)],
        )  # fmt: skip
    return max(estate.homes)


def test_what_is_frozen_holds_in_every_round(ground: Estate) -> None:
    drawn, month = random.Random(SEED), STARTS
    for number in range(ROUNDS):
        if month.last >= shanghai_day(true_now()):
            break
        turn = Turn(ground, month, new_home(ground, number))
        bring_to(ground, [turn.unit], "recorded", month.first)

        wrote, ended = race([late(work, drawn.random() * 0.05) for work in (turn.issue, turn.close)])

        assert (wrote.error, ended.error) == (None, None)
        assert issued(ended.value.rows) == recounted(ended.value), number
        month = month.next


def test_random_months_close_to_zero_for_every_seed(ground: Estate) -> None:
    for seed in range(SEED, SEED + max(1, ROUNDS // 10)):
        with taken_back():
            live(ground, seed, MONTHS)
