"""Two at once: whoever comes second waits and then sees what the first did. Each with the test of its test.

One test for all scenes: they stand side by side on one estate, which is laid once.
"""

import pytest

from documents.papers.services import issuing as papers
from projects.ledger.services import reveal
from registry.store import locks
from tests.factories.projects import Estate
from tests.races.office_scenes import OFFICE_RACES
from tests.races.parties import meet, race
from tests.races.scenes import RACES, last_reveal, lay_series, number_of, two_papers

EVERY = {**RACES, **OFFICE_RACES}


def test_the_second_waits_and_sees_what_the_first_did(ground: Estate) -> None:
    faults = []
    for name, laid in EVERY.items():
        scene = laid(ground)
        first, second, waited = meet(scene.first, scene.second, at=scene.at)
        if not (waited and scene.holds(first, second)):
            faults.append((name, waited, first, second))

    assert faults == []


@pytest.mark.postgres
def test_without_locks_none_of_it_holds(ground: Estate, monkeypatch: pytest.MonkeyPatch) -> None:
    """The test of the test: rows are read as they stand, and nobody waits for them."""
    held = []
    for name, laid in EVERY.items():
        scene = laid(ground)
        with monkeypatch.context() as patched:
            patched.setattr(locks, "for_update", lambda rows: rows)
            first, second, _ = meet(scene.first, scene.second, at=scene.at)
        if scene.holds(first, second):
            held.append((name, first, second))

    assert held == []


@pytest.mark.postgres
def test_a_number_and_a_limit_hold_by_their_own_lock_alone(ground: Estate, monkeypatch: pytest.MonkeyPatch) -> None:
    """The test of the test: the one lock is removed, all others stay."""
    monkeypatch.setattr(papers, "lock_one", lambda model, **key: model.objects.get(**key))
    monkeypatch.setattr(reveal, "lock_where", lambda model, **key: model.objects.filter(**key).first())
    numbered, counted = two_papers(ground), last_reveal(ground)

    first, second, _ = meet(numbered.first, numbered.second, at=numbered.at)
    assert (getattr(first.error, "code", ""), second.says) == ("doubled", ""), "both took one number"
    first, second, _ = meet(counted.first, counted.second, at=counted.at)
    assert not counted.holds(first, second)
    assert (first.is_done, second.says) == (True, ""), "the limit was passed"


def test_sixteen_take_sixteen_numbers(ground: Estate) -> None:
    prefix = lay_series()

    outcomes = race([number_of(prefix)] * 16)

    assert [one.error for one in outcomes] == [None] * 16
    assert sorted(one.value for one in outcomes) == list(range(1, 17))
