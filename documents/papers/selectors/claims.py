"""What a notice to fetch a certificate and the record of a closed letter say: primitives of what the ledger knows."""

from datetime import date
from typing import Any

from commitments.models import Instrument
from commitments.selectors import obligations_of
from documents.papers.kinds import ClosingRecord
from documents.papers.selectors.drafts import Asked, draft_of
from projects.ledger.models import Project, Unit
from registry.kernel.errors import Refused


def claim_snapshot(
    *, project: Project, unit: Unit, place: str, phone: str, issued_on: date, is_masked: bool = False
) -> tuple[dict[str, Any], str]:
    """Return the notice of a home whose certificate is made, and its addressees masked. Five queries."""
    asked = Asked(place, phone, is_masked)
    draft = draft_of("claim_notice", project=project, unit=unit, asked=asked, issued_on=issued_on)
    return draft.snapshot, draft.addressee


def closing_snapshot(*, instrument: Instrument, issued_on: date) -> dict[str, Any]:
    """Return the record of a closed letter. Refused: it is not closed. Three queries."""
    if instrument.ended_on is None or instrument.state != "closed":
        raise Refused("承诺函尚未销号，不能出具销号确认单。请先核验、销号。", code="state")
    letter = instrument.letter
    clauses = instrument.clauses.select_related("blocker").order_by("ordinal")
    return ClosingRecord.snapshot(
        issuer="",
        issued_on=issued_on,
        project=f"{instrument.project.name}（{instrument.project.code}）",
        letter=instrument.title,
        number=instrument.number,
        promisor=instrument.issuer.name,
        performer=letter.performer.name if letter.performer else "",
        obligations=[
            (
                obligation.end_state,
                obligation.due_on,
                obligation.original_due_on,
                obligation.verified_on,
                obligation.proof,
                obligation.verifier.name,
                obligation.get_state_display(),
            )
            for obligation in obligations_of(instrument)
        ],
        asked=(instrument.closing_requested_on, _name(instrument.closing_requested_by)),
        verified=(instrument.closing_verified_on, _name(instrument.closing_verified_by)),
        closed_on=instrument.ended_on,
        blockers=[
            (f"{clause.blocker.number} {clause.blocker.title}", clause.blocker.units_caught) for clause in clauses
        ],
    )


def _name(person: Any) -> str:
    return person.name if person else ""
