"""Acting first: F17 in its own words, the order of homes that tells nothing of calls, signals with their reasons."""

from datetime import timedelta

import pytest
from django.urls import reverse

from projects import ports
from projects.gates.models import Blocker
from projects.leads.models import OpeningCall, Ticket
from projects.leads.selectors.call_order import call_list, call_order
from projects.leads.selectors.course import course_of
from projects.leads.selectors.signals import foresight, work_list
from projects.leads.selectors.towns import town_tiles
from projects.leads.services.matching import match_ticket
from projects.leads.services.openings import note_opening_call, run_openings
from projects.ledger.models import Building, Unit
from projects.ledger.services.projects import take_in_project
from projects.progress.services.merge import merge_projects
from registry.accounts.models import InboxItem
from registry.kernel.gates import Gate
from registry.store.guard import fixture_writes
from tests.factories.accounts import TOWNSHIP, lay_setting, sign_in
from tests.factories.projects import TODAY, Estate, lay_blocker, lay_step, moment, on_day
from tests.factories.trials import refused
from tests.projects.leads.trials import lay_ticket

GATES = (
    Gate.LAND_SUPPLY, Gate.LAND_PLAN_PERMIT, Gate.WORKS_PLAN_PERMIT, Gate.CONSTRUCTION_PERMIT, Gate.FIRE,
    Gate.CIVIL_DEFENCE, Gate.PLANNING_VERIFICATION, Gate.COMPLETION_FILING, Gate.SURVEY_REVIEW, Gate.CADASTRAL,
    Gate.FIRST_REGISTRATION,
)  # fmt: skip


def renumber(estate: Estate) -> tuple[Building, Building]:
    """The two buildings of the estate as buildings 9 and 10 of the sentence."""
    nine, ten = estate.buildings
    with fixture_writes():
        Building.objects.filter(pk=nine.pk).update(number="9", name="9号楼", number_order=9)
        Building.objects.filter(pk=ten.pk).update(number="10", name="10号楼", number_order=10)
    return Building.objects.get(pk=nine.pk), Building.objects.get(pk=ten.pk)


def open_building(estate: Estate, building: Building) -> None:
    for gate in GATES:
        lay_step(estate, gate, TODAY - timedelta(days=2), buildings=[building])


def ring(estate: Estate, building: Building, number: str, caller: int, day: int, unit: Unit | None = None) -> Ticket:
    ticket = lay_ticket(
        estate, number=number, received_at=moment(TODAY - timedelta(days=day), 9), caller_phone=f"199000{caller:05d}"
    )
    with on_day(TODAY):
        match_ticket(
            actor=estate.cast.district.actor, ticket=ticket, project=estate.project, building=building, unit=unit,
            reason="楼号一致",
        )  # fmt: skip
    return ticket


def lay_calls(estate: Estate) -> None:
    """Fourteen tickets of eleven callers about building 9, four about building 10."""
    nine, ten = renumber(estate)
    for at in range(11):
        ring(estate, nine, f"N{at:02d}", at + 1, 60 - at)
    for at, caller in enumerate((1, 1, 5)):
        ring(estate, nine, f"R{at}", caller, 10 - at)
    for at in range(4):
        ring(estate, ten, f"T{at}", 900 + at, 90 - at)


def test_opening_building_9_lists_its_14_leads_11_callers_oldest_first_none_from_building_10(estate: Estate) -> None:
    lay_calls(estate)
    actor, (nine, _) = estate.cast.township.actor, estate.buildings
    assert call_list(actor, estate.project, on=TODAY).callers == []

    open_building(estate, nine)
    listed = call_list(actor, estate.project, on=TODAY)

    assert (listed.tickets, len(listed.callers)) == (14, 11)
    assert [caller.ticket.number for caller in listed.callers] == [f"N{at:02d}" for at in range(11)]
    assert listed.callers[0].numbers == ("N00", "R0", "R1")
    assert {caller.ticket.building_id for caller in listed.callers} == {nine.pk}


def test_who_was_told_leaves_the_list_and_who_was_not_reached_stays(estate: Estate) -> None:
    lay_calls(estate)
    cast, first = estate.cast, Ticket.objects.get(number="N00")
    with on_day(TODAY), refused("尚不能办证，不在告知名单内", code="not_open"):
        note_opening_call(actor=cast.township.actor, ticket=first, is_reached=True, text="已告知")
    open_building(estate, estate.buildings[0])
    with on_day(TODAY):
        note_opening_call(actor=cast.township.actor, ticket=first, is_reached=False, text="未接")
        assert len(call_list(cast.township.actor, estate.project, on=TODAY).waiting) == 11
        note_opening_call(actor=cast.township.actor, ticket=first, is_reached=True, text="已告知可以办证")
        with refused("已告知，不重复登记", code="told"):
            note_opening_call(actor=cast.township.actor, ticket=first, is_reached=True, text="再次")
    assert len(call_list(cast.township.actor, estate.project, on=TODAY).waiting) == 10
    client = sign_in(cast.township)
    page = client.get(reverse("leads:call_list", args=[estate.project.code])).content.decode()
    assert "待告知10个" in page
    assert "1990000" not in page
    with on_day(TODAY):
        client.post(reverse("leads:opening_call", args=["N01"]), {"is_reached": "yes", "text": "已告知"})
    assert OpeningCall.objects.filter(is_reached=True).count() == 2


def test_the_list_goes_to_the_township_once_the_building_is_open_and_leaves_with_the_last(estate: Estate) -> None:
    lay_calls(estate)
    with on_day(TODAY):
        assert run_openings(on=TODAY) == 0
    open_building(estate, estate.buildings[0])
    with on_day(TODAY):
        assert [run_openings(on=TODAY), run_openings(on=TODAY)] == [1, 0]
    item = InboxItem.objects.get(source=f"opening:{estate.project.pk}", done_at__isnull=True)
    assert (item.organisation, item.verb, item.title) == (
        estate.cast.township.organisation, "告知", "演示小区可以办证的楼栋有11个诉求待告知",
    )  # fmt: skip
    with on_day(TODAY):
        for caller in call_list(estate.cast.township.actor, estate.project, on=TODAY).waiting:
            note_opening_call(actor=estate.cast.township.actor, ticket=caller.ticket, is_reached=True, text="已告知")
    item.refresh_from_db()
    assert item.done_at is not None


def test_the_call_list_of_a_project_that_was_merged_goes_on_in_the_whole(estate: Estate) -> None:
    lay_calls(estate)
    open_building(estate, estate.buildings[0])
    with on_day(TODAY):
        run_openings(on=TODAY)
        whole = take_in_project(
            actor=estate.cast.district.actor, code="XM-7001", name="翠湖花园", township_code=TOWNSHIP,
            housing_type="commercial", taken_in_on=TODAY - timedelta(days=400),
        )  # fmt: skip
        merge_projects(
            actor=estate.cast.city.actor, project=whole, absorbed=estate.project, on=TODAY, reason="同一项目"
        )
        assert not InboxItem.objects.filter(source__startswith="opening:", done_at__isnull=True).exists()
        assert run_openings(on=TODAY) == 1
    item = InboxItem.objects.get(source=f"opening:{whole.pk}", done_at__isnull=True)
    assert item.title == "翠湖花园可以办证的楼栋有11个诉求待告知"
    assert len(call_list(estate.cast.township.actor, whole, on=TODAY).waiting) == 11


def test_the_order_of_homes_holds_every_home_that_may_go_on_and_tells_nothing_of_calls(estate: Estate) -> None:
    nine, ten = renumber(estate)
    homes = list(Unit.objects.filter(building=nine, use="dwelling").order_by("id"))
    # the holder of the last home rings, under the number of its row; somebody who holds nothing rings about another
    ring(estate, nine, "H", 7, 20, homes[-1])
    ring(estate, nine, "S", 90000, 30, homes[2])
    open_building(estate, nine)

    order = ports.call_order(estate.project, on=TODAY)
    assert order == call_order(estate.project, on=TODAY)
    assert order == [homes[-1].pk, *(home.pk for home in homes[:-1])]
    page = sign_in(estate.cast.developer).get(reverse("leads:order", args=[estate.project.code])).content.decode()
    for told in ("来电", "诉求", "工单", "演示甲", "199000", "12345"):
        assert told not in page.split("<main")[1].split("</main")[0], told
    for name, args in (("call_list", [estate.project.code]), ("course", [estate.project.code]), ("ahead", [])):
        assert sign_in(estate.cast.developer).get(reverse(f"leads:{name}", args=args)).status_code == 403
    assert ten.pk not in set(Unit.objects.filter(pk__in=order).values_list("building_id", flat=True))


def test_signals_are_a_work_list_with_its_reasons_in_words(estate: Estate) -> None:
    for at in range(4):
        ticket = lay_ticket(
            estate, number=f"A{at}", received_at=moment(TODAY - timedelta(days=at), 9), caller_phone="19900000001"
        )
        with on_day(TODAY):
            match_ticket(actor=estate.cast.district.actor, ticket=ticket, project=estate.project, reason="名称一致")
    with fixture_writes():
        estate.project.target_on = TODAY + timedelta(days=40)
        estate.project.save()
        Ticket.objects.filter(number="A0").update(due_at=moment(TODAY - timedelta(days=1)))

    [line] = work_list(estate.cast.district.actor, on=TODAY)
    assert [signal.kind for signal in line.signals] == ["trend", "repeat", "late", "target"]
    assert [signal.words for signal in line.signals] == [
        "近30日工单4件，前30日0件，明显上升", "近30日4件中3件为重复来电", "1件工单逾期未反馈",
        f"计划清零日期{TODAY + timedelta(days=40)}临近，尚未清零",
    ]  # fmt: skip
    assert work_list(estate.cast.strange_district.actor, on=TODAY) == []
    page = sign_in(estate.cast.district).get(reverse("leads:ahead")).content.decode()
    assert "4件工单逾期未反馈" in page, "as of the day on which the page is opened"


def test_a_promise_and_a_letter_that_end_soon_are_signals(story: Estate) -> None:
    [line] = [line for line in work_list(story.cast.district.actor, on=TODAY) if line.project == story.project]
    assert [signal.kind for signal in line.signals] == ["promise"]
    assert "2022-03-31到期" in line.signals[0].words
    late = work_list(story.cast.district.actor, on=TODAY + timedelta(days=60))[0]
    assert "已逾期" in late.signals[0].words


def test_foresight_counts_homes_whose_blocker_was_known_before_the_first_call(estate: Estate) -> None:
    lay_blocker(estate)
    known = Blocker.objects.get()
    with fixture_writes():
        Blocker.objects.update(recorded_at=moment(TODAY - timedelta(days=30)))
    ring(estate, estate.buildings[0], "A", 1, 10, estate.unit(0))
    ring(estate, estate.buildings[0], "B", 2, 50, estate.unit(1))
    ring(estate, estate.buildings[0], "C", 3, 5)

    seen = foresight(estate.cast.district.actor, on=TODAY)
    assert (seen.homes, seen.known_before, seen.lead_days, seen.without_home, seen.share) == (2, 1, 20, 1, "50.00%")
    assert known.number
    assert foresight(estate.cast.strange_district.actor, on=TODAY).share == "—"


def test_a_projects_tickets_stand_beside_its_gates_and_moves(story: Estate) -> None:
    ticket = lay_ticket(story)
    with on_day(TODAY):
        match_ticket(actor=story.cast.district.actor, ticket=ticket, project=story.project, reason="名称一致")
    months = course_of(story.cast.district.actor, story.project, on=TODAY)

    assert (str(months[0].month), months[0].tickets, months[0].demands) == ("2022-03", 1, 1)
    july = next(row for row in months if str(row.month) == "2021-07")
    assert "首次登记" in july.gates
    assert sum(row.tickets for row in course_of(story.cast.developer.actor, story.project, on=TODAY)) == 0
    page = sign_in(story.cast.district).get(reverse("leads:course", args=[story.project.code])).content.decode()
    assert page.count('<th scope="row" class="nw">') == 12


@pytest.mark.parametrize("role", ["district", "township", "department"])
def test_the_project_page_leads_to_its_tickets_for_those_who_handle_them(estate: Estate, role: str) -> None:
    page = (
        sign_in(getattr(estate.cast, role)).get(reverse("ledger:project", args=[estate.project.code])).content.decode()
    )
    assert reverse("leads:course", args=[estate.project.code]) in page


def test_the_project_page_of_a_developer_says_nothing_of_tickets(estate: Estate) -> None:
    page = sign_in(estate.cast.developer).get(reverse("ledger:project", args=[estate.project.code])).content.decode()
    assert "12345" not in page
    assert "工单" not in page


def test_thresholds_of_the_signals_are_settings(estate: Estate) -> None:
    for at in range(4):
        ticket = lay_ticket(
            estate, number=f"A{at}", received_at=moment(TODAY - timedelta(days=at), 9), caller_phone=f"1990000000{at}"
        )
        with on_day(TODAY):
            match_ticket(actor=estate.cast.district.actor, ticket=ticket, project=estate.project, reason="名称一致")
    actor = estate.cast.district.actor
    assert [signal.words for line in work_list(actor, on=TODAY) for signal in line.signals] == [
        "近30日工单4件，前30日0件，明显上升"
    ]
    lay_setting("hotline.signal_window", 7, since=TODAY)
    assert work_list(actor, on=TODAY)[0].signals[0].words == "近7日工单4件，前7日0件，明显上升"
    lay_setting("hotline.signal_least", 5, since=TODAY)
    assert work_list(actor, on=TODAY) == []


def test_townships_are_tiles_that_open_their_tickets(estate: Estate) -> None:
    late, other = lay_ticket(estate, number="A"), lay_ticket(estate, number="B", address="")
    lay_ticket(estate, number="C", text="小区暖气不热", category="供暖")
    with on_day(TODAY):
        match_ticket(actor=estate.cast.district.actor, ticket=other, project=estate.project, reason="名称一致")
    with fixture_writes():
        Ticket.objects.filter(pk=late.pk).update(due_at=moment(TODAY - timedelta(days=1)))
    tiles, days = town_tiles(estate.cast.district.actor, now=moment(TODAY), on=TODAY)
    assert days == 30
    assert [(tile.name, tile.open, tile.late, tile.unmatched, tile.recent) for tile in tiles] == [
        ("朝阳区十八里店乡", 2, 1, 1, 2)
    ]
    assert town_tiles(estate.cast.strange_district.actor, now=moment(TODAY), on=TODAY) == ([], 30)
    client = sign_in(estate.cast.district)
    page = client.get(reverse("leads:towns")).content.decode()
    assert f"{reverse('leads:tickets')}?state=open&amp;township={tiles[0].code}" in page
    listed = client.get(reverse("leads:tickets"), {"state": "open", "township": tiles[0].code})
    assert [ticket.number for ticket, _ in listed.context["rows"]] == ["A", "B"]
    assert not client.get(reverse("leads:tickets"), {"state": "open", "township": "none"}).context["rows"]
    assert sign_in(estate.cast.developer).get(reverse("leads:towns")).status_code == 403
