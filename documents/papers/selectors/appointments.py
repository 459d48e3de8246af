"""When and where a notice in force asks a family to come: what the telephone repeats."""

from datetime import date
from typing import Final

from documents.papers.models import Paper
from documents.papers.selectors.snapshots import snapshot_of
from projects.ledger.models import Unit
from registry.kernel.gates import Appointment

BY_STAGE: Final = {"notified": "cert_notice", "printed": "claim_notice"}


def appointment_of(unit: Unit) -> Appointment | None:
    """Answer the port `appointment`, from what was printed; None if no notice in force names a time. One query."""
    of_kind = Paper.objects.filter(unit=unit, kind=BY_STAGE.get(unit.certificate, ""), voided_on__isnull=True)
    paper = of_kind.order_by("-id").first()
    if paper is None:
        return None
    printed = snapshot_of(paper)
    window = printed.get("window") or {}
    if not window.get("from"):
        return None
    return Appointment(
        starts=date.fromisoformat(window["from"]),
        ends=date.fromisoformat(window["to"]),
        place=printed["place"],
        phone=printed["contact"]["phone"],
    )
