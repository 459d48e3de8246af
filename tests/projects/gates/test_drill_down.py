"""Every figure of a project is the length of the list behind it, whatever is paused, held or issued."""

from datetime import date

import pytest
from django.urls import reverse

from projects.gates.invariants import spans_are_the_gates
from projects.gates.metrics import BY_CODE
from projects.gates.selectors.drill_down import units_counted_by
from projects.gates.selectors.overview import overviews
from projects.gates.services import end_pause, pause_acceptances
from projects.ledger.models import Unit
from projects.progress.services import change_standing, correct_unit
from registry.kernel.errors import NotFound
from registry.kernel.gates.rest import Rest
from registry.kernel.scope import scope_of
from registry.kernel.stages import Standing, Track
from registry.store.second import FirstPerson
from tests.factories.accounts import sign_in
from tests.factories.laid import laid
from tests.factories.projects import TODAY, Estate, bring_to, lay_blocker, move, on_day

SEPTEMBER, MARCH = date(2021, 9, 1), date(2022, 3, 1)


def figures(estate: Estate, on: date = TODAY) -> dict[str, int]:
    """Every figure, having asked that its list is as long."""
    row = overviews([estate.project.id], on=on)[estate.project.id]
    found = {code: figure.value(row) for code, figure in BY_CODE.items()}
    units = Unit.objects.filter(building__project=estate.project)
    behind = {code: units.filter(units_counted_by(code, estate.project.id, on=on)).count() for code in found}
    assert behind == found
    assert sum(row.rest_of(rest) for rest in Rest) == row.remaining == found["remaining"]
    assert sum(count for _, count in row.doable_stages) == row.rest_of(Rest.DOABLE)
    assert list(spans_are_the_gates(estate.project.id)) == []
    return found


def pause(estate: Estate, building: int, starts: date = MARCH):
    with on_day(TODAY):
        return pause_acceptances(
            actor=estate.cast.district.actor, project=estate.project, scope=scope_of(buildings=[building]),
            starts=starts, organ="演示区专班", basis="×专办〔2022〕3号", reason="核查",
        )  # fmt: skip


def go_on_to_issued(estate: Estate, on: date) -> None:
    """Bring the first of the two accepted homes to the end of its road."""
    unit = estate.homes[3:4]
    move(estate, unit, "settled", on, Track.TAX)
    move(estate, unit, "settled", on, Track.FUND)
    move(estate, unit, "recorded", on)
    move(estate, unit, "issued", on)


def lay_moved(story: Estate) -> Estate:
    """Of twelve homes three are issued, two more accepted, one is held; one shop is at fault."""
    bring_to(story, story.homes[:3], "issued", SEPTEMBER)
    bring_to(story, story.homes[3:5], "accepted", SEPTEMBER)
    with on_day(TODAY):
        change_standing(
            actor=story.cast.district.actor, project=story.project, unit_ids=story.homes[-1:], standing=Standing.HELD,
            reason="dispute", evidence="诉讼", on=MARCH, review_on=date(2022, 6, 1),
        )  # fmt: skip
    return story


@pytest.fixture
def moved(story: Estate) -> Estate:
    made: Estate = laid("test_drill_down.moved", lay_moved, story)
    return made


def test_figures_are_the_lengths_of_their_lists(moved):
    found = figures(moved)

    assert (found["due"], found["issued"], found["accepted"], found["remaining"]) == (12, 3, 5, 9)
    assert (found["ready"], found["ready_not_issued"], found["blocked"], found["held"]) == (11, 8, 0, 1)


def test_a_pause_over_issued_homes_takes_nothing_from_the_others(moved):
    first = Unit.objects.get(pk=moved.homes[0]).building_id
    there = Unit.objects.filter(building_id=first, use="dwelling").count()

    paused = pause(moved, first)
    found = figures(moved)

    assert found["ready"] == 11 - there
    assert found["ready_not_issued"] == 11 - there, "the three issued homes of the paused building count nowhere else"
    assert (found["blocked"], found["remaining"]) == (there - 3, 9)
    with on_day(TODAY):
        end_pause(actor=moved.cast.district.actor, pause=paused, ends=TODAY, reason="核查完毕")
    assert figures(moved)["ready_not_issued"] == 8


def test_a_home_accepted_before_the_pause_and_issued_in_it_is_counted_once(moved):
    first = Unit.objects.get(pk=moved.homes[0]).building_id
    pause(moved, first)
    before = figures(moved)

    go_on_to_issued(moved, date(2022, 3, 2))
    found = figures(moved)

    assert (found["issued"], found["remaining"]) == (4, 8)
    assert (found["ready_not_issued"], found["blocked"]) == (before["ready_not_issued"], before["blocked"] - 1)
    with on_day(TODAY):
        correct_unit(
            actor=moved.cast.district.actor, unit=Unit.objects.get(pk=moved.homes[3]), track=Track.CERTIFICATE,
            on=TODAY, reason="错录", first=FirstPerson(0, "某人"),
        )  # fmt: skip
    assert figures(moved)["blocked"] == before["blocked"]


def test_the_classes_of_what_is_left_follow_each_home_on_its_way(moved):
    def rest() -> dict[str, int]:
        row = overviews([moved.project.id], on=TODAY)[moved.project.id]
        assert figures(moved)["remaining"] == 9
        return {rest.label: row.rest_of(rest) for rest in Rest if row.rest_of(rest)} | dict(row.doable_stages)

    stages = {"未受理": 6, "已受理": 2, "已登簿未发证": 0}
    assert rest() == {"暂缓": 1, "可办未办": 8, **stages}
    lay_blocker(moved, "E03", scope=scope_of(units=moved.homes[4:6]), on=MARCH)
    assert rest() == {"暂缓": 1, "户级堵点": 2, "可办未办": 6, "未受理": 5, "已受理": 1, "已登簿未发证": 0}
    pause(moved, Unit.objects.get(pk=moved.homes[3]).building_id)
    there = {"暂缓": 1, "暂停受理": 1, "户级堵点": 1, "可办未办": 6, "未受理": 5, "已受理": 1, "已登簿未发证": 0}
    assert rest() == there, "the accepted run on; the seized home in the pause is in the pause first"

    for track in (Track.TAX, Track.FUND):
        move(moved, moved.homes[3:4], "settled", MARCH, track)
    move(moved, moved.homes[3:4], "recorded", MARCH)

    assert rest() == {**there, "已受理": 0, "已登簿未发证": 1}
    with on_day(TODAY):
        correct_unit(
            actor=moved.cast.district.actor, unit=Unit.objects.get(pk=moved.homes[3]), track=Track.CERTIFICATE,
            on=TODAY, reason="错录", first=FirstPerson(0, "某人"),
        )  # fmt: skip
    assert rest() == there


def test_a_home_whose_building_is_shut_or_not_made_is_told_apart(promised):
    lay_blocker(promised, "P03", scope=scope_of(units=promised.homes[:2]), on=TODAY)

    row = overviews([promised.project.id], on=TODAY)[promised.project.id]
    assert figures(promised)["remaining"] == 12
    assert (row.rest_of(Rest.UNCLEARED), row.rest_of(Rest.UNREGISTERED), row.rest_of(Rest.DOABLE)) == (2, 10, 0)


def test_nobody_has_assessed_it_and_it_is_in_no_other_class(estate):
    row = overviews([estate.project.id], on=TODAY)[estate.project.id]
    assert {rest: row.rest_of(rest) for rest in Rest if row.rest_of(rest)} == {Rest.UNASSESSED: 12}
    units = Unit.objects.filter(building__project=estate.project)
    behind = {rest: units.filter(units_counted_by(rest.value, estate.project.id, on=TODAY)).count() for rest in Rest}
    assert {rest: count for rest, count in behind.items() if count} == {Rest.UNASSESSED: 12}


def test_a_pause_that_is_to_come_counts_the_homes_issued_before_it(moved):
    first = Unit.objects.get(pk=moved.homes[0]).building_id
    pause(moved, first, starts=date(2022, 4, 1))
    go_on_to_issued(moved, MARCH)

    assert figures(moved)["ready_not_issued"] == 7
    assert figures(moved, date(2022, 4, 1))["issued"] == 4


def test_the_page_links_each_figure_to_its_list(moved):
    client = sign_in(moved.cast.district)
    page = client.get(reverse("ledger:project", args=[moved.project.code])).content.decode()
    units = reverse("progress:units", args=[moved.project.code])

    for code in ("due", "cleared_assessed", "registered", "collected", "issued", "remaining", "others"):
        assert f'href="{units}?figure={code}"' in page
        listed = client.get(units, {"figure": code}).content.decode()
        assert f"共{figures(moved)[code]}户" in listed
        assert f"只看“{BY_CODE[code].label}”" in listed


def test_an_unknown_figure_is_not_found(moved):
    with pytest.raises(NotFound):
        units_counted_by("best", moved.project.id, on=TODAY)
    address = reverse("progress:units", args=[moved.project.code])
    assert sign_in(moved.cast.district).get(address, {"figure": "best"}).status_code == 404
