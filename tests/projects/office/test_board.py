"""The board: how long homes lie at each stage, how often families had to come (F13), what the week asks."""

from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.urls import reverse

from projects.ledger.models import Unit
from projects.office.choices import ExtraTrip
from projects.office.metrics import figures_of
from projects.office.selectors.board import ages_of, nearest_rank, trips_by_month, trips_of, week_ahead
from projects.office.selectors.tally import tally_of
from projects.office.services.bookings import note_call
from projects.office.services.families import state_facts
from registry.kernel.stages import Track
from registry.store.clock import shanghai_day, true_now
from tests.factories.accounts import assert_asks, sign_in
from tests.factories.projects import REGISTERED, TODAY, Estate, move, on_day
from tests.projects.office.families import all_papers, come, unit_of

FIRST = date(2022, 2, 10)
NOT_GIVEN = "户口簿"


@pytest.fixture(autouse=True)
def files(settings: Any, tmp_path: Path) -> None:
    settings.FILES_DIR = tmp_path


def issue(estate: Estate, keys: list[int], on: date) -> None:
    move(estate, keys, "accepted", on)
    move(estate, keys, "settled", on, Track.TAX)
    move(estate, keys, "settled", on, Track.FUND)
    move(estate, keys, "recorded", on)
    move(estate, keys, "issued", on)


def test_trips_per_certificate_their_mean_and_the_commonest_causes(story: Estate) -> None:
    """F13: one home in one trip, one in three, of which one was our fault; one that was never at the counter."""
    quick, slow, never = story.homes[:3]
    come(story, {quick: all_papers(quick)}, on=FIRST)
    come(story, {slow: [name for name in all_papers(slow) if name != NOT_GIVEN]}, on=FIRST)
    with on_day(FIRST + timedelta(1)):
        state_facts(actor=story.cast.township.actor, unit=unit_of(slow), facts=["minor"], effective_on=date(2020, 1, 1))
    come(story, {slow: [NOT_GIVEN]}, on=FIRST + timedelta(2), again=ExtraTrip.LACKED)
    come(story, {slow: ["监护关系证明"]}, on=FIRST + timedelta(4), again=ExtraTrip.LACKED)
    move(story, [never], "collected", FIRST)
    issue(story, [quick, slow, never], TODAY)

    with assert_asks(3):
        trips = trips_of(story.project, since=date(2022, 1, 1), until=TODAY)

    assert (trips.certificates, trips.trips, trips.mean) == (2, 4, 2.0)
    assert (trips.extra, trips.own_fault, trips.causes) == (2, 1, (("补交上次告知的材料", 2),))
    assert trips.late_papers == (("安置房", "监护关系证明", 1),)
    assert trips_of(story.project, since=date(2021, 1, 1), until=date(2021, 12, 31)).mean is None


def test_the_time_at_a_stage_is_the_middle_and_nine_in_ten(story: Estate) -> None:
    assert [nearest_rank([1, 2, 3, 4], percent) for percent in (50, 90)] == [2, 4]
    for number, key in enumerate(story.homes[:10]):
        move(story, [key], "collected", TODAY - timedelta(10 * number))

    with assert_asks(1):
        ages = {age.code: age for age in ages_of(story.project, on=TODAY)}

    assert (ages["collected"].count, ages["collected"].median, ages["collected"].p90) == (10, 40, 80)
    assert ages["collected"].oldest_on == TODAY - timedelta(90)
    assert sum(age.count for age in ages.values()) == Unit.objects.filter(building__project=story.project).count()


def test_the_week_ahead_holds_what_is_booked_and_the_pace_of_late(story: Estate) -> None:
    come(story, {story.homes[0]: []}, on=TODAY - timedelta(3))

    ahead = week_ahead(story.project, on=TODAY, clerks=2, each=9)

    assert (ahead.booked, ahead.walk_ins, ahead.capacity, ahead.is_over) == (0, 0, 90, False)
    assert week_ahead(story.project, on=TODAY, clerks=0, each=9).is_over is False


def test_the_board_and_the_sheet_are_pages(story: Estate) -> None:
    move(story, story.homes[:2], "collected", REGISTERED)
    client = sign_in(story.cast.developer)
    page = client.get(reverse("office:board", args=[story.project.code])).content.decode()
    sheet = client.get(reverse("office:sheet", args=[story.project.code])).content.decode()

    assert "各阶段停留" in page
    assert "该期间暂无来访后发证的户" in page
    assert f"表号{story.project.code}-{shanghai_day(true_now()):%Y%m%d}" in sheet
    assert "本表不是受理凭证" in sheet


def test_a_visit_from_the_sheet_keeps_its_day_and_its_number(story: Estate) -> None:
    visit = come(story, {story.homes[0]: [NOT_GIVEN]}, on=FIRST)
    with on_day(TODAY):
        later = sign_in(story.cast.township).post(
            reverse("office:family", args=[story.project.code, story.homes[1]]),
            {"came_on": "2022-03-02", "home": [story.homes[1]], "sheet_no": "CY-9001-20220302", "shown": ""},
        )

    assert later.status_code == 302
    kept = unit_of(story.homes[1]).visits.get()
    assert (kept.came_on, kept.sheet_no, visit.sheet_no) == (date(2022, 3, 2), "CY-9001-20220302", "")


def test_the_day_of_an_office_is_counted_from_its_work(story: Estate) -> None:
    key = story.homes[0]
    come(story, {key: all_papers(key)})
    come(story, {story.homes[1]: []})
    come(story, {key: []}, again="other")
    move(story, story.homes[6:8], "collected", TODAY)
    with on_day(TODAY):
        for result in ("reached", "not_reached"):
            note_call(actor=story.cast.township.actor, unit=story.unit(2), result=result, called_on=TODAY)

    tally = tally_of(story.project, on=TODAY)
    assert (tally.families, tally.homes, tally.extra, tally.calls, tally.reached, tally.sent) == (3, 3, 1, 2, 1, 0)
    assert tally.buildings == (("1号楼", (0, 1, 0, 0, 0, 0)), ("2号楼", (0, 2, 0, 0, 0, 0)))
    assert tally.whole == (0, 3, 0, 0, 0, 0)
    assert tally_of(story.project, on=TODAY - timedelta(1)).buildings == ()
    address = reverse("office:day_tally", args=[story.project.code])
    page = sign_in(story.cast.township).get(address, {"on": f"{TODAY}"})
    assert page.context["tally"] == tally
    assert sign_in(story.cast.strange_township).get(address).status_code == 404


def test_the_trips_of_each_month_are_those_of_its_days(story: Estate) -> None:
    key = story.homes[0]
    come(story, {key: []}, on=FIRST)
    come(story, {key: all_papers(key)}, on=date(2022, 3, 1), again="not_told")
    issue(story, [key], date(2022, 3, 4))
    come(story, {story.homes[1]: []}, on=TODAY)

    months = trips_by_month(story.project, on=TODAY, months=3)
    assert [(month.begins, *figures_of(month)) for month in months] == [
        (date(2022, 3, 1), 1, 2, 1, 1), (date(2022, 2, 1), 0, 0, 0, 0), (date(2022, 1, 1), 0, 0, 0, 0),
    ]  # fmt: skip
    whole = trips_of(story.project, since=date(2022, 1, 1), until=TODAY)
    assert (whole.certificates, whole.trips, whole.extra, whole.own_fault) == (1, 2, 1, 1)
    with assert_asks(3):
        trips_by_month(story.project, on=TODAY)
