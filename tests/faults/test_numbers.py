"""Numbers without gaps by processes that are shot: bounded here, 50,000 by sixteen with 500 kills in `make trials`."""

import pytest
from django.db import connection

from tests.factories.projects import Estate
from tests.faults.numbers import faults, seeded, storm, without_lock

pytestmark = pytest.mark.django_db(transaction=True)


def test_processes_that_are_shot_leave_no_gap_and_no_double(estate: Estate) -> None:
    seeded()

    ended = storm(estate.project, wanted=30, processes=3, kills=4, seed=1)

    assert ended["failed"] == 0
    assert ended["killed"] >= 2
    assert faults() == []


def test_without_the_lock_the_same_goes_wrong(estate: Estate, monkeypatch: pytest.MonkeyPatch) -> None:
    if connection.vendor != "postgresql":
        pytest.skip("SQLite has one writer: the lock of the row is the lock of the database")
    seeded()
    without_lock(monkeypatch)

    ended = storm(estate.project, wanted=60, processes=4, kills=0, seed=1)

    assert ended["failed"] > 0 or faults() != []
