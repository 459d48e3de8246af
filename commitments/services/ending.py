"""How an instrument ends before its promises are kept: revoked, superseded, or in breach until it is cured."""

from datetime import date
from typing import Final

from commitments.choices import KEPT, RUNNING, InstrumentState, ObligationState
from commitments.locks import lock_instrument
from commitments.models import Instrument, InstrumentKind, Obligation
from commitments.services.common import end_proposals_of, require_state, source_of
from commitments.services.ladder import source_of as rung_source
from commitments.services.lapsing import end_lapse_pause, rerun_after_act
from commitments.services.powers import InstrumentRefused
from commitments.services.promises import escalation_source, inspection_source
from commitments.services.promises import source_of as promise_source
from projects.gates.services import refresh_readiness
from registry.accounts.services import inbox
from registry.audit.recording import record
from registry.kernel.authority import Actor, Permission
from registry.store.acts import Row, current_act, within_act, write
from registry.store.second import FirstPerson, SecondPerson

LIVE = (InstrumentState.EFFECTIVE, *RUNNING, InstrumentState.VERIFIED)


def _record(event: str, instrument: Instrument, before: str, facts: dict[str, object], reason: str = "") -> None:
    kind = InstrumentKind(instrument.kind).label
    record(
        event=event,
        subject=instrument,
        chain=instrument.project_id,
        facts={"kind": kind, "number": instrument.number, **facts},
        reason=reason,
        rows=[Row.changed(instrument, {"state": before})],
    )


@within_act
def clear_desks(instrument: Instrument) -> None:
    """Take what a letter had asked of anybody off every desk: it ended. Runs inside an act."""
    inbox.settle(source_of(instrument))
    for promise in Obligation.objects.filter(letter__instrument=instrument).prefetch_related("ladder"):
        for source in (promise_source(promise), escalation_source(promise), inspection_source(promise)):
            inbox.settle(source)
        for step in promise.ladder.all():
            inbox.settle(rung_source(step))


def _end(instrument: Instrument, state: InstrumentState, on: date, reason: str, actor: Actor) -> str:
    before = str(instrument.state)
    instrument.state, instrument.ended_on, instrument.end_reason = state, on, reason[:200]
    instrument.save(update_fields=["state", "ended_on", "end_reason"])
    clear_desks(instrument)
    end_proposals_of(instrument, actor=actor, why=f"{instrument}{state.label}")
    return before


REVOCATION: Final = SecondPerson(
    "撤销承诺或决定",
    ("first", "instrument.signed_by_id"),
    of_row=True,
    same="签署人、提请人不得自行撤销。请由另一名有权限的人员办理。",
    legacy=lambda given: given["first"] is not None and given["instrument"].signed_by_id is None,  # by the system
)


@write(Permission.INSTRUMENT_REVOKE, on="instrument", second_person=REVOCATION)
def revoke_instrument(
    *, actor: Actor, instrument: Instrument, on: date, reason: str, first: FirstPerson | None
) -> Instrument:
    """End an instrument from a day on: steps not yet made stop; steps made, accepted, issued stay.

    Proposed by one person and carried out by another. Refused: not in force, no reason, a day ahead or before it was
    effective, whoever signed it. A pause that a lapse brought goes on until an organ ends it.
    """
    current = lock_instrument(instrument)
    REVOCATION.require(actor, instrument=current, first=first)
    require_state(current, *LIVE)
    if not reason.strip():
        raise InstrumentRefused("未填写撤销原因。", field="reason")
    if current.effective_on is None or on < current.effective_on:
        raise InstrumentRefused(f"撤销日期须在生效日期{current.effective_on}和今日之间。", field="on")
    before = _end(current, InstrumentState.REVOKED, on, reason, actor)

    refresh_readiness([current.project_id], since=on)
    _record("instrument.revoked", current, before, {"on": on}, reason)
    return current


@within_act
def supersede_instrument(instrument: Instrument, *, by: Instrument, on: date, actor: Actor) -> None:
    """Let a new letter take the place of one in force, from the same day. Runs inside an act.

    Refused: a letter that is no longer in force, a day before its own. Pauses that its lapses brought end.
    """
    old = lock_instrument(instrument)
    require_state(old, *LIVE)
    if old.effective_on is None or on < old.effective_on:
        raise InstrumentRefused(f"生效日期不得早于被替代的{old}的生效日期{old.effective_on}。", field="effective_on")
    for clause in old.clauses.select_related("lapse_pause"):
        end_lapse_pause(clause, actor=actor, why=f"{old}由{by}替代")
    before = _end(old, InstrumentState.SUPERSEDED, on, f"由{by}替代", actor)

    _record("instrument.superseded", old, before, {"by": str(by), "on": on})


@write(Permission.INSTRUMENT_APPROVE, on="instrument")
def declare_breach(*, actor: Actor, instrument: Instrument, on: date, reason: str) -> Instrument:
    """Find a letter in breach: every clause lapses from that day, until the overdue promises are kept.

    Refused: not being performed, no promise overdue, no reason, a day ahead, the promisor itself.
    """
    current = lock_instrument(instrument)
    require_state(current, InstrumentState.PERFORMING, InstrumentState.CLOSING)
    today = current_act().today
    if not reason.strip():
        raise InstrumentRefused("未填写认定违约的依据。请写明所涉承诺事项和催办、督办情况。", field="reason")
    if actor.organisation_id == current.issuer_id and not actor.is_system:
        raise InstrumentRefused("承诺单位不能认定自己的函违约。请由专班办理。", code="same_organisation")
    if on != today:
        raise InstrumentRefused(f"认定违约自今日（{today}）起生效，不得填写以前或以后的日期。", field="on")
    open_promises = Obligation.objects.filter(letter__instrument=current).exclude(state__in=KEPT)
    if not open_promises.filter(due_on__lt=today).exists():
        raise InstrumentRefused("没有逾期的承诺事项，不能认定违约。", code="nothing_overdue")
    before, current.state, current.breached_on = str(current.state), InstrumentState.BREACHED, on
    current.save(update_fields=["state", "breached_on"])
    inbox.settle(source_of(current))
    rerun_after_act(current)

    _record("letter.breached", current, before, {"on": on}, reason)
    return current


@write(Permission.INSTRUMENT_APPROVE, on="instrument")
def cure_breach(*, actor: Actor, instrument: Instrument, reason: str) -> Instrument:
    """Let a letter in breach be performed again, once no promise is overdue; its clauses return at once.

    Refused: not in breach, a promise still overdue, no reason, the promisor itself.
    """
    current = lock_instrument(instrument)
    require_state(current, InstrumentState.BREACHED)
    if not reason.strip():
        raise InstrumentRefused("未填写恢复履行的依据。", field="reason")
    if actor.organisation_id == current.issuer_id and not actor.is_system:
        raise InstrumentRefused("承诺单位不能恢复自己的函的履行。请由专班办理。", code="same_organisation")
    late = Obligation.objects.filter(letter__instrument=current, due_on__lt=current_act().today)
    left = [f"第{one.ordinal}项" for one in late.exclude(state__in=KEPT).order_by("ordinal")]
    if left:
        raise InstrumentRefused(f"{'、'.join(left)}仍逾期，没有核验，不能恢复履行。", code="still_overdue")
    before, current.state, current.breached_on = str(current.state), InstrumentState.PERFORMING, None
    current.save(update_fields=["state", "breached_on"])
    rerun_after_act(current)

    _record("letter.cured", current, before, {}, reason)
    return current


def is_kept(promise: Obligation) -> bool:
    """Return whether a promise needs nothing more."""
    return promise.state in (ObligationState.VERIFIED, ObligationState.WAIVED)
