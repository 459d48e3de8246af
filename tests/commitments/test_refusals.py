"""Every refusal of the services of commitments that no other test meets: its words, its code, its field."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest

from commitments import services
from commitments.choices import InstrumentKind, WaiverKind
from commitments.models import Instrument
from commitments.services import ClauseDraft
from commitments.services.ladder import run_ladder
from commitments.services.powers import InstrumentRefused
from commitments.services.settings import decide_ladder_rule, decide_lapse_rule
from projects.gates.models import Blocker
from registry.accounts.models import Organisation
from registry.kernel.authority import system_actor
from registry.kernel.ladder import OFFSETS, Rung
from registry.kernel.scope import EVERYTHING
from registry.store.guard import fixture_writes
from registry.store.second import FirstPerson
from tests.commitments.test_trials import (
    breached,
    checked,
    drafted,
    overdue,
    promised,
    requested,
    running,
    verified,
)
from tests.factories.projects import HOMES, SIGNED, TODAY, Estate, draft_letter, lay_blocker, on_day, promise
from tests.factories.trials import refused

pytestmark = pytest.mark.django_db


def issued_by(organisation: Organisation) -> None:
    with fixture_writes():
        Instrument.objects.update(issuer=organisation)


def decision(estate: Estate) -> Instrument:
    """A draft that is no letter."""
    instrument = drafted(estate)
    with fixture_writes():
        Instrument.objects.update(kind=InstrumentKind.OPINION)
    return Instrument.objects.get(pk=instrument.pk)


def asks_for_anothers(estate: Estate) -> Any:
    letter = verified(estate)
    issued_by(estate.cast.department.organisation)
    return services.request_closing(actor=estate.cast.township.actor, instrument=letter, note="夹层已拆除")


def verifies_own(estate: Estate) -> Any:
    letter = requested(estate)
    issued_by(estate.cast.department.organisation)
    return services.verify_closing(actor=estate.cast.department.actor, instrument=letter, on=TODAY, evidence="现场照片")


def returns_own(estate: Estate) -> Any:
    letter = requested(estate)
    issued_by(estate.cast.department.organisation)
    return services.return_closing(actor=estate.cast.department.actor, instrument=letter, reason="缺照片")


def closes_own(estate: Estate) -> Any:
    letter = checked(estate)
    issued_by(estate.cast.district.organisation)
    return services.close_letter(actor=estate.cast.district.actor, instrument=letter, on=TODAY)


def finds_own_in_breach(estate: Estate) -> Any:
    letter = overdue(estate)
    issued_by(estate.cast.district.organisation)
    return services.declare_breach(actor=estate.cast.district.actor, instrument=letter, on=TODAY, reason="催办无果")


def presses_itself(estate: Estate) -> Any:
    obligation = promised(estate)
    issued_by(estate.cast.district.organisation)
    return press(estate.cast.district.actor, obligation)


def press(actor: Any, obligation: Any) -> Any:
    return services.send_rung(
        actor=actor, obligation=obligation, rung=Rung.REMINDER, on=TODAY, text="请按期拆除", reply_by=date(2022, 3, 18)
    )


def replaces_with_a_decision(estate: Estate) -> Any:
    letter, department = running(estate), estate.cast.department
    blocker = lay_blocker(estate, "F01")
    return services.draft_instrument(
        actor=department.actor, project=estate.project, kind=InstrumentKind.FEE_DECOUPLED, title="",
        issuer=department.organisation, clauses=[ClauseDraft(blocker, EVERYTHING)], supersedes=letter,
    )  # fmt: skip


def replaced(estate: Estate, on: date) -> Any:
    """A letter that takes the place of the running one from a day on, approved today."""
    letter = running(estate)
    new = draft_letter(estate, Blocker.objects.get(), supersedes=letter)
    actor = estate.cast.township.actor
    services.sign_instrument(actor=actor, instrument=new, number="×政函〔2021〕2号", signed_on=on)
    return services.approve_instrument(actor=estate.cast.district.actor, instrument=new, effective_on=on)


def rule(estate: Estate, **more: Any) -> Any:
    words = {
        "actor": estate.cast.city.actor, "district_code": "110105", "grace_days": 10, "pauses": True,
        "effective_on": TODAY, "reason": "会议", "first": FirstPerson.of(estate.cast.system_admin.person), **more,
    }  # fmt: skip
    return decide_lapse_rule(**words)


def ladder(estate: Estate, **more: Any) -> Any:
    words = {
        "actor": estate.cast.city.actor, "district_code": "110105", "offsets": OFFSETS, "senders": {},
        "effective_on": TODAY, "reason": "会议", "first": FirstPerson.of(estate.cast.system_admin.person), **more,
    }  # fmt: skip
    return decide_ladder_rule(**words)


def before_it_bound(estate: Estate) -> Any:
    """The promise was due the day after the letter came into force: the reminder's day is before both."""
    obligation = promised(estate)
    with fixture_writes():
        type(obligation).objects.update(due_on=SIGNED + timedelta(days=1))
    obligation.refresh_from_db()
    return press(estate.cast.district.actor, obligation)


def nothing_due(estate: Estate) -> Any:
    """The one promise is kept, and the rule has run since."""
    letter = verified(estate)
    run_ladder(TODAY)
    return services.apply_ladder(actor=estate.cast.district.actor, instrument=letter)


# name: what is done, the words of the refusal, its code, the field that it stands under
REFUSALS: dict[str, tuple[Callable[[Estate], Any], str, str, str | None]] = {
    "the closing of another's letter": (asks_for_anothers, "只能由承诺单位规自分局申请销号", "not_promisor", None),
    "the promisor verifies": (verifies_own, "承诺单位不得核验本单位的销号申请", "same_organisation", None),
    "the promisor sends back": (returns_own, "承诺单位不能退回自己的申请", "same_organisation", None),
    "the promisor closes": (closes_own, "承诺单位不得自行销号", "same_organisation", None),
    "the promisor finds a breach": (finds_own_in_breach, "不能认定自己的函违约", "same_organisation", None),
    "the promisor presses": (presses_itself, "是承诺单位，不能给自己发", "same_organisation", None),
    "the system presses": (lambda e: press(system_actor("x"), promised(e)), "不能由系统代发", "not_sender", None),
    "a decision goes round": (
        lambda e: services.open_countersign(
            actor=e.cast.township.actor, instrument=decision(e), organisations=[e.cast.department.organisation]
        ), "仅承诺函须经会签", "not_a_letter", None,
    ),
    "a waiver without a reason": (
        lambda e: services.grant_waiver(
            actor=e.cast.district.actor, instrument=drafted(e), kind=WaiverKind.BREACH, leader="王副市长", reason=" ",
            first=FirstPerson.of(e.cast.township.person),
        ), "未填写申请特别批准的理由", "refused", "reason",
    ),
    "a decision in place of a letter": (replaces_with_a_decision, "只有承诺函可以替代承诺函", "refused", "supersedes"),
    "a clause that is none": (
        lambda e: services.put_clause(
            actor=e.cast.township.actor, instrument=drafted(e), draft=ClauseDraft(Blocker.objects.get(), HOMES), ordinal=9,
        ), "没有第9条", "refused", "clauses",
    ),
    "a promise that is none": (
        lambda e: services.put_promise(
            actor=e.cast.township.actor, instrument=drafted(e), draft=promise(e.cast), ordinal=9
        ), "没有第9项承诺", "refused", "obligations",
    ),
    "a successor before its predecessor": (
        lambda e: replaced(e, SIGNED - timedelta(days=1)), "不得早于被替代的", "refused", "effective_on",
    ),
    "a cure without a ground": (
        lambda e: services.cure_breach(actor=e.cast.district.actor, instrument=breached(e), reason=" "),
        "未填写恢复履行的依据", "refused", "reason",
    ),
    "a ladder of nothing": (nothing_due, "无到期应督促或检查的事项", "nothing_due", None),
    "a lapse of nothing": (
        lambda e: services.apply_lapse_rule(actor=e.cast.district.actor, instrument=running(e)),
        "没有逾期失效的条款", "nothing_lapsed", None,
    ),
    "a rung without a sender": (
        lambda e: ladder(e, senders={Rung.REMINDER.value: []}), "未选择发文单位", "refused", "senders",
    ),
    "a ladder without a ground": (
        lambda e: ladder(e, reason=" "), "未填写设置的原因。请写明依据。", "refused", "reason",
    ),
    "a grace without a ground": (
        lambda e: rule(e, reason=" "), "未填写设置的原因。请写明依据。", "refused", "reason",
    ),
    "a rung from before the letter bound": (
        before_it_bound, f"在承诺函生效（{SIGNED}）以前，不发", "before_it_bound", None,
    ),
    "a grace of more than a year": (
        lambda e: rule(e, grace_days=366), "宽限日数须在0至365日之间", "refused", "grace_days",
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", REFUSALS)
def test_it_is_refused_in_words(estate: Estate, name: str) -> None:
    act, words, code, field = REFUSALS[name]

    with on_day(TODAY), pytest.raises(InstrumentRefused, match=words) as caught:
        act(estate)

    assert (caught.value.code, caught.value.field) == (code, field)


def test_a_decision_bears_no_promise(estate: Estate) -> None:
    instrument = drafted(estate)
    with fixture_writes():
        letter = instrument.letter
        for row in letter.obligations.all():
            row.backs.all().delete()
            row.delete()
        letter.delete()

    with on_day(TODAY), refused("决定不含承诺事项", code="not_a_letter"):
        services.put_promise(
            actor=estate.cast.township.actor,
            instrument=Instrument.objects.get(pk=instrument.pk),
            draft=promise(estate.cast),
        )
