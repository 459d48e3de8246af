"""Delivering papers: each attempt on record, how, on which day, what came of it, on what evidence."""

from datetime import date

from documents.papers.kinds import BY_CODE
from documents.papers.models import Delivery, DeliveryOutcome, Paper, Way
from documents.papers.powers import PaperRefused
from registry.audit.recording import record
from registry.kernel.authority import Actor, Permission
from registry.store.acts import Row, current_act, write
from registry.store.locks import lock


@write(Permission.DOCUMENT_ISSUE, on="paper", once=True)
def record_delivery(
    *, actor: Actor, paper: Paper, way: str, outcome: str, delivered_on: date, evidence: str = ""
) -> Delivery:
    """Record that a paper was printed, posted, handed over or sent, or that it was refused or came back.

    Refused: another organ's paper, a void one, a day before its issue; what names people in clear is not posted; a
    hand-over without the signature list, a refusal or a return without its evidence; printing and posting only succeed.
    """
    current = lock(paper)
    said, how = evidence.strip(), Way(way)
    if current.issuer_id is not None and current.issuer_id != actor.organisation_id:
        raise PaperRefused(f"{current.number}由{current.issuer}出具，送达由出具单位登记。", code="not_own")
    if current.voided_on is not None:
        raise PaperRefused(f"{current.number}已作废，不能登记送达。", code="void")
    if delivered_on < current.issued_on:
        raise PaperRefused(f"送达日期不能早于出具日期{current.issued_on}。", field="delivered_on")
    if how is Way.POSTED and BY_CODE[current.kind].names_people and not current.is_masked:
        raise PaperRefused("本文书载有权利人完整姓名，不能张贴。请出具张贴用的文书后张贴。", field="way")
    if how in (Way.PRINTED, Way.POSTED) and outcome != DeliveryOutcome.DONE:
        raise PaperRefused(f"{how.label}没有拒收、退回。请选“当面送达”或“寄送”。", field="outcome")
    if not said and (outcome != DeliveryOutcome.DONE or how is Way.HANDED):
        raise PaperRefused("未填写凭证。当面送达填签收表号，寄送填邮寄单号，拒收、退回填证明。", field="evidence")
    delivery: Delivery = Delivery.objects.create(
        paper=current,
        way=way,
        outcome=outcome,
        delivered_on=delivered_on,
        evidence=said,
        recorded_by_id=actor.person_id,
        act_id=current_act().id,
    )

    record(
        event="paper.delivered",
        subject=current,
        chain=current.project_id,
        facts={
            "kind": BY_CODE[current.kind].label, "number": current.number, "way": how.label,
            "outcome": DeliveryOutcome(outcome).label, "evidence": said,
        },
        rows=[Row.added(delivery, "way", "outcome", "delivered_on", "evidence")],
    )  # fmt: skip
    return delivery
