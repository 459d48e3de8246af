"""Leverage of a project and of a city: what is counted, kept, shown to whom, and put on the agenda."""

from dataclasses import replace
from datetime import date

import pytest
from django.urls import reverse

from projects.casework.models import LeverageMember, LeverageRow, LeverageRun
from projects.casework.selectors.agenda import AgendaKind, agenda_items, hotline_period
from projects.casework.selectors.best_moves import move_cards
from projects.casework.selectors.calendar import calendar_of
from projects.casework.selectors.leverage import last_run, leverage_of, ranked_moves, rows_visible_to
from projects.casework.services import leverage as services
from projects.casework.services.leverage import count_leverage, keep_leverage
from projects.casework.services.turns import pause_clock
from projects.gates.services import resolve_blocker
from projects.progress.services import change_standing
from projects.progress.services.split import split_project
from registry.audit.models import Act
from registry.jobs.models import Job, JobState
from registry.jobs.worker import Worker
from registry.kernel.authority import system_actor
from registry.kernel.leverage import Freed
from registry.kernel.scope import scope_of
from registry.kernel.stages import Standing
from registry.lists.exports import EXPORTS
from registry.store.clock import ledger_today
from tests.factories.accounts import Cast, assert_asks, lay_setting, sign_in
from tests.factories.projects import FOUND, TODAY, Estate, lay_blocker, lay_strange_estate, on_day

pytestmark = pytest.mark.django_db
LATER = date(2019, 11, 20)


@pytest.fixture
def held(estate: Estate) -> tuple[Estate, dict[str, str]]:
    """P03 on both buildings, F01 on the second too: 6 homes and 2 shops alone, 12 and 3 together."""
    two = estate.buildings[1]
    holder = estate.cast.department.organisation
    first = lay_blocker(estate, "P03", responsible=holder)
    second = lay_blocker(estate, "F01", scope_of(buildings={two.id}), on=LATER, responsible=holder)
    return estate, {"first": first.number, "second": second.number}


def count(on: date = TODAY) -> LeverageRun:
    with on_day(on):
        return count_leverage(on=on)


def lines(estate: Estate, actor, words=None):
    """The kept sets as (numbers, homes, others, needs), in order."""
    return [
        ([m.blocker.number for m in row.members.all()], row.homes, row.others, row.needs)
        for row in rows_visible_to(actor, last_run(), words)
    ]


def test_a_project_ranks_its_blockers_now(held) -> None:
    estate, names = held
    with assert_asks(15):
        moves = move_cards(leverage_of(estate.project.id, on=TODAY))

    both, first, second = moves
    assert ([one.number for one in both.blockers], both.freed) == ([*sorted(names.values())], Freed(12, 3))
    assert ([one.number for one in first.blockers], first.freed) == ([names["first"]], Freed(6, 2))
    assert (first.together, first.freed_together) == ([names["second"]], Freed(12, 3))
    assert ([one.number for one in second.blockers], second.freed) == ([names["second"]], Freed())
    assert second.needs == [names["first"]]
    assert both.days == first.days + second.days > 1000


def test_working_days_count_from_the_day_found(held) -> None:
    estate, _ = held
    first = leverage_of(estate.project.id, on=date(2019, 10, 28)).moves[0]

    assert FOUND.isoformat() == "2019-10-20"
    assert first.days == 6


def test_days_on_which_no_organisation_had_the_ball_are_nobodys_and_a_copy_keeps_those_of_its_origin(
    estate: Estate,
) -> None:
    keys = [one.id for one in estate.buildings]
    lay_blocker(estate, "P03")
    assert leverage_of(estate.project.id, on=date(2019, 10, 28)).moves[0].days == 0

    held = lay_blocker(estate, "F01", on=FOUND, responsible=estate.cast.department.organisation)
    with on_day(LATER):
        pause_clock(actor=estate.cast.district.actor, blocker=held, reason="等待法院裁定", on=LATER)
    with on_day(TODAY):
        twin = split_project(
            actor=estate.cast.district.actor, project=estate.project, building_ids=keys[:1], code="CY-9006",
            name="二期", on=TODAY, reason="分期",
        )  # fmt: skip
    calendar = calendar_of()
    assert max(move.days for move in leverage_of(twin.id, on=TODAY).moves) == calendar.workdays_between(FOUND, LATER)


def test_a_blocker_resolved_is_no_move_and_frees_the_other(held) -> None:
    estate, names = held
    blocker = estate.project.blockers.get(number=names["first"])
    with on_day(TODAY):
        resolve_blocker(actor=estate.cast.district.actor, blocker=blocker, resolved_on=TODAY, resolution="核验合格")

    moves = move_cards(leverage_of(estate.project.id, on=TODAY))
    assert [([one.number for one in move.blockers], move.freed) for move in moves] == [([names["second"]], Freed(6, 1))]


def test_a_home_held_is_not_counted(held) -> None:
    estate, _ = held
    with on_day(TODAY):
        change_standing(
            actor=estate.cast.district.actor, project=estate.project, unit_ids=estate.homes[:1],
            standing=Standing.HELD, reason="unreachable", evidence="三次电话未果", on=TODAY, review_on=date(2022, 9, 1),
        )  # fmt: skip

    assert leverage_of(estate.project.id, on=TODAY).moves[0].freed == Freed(11, 3)


def test_a_count_is_kept_in_the_order_of_the_city(held) -> None:
    estate, names = held
    strange = lay_strange_estate(estate.cast)
    other = lay_blocker(replace(strange, cast=replace(strange.cast, district=strange.cast.strange_district)), "P03")
    run = count()

    assert (run.as_of, run.projects, run.blockers) == (TODAY, 2, 3)
    places = list(LeverageRow.objects.filter(run=run).order_by("place").values_list("place", "homes", "size"))
    assert places == [(1, 12, 1), (2, 12, 2), (3, 6, 1), (4, 0, 1)]
    city = lines(estate, estate.cast.city.actor)
    assert city[0] == ([other.number], 12, 3, [])
    assert city[3] == ([names["second"]], 0, 0, [names["first"]])
    assert [one[0] for one in lines(estate, estate.cast.strange_district.actor)] == [[other.number]]
    assert other.number not in [number for one in lines(estate, estate.cast.township.actor) for number in one[0]]
    assert Act.objects.latest("id").event == "leverage.counted"


def test_sets_are_narrowed_by_place_type_and_holder(held) -> None:
    estate, names = held
    count()
    city = estate.cast.city.actor

    assert [one[0] for one in lines(estate, city, {"type": "F01"})] == [[*sorted(names.values())], [names["second"]]]
    assert len(lines(estate, city, {"district": estate.project.district_code})) == 3
    assert lines(estate, city, {"township": "110108999"}) == []
    assert len(lines(estate, city, {"holder": str(estate.cast.department.organisation.pk)})) == 3
    assert lines(estate, city, {"holder": "none"}) == []
    assert lines(estate, city, {"holder": str(estate.cast.tax.organisation.pk)}) == []


@pytest.mark.parametrize("holder", ["9" * 30, "²", "none'--", "0"])
def test_a_holder_that_is_no_key_has_no_sets(held, holder: str) -> None:
    estate, _ = held
    count()
    client = sign_in(estate.cast.city)

    assert lines(estate, estate.cast.city.actor, {"holder": holder}) == []
    assert client.get(reverse("casework:leverage"), {"holder": holder}).status_code == 200
    assert client.get(reverse("exports:export_list", args=["leverage"]), {"holder": holder}).status_code == 200


def test_a_count_in_chunks_is_the_count_at_once(held) -> None:
    estate, _ = held
    strange = lay_strange_estate(estate.cast)
    ids = [estate.project.id, strange.project.id]

    with assert_asks(15):
        at_once = [ranked for _, ranked in ranked_moves(ids, on=TODAY)]
    assert [ranked for _, ranked in ranked_moves(ids, on=TODAY, chunk=1)] == at_once
    assert [ranked.project_id for ranked in at_once] == [estate.project.id], "no open blocker, no reading of units"


def test_old_counts_go_with_their_rows(held, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(services, "RUNS_KEPT", 2)
    first = count()
    count()
    last = count()

    assert LeverageRun.objects.count() == 2
    assert not LeverageRun.objects.filter(pk=first.pk).exists()
    assert LeverageRow.objects.filter(run=last).count() == 3
    assert LeverageMember.objects.count() == 8


def test_the_job_counts_and_tells_how_far_it_is(held) -> None:
    estate, _ = held
    client = sign_in(estate.cast.city)
    answer = client.post(reverse("casework:count_leverage"))
    client.post(reverse("casework:count_leverage"))
    Worker("w1").run(once=True)

    job = Job.objects.get(kind="casework.leverage")
    assert answer.url == reverse("jobs:jobs")
    assert (job.state, job.done, job.total) == (JobState.DONE, 1, 1)
    assert last_run().pk == job.result["run"]


def test_the_page_says_its_day_and_shows_sets_in_order(held) -> None:
    estate, names = held
    count()
    page = sign_in(estate.cast.city).get(reverse("casework:leverage")).content.decode()

    assert "截至2022年3月8日" in page
    assert "2个一并化解" in page
    assert "须先化解" in page
    assert page.index("2个一并化解") < page.index("可单独化解") < page.index("须先化解")
    assert all(reverse("gates:blocker", args=[number]) in page for number in names.values())


@pytest.mark.parametrize(("name", "asked"), [("casework:leverage", 13), ("casework:agenda", 14)])
def test_pages_ask_as_often_for_one_set_as_for_many(estate, name: str, asked: int) -> None:
    """The count is of an earlier day, so that both ask after the worker: four of the queries."""
    lay_blocker(estate, "P03")
    count()
    client = sign_in(estate.cast.district)
    client.get(reverse(name))
    with assert_asks(asked):
        client.get(reverse(name))

    lay_blocker(estate, "F01", scope_of(buildings={estate.buildings[1].id}), on=LATER)
    lay_blocker(estate, "U06", on=LATER)
    assert count().blockers == 3
    with assert_asks(asked):
        client.get(reverse(name))


def test_the_page_without_a_count_says_so_and_how_to_get_one(estate) -> None:
    page = sign_in(estate.cast.city).get(reverse("casework:leverage")).content.decode()

    assert "尚未计算" in page
    assert reverse("casework:count_leverage") in page


def test_a_developer_can_not_ask_for_a_count(estate) -> None:
    client = sign_in(estate.cast.developer)

    assert client.post(reverse("casework:count_leverage")).status_code == 403
    assert not Job.objects.exists()
    assert reverse("casework:count_leverage") not in client.get(reverse("casework:leverage")).content.decode()


def test_the_project_page_fetches_the_best_three_and_links_to_all(held) -> None:
    estate, names = held
    client = sign_in(estate.cast.district)
    address = reverse("casework:project_leverage", args=[estate.project.code])
    page = client.get(reverse("ledger:project", args=[estate.project.code])).content.decode()
    part = client.get(address, headers={"HX-Request": "true"}).content.decode()
    whole = client.get(address).content.decode()

    assert f'hx-get="{address}"' in page
    assert "<html" not in part
    assert "2个一并化解" in part
    assert "<html" in whole
    assert names["second"] in whole


def test_strangers_do_not_see_a_projects_ranking(held) -> None:
    estate, _ = held
    address = reverse("casework:project_leverage", args=[estate.project.code])

    assert sign_in(estate.cast.strange_district).get(address).status_code == 404


def test_the_agenda_takes_each_blocker_once_and_then_what_is_overdue(held) -> None:
    estate, names = held
    third = lay_blocker(estate, "P03", scope_of(units=frozenset(estate.shops[:1])), on=LATER)
    count()
    with assert_asks(5):
        items = agenda_items(estate.cast.district.actor, TODAY)

    assert [(item.kind, item.numbers, item.homes) for item in items] == [
        (AgendaKind.MOVE, (*sorted(names.values()),), 12),
        (AgendaKind.OVERDUE, (third.number,), 0),
    ]
    assert items[0].note.startswith("2个一并化解，打通住宅12套，商业和配套2间")
    assert items[0].link == reverse("ledger:project", args=[estate.project.code])
    assert items[1].link == reverse("gates:blocker", args=[third.number])
    assert "已逾期" in items[1].note
    assert agenda_items(estate.cast.strange_district.actor, TODAY) == []


def test_the_agenda_leaves_out_what_was_resolved_since_the_count(held) -> None:
    estate, names = held
    count()
    blocker = estate.project.blockers.get(number=names["second"])
    with on_day(TODAY):
        resolve_blocker(actor=estate.cast.district.actor, blocker=blocker, resolved_on=TODAY, resolution="核验合格")

    assert [item.numbers for item in agenda_items(estate.cast.district.actor, TODAY)] == [(names["first"],)]


def test_the_desk_shows_the_best_moves_once_counted(held) -> None:
    estate, _ = held
    client = sign_in(estate.cast.district)
    before = client.get(reverse("web:desk")).content.decode()
    count()
    page = client.get(reverse("web:desk")).content.decode()

    assert reverse("casework:leverage") not in before
    assert reverse("casework:leverage") in page
    assert "2个一并化解，打通住宅12套" in page


def test_a_blocker_of_single_units_says_that_it_stands_in_no_building_gate(estate) -> None:
    lay_blocker(estate, "U06")
    count()
    page = sign_in(estate.cast.city).get(reverse("casework:leverage")).content.decode()

    assert "仅影响个别户的受理、登簿，不影响打通" in page


def test_the_agenda_page_prints_both_parts(held) -> None:
    estate, _ = held
    count()
    page = sign_in(estate.cast.district).get(reverse("casework:agenda")).content.decode()

    assert "议题1件" in page
    assert "住宅12套" in page
    assert "没有逾期的堵点" in page
    assert "data-print" in page


def test_the_export_has_the_rows_of_the_page(held) -> None:
    estate, names = held
    count()
    spec = EXPORTS["leverage"]
    rows = list(spec.rows(estate.cast.district.actor, {"type": "F01"}, TODAY))
    shown = [[column.show(row) for column in spec.columns] for row in rows]

    assert [row[0] for row in shown] == ["1", "3"]
    assert shown[1][8] == f"须先化解{names['first']}"
    assert spec.filters(estate.cast.district.actor, {"type": "F01"})[0] == ("截至", "2022-03-08")
    answer = sign_in(estate.cast.district).get(reverse("exports:export_list", args=["leverage"]))
    assert answer.status_code == 200


def test_keeping_nothing_says_that_nothing_is_open(estate) -> None:
    with on_day(TODAY):
        run = keep_leverage(actor=system_actor("测"), on=TODAY, counted=[])

    assert (run.projects, run.blockers) == (0, 0)
    assert lines(estate, estate.cast.city.actor) == []


@pytest.mark.parametrize(
    ("closing", "on", "starts", "last"),
    [
        (31, date(2022, 3, 8), date(2022, 3, 1), date(2022, 3, 31)),
        (18, date(2022, 3, 8), date(2022, 2, 19), date(2022, 3, 18)),
        (18, date(2022, 3, 19), date(2022, 3, 19), date(2022, 4, 18)),
    ],
)
def test_the_agenda_says_the_period_of_the_hotline(
    cast: Cast, closing: int, on: date, starts: date, last: date
) -> None:
    lay_setting("hotline.closing_day", closing)

    assert (hotline_period(on).starts, hotline_period(on).last) == (starts, last)
    page = sign_in(cast.city).get(reverse("casework:agenda"))
    ends = hotline_period(ledger_today()).last
    assert f"至{ends.year}年{ends.month}月{ends.day}日" in page.content.decode()
