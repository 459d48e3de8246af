"""The site is inspected on a rhythm: found in order, or not; what was verified and is not in order opens again."""

from collections.abc import Sequence
from datetime import date

from commitments.choices import InstrumentState, ObligationState
from commitments.locks import lock_obligation
from commitments.models import Obligation
from commitments.services.lapsing import rerun_after_act
from commitments.services.powers import InstrumentRefused
from commitments.services.promises import (
    add_obligation_event,
    attach_photos,
    escalation_source,
    inspection_source,
    link_of,
    record_obligation,
    require_photos,
    require_running,
    title_of,
)
from registry.accounts.services import inbox
from registry.kernel.authority import Actor, Permission
from registry.store.acts import write
from registry.web.attachments.services import Upload


@write(Permission.OBLIGATION_VERIFY, on="obligation", once=True)
def record_inspection(
    *, actor: Actor, obligation: Obligation, on: date, in_order: bool, text: str, uploads: Sequence[Upload],
    taken_on: date | None, place: str,
) -> Obligation:  # fmt: skip
    """Record an inspection on site; a verified promise found not in order opens again and its clauses follow.

    Refused: a closed letter or one not being performed, the promisor, anyone but the supervisor and the verifier,
    no finding, no photo with its day and place, a day ahead.
    """
    current = lock_obligation(obligation)
    _require_open(current, in_order)
    _require_inspector(actor, current)
    if not text.strip():
        raise InstrumentRefused("未填写检查情况。请写明现场情况。", field="text")
    require_photos(uploads, taken_on, place, on)
    before: dict[str, object] = {
        "state": str(current.state), "verified_on": current.verified_on, "reported_on": current.reported_on,
    }  # fmt: skip
    add_obligation_event(current, "inspected", on, f"{'符合' if in_order else '不符合'}：{text.strip()}")
    attach_photos(current, uploads, taken_on, place)
    inbox.settle(inspection_source(current))
    reopened = not in_order and current.state == ObligationState.VERIFIED
    if reopened:
        _reopen(current, on, text.strip(), actor)

    facts: dict[str, object] = {"finding": "符合" if in_order else "不符合", "text": text.strip()[:100]}
    record_obligation("obligation.inspected", current, before, facts)
    if reopened:
        record_obligation("obligation.reopened", current, before, {"on": on, "text": text.strip()[:100]})
        rerun_after_act(current.letter.instrument)
    return current


def _require_open(obligation: Obligation, in_order: bool) -> None:
    instrument = obligation.letter.instrument
    if instrument.state == InstrumentState.CLOSED:
        raise InstrumentRefused(
            f"{instrument}已销号，不能重新打开。现场不符合的，请登记新的堵点，由{instrument.issuer}另行出具承诺函。",
            code="closed",
        )
    if instrument.state == InstrumentState.VERIFIED and not in_order:
        raise InstrumentRefused(f"{instrument}的销号已核验。请先退回销号申请，再记不符合。", code="closing")
    if instrument.state == InstrumentState.CLOSING and not in_order:
        raise InstrumentRefused(f"{instrument}正在申请销号。请先退回销号申请，再记不符合。", code="closing")
    if instrument.state != InstrumentState.VERIFIED:
        require_running(obligation)


def _require_inspector(actor: Actor, obligation: Obligation) -> None:
    issuer, supervisor = obligation.letter.instrument.issuer, obligation.letter.supervisor
    if actor.organisation_id == issuer.pk:
        raise InstrumentRefused(f"{issuer}是承诺单位，不能检查自己的承诺。", code="same_organisation")
    inspectors = {one.pk: str(one) for one in (supervisor, obligation.verifier) if one is not None}
    if actor.organisation_id not in inspectors:
        raise InstrumentRefused(f"现场检查由{'、'.join(inspectors.values())}办理。", code="not_inspector")


def _reopen(obligation: Obligation, on: date, text: str, actor: Actor) -> None:
    obligation.state = ObligationState.DOING
    obligation.reported_on = obligation.verified_on = obligation.verified_by = None
    obligation.save(update_fields=["state", "reported_on", "verified_on", "verified_by"])
    add_obligation_event(obligation, "reopened", on, text)
    instrument = obligation.letter.instrument
    inbox.deliver(
        source=escalation_source(obligation),
        verb="重新整改",
        title=title_of(obligation),
        link=link_of(obligation),
        organisation=instrument.issuer,
        project_key=instrument.project_id,
        project_name=instrument.project.name,
        from_label=actor.organisation_name,
    )
