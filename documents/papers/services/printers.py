"""Printers of an organisation: how far each moves what it prints on red-head paper."""

from decimal import Decimal

from documents.papers.models import Printer
from documents.papers.powers import PaperRefused
from registry.accounts.models import Organisation
from registry.audit.recording import record
from registry.kernel.authority import Actor, Permission
from registry.store.acts import Row, current_act, write
from registry.store.locks import lock_where

MOST = 20  # mm


@write(Permission.DOCUMENT_ISSUE, once=True)
def set_printer(*, actor: Actor, name: str, right: Decimal, down: Decimal) -> Printer:
    """State by how many millimetres a printer of the actor's organisation moves its pages; said again, it is changed.

    Refused: no organisation, no name, more than 20 mm, what stands already.
    """
    organ = Organisation.objects.filter(pk=actor.organisation_id or 0).first()
    named = name.strip()
    if organ is None:
        raise PaperRefused("打印机由单位登记，系统不能代为登记。", code="no_power")
    if not named:
        raise PaperRefused("未填写打印机名称。请填写，如一楼文印室。", field="name")
    for field, value in (("right", right), ("down", down)):
        if abs(value) > MOST:
            raise PaperRefused(f"位移最多{MOST}毫米。差得更多的，请先检查纸盒和打印缩放。", field=field)
    tenths = {"right": int(right * 10), "down": int(down * 10)}
    kept: Printer | None = lock_where(Printer, organisation=organ, name=named)
    before = {"right": kept.right, "down": kept.down} if kept else None
    if before == tenths:
        raise PaperRefused(f"{named}已经是这个位移。", field="right")
    printer = kept or Printer(organisation=organ, name=named, act_id=current_act().id)
    printer.right, printer.down = tenths["right"], tenths["down"]
    printer.save()

    record(
        event="printer.set",
        subject=printer,
        facts={"name": named, "organ": organ.name, "right": printer.right_mm, "down": printer.down_mm},
        rows=Row.kept(printer, before, "right", "down"),
    )
    return printer
