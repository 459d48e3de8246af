"""Months are closed one after another: no gap, none twice, none before it is over, none behind a later one."""

from datetime import date

import pytest

from documents.reports.models import MonthClose
from documents.reports.services import close_month
from registry.kernel.periods import Month
from registry.store.second import FirstPerson
from tests.factories.accounts import Cast
from tests.factories.projects import Estate, moment, on_day
from tests.factories.trials import last_act, refused

APRIL = date(2022, 4, 1)


def close(cast: Cast, month: str, today: date = APRIL) -> MonthClose:
    with on_day(today):
        closed: MonthClose = close_month(
            actor=cast.city.actor, month=Month.parse(month), first=FirstPerson.of(cast.auditor.person)
        )
    return closed


def test_months_are_chained_and_record_when_they_were_closed(estate: Estate) -> None:
    first = close(estate.cast, "2022-01")
    second = close(estate.cast, "2022-02")

    assert (second.previous_hash, second.cut_off_on, second.known_at) == (
        first.chain_hash, date(2022, 2, 28), moment(APRIL, 10),
    )  # fmt: skip
    assert (last_act().event, last_act().facts["rows_hash"]) == ("month.closed", second.rows_hash)


def test_a_month_is_not_closed_over_a_gap(estate: Estate) -> None:
    close(estate.cast, "2022-01")

    with refused("请先结2022年2月，须逐月连续结账", code="gap"):
        close(estate.cast, "2022-03")

    assert list(MonthClose.objects.values_list("month", flat=True)) == ["2022-01"]
    close(estate.cast, "2022-02")
    assert close(estate.cast, "2022-03").month == "2022-03", "the control: in their order they close"


@pytest.mark.parametrize(
    ("month", "code", "message"),
    [
        ("2022-02", "closed", "2022年2月已结账，不能重复结账"),
        ("2022-01", "order", "2022-02已经结账，不能再结更早的月份"),
        ("2022-04", "not_over", "2022年4月尚未终了，2022-05-01起可以结账"),
    ],
)
def test_a_month_out_of_its_order_is_refused(estate: Estate, month: str, code: str, message: str) -> None:
    close(estate.cast, "2022-02")

    with refused(message, code=code):
        close(estate.cast, month)


def test_the_last_day_of_a_month_is_not_over(estate: Estate) -> None:
    with refused("尚未终了", code="not_over"):
        close(estate.cast, "2022-03", date(2022, 3, 31))

    assert close(estate.cast, "2022-03", APRIL).cut_off_on == date(2022, 3, 31)
