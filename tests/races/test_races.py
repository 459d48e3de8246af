"""Two at once: whoever comes second waits and then sees what the first did. Each with the test of its test.

One test for all scenes: they stand side by side on one estate, which is laid once.
"""

import pytest

from registry.store import locks
from tests.factories.projects import Estate
from tests.races.parties import meet, race
from tests.races.scenes import RACES, lay_series, number_of


def test_the_second_waits_and_sees_what_the_first_did(ground: Estate) -> None:
    faults = []
    for name, laid in RACES.items():
        scene = laid(ground)
        first, second, waited = meet(scene.first, scene.second, at=scene.at)
        if not (waited and scene.holds(first, second)):
            faults.append((name, waited, first, second))

    assert faults == []


@pytest.mark.postgres
def test_without_locks_none_of_it_holds(ground: Estate, monkeypatch: pytest.MonkeyPatch) -> None:
    """The test of the test: rows are read as they stand, and nobody waits for them."""
    held = []
    for name, laid in RACES.items():
        scene = laid(ground)
        with monkeypatch.context() as patched:
            patched.setattr(locks, "for_update", lambda rows: rows)
            first, second, _ = meet(scene.first, scene.second, at=scene.at)
        if scene.holds(first, second):
            held.append((name, first, second))

    assert held == []


def test_sixteen_take_sixteen_numbers(ground: Estate) -> None:
    prefix = lay_series()

    outcomes = race([number_of(prefix)] * 16)

    assert [one.error for one in outcomes] == [None] * 16
    assert sorted(one.value for one in outcomes) == list(range(1, 17))
