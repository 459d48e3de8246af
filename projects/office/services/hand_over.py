"""Handing certificates over: the person checked, the certificate read, signed for, then given; 已发证 with the last."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from projects.ledger.locks import lock_project, lock_units
from projects.ledger.models import HolderChange, Project, Unit
from projects.ledger.models.holding import ChangeBasis
from projects.ledger.selectors.certificates import PlacedCertificate, joined_numbers, standing
from projects.ledger.services.certificates import CertificateWrite, write_certificates
from projects.office.models import CertificateForm, MadeCertificate
from projects.office.selectors.custody import handings, moves_of, open_line_of
from projects.office.selectors.families import family_keys
from projects.office.services.certificates import CertificateRefused, require_active
from projects.office.services.custody import Step, move_items, own_holder
from projects.progress.models import HandOver, HandOverWay, Receiver
from projects.progress.services.advance import move_units
from registry.audit.recording import record
from registry.kernel.authority import Actor, Permission
from registry.kernel.custody import Holder, Party
from registry.kernel.errors import PermissionRefused
from registry.kernel.masking import mask_name
from registry.kernel.stages import Track
from registry.store.acts import Row, current_act, write
from registry.web.attachments.services import Upload, attach

TAIL: Final = re.compile("[0-9]{3}[0-9Xx]")


@dataclass(frozen=True)
class Signed:
    """Who took certificates, in what order it was done, and what proves it.

    `name` is in clear and kept masked; `identity_tail` are the last four digits. `is_known`: the person was checked
    against an identity document; `is_read`: name, place, area and 附记 were read and found right, before signing.
    """

    way: HandOverWay
    relation: Receiver = Receiver.HOLDER
    name: str = ""
    identity_tail: str = ""
    is_known: bool = False
    is_read: bool = False
    sheet_no: str = ""
    paper_no: str = ""
    change: str = ""
    basis: str = ""
    courier_no: str = ""


@write(Permission.UNIT_ADVANCE, on="project", once=True)
def hand_over_certificates(
    *,
    actor: Actor,
    project: Project,
    certificates: Sequence[MadeCertificate],
    signed: Signed,
    on: date,
    uploads: Sequence[Upload] = (),
) -> HandOver:
    """Hand certificates of one home over; with its last the home is 已发证, by the one bulk service.

    Refused, in this order: a person not checked, a proxy without papers, a changed holder without basis; a certificate
    not read; nothing signed; a home that stands still, be it one of several that is given; a certificate that lies
    elsewhere or is handed over; a day before it was made. An electronic one needs no visit and no signature.
    """
    if not actor.may_advance(Track.CERTIFICATE, "issued"):
        raise PermissionRefused(f"{actor.role.label}不能发证。请由驻场服务点或登记中心办理。")
    lock_project(project.pk)
    rows = list(
        MadeCertificate.objects.filter(pk__in=[row.pk for row in certificates])
        .select_related("item__unit__building", "unit__building")
        .order_by("pk")
    )
    unit = _one_home(project, rows)
    _require_signed(signed, rows)
    require_active(unit)
    act = current_act()
    hand_over: HandOver = HandOver.objects.create(
        unit=unit, receiver_masked=mask_name(signed.name) or unit.holders_masked[:80], relation=signed.relation,
        identity_tail=signed.identity_tail.upper(), way=signed.way, sheet_no=signed.sheet_no.strip(),
        paper_no=signed.paper_no.strip(), basis=signed.basis.strip(), courier_no=signed.courier_no.strip(),
        handed_on=on, act_id=act.id,
    )  # fmt: skip
    written: list[Row] = [Row.added(hand_over, "unit_id", "relation", "way", "sheet_no", "handed_on")]
    if signed.relation == Receiver.FAMILY:
        change = HolderChange.objects.create(
            unit=unit, basis=signed.change, document_no=signed.basis.strip()[:80], changed_on=on, act_id=act.id
        )
        written.append(Row.added(change, "unit_id", "basis", "document_no"))
    _give(actor, rows, signed, on)
    MadeCertificate.objects.filter(pk__in=[row.pk for row in rows]).update(hand_over=hand_over)
    written += _issue(actor, project, unit, on)
    if uploads:
        attach.within(actor=actor, subject=hand_over, uploads=uploads)
    record(
        event="certificates.handed_over",
        subject=unit,
        chain=project.id,
        facts={
            "unit": f"{unit.building}{unit}", "number": "、".join(row.number for row in rows), "on": on,
            "way": HandOverWay(signed.way).label, "relation": Receiver(signed.relation).label,
            "sheet": f"，签收表{signed.sheet_no.strip()}" if signed.sheet_no.strip() else "",
        },
        rows=written,
    )  # fmt: skip
    return hand_over


@write(Permission.UNIT_ADVANCE, on="unit", once=True)
def hand_over_family(
    *,
    actor: Actor,
    unit: Unit,
    certificates: Sequence[MadeCertificate],
    signed: Signed,
    on: date,
    uploads: Sequence[Upload] = (),
) -> list[HandOver]:
    """Hand certificates of several homes of one family to one person, home by home, in one act.

    Refused: none chosen; a certificate of a home that is not the family's; for each home what one hand-over refuses,
    and then nothing is handed over.
    """
    project = lock_project(unit.building.project_id)
    by_home: dict[int, list[MadeCertificate]] = {}
    for row in certificates:
        by_home.setdefault(row.unit_id, []).append(row)
    if not by_home:
        raise CertificateRefused("未选择证书。请勾选要发的证书。", field="certificates")
    lock_units(project, by_home)
    if not set(by_home) <= set(family_keys(unit)):
        raise CertificateRefused("所选证书有的不是这一家的。请刷新页面后重新勾选。", field="certificates")
    return [
        hand_over_certificates.within(
            actor=actor, project=project, certificates=rows, signed=signed, on=on, uploads=uploads
        )
        for _, rows in sorted(by_home.items())
    ]


def _one_home(project: Project, rows: Sequence[MadeCertificate]) -> Unit:
    if not rows:
        raise CertificateRefused("未选择证书。请勾选要发的证书。", field="certificates")
    units = lock_units(project, {row.unit_id for row in rows})
    if len(units) != 1 or any(row.unit_id != units[0].pk for row in rows):
        raise CertificateRefused("所选证书不是本项目一户的证书。请逐户发证。", field="certificates")
    done = next((row for row in rows if row.hand_over_id is not None or row.ended_act_id is not None), None)
    if done is not None:
        raise CertificateRefused(f"证书{done.number}已发，不能再发。请刷新页面核对。", field="certificates")
    return units[0]


def _require_signed(signed: Signed, rows: Sequence[MadeCertificate]) -> None:
    is_electronic = signed.way == HandOverWay.ELECTRONIC
    wrong = next((row for row in rows if (row.form == CertificateForm.ELECTRONIC) is not is_electronic), None)
    if wrong is not None:
        said = "是电子证照，核发即可，无需领取" if not is_electronic else "是纸质证书，须签收领取"
        raise CertificateRefused(f"证书{wrong.number}{said}。请改选方式。", field="way")
    if is_electronic:
        return
    if not signed.is_known:
        raise CertificateRefused("尚未核对领证人的身份证件，不能发证。请先核对。", field="is_known")
    if not TAIL.fullmatch(signed.identity_tail.strip()):
        raise CertificateRefused(
            "领证人证件号码后四位应为4位数字（末位可为X）。请对照证件填写。", field="identity_tail"
        )
    if signed.relation in (Receiver.PROXY, Receiver.FAMILY) and not signed.name.strip():
        raise CertificateRefused("未填写领证人姓名。请对照证件填写。", field="name")
    if signed.relation == Receiver.PROXY and not signed.paper_no.strip():
        raise CertificateRefused(
            "受托人未提交授权委托书，不能领证。请核验授权委托书（公证或当面签署）并填写编号。", field="paper_no"
        )
    if signed.relation == Receiver.FAMILY and not (signed.basis.strip() and signed.change in ChangeBasis.values):
        raise CertificateRefused(
            "权利人已变更的，须填写变更事由和依据的文号，方可由变更后的权利人领证。", field="basis"
        )
    if not signed.is_read:
        raise CertificateRefused("领证人尚未核对姓名、坐落、面积、附记，不能签收。请先请其核对。", field="is_read")
    if not signed.sheet_no.strip():
        raise CertificateRefused("没有签收，不能发证。请领证人在签收表签字，并填写签收表编号。", field="sheet_no")
    if signed.way == HandOverWay.COURIER and not signed.courier_no.strip():
        raise CertificateRefused("邮寄发证须填写邮寄单号。请按邮寄回执填写。", field="courier_no")


def _give(actor: Actor, rows: Sequence[MadeCertificate], signed: Signed, on: date) -> None:
    """Write the last move of each certificate on paper: from whoever hands it over to the owner."""
    late = next((row for row in rows if on < row.printed_on), None)
    if late is not None:
        raise CertificateRefused(
            f"证书{late.number}于{late.printed_on}缮证，领证日期不得早于该日。请核对。", field="on"
        )
    items = [row.item for row in rows if row.item is not None]
    if not items:
        return
    here = own_holder(actor, "发证")
    chains, lines = moves_of([item.pk for item in items]), open_line_of([item.pk for item in items])
    for item in items:
        if item.pk in lines:
            number = lines[item.pk].manifest.number
            raise CertificateRefused(f"{item}已列入移交清单{number}，尚未接收，不能发证。请先接收。")
        chain = handings(chains[item.pk])
        if chain[-1].to != here:
            raise CertificateRefused(f"{item}现由{chain[-1].to.party.label}保管，不在本单位，不能发证。请先移交。")
    move_items(actor, [Step(item, Holder(Party.OWNER), on, basis=signed.sheet_no.strip()) for item in items])
    for item in items:
        item.ended_act_id = current_act().id
        item.save(update_fields=["ended_act_id"])


def _issue(actor: Actor, project: Project, unit: Unit, on: date) -> list[Row]:
    """Bring the home to 已发证 if none of its certificates waits any more, with their numbers in the ledger."""
    made = MadeCertificate.objects.filter(unit=unit, ended_act_id__isnull=True).order_by("pk")
    if made.filter(hand_over__isnull=True).exists() or unit.certificate == "issued":
        return []
    outcome: Any = move_units(
        actor=actor, project=project, unit_ids=[unit.pk], track=Track.CERTIFICATE, to="issued", occurred_on=on
    )
    if outcome.refused:
        raise CertificateRefused(outcome.refused[0].reason)
    placed = [PlacedCertificate(row.number, False, row.hand_over.handed_on) for row in made.select_related("hand_over")]
    write_certificates([CertificateWrite(unit.pk, placed)])
    numbers = joined_numbers([PlacedCertificate(row.number) for row in standing([unit.pk])])
    before = {"certificate_no": unit.certificate_no}
    Unit.objects.filter(pk=unit.pk).update(certificate_no=numbers)
    return [
        *outcome.rows(Track.CERTIFICATE, "issued", {unit.pk: on}),
        Row.of("ledger_unit", unit.pk, before=before, after={"certificate_no": numbers}),
    ]
