"""Pages of months read stored rows: a closed month its own, an open one of a large ledger its last count."""

from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from documents.reports.models import MonthCount
from documents.reports.selectors import months
from documents.reports.services import close_month
from registry.jobs.worker import Worker
from registry.kernel.authority import system_actor
from registry.kernel.periods import Month
from registry.store.clock import ledger_today
from tests.factories.accounts import sign_in
from tests.factories.projects import Estate, bring_to, on_day

FEBRUARY = Month.parse("2022-02")
COUNTED = ("ledger_move", "gates_readinessspan", "ledger_tally")


@pytest.fixture
def large(story: Estate, monkeypatch: pytest.MonkeyPatch) -> Estate:
    monkeypatch.setattr(months, "LARGE", 0)
    return story


def read(estate: Estate, by: str, address: str) -> tuple[str, list[str], int]:
    """A page, which of the tables that are counted it asked, and how many queries it took."""
    client = sign_in(getattr(estate.cast, by))
    client.get(address)
    with CaptureQueriesContext(
        connection,
    ) as asked:
        page = client.get(address)
    assert page.status_code == 200
    tables = [name for name in COUNTED if any(f'"{name}"' in query["sql"] for query in asked.captured_queries)]
    return page.content.decode(), tables, len(asked)


@pytest.mark.parametrize("by", ["city", "district", "township"])
def test_a_closed_month_is_read_without_a_count(story: Estate, by: str) -> None:
    with on_day(date(2022, 3, 1)):
        close_month(actor=system_actor("测试"), month=FEBRUARY)

    for query in ("", "?part=totals", "?part=changes", "?code=CY-9001"):
        _, tables, queries = read(story, by, f"/documents/reports/2022-02/{query}")
        assert (tables, queries <= 20) == ([], True)


def test_an_open_month_of_a_large_ledger_is_as_it_was_counted_last(large: Estate) -> None:
    month = Month.of(ledger_today())
    address = f"/documents/reports/{month}/"
    page, _, _ = read(large, "township", address)
    assert "尚未计算" in page
    client = sign_in(large.cast.township)
    client.post(f"{address}count/")
    assert "正在计算" in client.get(address).content.decode()
    Worker("test").run(once=True)

    page, tables, queries = read(large, "township", address)
    assert [word for word in ("应办", "剩余本月变动", "未结账，按截至时刻计算") if word not in page] == []
    assert (tables, queries <= 20) == ([], True)
    before = MonthCount.objects.get().rows["totals"][0]["issued"]
    bring_to(large, large.homes[:1], "issued", date(2022, 2, 10))
    assert read(large, "city", address)[0].count("重新计算") == 1
    client.post(f"{address}count/")
    assert (before, MonthCount.objects.get().rows["totals"][0]["issued"]) == (0, 0), "as counted last"


def test_a_small_ledger_is_counted_at_once(story: Estate) -> None:
    page, tables, _ = read(story, "city", f"/documents/reports/{Month.of(ledger_today())}/")

    assert "未结账，随台账变动" in page
    assert tables == list(COUNTED), "the control: what a page counts is seen"
