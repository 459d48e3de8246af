"""What the page offers to whose letter it is alone, the services grant to nobody else either."""

from collections.abc import Callable
from typing import Any

import pytest

from commitments.models import Instrument, InstrumentState
from commitments.services import (
    cure_breach,
    open_countersign,
    report_obligation,
    request_closing,
    return_closing,
    verify_obligation,
    withdraw_draft,
)
from commitments.views.permissions import permissions_of
from registry.accounts.services import propose
from registry.kernel.authority import Actor
from registry.store.guard import fixture_writes
from tests.factories.projects import SIGNED, TODAY, Estate, draft_letter, lay_blocker, on_day, photo
from tests.factories.trials import refused

pytestmark = pytest.mark.django_db


@pytest.fixture
def drafted(estate: Estate) -> Instrument:
    blocker = lay_blocker(estate)
    with on_day(SIGNED):
        return draft_letter(estate, blocker)


ON_A_DRAFT: dict[str, Callable[[Actor, Estate, Instrument], object]] = {
    "作废草稿": lambda actor, estate, letter: withdraw_draft(actor=actor, instrument=letter, reason="不要了"),
    "送会签": lambda actor, estate, letter: open_countersign(
        actor=actor, instrument=letter, organisations=[estate.cast.centre.organisation]
    ),
}


@pytest.mark.parametrize("what", ON_A_DRAFT)
@pytest.mark.parametrize("player", ["department", "tax"])
def test_another_unit_does_not_touch_a_draft(estate: Estate, drafted: Instrument, what: str, player: str) -> None:
    actor = getattr(estate.cast, player).actor
    with on_day(SIGNED), refused(f"只能由它的人{what}", code="not_promisor"):
        ON_A_DRAFT[what](actor, estate, drafted)
    offered = permissions_of(drafted, actor)
    assert not offered["may_withdraw"]
    assert not offered["may_countersign"]


def test_nobody_drafts_in_another_units_name_but_the_task_force(estate: Estate) -> None:
    blocker = lay_blocker(estate)
    for player in (estate.cast.department, estate.cast.tax):
        with on_day(SIGNED), refused("不能替.*起草", code="not_promisor", field="issuer"):
            draft_letter(estate, blocker, actor=player.actor)
    with on_day(SIGNED):
        assert draft_letter(estate, blocker, actor=estate.cast.district.actor).state == InstrumentState.DRAFT


def test_only_the_promisor_reports_on_its_promise(story: Estate) -> None:
    promise = story.letter.letter.obligations.get()  # type: ignore[union-attr]
    actor = Actor(**{**vars_of(story.cast.township.actor), "organisation_id": story.cast.developer.organisation.pk})
    with on_day(TODAY), refused("只能由它的人报承诺事项的进展", code="not_promisor"):
        report_obligation(actor=actor, obligation=promise, on=TODAY, text="已拆除", is_done=True)


def vars_of(actor: Actor) -> dict[str, Any]:
    return {name: getattr(actor, name) for name in actor.__dataclass_fields__}


def test_a_request_to_close_is_sent_back_by_a_verifier_or_the_district(story: Estate) -> None:
    cast, letter = story.cast, Instrument.objects.get(pk=story.letter.pk)  # type: ignore[union-attr]
    promise = letter.letter.obligations.get()
    with on_day(TODAY):
        report_obligation(actor=cast.township.actor, obligation=promise, on=TODAY, text="已拆除", is_done=True)
        verify_obligation(
            actor=cast.department.actor, obligation=promise, on=TODAY, evidence="照片", passed=True, **photo(TODAY)
        )
        request_closing(actor=cast.township.actor, instrument=letter, note="已拆")
        with refused("销号申请由.*或区专班退回", code="not_verifier"):
            return_closing(actor=cast.tax.actor, instrument=letter, reason="再看")
        assert return_closing(actor=cast.district.actor, instrument=letter, reason="再看").state == "performing"


def test_the_promisor_does_not_cure_its_own_breach(story: Estate) -> None:
    letter = Instrument.objects.get(pk=story.letter.pk)  # type: ignore[union-attr]
    with fixture_writes():
        Instrument.objects.filter(pk=letter.pk).update(state="breached", issuer=story.cast.district.organisation)
    letter.refresh_from_db()
    with on_day(TODAY), refused("承诺单位不能恢复自己的函的履行", code="same_organisation"):
        cure_breach(actor=story.cast.district.actor, instrument=letter, reason="已改")


def test_only_whose_letter_it_is_asks_for_more_time(story: Estate) -> None:
    promise = story.letter.letter.obligations.get()  # type: ignore[union-attr]
    words = {"kind": "obligation.extend", "title": "展期", "reason": "雨季"}
    payload = {"obligation": promise.pk, "new_due_on": "2030-01-01"}
    with on_day(TODAY), refused("只能由它的人提请延期", code="not_promisor"):
        propose(actor=story.cast.tax.actor, payload=payload, **words)
    with on_day(TODAY):
        assert propose(actor=story.cast.township.actor, payload=payload, **words).status == "waiting"


def test_only_whose_letter_it_is_asks_to_sign_as_an_exception(estate: Estate, drafted: Instrument) -> None:
    words = {
        "kind": "credit.waiver",
        "title": "破例",
        "payload": {"instrument": drafted.pk, "kind": "cap", "leader": "甲"},
    }
    with on_day(SIGNED), refused("只能由它的人提请特别批准", code="not_promisor"):
        propose(actor=estate.cast.tax.actor, **words)
