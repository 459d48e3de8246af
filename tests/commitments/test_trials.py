"""Every service of commitments: denied without the right, unknown to strangers, undone if its record fails."""

from datetime import date

import pytest

from commitments.models import Clause, Instrument, Obligation
from commitments.services import (
    apply_lapse_rule,
    approve_instrument,
    close_letter,
    decide_lapse_rule,
    extend_obligation,
    report_obligation,
    return_instrument,
    revoke_instrument,
    sign_instrument,
    verify_obligation,
    withdraw_draft,
)
from registry.store import guard
from tests.factories.projects import SIGNED, TODAY, Estate, bring_into_force, draft_letter, lay_blocker, on_day
from tests.factories.trials import (
    Prepared,
    Trial,
    services_of,
    try_as_a_stranger,
    try_unrecorded_then_recorded,
    try_without_the_right,
)

MARCH = date(2022, 3, 1)


def drafted(estate: Estate) -> Instrument:
    blocker = lay_blocker(estate)
    with on_day(SIGNED):
        return draft_letter(estate, blocker)


def signed(estate: Estate) -> Instrument:
    instrument = drafted(estate)
    with on_day(SIGNED):
        return sign_instrument(
            actor=estate.cast.township.actor, instrument=instrument, number="×政函〔2021〕18号", signed_on=SIGNED
        )


def running(estate: Estate) -> Instrument:
    instrument = drafted(estate)
    bring_into_force(estate, instrument)
    return Instrument.objects.get(pk=instrument.pk)


def promised(estate: Estate) -> Obligation:
    running(estate)
    return Obligation.objects.get()


def reported(estate: Estate) -> Obligation:
    obligation = promised(estate)
    with on_day(MARCH):
        return report_obligation(
            actor=estate.cast.township.actor, obligation=obligation, on=MARCH, text="已拆除", is_done=True
        )


def verified(estate: Estate) -> Instrument:
    obligation = reported(estate)
    with on_day(MARCH):
        verify_obligation(
            actor=estate.cast.department.actor, obligation=obligation, on=MARCH, evidence="照片3张", passed=True
        )
    return Instrument.objects.get()


def draft(estate: Estate) -> Prepared:
    blocker = lay_blocker(estate)
    return lambda actor: draft_letter(estate, blocker, actor=actor)


def sign(estate: Estate) -> Prepared:
    found = drafted(estate)
    return lambda actor: sign_instrument(actor=actor, instrument=found, number="×政函〔2021〕18号", signed_on=SIGNED)


def approve(estate: Estate) -> Prepared:
    found = signed(estate)
    return lambda actor: approve_instrument(actor=actor, instrument=found, effective_on=SIGNED)


def send_back(estate: Estate) -> Prepared:
    found = signed(estate)
    return lambda actor: return_instrument(actor=actor, instrument=found, reason="缺企业承诺书")


def withdraw(estate: Estate) -> Prepared:
    found = drafted(estate)
    return lambda actor: withdraw_draft(actor=actor, instrument=found, reason="重新起草")


def revoke(estate: Estate) -> Prepared:
    found = running(estate)
    return lambda actor: revoke_instrument(actor=actor, instrument=found, on=MARCH, reason="逾期未整改")


def close(estate: Estate) -> Prepared:
    found = verified(estate)
    return lambda actor: close_letter(actor=actor, instrument=found, on=TODAY)


def report(estate: Estate) -> Prepared:
    found = promised(estate)
    return lambda actor: report_obligation(actor=actor, obligation=found, on=MARCH, text="已拆除", is_done=True)


def verify(estate: Estate) -> Prepared:
    found = reported(estate)
    return lambda actor: verify_obligation(actor=actor, obligation=found, on=TODAY, evidence="照片3张", passed=True)


def extend(estate: Estate) -> Prepared:
    found = promised(estate)
    return lambda actor: extend_obligation(
        actor=actor, obligation=found, new_due_on=date(2022, 6, 30), reason="汛期停工", on=MARCH
    )


def lapse(estate: Estate) -> Prepared:
    found = running(estate)
    with guard.fixture_writes():
        Obligation.objects.update(due_on=date(2021, 12, 31))
        Clause.objects.update(lapses_on=date(2022, 1, 31))
    return lambda actor: apply_lapse_rule(actor=actor, instrument=found)


def set_grace(estate: Estate) -> Prepared:
    return lambda actor: decide_lapse_rule(
        actor=actor, district_code="110105", grace_days=10, pauses=True, effective_on=TODAY, reason="区专班会议",
        proposed_by=estate.cast.system_admin.person,
    )  # fmt: skip


TRIALS: dict[str, Trial] = {
    "draft_instrument": Trial("instrument.drafted", "township", "strange_township", draft),
    "sign_instrument": Trial("instrument.signed", "township", "strange_township", sign),
    "approve_instrument": Trial("instrument.effective", "district", "strange_district", approve),
    "return_instrument": Trial("instrument.returned", "district", "strange_district", send_back),
    "withdraw_draft": Trial("instrument.withdrawn", "township", "strange_township", withdraw),
    "revoke_instrument": Trial("instrument.revoked", "district", "strange_district", revoke),
    "close_letter": Trial("letter.closed", "department", "strange_department", close),
    "report_obligation": Trial("obligation.reported", "township", "strange_township", report),
    "verify_obligation": Trial("obligation.verified", "department", "strange_department", verify),
    "extend_obligation": Trial("obligation.extended", "district", "strange_district", extend),
    "apply_lapse_rule": Trial("clause.lapsed", "district", "strange_district", lapse),
    "decide_lapse_rule": Trial("lapse_rule.decided", "city", "", set_grace),
}


def test_every_service_is_tried() -> None:
    assert set(TRIALS) == services_of("commitments.")


@pytest.mark.parametrize("name", TRIALS)
def test_a_service_is_denied_without_the_right_and_writes_nothing(estate: Estate, name: str) -> None:
    try_without_the_right(TRIALS[name], estate)


@pytest.mark.parametrize("name", [name for name, trial in TRIALS.items() if trial.stranger])
def test_a_service_is_unknown_to_a_stranger_and_writes_nothing(estate: Estate, name: str) -> None:
    try_as_a_stranger(TRIALS[name], estate)


@pytest.mark.parametrize("name", TRIALS)
def test_a_service_leaves_nothing_if_its_record_fails(
    estate: Estate, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    try_unrecorded_then_recorded(TRIALS[name], estate, monkeypatch)
