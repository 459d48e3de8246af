"""kill -9 at every phase of staging, writing and undoing an import: wholly there or not at all, and then resumed."""

from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection, transaction

from documents.intake.models import ImportSession, StagedRow
from documents.intake.services.list_sessions import carry_out_session
from documents.intake.services.sessions import ImportRefused, commit_session
from documents.intake.services.take_back_list import undo_list
from documents.intake.services.take_back_units import undo_session
from projects.ledger.models import Building
from registry.audit.models import Act
from registry.store.guard import fixture_writes
from tests.documents.intake.services.lists import DAY, LATER, ledger_of, listed, moves_of, staged, written
from tests.documents.intake.services.sessions import sent
from tests.documents.intake.services.test_work_lists import laid
from tests.factories.books import faults_in_the_books
from tests.factories.projects import Estate, on_day
from tests.faults.killing import KILLED, Counter, killed_at, moments

pytestmark = pytest.mark.django_db(transaction=True)


def state_of(estate: Estate) -> dict[str, Any]:
    """Everything that must be wholly before or wholly after; keys left out, for sequences may skip."""
    books = ledger_of(estate)
    return {
        "units": books["units"],
        "tallies": books["tallies"],
        "holders": len(books["holders"]),
        "moves": moves_of(estate),
        "acts": Act.objects.count(),
        "buildings": sorted(Building.objects.values_list("number", "police_no")),
        "sessions": list(ImportSession.objects.order_by("id").values_list("state", flat=True)),
        "staged": StagedRow.objects.count(),
        "sealed": StagedRow.objects.filter(sealed__isnull=False).count(),
    }


def statements_of(work: Callable[[], Any]) -> int:
    """How many statements a work makes, the work itself taken back."""
    counter = Counter()
    with transaction.atomic(), connection.execute_wrapper(counter):
        work()
        transaction.set_rollback(True)
    return counter.count


def assert_all_or_nothing(estate: Estate, work: Callable[[], Any], acts: int = 1) -> None:
    """Killed at any statement it leaves the state before; killed after the last, the state after, once."""
    before = state_of(estate)
    for number in moments(statements_of(work)):
        assert killed_at(number, work) == KILLED
        assert state_of(estate) == before, f"killed at statement {number}"
    assert faults_in_the_books() == []
    assert killed_at(10**9, work) == KILLED
    assert state_of(estate)["acts"] == before["acts"] + acts
    assert faults_in_the_books() == []


def test_staging_killed_anywhere_leaves_nothing_then_goes_through(estate: Estate) -> None:
    before = ledger_of(estate)

    assert_all_or_nothing(estate, lambda: staged(estate, listed(estate, 4), ticked=False))

    assert (ImportSession.objects.count(), StagedRow.objects.count()) == (1, 4)
    assert ledger_of(estate) == before


def test_commit_killed_anywhere_leaves_nothing_then_writes_once(estate: Estate) -> None:
    units, moves = len(ledger_of(estate)["units"]), moves_of(estate)
    session = staged(estate, listed(estate, 4))

    def commit() -> None:
        with on_day(DAY):
            commit_session(actor=estate.cast.district.actor, session=session, placed_on=DAY)

    assert_all_or_nothing(estate, commit)

    assert (len(ledger_of(estate)["units"]), moves_of(estate)) == (units + 4, moves + 12)
    with pytest.raises(ImportRefused, match="现在是“已写入”"):
        commit()
    assert len(ledger_of(estate)["units"]) == units + 4


def test_undo_killed_anywhere_leaves_nothing_then_takes_back_once(estate: Estate) -> None:
    before = ledger_of(estate)
    session = written(estate, listed(estate, 4))

    def undo() -> None:
        with on_day(LATER):
            undo_session(actor=estate.cast.district.actor, session=session, reason="传错了")

    assert_all_or_nothing(estate, undo)

    after = ledger_of(estate)
    assert (after["units"], after["tallies"]) == (before["units"], before["tallies"])
    with pytest.raises(ImportRefused, match="没有可撤销的"):
        undo()


def test_a_list_killed_anywhere_is_carried_out_and_taken_back_whole_and_once(estate: Estate) -> None:
    content = laid("buildings", {"number": "1", "police_no": "12"}, {"number": "7"}, {"number": "8"})
    before = state_of(estate)["buildings"]
    session = sent(estate, "buildings", content)
    actor = estate.cast.district.actor

    def carry_out() -> None:
        with on_day(DAY):
            carry_out_session(actor=actor, session=session)

    def undo() -> None:
        with on_day(LATER):
            undo_list(actor=actor, session=session, reason="传错了")

    assert_all_or_nothing(estate, carry_out, acts=4)
    assert len(state_of(estate)["buildings"]) == len(before) + 2
    with pytest.raises(ImportRefused, match="现在是“已写入”"):
        carry_out()
    assert_all_or_nothing(estate, undo, acts=4)
    assert state_of(estate)["buildings"] == before
    with pytest.raises(ImportRefused, match="现在是“已撤销”"):
        undo()


def test_the_shot_hits(estate: Estate) -> None:
    """Negative control: without the one transaction around it, a kill does leave half."""
    session = staged(estate, listed(estate, 2))

    def by_halves() -> None:
        with fixture_writes():
            ImportSession.objects.filter(pk=session.pk).update(sheet="一")
            ImportSession.objects.filter(pk=session.pk).update(sheet="二")

    assert killed_at(4, by_halves) == KILLED  # each update reads the keys that it writes, for the trail
    session.refresh_from_db()
    assert session.sheet == "一"
