"""Obligations: reported by who promised, verified by someone else, extended with the old date kept."""

from collections.abc import Sequence
from datetime import date
from typing import Final

from commitments.locks import lock_obligation
from commitments.models import Obligation, ObligationState
from commitments.services.common import require_issuer
from commitments.services.escalation import mark_answered
from commitments.services.ladder import cancel_unsent, recount_rungs
from commitments.services.lapsing import rerun_after_act
from commitments.services.powers import InstrumentRefused
from commitments.services.promises import (
    add_obligation_event,
    attach_photos,
    link_of,
    record_obligation,
    require_photos,
    require_running,
    source_of,
    title_of,
)
from registry.accounts.choices import OrganisationKind
from registry.accounts.services import inbox
from registry.audit.selectors import person_of_act
from registry.kernel.authority import Actor, Permission
from registry.store.acts import write
from registry.store.second import FirstPerson, always, by_row
from registry.web.attachments.services import Upload


@write(Permission.OBLIGATION_REPORT, on="obligation", once=True)
def report_obligation(
    *, actor: Actor, obligation: Obligation, on: date, text: str, is_done: bool, uploads: Sequence[Upload] = (),
    taken_on: date | None = None, place: str = "",
) -> Obligation:  # fmt: skip
    """Report progress on a promise, or that it is kept and waits for its verifier; photos may come with it.

    Refused: a letter that is not being performed, a promise already verified, no text, a day ahead, photos without
    day or place, anyone but the promisor.
    """
    current = lock_obligation(obligation)
    require_running(current)
    if (
        current.letter.instrument.issuer.kind == OrganisationKind.TOWNSHIP
    ):  # for a task force's own, its township reports
        require_issuer(actor, current.letter.instrument, "报承诺事项的进展")
    if current.state == ObligationState.VERIFIED:
        raise InstrumentRefused(f"第{current.ordinal}项已核验，无需再次报送。")
    if not text.strip():
        raise InstrumentRefused("未填写进展。请写明完成内容、地点和凭证。", field="text")
    if uploads:
        require_photos(uploads, taken_on, place, on)
    before: dict[str, object] = {"state": str(current.state)}
    current.state = ObligationState.REPORTED if is_done else ObligationState.DOING
    current.reported_on = on if is_done else current.reported_on
    current.save(update_fields=["state", "reported_on"])
    add_obligation_event(current, "report", on, text)
    attach_photos(current, uploads, taken_on, place)
    mark_answered(current)
    inbox.settle(source_of(current))
    if is_done:
        instrument = current.letter.instrument
        inbox.deliver(
            source=source_of(current),
            verb="核验承诺",
            title=title_of(current),
            link=link_of(current),
            organisation=current.verifier,
            project_key=instrument.project_id,
            project_name=instrument.project.name,
            from_label=actor.organisation_name,
        )

    record_obligation("obligation.reported", current, before, {"text": text[:100]})
    return current


VERIFYING: Final = by_row(
    "核验承诺事项",
    "reporter",
    same="报完成的人不得自行核验。请由核验单位的另一名人员核验。",
    legacy=lambda given: given["reporter"] is None,  # reported by the system
)


@write(Permission.OBLIGATION_VERIFY, on="obligation", second_person=VERIFYING, once=True)
def verify_obligation(
    *, actor: Actor, obligation: Obligation, on: date, evidence: str, passed: bool, uploads: Sequence[Upload] = (),
    taken_on: date | None = None, place: str = "",
) -> Obligation:  # fmt: skip
    """Verify a reported promise, or send it back. Never by the promisor's own organisation (four eyes).

    Refused: a letter that is not being performed, anyone but the verifier named, a promise not reported, no evidence,
    no photo or scan with its day and place, a day ahead or before the report.
    """
    current = lock_obligation(obligation)
    require_running(current)
    issuer = current.letter.instrument.issuer
    if actor.organisation_id == issuer.pk:
        raise InstrumentRefused(
            f"{issuer}是承诺单位，不能核验自己的承诺。由{current.verifier}核验。", code="same_organisation"
        )
    if actor.organisation_id != current.verifier_id and not actor.is_system:
        raise InstrumentRefused(f"第{current.ordinal}项由{current.verifier}核验。", code="not_verifier")
    if current.state != ObligationState.REPORTED:
        raise InstrumentRefused(f"第{current.ordinal}项尚未报送完成，不能核验。")
    VERIFYING.require(actor, reporter=_reporter_of(current))
    if current.reported_on is not None and on < current.reported_on:
        raise InstrumentRefused(f"核验日期不得早于报完成的日期{current.reported_on}。", field="on")
    if not evidence.strip():
        raise InstrumentRefused("未填写核验依据。请写明现场照片及其日期、地点，或核验意见文号。", field="evidence")
    require_photos(uploads, taken_on, place, on)
    before: dict[str, object] = {"state": str(current.state)}
    current.state = ObligationState.VERIFIED if passed else ObligationState.DOING
    current.verified_on = on if passed else None
    current.verified_by_id = actor.person_id if passed else None
    current.save(update_fields=["state", "verified_on", "verified_by"])
    add_obligation_event(current, "verified" if passed else "reopened", on, evidence)
    attach_photos(current, uploads, taken_on, place)
    inbox.settle(source_of(current))
    rows = cancel_unsent(current) if passed else []

    event = "obligation.verified" if passed else "obligation.refused"
    record_obligation(event, current, before, {"text": evidence[:100]}, *rows)
    rerun_after_act(current.letter.instrument)
    return current


def _reporter_of(obligation: Obligation) -> int | None:
    """Return the key of who reported it last: the act of the report knows."""
    act = obligation.events.filter(kind="report").order_by("-pk").values_list("act_id", flat=True).first()
    return None if act is None else person_of_act(act)


def require_later(*, promise: Obligation, day: date) -> None:
    """Refuse an extension that shortens or changes nothing."""
    if day <= promise.due_on:
        raise InstrumentRefused(f"延期日期须晚于现期限{promise.due_on}。", field="new_due_on")


@write(Permission.INSTRUMENT_APPROVE, on="obligation", second_person=always("承诺事项延期"))
def extend_obligation(
    *, actor: Actor, obligation: Obligation, new_due_on: date, reason: str, on: date, first: FirstPerson | None
) -> Obligation:
    """Move a due date later, with reason, proposer and approver; the old date stays readable.

    Refused: a letter that is not being performed, a promise already verified, an earlier day, no reason.
    """
    current = lock_obligation(obligation)
    require_running(current)
    if current.state == ObligationState.VERIFIED:
        raise InstrumentRefused(f"第{current.ordinal}项已核验，无需延期。")
    require_later(promise=current, day=new_due_on)
    if not reason.strip():
        raise InstrumentRefused("未填写延期原因。", field="reason")
    before: dict[str, object] = {"due_on": current.due_on}
    old, current.due_on = current.due_on, new_due_on
    current.save(update_fields=["due_on"])
    add_obligation_event(current, "extended", on, reason, old_due_on=old, new_due_on=new_due_on)
    rows = recount_rungs(current)

    record_obligation("obligation.extended", current, before, {"old": old, "new": new_due_on}, *rows)
    rerun_after_act(current.letter.instrument)
    return current
