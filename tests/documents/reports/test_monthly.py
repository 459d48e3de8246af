"""The month's issues are movements to issued; homes that came in issued stand in the stock and in a column apart."""

import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from datetime import date
from decimal import Decimal

import pytest
from django.db import connection, transaction
from hypothesis import given
from hypothesis import strategies as st

from documents.reports.layouts import LEDGER, TOTALS
from documents.reports.models import MonthClose
from documents.reports.selectors.months import preview_month
from documents.reports.selectors.reports import totals_of
from documents.reports.services import close_month
from documents.reports.workbook import monthly_workbook
from projects.ledger.models import Project, Unit
from projects.progress.services import PlacedCertificate, place_units
from registry.kernel.periods import Month
from registry.store.guard import fixture_writes
from registry.store.second import FirstPerson
from tests.factories.books import faults_in_the_books
from tests.factories.histories import many_histories
from tests.factories.projects import Estate, bring_to, home, lay_blocker, moment, on_day

FEBRUARY, MARCH = Month.parse("2022-02"), Month.parse("2022-03")
OLD_DAY = date(2005, 6, 30)
FLOW = ("issued_month", "issued_corrected", "issued_entered", "issued")


@pytest.fixture
def story(story: Estate) -> Estate:
    """The story in an estate that people moved into in 1998: its old homes have certificates of any day since."""
    story.project.occupied_from = 1998
    with fixture_writes():
        Project.objects.filter(pk=story.project.pk).update(occupied_from=1998)
    return story


def place(estate: Estate, on: date, *rows: tuple[int, Sequence[PlacedCertificate]]) -> list[int]:
    """Place new homes of building 3 on a day; gives their keys."""
    known = set(estate.homes)
    with on_day(on):
        place_units(
            actor=estate.cast.district.actor, project=estate.project, placed_on=on, source="清册",
            rows=[home("3", "1", row, row, certificates=tuple(certificates)) for row, certificates in rows],
        )  # fmt: skip
    return [key for key in estate.homes if key not in known]


def old(n: int, on: date | None = OLD_DAY) -> list[PlacedCertificate]:
    return [PlacedCertificate(f"朝全字第{n}号", True, on)]


def stated(month: Month, known: date) -> tuple[int, ...]:
    """What the totals and, summed, the ledger sheet say of a month: the flow and the stock."""
    rows = preview_month(month=month, known_at=moment(known, 23)).rows
    totals, ledger = totals_of(TOTALS.columns, rows["totals"]), totals_of(LEDGER.columns, rows["ledger"])
    assert (totals["issued_month"], totals["issued"]) == (ledger["issued_month"], ledger["issued"])
    return tuple(totals[name] for name in FLOW)


def closed(estate: Estate, month: Month) -> None:
    with on_day(month.next.first):
        close_month(actor=estate.cast.city.actor, month=month, first=FirstPerson.of(estate.cast.auditor.person))


@pytest.mark.parametrize("on", [OLD_DAY, None, date(2022, 3, 2)], ids=["long ago", "no day", "this month"])
def test_of_three_new_homes_one_old_and_one_issued_this_month(story: Estate, on: date | None) -> None:
    closed(story, FEBRUARY)
    place(story, date(2022, 3, 3), (21, old(1, on)), (22, ()), (23, ()))

    bring_to(story, story.homes[:1], "issued", date(2022, 3, 7))

    month, corrected, entered, closing = stated(MARCH, date(2022, 3, 8))
    assert (month, corrected, entered, closing) == (1, 0, 1, 2)
    opening = stated(FEBRUARY, date(2022, 2, 28))[-1]
    assert closing == opening + month + corrected + entered
    [row] = preview_month(month=MARCH, known_at=moment(date(2022, 3, 8))).rows["ledger"]
    assert (row["due"], row["issued"], row["issued_month"], row["entered"], row["remaining"]) == (15, 2, 1, 1, 13)


def test_without_a_frozen_month_the_old_one_is_in_no_flow_but_its_own(story: Estate) -> None:
    place(story, date(2022, 3, 3), (21, old(1, None)), (22, old(2)))
    bring_to(story, story.homes[:1], "issued", date(2022, 3, 7))

    assert stated(MARCH, date(2022, 3, 8)) == (1, 0, 1, 3), "what is of 2005 stood there in February, as known now"


def test_undone_and_moved_on_the_frozen_months_bridge(story: Estate) -> None:
    place(story, date(2022, 2, 3), (21, old(1)), (22, ()))
    bring_to(story, story.homes[:2], "issued", date(2022, 2, 10))
    assert stated(FEBRUARY, date(2022, 2, 28)) == (2, 0, 0, 3)
    closed(story, FEBRUARY)

    place(story, date(2022, 3, 3), (22, old(2)), (23, old(3, None)))
    bring_to(story, story.homes[2:3], "issued", date(2022, 3, 7))

    assert stated(MARCH, date(2022, 3, 8)) == (1, 0, 2, 6)
    closed(story, MARCH)
    assert faults_in_the_books() == []


def test_a_month_frozen_before_the_column_is_still_read_and_bridged(story: Estate) -> None:
    bring_to(story, story.homes[:2], "issued", date(2022, 2, 10))
    rows = dict(preview_month(month=FEBRUARY, known_at=moment(date(2022, 2, 28))).rows)
    for row in (*rows["totals"], *rows["ledger"]):
        row.pop("issued_entered", None)
        row.pop("entered", None)

    assert totals_of(TOTALS.columns, rows["totals"])["issued_entered"] == 0
    assert monthly_workbook(month=FEBRUARY, cut_off_on=FEBRUARY.last, rows=rows, stamp="已结账").startswith(b"PK")


@many_histories(seed=1)
@given(data=st.data())
def test_opening_movements_corrections_and_entries_sum_to_the_closing(story: Estate, data: st.DataObject) -> None:
    """Two months with new homes of any certificate and issues by moves, the first month frozen in between."""
    with taken_back():
        closing = 0
        for month, n in ((FEBRUARY, 100), (MARCH, 200)):
            day = day_of(month, 2)
            days = data.draw(st.lists(st.none() | st.dates(date(1998, 1, 1), day), max_size=4))
            place(story, day, (n, ()), *((n + at, old(n + at, on)) for at, on in enumerate(days, start=1)))
            waiting = list(Unit.objects.filter(id__in=story.homes, certificate="waiting", building__number__lt="3"))
            chosen = [unit.id for unit in waiting[: data.draw(st.integers(0, 2))]]
            if chosen:
                bring_to(story, chosen, "issued", day_of(month, 3))

            moved, corrected, entered, now = stated(month, day_of(month, 5))

            assert moved == len(chosen)
            assert entered == (len(days) if month == MARCH else sum(on is None or on >= month.first for on in days))
            if month == MARCH:
                assert now == closing + moved + corrected + entered
            else:
                closed(story, month)
            closing = now
        assert faults_in_the_books() == []


class _TakenBack(Exception):
    pass


@contextmanager
def taken_back() -> Iterator[None]:
    """Leave nothing of an example to the next. A transaction of the test's own, so that a month can be closed in it."""
    frame = transaction.atomic()
    frame._from_testcase = True  # type: ignore[attr-defined]
    with suppress(_TakenBack), frame:
        yield
        raise _TakenBack


def day_of(month: Month, day: int) -> date:
    return month.first.replace(day=day)


def test_a_project_that_nobody_has_assessed_stands_apart(estate: Estate) -> None:
    rows = preview_month(month=FEBRUARY, known_at=moment(date(2022, 3, 8))).rows
    [line], [total] = rows["ledger"], rows["totals"]

    assert (line["due"], line["unassessed"], line["cleared_assessed"], line["cleared_rate"]) == (12, 12, 0, "—")
    assert (total["unassessed_projects"], total["unassessed"], total["cleared_assessed"]) == (1, 12, 0)
    assert totals_of(TOTALS.columns, rows["totals"])["cleared_rate"] is None

    lay_blocker(estate, "P03", on=date(2022, 2, 1))
    rows = preview_month(month=FEBRUARY, known_at=moment(date(2022, 3, 8))).rows
    assert [rows["ledger"][0][name] for name in ("unassessed", "cleared_assessed", "cleared_rate")] == [0, 0, "0.00%"]
    assert rows["totals"][0]["unassessed_projects"] == 0


def test_a_share_of_the_assessed_leaves_the_others_out(story: Estate) -> None:
    rows = preview_month(month=FEBRUARY, known_at=moment(date(2022, 3, 8))).rows["ledger"]
    nobody = {**rows[0], "unassessed": 12, "cleared_assessed": 0, "cleared_rate": "—"}

    assert rows[0]["cleared_rate"] == "100.00%"
    assert totals_of(LEDGER.columns, [*rows, nobody])["cleared_rate"] == Decimal("100.00"), "12 of 24 − 12"


def test_a_month_closed_before_keeps_what_it_said_and_is_made_again(estate: Estate) -> None:
    closed(estate, FEBRUARY)
    close = MonthClose.objects.get()
    since = {"unassessed_projects", "unassessed", "cleared_assessed", "cleared_rate"}
    rows = {
        part: [{name: value for name, value in row.items() if name not in since} for row in lines]
        for part, lines in close.rows.items()
    }
    with connection.cursor() as cursor:
        cursor.execute("UPDATE documents_monthclose SET rows = %s", [json.dumps(rows, ensure_ascii=False)])

    assert [text for text in faults_in_the_books() if text.startswith("I11")] == []
    [line] = rows["ledger"]
    shown = {column.name: column.show(line) for column in LEDGER.columns}
    assert (shown["cleared_assessed"], shown["cleared_rate"], shown["unassessed"]) == ("12", "—", "")
    assert "cleared_rate" not in totals_of(LEDGER.columns, rows["ledger"])
    assert monthly_workbook(month=FEBRUARY, cut_off_on=FEBRUARY.last, rows=rows, stamp="").startswith(b"PK")
