"""Closing a letter (销号): asked for by who promised, verified by the unit whose gate opened, closed by the task force.

Three persons; the blockers that the letter lifted are resolved with it.
"""

from datetime import date
from typing import Final

from commitments.locks import lock_instrument
from commitments.models import Clause, Instrument, InstrumentState, Obligation
from commitments.services.common import end_proposals_of, require_state, source_of
from commitments.services.ending import LIVE, is_kept
from commitments.services.lapsing import rerun_after_act
from commitments.services.powers import InstrumentRefused
from projects.gates.models import Blocker
from projects.gates.services.blockers import resolve_blocker
from registry.accounts.services import inbox
from registry.audit.recording import record
from registry.kernel.authority import Actor, Permission, Role
from registry.store.acts import Row, current_act, write
from registry.store.second import by_row


def _record(event: str, instrument: Instrument, before: str, facts: dict[str, object], reason: str = "") -> None:
    record(
        event=event,
        subject=instrument,
        chain=instrument.project_id,
        facts={"number": instrument.number, **facts},
        reason=reason,
        rows=[Row.changed(instrument, {"state": before})],
    )


def _require_kept(instrument: Instrument) -> None:
    promises = Obligation.objects.filter(letter__instrument=instrument).order_by("ordinal")
    unverified = [f"第{promise.ordinal}项" for promise in promises if not is_kept(promise)]
    if unverified:
        raise InstrumentRefused(f"{'、'.join(unverified)}尚未核验，不能销号。", code="not_verified")


@write(Permission.OBLIGATION_REPORT, on="instrument", once=True)
def request_closing(*, actor: Actor, instrument: Instrument, note: str) -> Instrument:
    """Ask for a letter to be closed, by its promisor, once every promise is verified.

    Refused: not being performed, a promise not verified, no account of what was done, another unit's letter.
    """
    current = lock_instrument(instrument)
    require_state(current, InstrumentState.PERFORMING)
    if current.issuer_id != actor.organisation_id and not actor.is_system:
        raise InstrumentRefused(f"只能由承诺单位{current.issuer}申请销号。", code="not_promisor")
    if not note.strip():
        raise InstrumentRefused("未填写销号说明。请写明承诺事项完成情况和凭证。", field="note")
    _require_kept(current)
    before, current.state = str(current.state), InstrumentState.CLOSING
    current.closing_note, current.closing_requested_on = note.strip()[:300], current_act().today
    current.closing_requested_by_id = actor.person_id
    current.save(update_fields=["state", "closing_note", "closing_requested_on", "closing_requested_by"])
    inbox.settle(source_of(current))
    for organisation in {promise.verifier for promise in _promises(current)}:
        inbox.deliver(
            source=source_of(current),
            verb="核验销号",
            title=f"{current}申请销号",
            link=f"/commitments/{current.code}/",
            organisation=organisation,
            project_key=current.project_id,
            project_name=current.project.name,
            from_label=actor.organisation_name,
        )

    _record("letter.closing_requested", current, before, {"note": note[:60]})
    return current


def _promises(instrument: Instrument) -> list[Obligation]:
    return list(Obligation.objects.filter(letter__instrument=instrument).select_related("verifier"))


VERIFYING: Final = by_row(
    "核验销号申请",
    "instrument.closing_requested_by_id",
    same="申请的人不得自行核验。请由核验单位的另一名人员核验。",
)


@write(Permission.OBLIGATION_VERIFY, on="instrument", second_person=VERIFYING, once=True)
def verify_closing(*, actor: Actor, instrument: Instrument, on: date, evidence: str) -> Instrument:
    """Verify that a letter may be closed, by a unit whose gate it opened; never by its promisor.

    Refused: not asked for, no evidence, a day ahead or before it was asked for, any other unit.
    """
    current = lock_instrument(instrument)
    require_state(current, InstrumentState.CLOSING)
    if actor.organisation_id == current.issuer_id and not actor.is_system:
        raise InstrumentRefused("承诺单位不得核验本单位的销号申请。请由核验单位办理。", code="same_organisation")
    verifiers = {promise.verifier_id: str(promise.verifier) for promise in _promises(current)}
    if actor.organisation_id not in verifiers and not actor.is_system:
        raise InstrumentRefused(f"销号由{'、'.join(verifiers.values())}核验。", code="not_verifier")
    VERIFYING.require(actor, instrument=current)
    if not evidence.strip():
        raise InstrumentRefused("未填写核验依据。请写明现场照片及其日期、地点，或核验意见文号。", field="evidence")
    if current.closing_requested_on and on < current.closing_requested_on:
        raise InstrumentRefused(f"核验日期须在申请日期{current.closing_requested_on}和今日之间。", field="on")
    _require_kept(current)
    before, current.state = str(current.state), InstrumentState.VERIFIED
    current.closing_verified_on, current.closing_verified_by_id = on, actor.person_id
    current.save(update_fields=["state", "closing_verified_on", "closing_verified_by"])
    inbox.settle(source_of(current))
    inbox.deliver(
        source=source_of(current),
        verb="销号",
        title=f"{current}已由{actor.organisation_name}核验，待专班销号",
        link=f"/commitments/{current.code}/",
        role=Role.DISTRICT,
        area_code=current.project.district_code,
        project_key=current.project_id,
        project_name=current.project.name,
        from_label=actor.organisation_name,
    )

    _record("letter.closing_verified", current, before, {"evidence": evidence[:60]})
    return current


@write(Permission.OBLIGATION_VERIFY, on="instrument", once=True)
def return_closing(*, actor: Actor, instrument: Instrument, reason: str) -> Instrument:
    """Send a request to close back to be performed, with the reason. Refused: its promisor, anyone but a
    verifier and the district, no reason.
    """
    current = lock_instrument(instrument)
    require_state(current, InstrumentState.CLOSING, InstrumentState.VERIFIED)
    if actor.organisation_id == current.issuer_id and not actor.is_system:
        raise InstrumentRefused("承诺单位不能退回自己的申请。", code="same_organisation")
    verifiers = {promise.verifier_id: str(promise.verifier) for promise in _promises(current)}
    if actor.organisation_id not in verifiers and actor.role != Role.DISTRICT and not actor.is_system:
        raise InstrumentRefused(f"销号申请由{'、'.join(verifiers.values())}或区专班退回。", code="not_verifier")
    if not reason.strip():
        raise InstrumentRefused("未填写退回原因。请写明尚需完成的内容。", field="reason")
    before, current.state = str(current.state), InstrumentState.PERFORMING
    current.closing_requested_on = current.closing_requested_by = None
    current.closing_verified_on = current.closing_verified_by = None
    current.save(
        update_fields=[
            "state", "closing_requested_on", "closing_requested_by", "closing_verified_on", "closing_verified_by",
        ]
    )  # fmt: skip
    inbox.settle(source_of(current))
    inbox.deliver(
        source=source_of(current),
        verb="补正后再申请销号",
        title=f"{current}的销号申请被退回：{reason}",
        link=f"/commitments/{current.code}/",
        organisation=current.issuer,
        project_key=current.project_id,
        project_name=current.project.name,
        from_label=actor.organisation_name,
    )
    rerun_after_act(current)

    _record("letter.closing_returned", current, before, {}, reason)
    return current


CLOSING: Final = by_row(
    "销号",
    "instrument.closing_requested_by_id",
    "instrument.closing_verified_by_id",
    same="申请或核验的人不得自行销号。请由专班另一名人员办理。",
)


@write(Permission.INSTRUMENT_APPROVE, on="instrument", second_person=CLOSING)
def close_letter(*, actor: Actor, instrument: Instrument, on: date) -> Instrument:
    """Close a verified letter and resolve the blockers that rest on no other letter in force.

    Refused: not verified, a day ahead or before the verification, its promisor, whoever asked for or verified it.
    """
    current = lock_instrument(instrument)
    require_state(current, InstrumentState.VERIFIED)
    if actor.organisation_id == current.issuer_id and not actor.is_system:
        raise InstrumentRefused("承诺单位不得自行销号。请由工作专班办理。", code="same_organisation")
    CLOSING.require(actor, instrument=current)
    _require_kept(current)
    if current.closing_verified_on and on < current.closing_verified_on:
        raise InstrumentRefused(f"销号日期须在核验日期{current.closing_verified_on}和今日之间。", field="on")
    before = str(current.state)
    current.state, current.ended_on = InstrumentState.CLOSED, on
    current.save(update_fields=["state", "ended_on"])
    inbox.settle(source_of(current))
    end_proposals_of(current, actor=actor, why=f"{current}已销号")
    closed = blockers_to_resolve(current)
    for blocker in closed:
        resolve_blocker.within(actor=actor, blocker=blocker, resolved_on=on, resolution=f"{current.number}销号")

    _record("letter.closed", current, before, {"blockers": "、".join(blocker.number for blocker in closed) or "无"})
    return current


def blockers_to_resolve(instrument: Instrument) -> list[Blocker]:
    """Return the blockers that closing a letter resolves: lifted by it, and by no other letter. Two queries."""
    own = {clause.blocker_id: clause.blocker for clause in instrument.clauses.select_related("blocker")}
    others = Clause.objects.filter(blocker__in=own, instrument__state__in=LIVE, instrument__kind=instrument.kind)
    held = set(others.exclude(instrument=instrument).values_list("blocker_id", flat=True))
    return [blocker for key, blocker in own.items() if key not in held and blocker.resolved_on is None]
