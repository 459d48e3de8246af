"""Caps on exposure, a developer's breach, and the waivers of both: who may not sign another letter, and unless what."""

from datetime import date

from commitments.choices import WaiverKind
from commitments.locks import lock_instrument
from commitments.models import CreditWaiver, ExposureCap, Instrument, InstrumentKind, InstrumentState
from commitments.selectors.exposure import caps_in_force, developer_faults, exposure_now
from commitments.services.common import require_state
from commitments.services.powers import InstrumentRefused
from registry.accounts.models import Organisation
from registry.audit.recording import record
from registry.kernel.authority import Actor, Permission
from registry.store.acts import Row, current_act, within_act, write
from registry.store.second import FirstPerson, always


def credit_holds(instrument: Instrument, on: date) -> dict[str, str]:
    """Say, by kind of waiver, what keeps a letter from being signed on a day; nothing if nothing does."""
    if instrument.kind != InstrumentKind.LETTER:
        return {}
    granted = set(instrument.waivers.values_list("kind", flat=True))
    found: dict[str, str] = {}
    cap = caps_in_force(on).get(instrument.issuer_id)
    if cap is not None and WaiverKind.CAP not in granted:
        homes = exposure_now(instrument.issuer_id, on)
        if homes >= cap:
            found[WaiverKind.CAP.value] = (
                f"{instrument.issuer}凭未兑现承诺已发证{homes}套，已达上限{cap}套，不得签署新的承诺函"
            )
    faults = developer_faults(instrument, on) if WaiverKind.BREACH not in granted else []
    if faults:
        found[WaiverKind.BREACH.value] = f"同一企业的{'、'.join(faults[:3])}违约或逾期未兑现，新的承诺函须市级领导同意"
    return found


@within_act
def require_credit(instrument: Instrument) -> None:
    """Refuse a letter whose signer is at its cap or whose developer is in breach. Runs inside an act."""
    holds = credit_holds(instrument, current_act().today)
    if holds:
        words = "；".join(holds.values())
        raise InstrumentRefused(
            f"{words}。请先完成承诺事项，或在本页“申请特别批准”，由市级领导签名同意。", code="credit"
        )


@write(Permission.PARAMETER_APPROVE, second_person=always("凭未兑现承诺发证上限"))
def set_exposure_cap(
    *, actor: Actor, organisation: Organisation, homes: int | None, effective_on: date, reason: str,
    first: FirstPerson | None,
) -> ExposureCap:  # fmt: skip
    """Cap the exposure of a signer from a day on, or lift its cap (None).

    Refused: no reason, the same person twice, a day gone by, a cap of no homes.
    """
    act = current_act()
    if not reason.strip():
        raise InstrumentRefused("未填写原因。请写明依据。", field="reason")
    if effective_on < act.today:
        raise InstrumentRefused(f"不能从过去的日期{effective_on}起。请填写今日或以后的日期。", field="effective_on")
    if homes is not None and homes < 1:
        raise InstrumentRefused("上限至少1套；不设上限的，留空。", field="homes")
    cap: ExposureCap = ExposureCap.objects.create(
        organisation=organisation,
        homes=homes,
        effective_on=effective_on,
        reason=reason.strip(),
        proposed_by_id=first.key if first else None,
        approved_by_id=actor.person_id,
        recorded_at=act.recorded_at,
        act_id=act.id,
    )

    said = f"{homes}套" if homes is not None else "不设上限"
    record(
        event="exposure_cap.set",
        subject=cap,
        facts={"organisation": str(organisation), "on": effective_on, "homes": said},
        reason=reason,
        rows=[Row.added(cap, "homes")],
    )
    return cap


@write(Permission.INSTRUMENT_APPROVE, on="instrument", second_person=always("特别批准签署"))
def grant_waiver(
    *, actor: Actor, instrument: Instrument, kind: WaiverKind, leader: str, reason: str, first: FirstPerson | None
) -> CreditWaiver:
    """Let one letter be signed in spite of a cap or a breach, on the word of a named leader of the city.

    Refused: signed already, no leader named, no reason, the same person twice, nothing that would need it.
    """
    current, act = lock_instrument(instrument), current_act()
    require_state(current, InstrumentState.DRAFT, InstrumentState.COUNTERSIGN)
    if not leader.strip():
        raise InstrumentRefused("未填写同意的市级领导。请填写姓名和职务。", field="leader")
    if not reason.strip():
        raise InstrumentRefused("未填写申请特别批准的理由。请写明理由。", field="reason")
    if kind not in credit_holds(current, act.today):
        raise InstrumentRefused(f"不受“{kind.label}”限制，无需特别批准。", code="nothing_to_waive")
    waiver: CreditWaiver = CreditWaiver.objects.create(
        instrument=current,
        kind=kind,
        leader=leader.strip(),
        reason=reason.strip(),
        granted_on=act.today,
        proposed_by_id=first.key if first else None,
        approved_by_id=actor.person_id,
        act_id=act.id,
    )

    record(
        event="credit.waived",
        subject=current,
        chain=current.project_id,
        facts={"title": current.title, "kind": kind.label, "leader": waiver.leader},
        reason=reason,
        rows=[Row.added(waiver, "kind")],
    )
    return waiver
