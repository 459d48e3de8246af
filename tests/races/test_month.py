"""A month is closed while others write: what it froze is what a later count of the same moment gives."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import pytest
from django.db import transaction

from documents.reports.layouts import TOTALS
from documents.reports.models import MonthClose
from documents.reports.selectors.months import preview_month
from documents.reports.selectors.reports import totals_of
from documents.reports.services import close_month
from projects.progress.services import advance_units
from registry.accounts.services import change_organisation
from registry.kernel.periods import Month
from registry.kernel.stages import Track
from registry.store import acts
from registry.store.clock import shanghai_day, true_now
from registry.store.month import MonthGate
from registry.store.second import FirstPerson
from tests.factories.books import faults_in_the_books
from tests.factories.projects import Estate, bring_to
from tests.races.parties import Party, Work, meet
from tests.races.scenes import END


@dataclass(frozen=True)
class Turn:
    """The month that is over, and a home that is issued in it; all at the true time."""

    estate: Estate
    month: Month
    unit: int

    @property
    def issue(self) -> Work:
        """The centre issues the home on the last day of the month."""
        return lambda: advance_units(
            actor=self.estate.cast.centre.actor, project=self.estate.project, unit_ids=[self.unit],
            track=Track.CERTIFICATE, to="issued", occurred_on=self.month.last,
        )  # fmt: skip

    @property
    def close(self) -> Work:
        cast = self.estate.cast
        first = FirstPerson.of(cast.auditor.person)
        return lambda: close_month(actor=cast.city.actor, month=self.month, first=first)


@pytest.fixture
def turn(ground: Estate) -> Turn:
    month = Month.of(shanghai_day(true_now())).previous
    bring_to(ground, ground.homes[:1], "recorded", month.first)
    return Turn(ground, month, ground.homes[0])


def issued(rows: Any) -> int:
    return int(totals_of(TOTALS.columns, rows["totals"])["issued_month"])


def recounted(closed: MonthClose) -> int:
    """What the month gives when it is counted again as known at the moment of the close."""
    return issued(preview_month(month=Month.parse(closed.month), known_at=closed.known_at).rows)


def test_a_close_waits_for_the_writer_that_is_open(turn: Turn) -> None:
    wrote, ended, waited = meet(turn.issue, turn.close, at=END)

    closed = ended.value
    assert (wrote.is_done, waited) == (True, True)
    assert (issued(closed.rows), recounted(closed)) == (1, 1)


def test_a_writer_that_begins_later_waits_and_is_a_correction_of_the_next_month(turn: Turn) -> None:
    ended, wrote, waited = meet(turn.close, turn.issue, at='INSERT INTO "documents_monthclose"')

    closed = ended.value
    assert (wrote.is_done, waited) == (True, True)
    assert (issued(closed.rows), recounted(closed)) == (0, 0)
    after = preview_month(month=turn.month.next, known_at=true_now()).rows["totals"]
    totals = totals_of(TOTALS.columns, after)
    assert (totals["issued_month"], totals["issued_corrected"]) == (0, 1)
    assert faults_in_the_books() == []


@pytest.mark.postgres
def test_writers_share_the_gate(turn: Turn) -> None:
    cast = turn.estate.cast
    wrote, renamed, waited = meet(
        turn.issue,
        lambda: change_organisation(
            actor=cast.system_admin.actor, organisation=cast.township.organisation, name="十八里店地区"
        ),
        at=END,
    )

    assert (wrote.is_done, renamed.is_done, waited) == (True, True, False)


def test_a_close_inside_a_transaction_of_others_is_refused(turn: Turn) -> None:
    def in_one_transaction() -> None:
        with transaction.atomic():
            turn.issue()
            turn.close()

    ended = Party(in_one_transaction).start().outcome()

    assert (ended.says, MonthClose.objects.filter(month=str(turn.month)).count()) == ("RuntimeError", 0)


@pytest.mark.postgres
def test_without_the_gate_the_frozen_total_is_wrong(turn: Turn, monkeypatch: pytest.MonkeyPatch) -> None:
    """The test of the test."""

    def ungated(gate: MonthGate) -> datetime:
        return true_now()

    monkeypatch.setattr(acts, "enter_month", ungated)
    wrote, ended, waited = meet(turn.issue, turn.close, at=END)

    assert (wrote.is_done, ended.is_done, waited) == (True, True, False)
    assert (issued(ended.value.rows), recounted(ended.value)) == (0, 1)
