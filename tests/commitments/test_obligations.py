"""Promises: reported by who promised, verified by who was named, extended with the old date kept."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from commitments.models import Instrument, Obligation, ObligationEvent
from commitments.services import (
    approve_instrument,
    extend_obligation,
    report_obligation,
    revoke_instrument,
    sign_instrument,
    verify_obligation,
)
from registry.audit.models import Act
from registry.store.once import new_key, once
from registry.store.second import FirstPerson
from tests.factories.accounts import Cast
from tests.factories.projects import DUE, SIGNED, TODAY, Estate, draft_letter, lay_blocker, on_day, photo
from tests.factories.trials import last_act, refused

MARCH = date(2022, 3, 1)


@pytest.fixture
def obligation(promised: Estate) -> Obligation:
    return Obligation.objects.get()


def report(cast: Cast, obligation: Obligation, **more: Any) -> Obligation:
    with on_day(MARCH):
        return report_obligation(
            **{
                "actor": cast.township.actor, "obligation": obligation, "on": MARCH, "text": "夹层已拆除",
                "is_done": True, **more,
            }
        )  # fmt: skip


def verify(cast: Cast, obligation: Obligation, **more: Any) -> Obligation:
    with on_day(TODAY):
        return verify_obligation(
            **{
                "actor": cast.department.actor, "obligation": obligation, "on": TODAY, "evidence": "照片3张，现场",
                "passed": True, **photo(TODAY), **more,
            }
        )  # fmt: skip


def extend(cast: Cast, obligation: Obligation, **more: Any) -> Obligation:
    with on_day(MARCH):
        return extend_obligation(
            **{
                "actor": cast.district.actor, "obligation": obligation, "new_due_on": date(2022, 6, 30),
                "reason": "汛期停工", "on": MARCH, "first": FirstPerson.of(cast.district_second.person), **more,
            }
        )  # fmt: skip


def test_progress_and_completion_are_reported(cast: Cast, obligation: Obligation) -> None:
    assert report(cast, obligation, text="拆了一半", is_done=False).state == "doing"
    done = report(cast, obligation)

    assert (done.state, done.reported_on) == ("reported", MARCH)
    assert list(ObligationEvent.objects.order_by("id").values_list("kind", "text")) == [
        ("report", "拆了一半"),
        ("report", "夹层已拆除"),
    ]
    assert (last_act().event, last_act().facts) == ("obligation.reported", {"ordinal": 1, "text": "夹层已拆除"})


def test_a_report_without_words_or_ahead_is_refused(cast: Cast, obligation: Obligation) -> None:
    with refused("未填写进展", field="text"):
        report(cast, obligation, text=" ")
    with refused("日期2022-03-02尚未到来", field="on"):
        report(cast, obligation, on=date(2022, 3, 2))


def test_a_reported_promise_is_verified_by_who_was_named(cast: Cast, obligation: Obligation) -> None:
    report(cast, obligation)

    verified = verify(cast, obligation)

    assert (verified.state, verified.verified_on, verified.verified_by_id) == (
        "verified",
        TODAY,
        cast.department.person.pk,
    )
    with refused("第1项已核验，无需再次报送"):
        report(cast, obligation)
    with refused("第1项已核验，无需延期"):
        extend(cast, obligation)


def test_who_reported_in_one_role_does_not_verify_in_another(cast: Cast, obligation: Obligation) -> None:
    report(cast, obligation)
    again = replace(cast.department.actor, person_id=cast.township.actor.person_id)

    with refused("须由两人办理", code="second_person"):
        verify(cast, obligation, actor=again)
    assert verify(cast, obligation).state == "verified"


def test_a_promise_that_fails_is_sent_back(cast: Cast, obligation: Obligation) -> None:
    report(cast, obligation)

    back = verify(cast, obligation, passed=False, evidence="S02仍有夹层")

    assert (back.state, back.verified_on, back.verified_by) == ("doing", None, None)
    assert ObligationEvent.objects.latest("id").kind == "reopened"
    assert last_act().event == "obligation.refused"


def test_verification_by_another_unreported_or_without_evidence_is_refused(cast: Cast, obligation: Obligation) -> None:
    with refused("第1项尚未报送完成"):
        verify(cast, obligation)
    report(cast, obligation)
    with refused("第1项由规自分局核验", code="not_verifier"):
        verify(cast, obligation, actor=cast.centre.actor)
    with refused("未填写核验依据", field="evidence"):
        verify(cast, obligation, evidence="")
    with refused("核验日期不得早于报完成的日期2022-03-01", field="on"):
        verify(cast, obligation, on=date(2022, 2, 28))
    with refused("日期2022-03-09尚未到来", field="on"):
        verify(cast, obligation, on=date(2022, 3, 9))


def test_the_promisor_never_verifies_its_own_promise(estate: Estate) -> None:
    """The district promises itself: its second person holds the right to verify, and still may not."""
    cast, blocker = estate.cast, lay_blocker(estate)
    with on_day(SIGNED):
        letter = draft_letter(estate, blocker, actor=cast.district.actor, issuer=cast.district.organisation)
    assert Instrument.objects.get().pk == letter.pk
    sign_and_approve(cast, letter)
    obligation = Obligation.objects.get()
    report(cast, obligation)

    with refused("朝阳区专班是承诺单位，不能核验自己的承诺。由规自分局核验", code="same_organisation"):
        verify(cast, obligation, actor=cast.district_second.actor)


def sign_and_approve(cast: Cast, letter: Instrument) -> None:
    with on_day(SIGNED):
        sign_instrument(actor=cast.district.actor, instrument=letter, number="×区函〔2021〕1号", signed_on=SIGNED)
    with on_day(SIGNED, 16):
        approve_instrument(actor=cast.district_second.actor, instrument=letter, effective_on=SIGNED)


def test_an_extension_keeps_the_old_date(cast: Cast, obligation: Obligation) -> None:
    later = extend(cast, obligation)

    event = ObligationEvent.objects.get()
    assert (later.due_on, later.original_due_on) == (date(2022, 6, 30), DUE)
    assert (event.kind, event.old_due_on, event.new_due_on, event.text) == (
        "extended", DUE, date(2022, 6, 30), "汛期停工",
    )  # fmt: skip
    extended = Act.objects.get(event="obligation.extended")
    assert extended.facts == {"ordinal": 1, "old": "2022-03-31", "new": "2022-06-30"}
    assert (last_act().event, last_act().actor_name) == ("clause.projected", "系统（规则：承诺逾期）")


def test_an_extension_backward_or_without_reason_is_refused(cast: Cast, obligation: Obligation) -> None:
    with refused("延期日期须晚于现期限2022-03-31", field="new_due_on"):
        extend(cast, obligation, new_due_on=DUE)
    with refused("未填写延期原因", field="reason"):
        extend(cast, obligation, reason="")


def test_promises_of_a_letter_out_of_force_are_left_alone(promised: Estate, obligation: Obligation) -> None:
    cast = promised.cast
    with on_day(date(2022, 2, 1)):
        revoke_instrument(
            actor=cast.district.actor,
            instrument=Instrument.objects.get(),
            on=date(2022, 2, 1),
            reason="逾期",
            first=FirstPerson.of(cast.district_second.person),
        )

    for act in (report, verify, extend):
        with refused("不在履行中，不能办理承诺事项", code="not_running"):
            act(cast, obligation)


def test_a_report_sent_eight_times_is_one_report(cast: Cast, obligation: Obligation) -> None:
    """Under the key of one form; without one each is a report of its own."""
    key = new_key()
    for _ in range(8):
        with once(key):
            assert report(cast, obligation, is_done=False).pk == obligation.pk
    assert ObligationEvent.objects.filter(obligation=obligation).count() == 1

    report(cast, obligation, is_done=False)
    assert ObligationEvent.objects.filter(obligation=obligation).count() == 2
