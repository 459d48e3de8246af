"""What was known is known for good: nothing recorded later changes what a reader says as known at a moment."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

from commitments.selectors import effects
from commitments.services import revoke_instrument
from projects.gates.models import BasisDocument, BlockerType, Pause
from projects.gates.selectors import facts as selectors
from projects.gates.selectors.facts import facts_of
from projects.gates.services import (
    end_pause,
    pause_acceptances,
    raise_blocker,
    resolve_blocker,
    revoke_document,
    withdraw_blocker,
)
from projects.progress.services import change_standing, place_units
from registry.kernel.gates import ProjectFacts, compute_gates
from registry.kernel.scope import EVERYTHING, NOTHING
from registry.kernel.stages import Standing, Use
from registry.store.second import FirstPerson
from tests.factories.projects import TODAY, Estate, home, lay_blocker, moment, on_day

PAST = date(2022, 2, 1)
KNOWN = moment(TODAY, 23)
LATER = date(2022, 3, 20)


@pytest.fixture
def paused(story: Estate) -> Estate:
    with on_day(TODAY):
        lay_blocker(story, "F01", at_fault=NOTHING)
        pause_acceptances(
            actor=story.cast.district.actor, project=story.project, scope=EVERYTHING, organ="登记中心", basis="×1号",
            reason="系统升级", starts=PAST,
        )  # fmt: skip
    return story


def facts(estate: Estate, **more: Any) -> ProjectFacts:
    return facts_of([estate.project.pk], **more)[estate.project.pk]


def open_pause(estate: Estate) -> None:
    end_pause(actor=estate.cast.district.actor, pause=Pause.objects.get(), ends=PAST, reason="升级完成")


def revoke_letter(estate: Estate) -> None:
    revoke_instrument(
        actor=estate.cast.district.actor, instrument=estate.letter, on=PAST, reason="不再履行",
        first=FirstPerson.of(estate.cast.district_second.person),
    )  # fmt: skip


def fire(estate: Estate) -> Any:
    return estate.project.blockers.select_related("type", "project").get(type__code="F01")


def resolve(estate: Estate) -> None:
    resolve_blocker(actor=estate.cast.district.actor, blocker=fire(estate), resolved_on=TODAY, resolution="×2号")


def withdraw(estate: Estate) -> None:
    withdraw_blocker(actor=estate.cast.district.actor, blocker=fire(estate), reason="登错")


def raise_back(estate: Estate) -> None:
    raise_blocker(
        actor=estate.cast.district.actor, project=estate.project, type=BlockerType.objects.get(code="L05"), title="",
        scope=EVERYTHING, at_fault=NOTHING, found_on=PAST,
    )  # fmt: skip


def revoke_step(estate: Estate) -> None:
    document = BasisDocument.objects.order_by("id")[0]
    revoke_document(actor=estate.cast.district.actor, document=document, revoked_on=PAST, reason="出错")


def hold(estate: Estate) -> None:
    change_standing(
        actor=estate.cast.district.actor, project=estate.project, unit_ids=estate.homes[-1:], standing=Standing.HELD,
        reason="unreachable", evidence="三次电话未果", on=PAST, review_on=date(2022, 9, 1),
    )  # fmt: skip


def place(estate: Estate) -> None:
    place_units(
        actor=estate.cast.district.actor, project=estate.project, rows=[home("1", "1", 30, 400)], placed_on=PAST,
        source="补录",
    )  # fmt: skip


ACTS: tuple[Callable[[Estate], None], ...] = (
    open_pause, revoke_letter, resolve, withdraw, raise_back, revoke_step, hold, place,
)  # fmt: skip


@pytest.mark.parametrize("act", ACTS, ids=lambda act: act.__name__)
def test_what_is_recorded_later_changes_nothing_that_was_known(paused: Estate, act: Callable[[Estate], None]) -> None:
    then = facts(paused)

    with on_day(LATER):
        act(paused)

    assert facts(paused) != then
    assert facts(paused, known_at=KNOWN) == then
    assert facts(paused, known_at=moment(LATER, 23)) == facts(paused)


def test_figures_as_known_are_those_of_the_pause_and_the_letter_then(paused: Estate) -> None:
    """Both ended later, from a day before: no home was ready for the pause, the letter lifted."""
    resolve(paused)
    with on_day(LATER):
        open_pause(paused)
        freed = facts(paused, known_at=KNOWN), facts(paused)
        revoke_letter(paused)

    assert [compute_gates(known, on=TODAY).count("ready", uses=[Use.DWELLING]) for known in freed] == [0, 12]
    lifts = [facts(paused, **known).reliefs for known in ({"known_at": KNOWN}, {})]
    assert [[relief.is_in_force(TODAY) for relief in reliefs] for reliefs in lifts] == [[True], [False]]


def test_the_control_what_is_read_as_it_ended_since_is_seen(paused: Estate, monkeypatch: pytest.MonkeyPatch) -> None:
    then = facts(paused)
    with on_day(LATER):
        open_pause(paused)
        revoke_letter(paused)

    for module in (selectors, effects):
        monkeypatch.setattr(module, "values_then", lambda *_, **__: {})

    known = facts(paused, known_at=KNOWN)
    assert known.pauses != then.pauses
    assert known.reliefs != then.reliefs
