"""Every service of commitments: denied without the right, unknown to strangers, undone if its record fails."""

from datetime import date

import pytest

from commitments.choices import WaiverKind
from commitments.models import Clause, Instrument, Obligation
from commitments.services import (
    ClauseDraft,
    answer_countersign,
    apply_ladder,
    apply_lapse_rule,
    approve_instrument,
    change_draft,
    close_letter,
    cure_breach,
    declare_breach,
    drop_clause,
    drop_promise,
    extend_obligation,
    grant_waiver,
    keep_exposure,
    open_countersign,
    put_clause,
    put_promise,
    record_inspection,
    report_obligation,
    request_closing,
    return_closing,
    return_instrument,
    revoke_instrument,
    send_rung,
    set_exposure_cap,
    sign_instrument,
    verify_closing,
    verify_obligation,
    withdraw_draft,
)
from projects.gates.models import Blocker
from projects.ledger.models import Developer, Project
from registry.kernel.ladder import Rung
from registry.store import guard
from registry.store.second import FirstPerson
from tests.commitments.trials import OTHERS
from tests.factories.projects import (
    HOMES,
    SIGNED,
    TODAY,
    Estate,
    bring_into_force,
    draft_letter,
    lay_blocker,
    on_day,
    photo,
    promise,
)
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
            actor=estate.cast.department.actor,
            obligation=obligation,
            on=MARCH,
            evidence="照片3张",
            passed=True,
            **photo(MARCH),
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
    words = {"on": MARCH, "reason": "逾期未整改", "first": FirstPerson.of(estate.cast.district_second.person)}
    return lambda actor: revoke_instrument(actor=actor, instrument=found, **words)


def requested(estate: Estate) -> Instrument:
    instrument = verified(estate)
    with on_day(MARCH):
        return request_closing(actor=estate.cast.township.actor, instrument=instrument, note="夹层已拆除，照片3张")


def checked(estate: Estate) -> Instrument:
    instrument = requested(estate)
    with on_day(MARCH):
        return verify_closing(actor=estate.cast.department.actor, instrument=instrument, on=MARCH, evidence="现场照片")


def overdue(estate: Estate) -> Instrument:
    found = running(estate)
    with guard.fixture_writes():
        Obligation.objects.update(due_on=date(2022, 3, 1))
        Clause.objects.update(lapses_on=date(2022, 4, 1))
    return found


def breached(estate: Estate) -> Instrument:
    found = overdue(estate)
    with on_day(date(2022, 3, 7)):
        declare_breach(actor=estate.cast.district.actor, instrument=found, on=date(2022, 3, 7), reason="催办无果")
    with guard.fixture_writes():
        Obligation.objects.update(due_on=date(2022, 6, 30))
    return Instrument.objects.get()


def countersigning(estate: Estate) -> Instrument:
    instrument = drafted(estate)
    with on_day(TODAY):
        return open_countersign(
            actor=estate.cast.township.actor, instrument=instrument, organisations=[estate.cast.department.organisation]
        )


def change(estate: Estate) -> Prepared:
    found = drafted(estate)
    return lambda actor: change_draft(actor=actor, instrument=found, words={"title": "关于演示小区的承诺"})


def say_clause(estate: Estate) -> Prepared:
    found = drafted(estate)
    words = {"instrument": found, "draft": ClauseDraft(Blocker.objects.get(), HOMES), "ordinal": 1}
    return lambda actor: put_clause(actor=actor, **words)


def take_clause(estate: Estate) -> Prepared:
    found, second = drafted(estate), lay_blocker(estate, "P04")
    with on_day(SIGNED):
        put_clause(actor=estate.cast.township.actor, instrument=found, draft=ClauseDraft(second, HOMES))
    return lambda actor: drop_clause(actor=actor, instrument=found, ordinal=2)


def say_promise(estate: Estate) -> Prepared:
    found = drafted(estate)
    return lambda actor: put_promise(actor=actor, instrument=found, draft=promise(estate.cast))


def take_promise(estate: Estate) -> Prepared:
    found = drafted(estate)
    with on_day(SIGNED):
        put_promise(actor=estate.cast.township.actor, instrument=found, draft=promise(estate.cast))
    return lambda actor: drop_promise(actor=actor, instrument=found, ordinal=1)


def set_cap(estate: Estate) -> Prepared:
    return lambda actor: set_exposure_cap(
        actor=actor, organisation=estate.cast.township.organisation, homes=100, effective_on=TODAY,
        reason="市专班会议", first=FirstPerson.of(estate.cast.district.person),
    )  # fmt: skip


def waive(estate: Estate) -> Prepared:
    first, blocker = overdue(estate), lay_blocker(estate, "L05")
    with guard.fixture_writes():
        Project.objects.update(developer=Developer.objects.create(name="演示开发公司"))
        Clause.objects.update(lapses_on=MARCH)
        Instrument.objects.filter(pk=first.pk).update(state="breached", breached_on=MARCH)
    with on_day(MARCH):
        letter = draft_letter(estate, blocker)
    return lambda actor: grant_waiver(
        actor=actor, instrument=letter, kind=WaiverKind.BREACH, leader="王副市长", reason="换人施工",
        first=FirstPerson.of(estate.cast.township.person),
    )  # fmt: skip


def count_it(estate: Estate) -> Prepared:
    return lambda actor: keep_exposure(actor=actor, on=TODAY, counted=[])


def ask_round(estate: Estate) -> Prepared:
    found = drafted(estate)
    asked = [estate.cast.department.organisation]
    return lambda actor: open_countersign(actor=actor, instrument=found, organisations=asked)


def answer_round(estate: Estate) -> Prepared:
    found = countersigning(estate)
    return lambda actor: answer_countersign(actor=actor, instrument=found, agrees=True, comment="")


def ask_closing(estate: Estate) -> Prepared:
    found = verified(estate)
    return lambda actor: request_closing(actor=actor, instrument=found, note="夹层已拆除")


def check_closing(estate: Estate) -> Prepared:
    found = requested(estate)
    return lambda actor: verify_closing(actor=actor, instrument=found, on=TODAY, evidence="现场照片")


def send_closing_back(estate: Estate) -> Prepared:
    found = requested(estate)
    return lambda actor: return_closing(actor=actor, instrument=found, reason="缺照片")


def close(estate: Estate) -> Prepared:
    found = checked(estate)
    return lambda actor: close_letter(actor=actor, instrument=found, on=TODAY)


def break_promise(estate: Estate) -> Prepared:
    found = overdue(estate)
    return lambda actor: declare_breach(actor=actor, instrument=found, on=TODAY, reason="催办无果")


def cure(estate: Estate) -> Prepared:
    found = breached(estate)
    return lambda actor: cure_breach(actor=actor, instrument=found, reason="已整改")


def report(estate: Estate) -> Prepared:
    found = promised(estate)
    return lambda actor: report_obligation(actor=actor, obligation=found, on=MARCH, text="已拆除", is_done=True)


def verify(estate: Estate) -> Prepared:
    found = reported(estate)
    return lambda actor: verify_obligation(
        actor=actor, obligation=found, on=TODAY, evidence="照片3张", passed=True, **photo(TODAY)
    )


def extend(estate: Estate) -> Prepared:
    found = promised(estate)
    return lambda actor: extend_obligation(
        actor=actor,
        obligation=found,
        new_due_on=date(2022, 6, 30),
        reason="汛期停工",
        on=MARCH,
        first=FirstPerson.of(estate.cast.district_second.person),
    )


def lapse(estate: Estate) -> Prepared:
    found = running(estate)
    with guard.fixture_writes():
        Obligation.objects.update(due_on=date(2021, 12, 31))
        Clause.objects.update(lapses_on=date(2022, 1, 31))
    return lambda actor: apply_lapse_rule(actor=actor, instrument=found)


def lay_ladder(estate: Estate) -> Prepared:
    found = running(estate)
    return lambda actor: apply_ladder(actor=actor, instrument=found)


def press(estate: Estate) -> Prepared:
    found = promised(estate)
    return lambda actor: send_rung(
        actor=actor, obligation=found, rung=Rung.REMINDER, on=TODAY, text="请按期拆除", reply_by=date(2022, 3, 18)
    )


def inspect(estate: Estate) -> Prepared:
    found = promised(estate)
    return lambda actor: record_inspection(
        actor=actor, obligation=found, on=TODAY, in_order=True, text="夹层正在拆除", **photo(TODAY)
    )


TRIALS: dict[str, Trial] = {
    **OTHERS,
    "draft_instrument": Trial("instrument.drafted", "township", "strange_township", draft),
    "sign_instrument": Trial("instrument.signed", "township", "strange_township", sign),
    "approve_instrument": Trial("instrument.effective", "district", "strange_district", approve),
    "return_instrument": Trial("instrument.returned", "district", "strange_district", send_back),
    "withdraw_draft": Trial("instrument.withdrawn", "township", "strange_township", withdraw),
    "revoke_instrument": Trial("instrument.revoked", "district", "strange_district", revoke),
    "set_exposure_cap": Trial("exposure_cap.set", "city", "", set_cap),
    "grant_waiver": Trial("credit.waived", "city", "", waive),
    "keep_exposure": Trial("exposure.counted", "city", "", count_it),
    "change_draft": Trial("instrument.changed", "township", "strange_township", change),
    "put_clause": Trial("instrument.changed", "township", "strange_township", say_clause),
    "drop_clause": Trial("instrument.changed", "township", "strange_township", take_clause),
    "put_promise": Trial("instrument.changed", "township", "strange_township", say_promise),
    "drop_promise": Trial("instrument.changed", "township", "strange_township", take_promise),
    "open_countersign": Trial("countersign.opened", "township", "strange_township", ask_round),
    "answer_countersign": Trial("countersign.answered", "department", "strange_department", answer_round),
    "request_closing": Trial("letter.closing_requested", "township", "strange_township", ask_closing),
    "verify_closing": Trial("letter.closing_verified", "department", "strange_department", check_closing),
    "return_closing": Trial("letter.closing_returned", "department", "strange_department", send_closing_back),
    "close_letter": Trial("letter.closed", "district", "strange_district", close),
    "declare_breach": Trial("letter.breached", "district", "strange_district", break_promise, answers=1),
    "cure_breach": Trial("letter.cured", "district", "strange_district", cure, answers=1),
    "report_obligation": Trial("obligation.reported", "township", "strange_township", report),
    "verify_obligation": Trial("obligation.verified", "department", "strange_department", verify, answers=1),
    "extend_obligation": Trial("obligation.extended", "district", "strange_district", extend, answers=1),
    "apply_lapse_rule": Trial("clause.lapsed", "district", "strange_district", lapse),
    "apply_ladder": Trial("ladder.laid", "district", "strange_district", lay_ladder),
    "send_rung": Trial("obligation.pressed", "district", "strange_district", press),
    "record_inspection": Trial("obligation.inspected", "department", "strange_department", inspect),
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


def test_a_form_sent_twice_without_its_key_is_found_by_the_trial(
    estate: Estate, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Negative control: with the key lost on its way, the second draft of the same letter is a row more."""
    monkeypatch.setattr("registry.store.acts.take_key", lambda _: "")

    with pytest.raises(AssertionError, match="draft_instrument laid the same twice"):
        try_unrecorded_then_recorded(TRIALS["draft_instrument"], estate, monkeypatch)
