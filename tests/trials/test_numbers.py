"""50,000 numbers of one series by sixteen processes, 500 of which are shot (NUMBERS, PROCESSES, KILLS, SEED)."""

import os

import pytest

from tests.factories.projects import Estate
from tests.faults.numbers import faults, seeded, storm

pytestmark = pytest.mark.django_db(transaction=True)
NUMBERS, PROCESSES, KILLS, SEED = (
    int(os.environ.get(name, default))
    for name, default in (("NUMBERS", "50000"), ("PROCESSES", "16"), ("KILLS", "500"), ("SEED", "1"))
)


def test_fifty_thousand_numbers_have_no_gap_and_no_double(estate: Estate) -> None:
    seeded()

    ended = storm(estate.project, wanted=NUMBERS, processes=PROCESSES, kills=KILLS, seed=SEED)

    assert ended["failed"] == 0
    assert ended["killed"] >= KILLS // 2
    assert faults() == []
