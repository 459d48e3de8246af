"""The month is counted for its reader: of the projects that they may see, by the one rule of tenancy, and no other."""

from datetime import datetime

import pytest

from documents.reports.layouts import TOTALS
from documents.reports.selectors.reports import MonthView, month_view, totals_of
from documents.reports.services import close_month
from projects.ledger.models import Participation
from projects.ledger.services.projects import take_in_project
from projects.progress.services import place_units
from registry.kernel.periods import Month
from registry.store.guard import fixture_writes
from registry.store.second import FirstPerson
from tests.factories.projects import PLACED, TODAY, Estate, home, lay_strange_estate, moment, on_day, project_words

FEBRUARY = Month.parse("2022-02")


@pytest.fixture
def three(estate: Estate) -> Estate:
    """Beside the estate: a project of another township of the district, in which the department alone takes part no
    more, and one of another district."""
    with on_day(PLACED):
        words = project_words(estate.cast, code="CY-9002", name="演示佳苑", township_code="110105028")
        far = take_in_project(actor=estate.cast.district.actor, **words)
        rows = [home("1", "1", floor, 300 + floor) for floor in (2, 3)]
        place_units(actor=estate.cast.district.actor, project=far, rows=rows, placed_on=PLACED, source="清册")
    with fixture_writes():
        Participation.objects.filter(project=far, organisation=estate.cast.department.organisation).update(
            takes_part=False
        )
    lay_strange_estate(estate.cast)
    return estate


def seen(estate: Estate, by: str, now: datetime | None = None) -> MonthView:
    return month_view(getattr(estate.cast, by).actor, FEBRUARY, now=now or moment(TODAY))


def said(view: MonthView) -> tuple[list[str], int]:
    """The projects of a report and the homes of its totals."""
    return [row["code"] for row in view.rows["ledger"]], totals_of(TOTALS.columns, view.rows["totals"])["due"]


OWN = {
    "city": (["CY-9001", "CY-9002", "HD-9001"], 26),
    "auditor": (["CY-9001", "CY-9002", "HD-9001"], 26),
    "district": (["CY-9001", "CY-9002"], 14),
    "township": (["CY-9001"], 12),
    "department": (["CY-9001"], 12),
    "centre": (["CY-9001", "CY-9002"], 14),
    "strange_township": (["HD-9001"], 12),
}


@pytest.mark.parametrize("by", OWN)
def test_a_running_month_is_of_the_projects_that_its_reader_may_see(three: Estate, by: str) -> None:
    assert said(seen(three, by)) == OWN[by]


@pytest.mark.parametrize("by", OWN)
def test_a_closed_month_is_too(three: Estate, by: str) -> None:
    with on_day(TODAY):
        close_month(actor=three.cast.city.actor, month=FEBRUARY, first=FirstPerson.of(three.cast.auditor.person))

    view = seen(three, by)

    assert (said(view), view.is_closed) == (OWN[by], True)


def test_a_part_says_that_it_is_one(three: Estate) -> None:
    assert seen(three, "city").stamp == "未结账，随台账变动"
    assert seen(three, "township").stamp == "未结账，随台账变动；只含本人可见的1个项目"
