"""Work that stands in a step: it is made from the ledger, in one's reach, and adds up to the list behind it."""

from datetime import date, timedelta

import pytest

from projects.gates.selectors.overview import overviews
from projects.ledger.models import Unit
from projects.progress.selectors import units_of
from projects.progress.selectors.desk_figures import DeskFigures, desk_figures
from projects.progress.selectors.desk_rest import rest_by_cause
from projects.progress.selectors.pace import LEAVES, paces_of
from projects.progress.selectors.queue_table import homes_waiting, own_homes, work_by_project
from projects.progress.selectors.queues import BY_CODE, EVERY, OF_ROLE, queue_projects, queues_of
from projects.progress.services import advance_units
from projects.progress.services.submissions import hand_in
from registry.kernel.authority import Role
from registry.kernel.gates.rest import Rest
from registry.kernel.stages import STAGES, Track
from registry.store.guard import fixture_writes
from tests.factories.accounts import assert_asks, sign_in
from tests.factories.projects import TODAY, Estate, on_day


def collect(estate: Estate, count: int) -> list[int]:
    """Let the office take the papers of the first homes."""
    keys = list(
        Unit.objects.filter(building__project=estate.project, use="dwelling")
        .order_by("id")
        .values_list("id", flat=True)
    )[:count]
    with on_day(TODAY):
        advance_units(
            actor=estate.cast.developer.actor, project=estate.project, unit_ids=keys, track=Track.CERTIFICATE,
            to="collected", occurred_on=TODAY,
        )  # fmt: skip
    return keys


def send(estate: Estate, count: int) -> list[int]:
    """Let the office take the papers of the first homes and bring them to the registration centre."""
    keys = collect(estate, count)
    with on_day(TODAY):
        hand_in(actor=estate.cast.township.actor, project=estate.project, unit_ids=keys, on=TODAY)
    return keys


def counts(actor, on=TODAY) -> dict[str, int]:  # type: ignore[no-untyped-def]
    return {state.queue.code: state.count for state in queues_of(actor, on=on)}


def test_homes_whose_papers_were_taken_wait_at_the_registration_centre_and_the_tax_office(story: Estate) -> None:
    collect(story, 5)

    nothing = {"accept": 0, "record": 0, "print": 0, "issue": 0, "mend": 0}
    assert counts(story.cast.centre.actor) == {**nothing, "submit": 5}
    assert counts(story.cast.tax.actor) == {"assess": 5, "settle": 0}
    assert counts(story.cast.developer.actor) == {"collect": 0, "submit": 5, "mend": 0, "accept": 0, "issue": 0}
    with on_day(TODAY):
        hand_in(actor=story.cast.township.actor, project=story.project, unit_ids=story.homes[:3], on=TODAY)
    assert counts(story.cast.centre.actor) == {**nothing, "accept": 3, "submit": 2}
    assert counts(story.cast.strange_district.actor)["accept"] == 0


def test_a_held_home_waits_for_nobody(story: Estate) -> None:
    keys = send(story, 3)
    with fixture_writes():
        Unit.objects.filter(pk=keys[0]).update(standing="held")

    assert counts(story.cast.centre.actor)["accept"] == 2


def test_the_age_is_that_of_the_oldest_and_a_long_wait_is_counted_apart(story: Estate) -> None:
    send(story, 4)

    [state] = [state for state in queues_of(story.cast.centre.actor, on=TODAY + timedelta(days=91)) if state.count]

    assert (state.days, state.long) == (91, 4)
    [state] = [state for state in queues_of(story.cast.centre.actor, on=TODAY + timedelta(days=90)) if state.count]
    assert (state.days, state.long) == (90, 0)


@pytest.mark.parametrize("code", EVERY)
def test_a_queue_counts_what_its_projects_and_their_lists_hold(story: Estate, code: str) -> None:
    send(story, 4)
    actor = story.cast.district.actor
    here = counts(actor)[code]

    rows = queue_projects(actor, BY_CODE[code], on=TODAY)
    assert sum(row.count for row in rows) == here
    assert units_of(actor, story.project.id, filters={"queue": code}, on=TODAY).count() == here


def test_every_step_between_the_first_and_the_last_is_somebodys_queue() -> None:
    stages = {stage for queue in BY_CODE.values() for stage in queue.certificate}

    assert stages == {stage.code for stage in STAGES[Track.CERTIFICATE]} - {"waiting", "issued"}
    assert set(OF_ROLE) == set(Role) - {Role.DEPARTMENT, Role.SYSTEM_ADMIN, Role.SECURITY_ADMIN}


def test_the_desk_leads_to_the_queue_and_the_queue_to_its_homes(story: Estate) -> None:
    send(story, 4)
    client = sign_in(story.cast.centre)

    assert 'href="/progress/queues/accept/"' in client.get("/").content.decode()
    page = client.get("/progress/queues/accept/").content.decode()
    assert f"/progress/{story.project.code}/units/?queue=accept" in page
    shown = client.get(f"/progress/{story.project.code}/units/?queue=accept").context["rows"]
    assert [unit.certificate for unit in shown] == ["collected"] * 4
    assert client.get("/progress/queues/assess/").status_code == 404


def test_the_queues_cost_one_query(story: Estate) -> None:
    collect(story, 4)
    with assert_asks(1):
        queues_of(story.cast.district.actor, on=TODAY)


def test_the_figures_of_an_area_are_those_of_its_books(story: Estate) -> None:
    homes = Unit.objects.filter(building__project=story.project, use="dwelling").exclude(standing="excluded").count()
    keys = collect(story, 5)
    with fixture_writes():
        Unit.objects.filter(pk__in=keys[:2]).update(certificate="issued", certificate_on=TODAY)
        Unit.objects.filter(pk=keys[2]).update(certificate="issued", certificate_on=TODAY.replace(day=1) - timedelta(1))

    area = desk_figures(story.cast.township.actor, on=TODAY)

    assert area is not None
    figures = area.whole
    assert (figures.due, figures.recorded, figures.issued_this_month) == (homes, 0, 2)
    assert figures.remaining == figures.due - figures.issued
    assert desk_figures(story.cast.centre.actor, on=TODAY) is None
    strange = desk_figures(story.cast.strange_district.actor, on=TODAY)
    assert strange is not None
    assert strange.whole.due == 0


def test_the_city_sees_its_districts_and_they_add_up(story: Estate, stranger: Estate) -> None:
    area = desk_figures(story.cast.city.actor, on=TODAY)

    assert area is not None
    assert len(area.districts) == 2
    assert sum(figures.due for _, figures in area.districts) == area.whole.due
    assert [figures.remaining for _, figures in area.districts] == sorted(
        (figures.remaining for _, figures in area.districts), reverse=True
    )
    page = sign_in(story.cast.city).get("/").content.decode()
    for place, _ in area.districts:
        assert f'<a href="/projects/?district={place.code}">{place.name}</a>' in page


def test_homes_that_another_office_does_are_not_the_own_work_of_a_desk(story: Estate) -> None:
    collect(story, 4)  # 待送件 is the office's, 待核税 the tax office's

    centre, tax, office = story.cast.centre.actor, story.cast.tax.actor, story.cast.developer.actor
    assert [own_homes(actor, work_by_project(actor, on=TODAY)[1]) for actor in (centre, tax, office)] == [0, 4, 4]
    assert [homes_waiting(actor) for actor in (centre, tax, office, story.cast.district.actor)] == [0, 4, 4, 0]
    assert "<i>0件</i>" in sign_in(story.cast.centre).get("/").content.decode()
    bar = sign_in(story.cast.tax).get("/progress/").content.decode().split("</nav>")[0]
    assert '<span class="cnt">4户</span>' in bar  # on every page: a full desk never says that nothing waits


@pytest.mark.parametrize(("month", "needed"), [(1, 10), (3, 12), (11, 60), (12, 120)])
def test_what_this_month_must_issue_clears_the_rest_by_the_end_of_the_year(month: int, needed: int) -> None:
    figures = DeskFigures(due=150, recorded=40, issued=40, issued_this_month=10)

    assert figures.needed(date(2022, month, 8)) == needed


def test_each_queue_has_a_step_by_which_one_leaves_it() -> None:
    assert set(LEAVES) == set(EVERY)


def test_the_pace_is_what_left_in_thirty_days_and_how_long_the_rest_needs(story: Estate) -> None:
    keys = send(story, 10)
    with on_day(TODAY):
        advance_units(
            actor=story.cast.centre.actor, project=story.project, unit_ids=keys[:2], track=Track.CERTIFICATE,
            to="accepted", occurred_on=TODAY,
        )  # fmt: skip
    actor = story.cast.centre.actor

    def words(on: date) -> str:
        [accept] = [p for p in paces_of(actor, queues_of(actor, on=on), on=on) if p.state.queue.code == "accept"]
        return accept.words

    with assert_asks(2):
        assert words(TODAY) == "受理近30日2户，待受理8户，按此速度需4个月"
    assert words(TODAY + timedelta(days=31)) == "受理近30日0户，待受理8户，没有进展"
    page = sign_in(story.cast.centre).get("/progress/queues/").content.decode()
    assert "待受理8户" in page


def test_who_goes_through_homes_has_them_by_project_the_longest_wait_first(story: Estate) -> None:
    send(story, 5)

    queues, works = work_by_project(story.cast.centre.actor, on=TODAY)
    page = sign_in(story.cast.centre).get("/").content.decode()

    assert [queue.code for queue in queues] == ["accept", "record", "print", "issue", "mend", "submit"]
    assert [(work.code, dict(work.counts)) for work in works] == [(story.project.code, {"accept": 5})]
    assert own_homes(story.cast.centre.actor, works) == 5
    assert "<i>0件，5户</i>" in page
    assert (works[0].days(TODAY + timedelta(days=91)), works[0].is_long(TODAY + timedelta(days=91))) == (91, True)
    assert f"/progress/{story.project.code}/units/?queue=accept" in page
    assert work_by_project(story.cast.district.actor, on=TODAY) == ((), [])


@pytest.mark.parametrize(("player", "asked"), [("city", 11), ("district", 17), ("centre", 10), ("department", 8)])
def test_a_desk_costs_the_same_number_of_queries_however_much_waits(story: Estate, player: str, asked: int) -> None:
    """Two more for the homes at work, from tallies and one index, two for what is on the way between offices."""
    client = sign_in(getattr(story.cast, player))
    client.get("/")
    collect(story, 2)
    with assert_asks(asked):
        client.get("/")
    collect(story, 8)
    with assert_asks(asked):
        client.get("/")


def test_what_is_left_is_told_by_cause_and_the_causes_add_up(story: Estate) -> None:
    """The classes are those of the month; the sentence names the largest."""
    township = story.cast.township.actor
    area = desk_figures(township, on=TODAY)
    assert area is not None
    send(story, 3)

    with assert_asks(3):
        rest = rest_by_cause(township, on=TODAY)

    assert rest.whole == area.whole.remaining == sum(cause.count for cause in rest.causes)
    overview = overviews([story.project.pk], on=TODAY)[story.project.pk]
    assert {cause.label: cause.count for cause in rest.causes} == {
        each.label: overview.rest_of(each) for each in Rest if overview.rest_of(each)
    }
    most = max(rest.causes, key=lambda cause: cause.count)
    assert rest.lead == f"剩余{rest.whole:,}套，最多的是{most.label}{most.count:,}套，占{most.share}"
    assert rest.lead in sign_in(story.cast.township).get("/").content.decode()
    assert rest.lead in sign_in(story.cast.city).get("/progress/rest/").content.decode()
    assert 'hx-get="/progress/rest/"' in sign_in(story.cast.city).get("/").content.decode()
    strange = rest_by_cause(story.cast.strange_district.actor, on=TODAY)
    assert (strange.whole, strange.causes) == (0, ())
    assert strange.lead == "尚无住宅入账", "an empty book is not one that is done"


@pytest.mark.parametrize(
    ("address", "asked"),
    [
        ("/progress/", 8), ("/progress/?order=-issued", 8), ("/projects/", 10), ("/projects/?order=-remaining", 10),
        ("/progress/lists/tax/", 6),
    ],
)  # fmt: skip
def test_a_list_of_projects_costs_the_same_however_it_is_sorted_and_however_many_there_are(
    story: Estate, stranger: Estate, address: str, asked: int
) -> None:
    """Sums come from tallies, readiness from the last spans, the words of main issues from the types: a query each."""
    for player in (story.cast.district, story.cast.city):
        client = sign_in(player)
        client.get(address)
        with assert_asks(asked + (player is story.cast.city and address.startswith("/projects/"))):  # districts offered
            client.get(address)
