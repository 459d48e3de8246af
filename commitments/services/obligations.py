"""Obligations: reported by who promised, verified by someone else, extended with the old date kept."""

from datetime import date

from commitments.models import Obligation, ObligationEvent, ObligationState
from commitments.services.common import require_second_person
from commitments.services.drafting import InstrumentRefused
from commitments.services.lapsing import RUNNING, turn_keys_after_act
from projects.ledger.models import Project
from registry.accounts.models import Person
from registry.accounts.services import inbox
from registry.audit.recording import record
from registry.kernel.authority import Actor, Permission
from registry.store.acts import Row, current_act, write

TABLE = "commitments_obligation"


def _locked(obligation: Obligation) -> Obligation:
    Project.objects.select_for_update().get(pk=obligation.letter.instrument.project_id)
    current: Obligation = Obligation.objects.select_related(
        "letter__instrument__issuer", "letter__instrument__project", "verifier"
    ).get(pk=obligation.pk)
    return current


def _require_running(obligation: Obligation) -> None:
    instrument = obligation.letter.instrument
    if instrument.state not in RUNNING:
        raise InstrumentRefused(
            f"{instrument}现在是「{instrument.get_state_display()}」，没有在履行，承诺事项不能这样办。",
            code="not_running",
        )


def _require_past(on: date, field: str = "on") -> None:
    if on > current_act().today:
        raise InstrumentRefused(f"日期{on}还没到。请填写实际发生的日期。", field=field)


def _event(obligation: Obligation, kind: str, on: date, text: str, **dates: date) -> None:
    act = current_act()
    ObligationEvent.objects.create(
        obligation=obligation,
        kind=kind,
        happened_on=on,
        text=text[:300],
        recorded_at=act.recorded_at,
        act_id=act.id,
        **dates,
    )


def _record(event: str, obligation: Obligation, before: dict[str, object], facts: dict[str, object]) -> None:
    after = {name: getattr(obligation, name) for name in before}
    record(
        event=event,
        subject=obligation.letter.instrument,
        chain=obligation.letter.instrument.project_id,
        facts={"ordinal": obligation.ordinal, **facts},
        rows=[Row(TABLE, obligation.id, before, after)],
    )


@write(Permission.OBLIGATION_REPORT, on=lambda kw: kw["obligation"])
def report_obligation(*, actor: Actor, obligation: Obligation, on: date, text: str, is_done: bool) -> Obligation:
    """This will report progress on a promise, or that it is kept and waits for its verifier.

    Refused: a letter that is not being performed, a promise already verified, no text, a day ahead.
    """
    current = _locked(obligation)
    _require_running(current)
    _require_past(on)
    if current.state == ObligationState.VERIFIED:
        raise InstrumentRefused(f"第{current.ordinal}项已核验，不用再报。")
    if not text.strip():
        raise InstrumentRefused("没有写进展。请写做了什么、在哪里、有什么凭证。", field="text")
    before: dict[str, object] = {"state": str(current.state)}
    current.state = ObligationState.REPORTED if is_done else ObligationState.DOING
    current.reported_on = on if is_done else current.reported_on
    current.save(update_fields=["state", "reported_on"])
    _event(current, "report", on, text)
    if is_done:
        instrument = current.letter.instrument
        inbox.put(
            source=f"{TABLE}:{current.pk}",
            verb="核验承诺",
            title=f"{instrument}第{current.ordinal}项：{current.end_state}",
            link=f"/commitments/{instrument.code}/",
            organisation=current.verifier,
            project_key=instrument.project_id,
            project_name=instrument.project.name,
            from_label=actor.organisation_name,
        )

    _record("obligation.reported", current, before, {"text": text[:100]})
    return current


@write(Permission.OBLIGATION_VERIFY, on=lambda kw: kw["obligation"])
def verify_obligation(*, actor: Actor, obligation: Obligation, on: date, evidence: str, passed: bool) -> Obligation:
    """This will verify a reported promise, or send it back. Never by the promisor's own organisation (four eyes).

    Refused: a letter that is not being performed, anyone but the verifier named, a promise not reported, no evidence,
    a day ahead or before the report.
    """
    current = _locked(obligation)
    _require_running(current)
    _require_past(on)
    issuer = current.letter.instrument.issuer
    if actor.organisation_id == issuer.pk:
        raise InstrumentRefused(
            f"{issuer}是承诺单位，不能核验自己的承诺。由{current.verifier}核验。", code="same_organisation"
        )
    if actor.organisation_id != current.verifier_id and not actor.is_system:
        raise InstrumentRefused(f"第{current.ordinal}项由{current.verifier}核验。", code="not_verifier")
    if current.state != ObligationState.REPORTED:
        raise InstrumentRefused(f"第{current.ordinal}项还没有报完成，不能核验。")
    if current.reported_on is not None and on < current.reported_on:
        raise InstrumentRefused(f"核验日期不能早于报完成的日期{current.reported_on}。", field="on")
    if not evidence.strip():
        raise InstrumentRefused("核验必须写明凭据：现场照片、日期、地点或核验意见文号。", field="evidence")
    before: dict[str, object] = {"state": str(current.state)}
    current.state = ObligationState.VERIFIED if passed else ObligationState.DOING
    current.verified_on = on if passed else None
    current.verified_by_id = actor.person_id if passed else None
    current.save(update_fields=["state", "verified_on", "verified_by"])
    _event(current, "verified" if passed else "reopened", on, evidence)
    inbox.close(f"{TABLE}:{current.pk}")

    _record("obligation.verified", current, before, {"text": evidence[:100]})
    turn_keys_after_act(current.letter.instrument)
    return current


def require_later(*, promise: Obligation, day: date) -> None:
    """This will refuse an extension that shortens or changes nothing."""
    if day <= promise.due_on:
        raise InstrumentRefused(f"展期只能往后：现在是{promise.due_on}。", field="new_due_on")


@write(Permission.INSTRUMENT_APPROVE, on=lambda kw: kw["obligation"])
def extend_obligation(
    *, actor: Actor, obligation: Obligation, new_due_on: date, reason: str, on: date, proposed_by: Person | None
) -> Obligation:
    """This will move a due date later, with reason, proposer and approver; the old date stays readable.

    Refused: a letter that is not being performed, a promise already verified, an earlier day, no reason.
    """
    current = _locked(obligation)
    _require_running(current)
    if current.state == ObligationState.VERIFIED:
        raise InstrumentRefused(f"第{current.ordinal}项已核验，不用展期。")
    require_later(promise=current, day=new_due_on)
    if not reason.strip():
        raise InstrumentRefused("没有填展期原因。", field="reason")
    require_second_person(actor, proposed_by, "展期")
    before: dict[str, object] = {"due_on": current.due_on}
    old, current.due_on = current.due_on, new_due_on
    current.save(update_fields=["due_on"])
    _event(current, "extended", on, reason, old_due_on=old, new_due_on=new_due_on)

    _record("obligation.extended", current, before, {"old": old, "new": new_due_on})
    turn_keys_after_act(current.letter.instrument)
    return current
