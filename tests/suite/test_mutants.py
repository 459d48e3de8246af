"""The table of planted bugs keeps up with the code: each still has its one place, and tests by that name."""

import pytest

from tests.architecture.source import ROOT
from tests.mutants import planting
from tests.mutants.planting import Bug, NotPlanted, planted
from tests.mutants.table import BUGS


def test_every_bug_of_the_table_can_be_planted() -> None:
    lost = []
    for bug in BUGS:
        try:
            planted(bug, ROOT)
            planting.tests_of(bug, ROOT)
        except NotPlanted as fault:
            lost.append(str(fault))

    assert lost == []


def test_a_bug_without_a_place_or_a_test_is_told() -> None:
    """Negative control."""
    with pytest.raises(NotPlanted, match="no place"):
        planted(Bug("write", "what nobody wrote", "", "test_guard.py"), ROOT)
    with pytest.raises(NotPlanted, match="no test"):
        planting.tests_of(Bug("acts.write", "actor.require(permission)", "pass", "test_that_nobody_wrote"), ROOT)
