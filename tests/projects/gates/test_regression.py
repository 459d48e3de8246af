"""F6, in its own words: a fault found later stops what is not made, lists who went before, proposes a pause."""

from datetime import date

from projects.gates.models import Pause, WatchedUnit
from projects.gates.selectors.spans import readiness_counts
from projects.gates.services import change_scope, raise_blocker, reopen_blocker, resolve_blocker
from projects.ledger.models import Move, Unit
from registry.accounts.models import Approval
from registry.accounts.services.approvals import approve, return_back
from registry.kernel.gates import Gate
from registry.kernel.scope import EVERYTHING, NOTHING, scope_of
from registry.kernel.stages import Track
from tests.factories.projects import (
    FAULT,
    FOUND,
    HOMES,
    PERMITS,
    TODAY,
    Estate,
    bring_to,
    lay_blocker,
    lay_step,
    move,
    on_day,
)
from tests.factories.trials import refused

SEPTEMBER = date(2021, 9, 1)


def ready(estate: Estate, on: date = TODAY) -> int:
    return readiness_counts([estate.project.id], on=on)[estate.project.id][("ready", "dwelling")]


def went_before(estate: Estate) -> list[int]:
    """Four issued, two accepted, one collected."""
    bring_to(estate, estate.homes[:4], "issued", SEPTEMBER)
    bring_to(estate, estate.homes[4:6], "accepted", SEPTEMBER)
    move(estate, estate.homes[6:7], "collected", SEPTEMBER)
    return estate.homes[:6]


def test_a_fault_found_after_issues_lists_them_and_changes_none(story: Estate) -> None:
    before = went_before(story)
    stages = dict(Unit.objects.values_list("id", "certificate"))
    moves = Move.objects.count()

    blocker = lay_blocker(story, "P05", on=TODAY)

    rows = list(WatchedUnit.objects.filter(blocker=blocker).order_by("unit_id").values_list("unit_id", "stage"))
    assert rows == [*((key, "issued") for key in before[:4]), *((key, "accepted") for key in before[4:])]
    assert (dict(Unit.objects.values_list("id", "certificate")), Move.objects.count()) == (stages, moves)
    assert ready(story) == 12, "what is passed stays passed"
    move(story, story.homes[4:5], "settled", TODAY, Track.TAX)


def test_a_pause_is_proposed_for_the_rest_and_an_organ_decides(story: Estate) -> None:
    went_before(story)
    blocker = lay_blocker(story, "P05", on=TODAY)

    approval = Approval.objects.get(kind="gates.pause")
    assert (approval.payload["running"], approval.payload["watched"], approval.status) == (6, 6, "waiting")
    assert (Pause.objects.count(), ready(story)) == (0, 12), "proposed, not decided"
    with on_day(TODAY, 15), refused("须由两人办理", code="second_person"):
        approve(actor=story.cast.district.actor, approval=approval)
    with on_day(TODAY, 16):
        approve(actor=story.cast.district_second.actor, approval=approval)

    pause = Pause.objects.get()
    assert (pause.basis, pause.starts) == (f"堵点{blocker.number}", TODAY)
    assert ready(story) == 0
    with refused("不能受理"):
        move(story, story.homes[6:7], "accepted", TODAY)
    assert Unit.objects.filter(certificate="issued").count() == 4


def test_a_proposal_sent_back_pauses_nothing(story: Estate) -> None:
    went_before(story)
    lay_blocker(story, "P05", on=TODAY)
    with on_day(TODAY, 16):
        approval = Approval.objects.get(kind="gates.pause")
        return_back(actor=story.cast.district_second.actor, approval=approval, remark="另行处理")

    assert (Pause.objects.count(), ready(story)) == (0, 12)


def test_steps_not_yet_made_stop(estate: Estate) -> None:
    for gate in PERMITS:
        lay_step(estate, gate, date(2014, 10, 21))
    lay_blocker(estate, at_fault=FAULT, on=TODAY)

    with refused("没有可办结的户", code="step_over_blocker"):
        lay_step(estate, Gate.PLANNING_VERIFICATION, TODAY)
    assert (WatchedUnit.objects.count(), Approval.objects.count()) == (0, 0), "nobody went before"


def test_widening_lists_only_those_newly_caught(story: Estate) -> None:
    before = went_before(story)
    actor = story.cast.district.actor
    some = scope_of(units=before[:2])
    blocker = lay_blocker(story, "P05", scope=some, on=TODAY)
    assert WatchedUnit.objects.count() == 2
    with on_day(TODAY):
        change_scope(
            actor=actor, blocker=blocker, scope=HOMES, at_fault=NOTHING, effective_on=TODAY, reason="又发现几处"
        )

    assert list(WatchedUnit.objects.order_by("unit_id").values_list("unit_id", flat=True)) == before


def test_reopening_lists_those_who_went_on_in_between(story: Estate) -> None:
    actor = story.cast.district.actor
    with on_day(FOUND):
        blocker = lay_blocker(story, "P05", scope=HOMES)
    with on_day(TODAY):
        resolve_blocker(actor=actor, blocker=blocker, resolved_on=FOUND, resolution="×城管〔2019〕1号")
    went_before(story)
    with on_day(TODAY):
        reopen_blocker(actor=actor, blocker=blocker, reopened_on=TODAY, reason="又加建")

    assert WatchedUnit.objects.filter(blocker=blocker).count() == 6


def test_those_at_fault_are_marked_on_the_list(story: Estate) -> None:
    before = went_before(story)
    with on_day(TODAY):
        blocker = raise_blocker(
            actor=story.cast.district.actor, project=story.project, type=story.blocker.type, title="户内加建夹层",
            scope=EVERYTHING, at_fault=scope_of(units=before[:1]), found_on=TODAY,
        )  # fmt: skip

    assert list(WatchedUnit.objects.filter(blocker=blocker, is_at_fault=True).values_list("unit_id", flat=True)) == [
        before[0]
    ]
