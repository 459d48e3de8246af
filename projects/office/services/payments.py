"""Money of homes: deed tax, maintenance fund and fees, collected by whom, remitted, advanced by whom."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import F, Q

from projects.gates.selectors.powers import organ_elsewhere
from projects.ledger.locks import lock_project, lock_units
from projects.ledger.models import Project, Unit
from projects.office.services.powers import is_at_counter
from projects.progress.models import Payment, PaymentKind
from registry.audit.recording import record
from registry.kernel.authority import Actor, Permission, Role
from registry.kernel.errors import DomainError, PermissionRefused
from registry.kernel.gates import Organ
from registry.kernel.stages import Track
from registry.store.acts import Row, current_act, write
from registry.store.locks import lock_rows

TRACKS = {PaymentKind.DEED_TAX: (Track.TAX, "settled"), PaymentKind.FUND: (Track.FUND, "settled")}


class PaymentRefused(DomainError):
    """Money that can't be noted."""


OWN: Mapping[Role, PaymentKind] = {Role.TAX: PaymentKind.DEED_TAX, Role.DEPARTMENT: PaymentKind.FUND}


def kinds_for(actor: Actor) -> list[PaymentKind]:
    """List what an actor notes as paid: the office all, the tax office its tax, a department the fund. No query."""
    if is_at_counter(actor):
        return list(PaymentKind)
    own = OWN.get(actor.role)
    return [own] if own is not None and actor.can(Permission.UNIT_ADVANCE) else []


def may_collect(actor: Actor) -> bool:
    """Whether an actor notes what families pay at all. No query."""
    return bool(kinds_for(actor))


@write(Permission.UNIT_ADVANCE, on="unit", once=True)
def note_payment(
    *,
    actor: Actor,
    unit: Unit,
    kind: PaymentKind,
    amount: Decimal,
    on: date,
    document_no: str = "",
    is_exempt: bool = False,
    is_remitted: bool = False,
    advanced_by: str = "",
) -> Payment:
    """Note what was paid for a home, by the organisation that took it; an exemption names its document and is nought.

    Refused: a role that does not take this money; an amount below nought, of nought without exemption, or above nought
    with one; no number of the receipt; an exemption beside a payment of the kind, or the reverse.
    """
    _require_own(actor, unit.building.project, kind)
    if amount < 0 or (not amount and not is_exempt):
        raise PaymentRefused("金额应大于0。免征的，请勾选“免征”并填0。", field="amount")
    if is_exempt and amount:
        raise PaymentRefused("免征的金额应为0。请改为0，或取消“免征”。", field="amount")
    if not document_no.strip():
        raise PaymentRefused("未填写票据编号或免税证明编号。请对照票据填写。", field="document_no")
    lock_project(unit.building.project_id)
    lock_units(unit.building.project, [unit.pk])
    others = Payment.objects.filter(unit=unit, kind=kind)
    if others.filter(document_no=document_no.strip()).exists():
        raise PaymentRefused(f"票据{document_no.strip()}已在本户登记，不能重复。请核对。", field="document_no")
    if others.exclude(is_exempt=is_exempt).exists():
        said = "已登记缴款，不能再登记免征" if is_exempt else "已登记免征，不能再登记缴款"
        raise PaymentRefused(f"本户{kind.label}{said}。请核对。", field="is_exempt")
    act = current_act()
    payment: Payment = Payment.objects.create(
        unit=unit, kind=kind, amount=amount, document_no=document_no.strip(), is_exempt=is_exempt,
        collected_by=actor.organisation_name[:80], collector_id=actor.organisation_id,
        remitted=amount if is_remitted or is_exempt else Decimal(0),
        advanced_by=advanced_by.strip(), paid_on=on, act_id=act.id,
    )  # fmt: skip
    record(
        event="payment.noted",
        subject=unit,
        chain=unit.building.project_id,
        facts={
            "unit": f"{unit.building}{unit}", "kind": kind.label, "amount": f"{amount:,.2f}", "on": on,
            "advanced": f"，{advanced_by.strip()}垫付" if advanced_by.strip() else "",
        },
        rows=[
            Row.added(payment, "kind", "amount", "document_no", "paid_on", "collected_by", "advanced_by"),
            Row.of("ledger_unit", unit.pk, before={"paid": ""}, after={"paid": f"{kind.label}{amount:,.2f}元"}),
        ],
    )  # fmt: skip
    return payment


def _require_own(actor: Actor, project: Project, kind: PaymentKind) -> None:
    """Refuse tax noted by another than the tax office, the fund by a department that does not keep it."""
    if kind not in kinds_for(actor):
        raise PermissionRefused(f"{actor.role.label}不收取{kind.label}，不能登记。请由收取{kind.label}的单位登记。")
    if actor.role is Role.DEPARTMENT:
        keeper = organ_elsewhere(actor, Organ.HOUSING, project.district_code, on=current_act().today)
        if keeper:
            raise PermissionRefused(f"维修资金由{keeper}记，{actor.organisation_name}不能代记。")


@write(Permission.UNIT_ADVANCE, on="project")
def remit_payments(*, actor: Actor, project: Project, kind: PaymentKind, on: date, building: int | None = None) -> int:
    """Note that what the actor's organisation collected and still held was remitted: of one building or all.

    Refused: nothing is left to remit; a day before the last of it was paid.
    """
    lock_project(project.pk)
    by_name = Q(collector__isnull=True, collected_by=actor.organisation_name[:80])  # kept before it was a key
    own = by_name | Q(collector__isnull=False, collector_id=actor.organisation_id)
    rows: Any = Payment.objects.filter(own, unit__building__project=project, kind=kind)
    rows = rows.filter(Q(remitted__isnull=True) | Q(remitted__lt=F("amount")))
    if building is not None:
        rows = rows.filter(unit__building_id=building)
    payments = lock_rows(rows.order_by("pk"))
    if not payments:
        raise PaymentRefused(f"本单位没有待上缴的{kind.label}。请核对楼栋和税费种类。", field="kind")
    last = max(payment.paid_on for payment in payments if payment.paid_on)
    if on < last:
        raise PaymentRefused(f"最后一笔于{last}收取，上缴日期不得早于该日。请核对。", field="on")
    total = Decimal(0)
    changed = []
    for payment in payments:
        before = {"remitted": payment.remitted}
        total += payment.amount - (payment.remitted or Decimal(0))
        payment.remitted = payment.amount
        changed.append(Row.changed(payment, before))
    Payment.objects.bulk_update(payments, ["remitted"])
    record(
        event="payments.remitted",
        subject=project,
        chain=project.pk,
        facts={"kind": kind.label, "count": len(payments), "amount": f"{total:,.2f}", "on": on},
        rows=changed,
    )
    return len(payments)
