"""The printers of an organisation, and a paper as one of them prints it on red-head paper."""

from collections.abc import Sequence

from documents.papers.kinds import BY_CODE
from documents.papers.models import Paper, Printer
from documents.papers.powers import PaperRefused
from documents.papers.selectors.snapshots import snapshot_of
from documents.render.overprint import calibration_sheet, overprint
from registry.kernel.authority import Actor
from registry.kernel.errors import NotFound


def printers_of(actor: Actor) -> Sequence[Printer]:
    """List the printers of the actor's organisation. One query."""
    return list(Printer.objects.filter(organisation=actor.organisation_id or 0).order_by("name"))


def printer_by_id(actor: Actor, pk: int) -> Printer:
    """Find a printer of the actor's organisation. One query."""
    printer: Printer | None = Printer.objects.filter(organisation=actor.organisation_id or 0, pk=pk).first()
    if printer is None:
        raise NotFound("没有这台打印机。")
    return printer


def require_overprint(actor: Actor, paper: Paper) -> None:
    """Refuse a paper without a red head, of another organ, that is void. No query."""
    label = BY_CODE[paper.kind].label
    if not BY_CODE[paper.kind].has_red_head:
        raise PaperRefused(f"{label}没有红头，直接打印存档文件即可。", code="state")
    if paper.issuer_id != actor.organisation_id:
        raise PaperRefused(f"{paper.number}由{paper.issuer or '原单位'}出具，由出具单位套打。", code="not_own")
    if paper.voided_on is not None:
        raise PaperRefused(f"{paper.number}已作废，不能套打。", code="void")


def overprint_of(actor: Actor, paper: Paper, printer: Printer | None) -> bytes:
    """Return a paper as it is printed onto red-head paper; nothing of it is kept: the archived file is the paper."""
    require_overprint(actor, paper)
    right, down = (printer.right / 10, printer.down / 10) if printer else (0.0, 0.0)
    return overprint(BY_CODE[paper.kind].template, snapshot_of(paper), right=right, down=down)


def sheet_of(printer: Printer, *, made_at: str) -> bytes:
    """Return the calibration sheet of a printer, moved as it stands."""
    return calibration_sheet(
        printer=f"{printer.organisation}　{printer.name}", made_at=made_at, right=printer.right / 10, down=printer.down / 10
    )  # fmt: skip
