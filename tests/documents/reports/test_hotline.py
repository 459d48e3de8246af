"""The sheet of the hotline says what the leads count, freezes with the month, and shows each reader their own."""

from documents.reports.hotline import HOTLINE
from documents.reports.models import MonthClose
from documents.reports.selectors.reports import month_view
from documents.reports.services import close_month
from projects.leads.selectors.rates import rate_table
from registry.kernel.periods import Month
from registry.store.second import FirstPerson
from tests.factories.projects import Estate, on_day
from tests.projects.leads.test_rates import LATER, lay_tickets

MARCH = Month.parse("2022-03")


def test_the_sheet_is_the_table_of_rates_and_freezes_with_the_month(estate: Estate) -> None:
    lay_tickets(estate)
    city = estate.cast.city.actor
    counted = rate_table(city, MARCH, "district", now=LATER, known_at=LATER)

    rows = month_view(city, MARCH, now=LATER).sheet(HOTLINE)
    assert [(row["unit"], row["tickets"], row["solved_hits"], row["solved_cases"], row["solved"]) for row in rows] == [
        (row.label, row.rates.tickets, row.rates.solved.hits, row.rates.solved.cases, str(row.rates.solved.value))
        for row in counted.rows
    ] + [("合计", 3, 1, 2, "50.00")]
    assert [column.show(rows[-1]) for column in HOTLINE.columns][-2:] == ["50.00%", "1／2"]
    own = month_view(estate.cast.district.actor, MARCH, now=LATER).sheet(HOTLINE)
    assert [row["district_code"] for row in own] == ["110105"]
    assert month_view(estate.cast.strange_district.actor, MARCH, now=LATER).sheet(HOTLINE) == []
    assert month_view(estate.cast.township.actor, MARCH, now=LATER).sheet(HOTLINE) == []

    with on_day(MARCH.next.first):
        close_month(actor=city, month=MARCH, first=FirstPerson.of(estate.cast.auditor.person))
    frozen = MonthClose.objects.get().rows["hotline"]
    assert [row["tickets"] for row in frozen] == [3, 3]
    assert month_view(city, MARCH, now=LATER).sheet(HOTLINE) == frozen
