"""Running pauses are seen where they hold something, and each is ended on a page by whoever may."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from documents.papers.selectors.briefs import brief_snapshot
from projects.gates.models import Pause
from projects.gates.selectors.building import unit_marks
from projects.gates.selectors.pauses import ready_by_ending, running_pauses
from projects.gates.services import end_pause, pause_acceptances, resolve_blocker
from projects.ledger.selectors.table import table_units
from registry.kernel.scope import EVERYTHING, scope_of
from registry.kernel.stages import Use
from registry.store.clock import shanghai_day, true_now
from tests.factories.accounts import Player, sign_in
from tests.factories.projects import TODAY, Estate, bring_to, on_day
from tests.factories.trials import last_act

STARTS = date(2022, 1, 10)


def pause(estate: Estate, **more: Any) -> Pause:
    """Pause the first building, on the ground of the story's blocker, unless told otherwise."""
    first = estate.buildings[0]
    words = {"scope": scope_of(buildings={first.pk}), "basis": "堵点P03-0001", "reason": "核查夹层", **more}
    with on_day(STARTS):
        return pause_acceptances(
            actor=estate.cast.district.actor, project=estate.project, organ="区专班", starts=STARTS, **words
        )


def page(player: Player, name: str, *args: object) -> str:
    with on_day(TODAY):
        return sign_in(player).get(reverse(name, args=args)).content.decode()


def places(estate: Estate) -> dict[str, str]:
    """The pages that a pause of the first building must be seen on, as the district sees them."""
    who, code, home = estate.cast.district, estate.project.code, estate.homes[1]
    return {
        "unit": page(who, "progress:unit", code, home),
        "blocker": page(who, "gates:blocker", "P03-0001"),
        "building": page(who, "progress:building", code, "1"),
        "project": page(who, "ledger:project", code),
        "desk": page(who, "web:desk"),
        "brief": str(brief_snapshot(project=estate.project, actor=who.actor, on=TODAY)["pauses"]),
    }


def test_a_running_pause_is_seen_on_each_page_of_what_it_holds(story: Estate) -> None:
    assert [name for name, text in places(story).items() if "核查夹层" in text] == []
    running = pause(story)
    end = reverse("gates:end_pause", args=[running.pk])

    shown = places(story)

    assert [name for name, text in shown.items() if "核查夹层" not in text] == []
    assert [name for name, text in shown.items() if f'href="{end}"' not in text] == ["brief"]

    with on_day(TODAY):
        end_pause(actor=story.cast.district.actor, pause=running, ends=TODAY, reason="核查清楚")
    assert [name for name, text in places(story).items() if f'href="{end}"' in text] == []


def test_a_pause_counts_who_stands_still(story: Estate) -> None:
    bring_to(story, story.homes[:2], "accepted", date(2021, 9, 1))
    pause(story)

    [shown] = running_pauses(story.cast.district.actor, on=TODAY)

    assert (shown.homes, shown.units, shown.words, shown.days) == (4, 6, "1号楼", (TODAY - STARTS).days)
    assert brief_snapshot(project=story.project, actor=story.cast.district.actor, on=TODAY)["pauses"] == [
        "区专班自2022-01-10起暂停受理，6户尚未受理：核查夹层"
    ]
    home, accepted = story.homes[2], story.homes[0]
    assert "核查夹层" in page(story.cast.district, "progress:unit", story.project.code, home)
    assert "<b>暂停受理。</b>" not in page(story.cast.district, "progress:unit", story.project.code, accepted)


def test_the_building_marks_only_who_stands_still(story: Estate) -> None:
    bring_to(story, story.homes[:1], "accepted", date(2021, 9, 1))
    bring_to(story, story.homes[1:2], "issued", date(2021, 9, 1))
    pause(story)
    first = story.buildings[0]

    marks = unit_marks(story.project.pk, first.pk, table_units(first), on=TODAY)

    assert [marks.get(home) for home in story.homes[:6]] == [None, None, "paused", "paused", "paused", "paused"]


def test_what_a_pause_does_not_catch_does_not_show_it(story: Estate) -> None:
    pause(story)
    code, other = story.project.code, story.homes[-1]

    assert "核查夹层" not in page(story.cast.district, "progress:unit", code, other)
    assert "核查夹层" not in page(story.cast.district, "progress:building", code, "2")


def test_a_pause_whose_blocker_is_resolved_says_so(story: Estate) -> None:
    pause(story)
    assert running_pauses(story.cast.district.actor, on=TODAY)[0].note == ""
    with on_day(TODAY):
        resolve_blocker(
            actor=story.cast.district.actor, blocker=story.blocker, resolved_on=TODAY, resolution="×规〔2022〕3号"
        )

    assert "所依据的堵点已解决" in running_pauses(story.cast.district.actor, on=TODAY)[0].note
    assert "所依据的堵点已解决" in page(story.cast.district, "web:desk")
    assert "核查夹层" in page(story.cast.district, "gates:blocker", "P03-0001")


def test_the_page_says_what_becomes_ready_and_ends_the_pause(story: Estate) -> None:
    running = pause(story)
    address = reverse("gates:end_pause", args=[running.pk])
    assert ready_by_ending(running, on=TODAY) == (6, 12)
    with on_day(TODAY):
        client = sign_in(story.cast.district)
        assert "6 → 12" in client.get(address).content.decode()

        refused = client.post(address, {"ends": "2022-01-09", "reason": "核查清楚"})
        assert "结束日期不得早于开始日期" in refused.content.decode()
        answer = client.post(address, {"ends": "2022-03-08", "reason": "核查清楚"}, follow=True)

    running.refresh_from_db()
    assert running.ends == TODAY
    assert (last_act().event, last_act().reason) == ("pause.ended", "核查清楚")
    assert "已恢复受理：1号楼，尚未受理8户" in answer.content.decode()
    assert "区专班自2022-03-08起恢复受理" in answer.content.decode(), "the record on the page of the project"
    with on_day(TODAY):
        assert client.get(address).status_code == 404, "it is over"


def test_a_pause_that_ends_later_is_shown_with_its_day_and_not_ended_again(story: Estate) -> None:
    running, later = pause(story), shanghai_day(true_now()) + timedelta(days=9)  # pages stand on the true day
    with on_day(TODAY):
        end_pause(actor=story.cast.district.actor, pause=running, ends=later, reason="核查清楚")
        answer = sign_in(story.cast.district).get(reverse("gates:end_pause", args=[running.pk]))

    assert answer.status_code == 302
    shown = page(story.cast.district, "ledger:project", story.project.code)
    assert f"{later}恢复" in shown
    assert reverse("gates:end_pause", args=[running.pk]) not in shown


@pytest.mark.parametrize("who", ["auditor", "developer", "township"])
def test_who_may_not_decide_is_offered_no_end_and_refused(story: Estate, who: str) -> None:
    running = pause(story)
    player = getattr(story.cast, who)
    address = reverse("gates:end_pause", args=[running.pk])

    with on_day(TODAY):
        assert sign_in(player).post(address, {"ends": "2022-03-08", "reason": "x"}).status_code == 403
    assert f'href="{address}"' not in page(player, "ledger:project", story.project.code)
    assert Pause.objects.get().ends is None


def test_strangers_find_no_pause(story: Estate) -> None:
    running = pause(story)
    stranger = story.cast.strange_district

    with on_day(TODAY):
        assert sign_in(stranger).get(reverse("gates:end_pause", args=[running.pk])).status_code == 404
    assert "核查夹层" not in page(stranger, "web:desk")
    assert running_pauses(stranger.actor, on=TODAY) == []


def test_pauses_are_read_in_a_constant_number_of_queries(
    story: Estate, django_assert_num_queries: "type[CaptureQueriesContext]"
) -> None:
    actor = story.cast.district.actor
    with django_assert_num_queries(1):
        assert running_pauses(actor, on=TODAY, project=story.project) == []
    pause(story)
    with django_assert_num_queries(4):
        assert len(running_pauses(actor, on=TODAY, project=story.project)) == 1
    for use in (Use.DWELLING, Use.RETAIL):
        pause(story, scope=scope_of(uses={use}), basis="×登〔2022〕1号")
    pause(story, scope=EVERYTHING, basis="×登〔2022〕2号")
    with django_assert_num_queries(4):
        assert [shown.units for shown in running_pauses(actor, on=TODAY, project=story.project)] == [8, 12, 3, 15]
