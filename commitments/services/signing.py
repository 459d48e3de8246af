"""Signing, approving, returning, withdrawing: two persons, one transaction, readiness with it."""

from datetime import date
from typing import Final

from commitments.choices import WaiverKind
from commitments.locks import lock_instrument
from commitments.models import Instrument, InstrumentKind, InstrumentState
from commitments.selectors import effect_of, relief_of
from commitments.services.common import WAIVER, require_issuer, require_state, source_of
from commitments.services.countersigning import close_countersign_round, require_countersigned
from commitments.services.credit import require_credit
from commitments.services.drafting import require_no_contradiction, require_policy
from commitments.services.ending import supersede_instrument
from commitments.services.lapsing import project_lapses
from commitments.services.powers import InstrumentRefused
from projects.casework.services.policies import use_policy
from projects.gates.selectors.conditions import unchecked_conditions
from projects.gates.services import refresh_readiness
from registry.accounts.services import inbox
from registry.accounts.services.approvals import end_proposals
from registry.audit.recording import record
from registry.kernel.authority import Actor, Permission, Role
from registry.store.acts import Row, write
from registry.store.second import by_row


def _record(event: str, instrument: Instrument, before: str, facts: dict[str, object], reason: str = "") -> None:
    kind = InstrumentKind(instrument.kind).label
    record(
        event=event,
        subject=instrument,
        chain=instrument.project_id,
        facts={"kind": kind, "number": instrument.number, "title": instrument.title, **facts},
        reason=reason,
        rows=[Row.changed(instrument, {"state": before})],
    )


def _require_conditions(instrument: Instrument, on: date) -> None:
    clauses = instrument.clauses.select_related("blocker__type").order_by("ordinal")
    lacking = unchecked_conditions({clause.blocker_id: clause.blocker for clause in clauses}.values(), on=on)
    if lacking:
        words = "；".join(f"{number}：{condition}" for number, condition in lacking)
        raise InstrumentRefused(
            f"附条件的堵点尚无核查记录（{words}）。请先到堵点页“核查条件”，登记依据和日期，再签署。",
            code="condition_unchecked",
        )


@write(Permission.INSTRUMENT_SIGN, on="instrument")
def sign_instrument(*, actor: Actor, instrument: Instrument, number: str, signed_on: date) -> Instrument:
    """Sign a draft with its number and date. It still lifts nothing: a second person approves it.

    Refused: no number, one of another year, a day ahead, another unit's letter, an objection or an answer still
    awaited from those who countersign, a condition not checked, homes that another letter already answers for.
    """
    current = lock_instrument(instrument)
    require_state(current, InstrumentState.DRAFT, InstrumentState.COUNTERSIGN)
    if not number.strip():
        raise InstrumentRefused("未填写文号。请填签发文号，如×政函〔2021〕18号。", field="number")
    if current.issuer_id != actor.organisation_id and not actor.is_system:
        raise InstrumentRefused(f"只能由{current.issuer}的人签署。", field="issuer")
    silent = require_countersigned(current)
    if not actor.is_system:
        require_credit(current)
    _require_conditions(current, signed_on)
    require_policy(current.project, current.policy, current.clauses.select_related("blocker__type"))
    require_no_contradiction(current)
    before = str(current.state)
    current.state, current.number, current.signed_on = InstrumentState.SIGNED, number.strip(), signed_on
    current.signed_by_id = actor.person_id
    for kind in WaiverKind:
        end_proposals(actor=actor, kinds=[WAIVER], about=[current.pk, kind.value], why=f"{current}已签署")
    current.save(update_fields=["state", "number", "signed_on", "signed_by"])
    inbox.deliver(
        source=source_of(current),
        verb="确认生效",
        title=f"{current.get_kind_display()}{current.number}，已由{current.issuer}签署",
        link=f"/commitments/{current.code}/",
        role=Role.DISTRICT,
        area_code=current.project.district_code,
        not_for=actor.person_id,
        project_key=current.project_id,
        project_name=current.project.name,
        from_label=f"{actor.organisation_name} {actor.name}",
    )

    _record("instrument.signed", current, before, {"silent": silent})
    return current


APPROVAL: Final = by_row(
    "确认生效",
    "instrument.signed_by_id",
    "instrument.drafted_by_id",
    same="起草或签署的人不得自行确认。请由专班另一名人员确认。",
    legacy=lambda given: True,  # laid or signed by the system
)


@write(Permission.INSTRUMENT_APPROVE, on="instrument", second_person=APPROVAL)
def approve_instrument(*, actor: Actor, instrument: Instrument, effective_on: date) -> Instrument:
    """Make a signed instrument effective: from that day its clauses lift. Not by the person who signed."""
    current = lock_instrument(instrument)
    require_state(current, InstrumentState.SIGNED)
    APPROVAL.require(actor, instrument=current)
    require_no_contradiction(current)
    if current.signed_on is None or effective_on < current.signed_on:
        raise InstrumentRefused(f"生效日期不得早于签署日期{current.signed_on}。", field="effective_on")
    before = str(current.state)
    drafted = [
        relief_of(clause, starting=effective_on)
        for clause in current.clauses.select_related("instrument").order_by("ordinal")
    ]
    effect = effect_of(project=current.project, drafted=drafted, on=effective_on)
    is_letter = current.kind == InstrumentKind.LETTER
    current.state = InstrumentState.PERFORMING if is_letter else InstrumentState.EFFECTIVE
    current.effective_on, current.approved_by_id = effective_on, actor.person_id
    current.save(update_fields=["state", "effective_on", "approved_by"])
    inbox.settle(source_of(current))
    if current.supersedes is not None:
        supersede_instrument(current.supersedes, by=current, on=effective_on, actor=actor)
    project_lapses(current, floor=effective_on)
    if current.policy is not None:
        lifted = [clause.blocker for clause in current.clauses.select_related("blocker")]
        use_policy(policy=current.policy, blockers=lifted, instrument_code=current.code)

    refresh_readiness([current.project_id], since=effective_on)
    facts = {"cleared": effect.cleared_after - effect.cleared_before, "others": effect.others_cleared_after}
    _record("instrument.effective", current, before, dict(facts))
    return current


@write(Permission.INSTRUMENT_APPROVE, on="instrument")
def return_instrument(*, actor: Actor, instrument: Instrument, reason: str) -> Instrument:
    """Send a signed instrument back to draft, with the reason."""
    current = lock_instrument(instrument)
    require_state(current, InstrumentState.SIGNED, InstrumentState.COUNTERSIGN)
    if not reason.strip():
        raise InstrumentRefused("未填写退回原因。", field="reason")
    before = str(current.state)
    current.state, current.signed_by, current.signed_on, current.number = InstrumentState.DRAFT, None, None, ""
    current.save(update_fields=["state", "signed_by", "signed_on", "number"])
    inbox.settle(source_of(current))
    close_countersign_round(current)

    _record("instrument.returned", current, before, {}, reason)
    return current


@write(Permission.INSTRUMENT_DRAFT, on="instrument")
def withdraw_draft(*, actor: Actor, instrument: Instrument, reason: str) -> Instrument:
    """Withdraw a mistaken draft, by whose it is or the task force; it stays readable."""
    current = lock_instrument(instrument)
    require_state(current, InstrumentState.DRAFT)
    if actor.role not in (Role.CITY, Role.DISTRICT):
        require_issuer(actor, current, "作废草稿")
    if not reason.strip():
        raise InstrumentRefused("未填写作废原因。", field="reason")
    before = str(current.state)
    current.state, current.end_reason = InstrumentState.WITHDRAWN, reason
    current.save(update_fields=["state", "end_reason"])

    _record("instrument.withdrawn", current, before, {}, reason)
    return current
