"""A month is closed while others write: what it froze is what a later count of the same moment gives."""

from collections.abc import Callable
from datetime import date, datetime
from typing import Any

import pytest
from django.db import transaction

from documents.models import MonthClose
from documents.reports.monthly import TOTALS
from documents.selectors.months import preview_month
from documents.selectors.reports import totals_of
from documents.services.closing import close_month
from projects.progress.services import advance_units
from registry.accounts.services import change_organisation
from registry.audit.invariants import INVARIANTS
from registry.kernel.periods import Month
from registry.kernel.stages import Track
from registry.store import acts
from registry.store.clock import shanghai_day, true_now
from registry.store.month import MonthGate
from tests.factories.projects import Estate, bring_to
from tests.races.parties import Party, meet


def last_month() -> Month:
    return Month.of(shanghai_day(true_now())).previous


def issue(estate: Estate, on: date) -> Callable[[], Any]:
    """The centre issues the first home, at the true time; the day is in the month that is closed."""
    actor, unit = estate.cast.centre.actor, estate.homes[0]
    return lambda: advance_units(
        actor=actor, project=estate.project, unit_ids=[unit], track=Track.CERTIFICATE, to="issued", occurred_on=on
    )


def close(estate: Estate) -> Callable[[], MonthClose]:
    actor, month = estate.cast.city.actor, last_month()
    return lambda: close_month(actor=actor, month=month)


def issued(rows: Any) -> int:
    return int(totals_of(TOTALS.columns, rows["totals"])["issued_month"])


def recounted(closed: MonthClose) -> int:
    """What the month gives when it is counted again as known at the moment of the close."""
    return issued(preview_month(month=Month.parse(closed.month), known_at=closed.known_at).rows)


@pytest.fixture
def ready(story: Estate) -> Estate:
    bring_to(story, story.homes[:1], "recorded", last_month().first)
    return story


def test_a_close_waits_for_the_writer_that_is_open(ready: Estate) -> None:
    wrote, ended, waited = meet(issue(ready, last_month().last), close(ready), at='INSERT INTO "audit_act"')

    closed = ended.value
    assert (wrote.is_done, waited) == (True, True)
    assert (issued(closed.rows), recounted(closed)) == (1, 1)


def test_a_writer_that_begins_later_waits_and_is_a_correction_of_the_next_month(ready: Estate) -> None:
    month = last_month()
    ended, wrote, waited = meet(close(ready), issue(ready, month.last), at='INSERT INTO "documents_monthclose"')

    closed = ended.value
    assert (wrote.is_done, waited) == (True, True)
    assert (issued(closed.rows), recounted(closed)) == (0, 0)
    after = preview_month(month=month.next, known_at=true_now()).rows["totals"]
    totals = totals_of(TOTALS.columns, after)
    assert (totals["issued_month"], totals["issued_corrected"]) == (0, 1)
    assert [found for one in INVARIANTS.values() for found in one.check(None)] == []


@pytest.mark.postgres
def test_without_the_gate_the_frozen_total_is_wrong(ready: Estate, monkeypatch: pytest.MonkeyPatch) -> None:
    """The test of the test."""

    def ungated(gate: MonthGate) -> datetime:
        return true_now()

    monkeypatch.setattr(acts, "enter_month", ungated)
    wrote, ended, waited = meet(issue(ready, last_month().last), close(ready), at='INSERT INTO "audit_act"')

    assert (wrote.is_done, ended.is_done, waited) == (True, True, False)
    assert (issued(ended.value.rows), recounted(ended.value)) == (0, 1)


@pytest.mark.postgres
def test_writers_share_the_gate(ready: Estate) -> None:
    organisation = ready.cast.township.organisation
    wrote, renamed, waited = meet(
        issue(ready, last_month().last),
        lambda: change_organisation(
            actor=ready.cast.system_admin.actor, organisation=organisation, name="十八里店地区"
        ),
        at='INSERT INTO "audit_act"',
    )

    assert (wrote.is_done, renamed.is_done, waited) == (True, True, False)


def test_a_close_inside_a_transaction_of_others_is_refused(ready: Estate) -> None:
    def in_one_transaction() -> None:
        with transaction.atomic():
            issue(ready, last_month().last)()
            close(ready)()

    ended = Party(in_one_transaction).start().outcome()

    assert (ended.says, MonthClose.objects.count()) == ("RuntimeError", 0)
