"""Numbered certificate blanks of a registration centre: taken in, spoiled by one person, destroyed by another."""

from collections.abc import Sequence
from datetime import date
from typing import Final

from projects.ledger.locks import lock_project
from projects.office.models import Blank, CustodyMove, MadeCertificate, SpoilReason
from projects.office.services.certificates import CertificateRefused
from projects.office.services.custody import require_unlisted
from registry.accounts.models import Organisation
from registry.audit.recording import record
from registry.kernel.authority import Actor, Permission
from registry.kernel.errors import DomainError, NotFound, PermissionRefused
from registry.kernel.identifiers import check_blank_no
from registry.kernel.stages import Track
from registry.store.acts import Row, current_act, write
from registry.store.locks import lock, lock_one, lock_rows
from registry.store.second import by_row

MOST = 10_000  # blanks of one delivery


def taken_in_last(organisation: Organisation) -> int:
    """Return how many blanks came with a centre's last delivery: the answer to its form sent again. Two queries."""
    rows = Blank.objects.filter(organisation=organisation)
    return rows.filter(act_id__in=rows.order_by("-id").values("act_id")[:1]).count()


@write(Permission.UNIT_ADVANCE, once=taken_in_last)
def take_in_blanks(*, actor: Actor, first: str, last: str, on: date) -> int:
    """Take a delivery of blanks into the centre's stock, from the first number to the last.

    Refused: another than a registration centre; numbers that are none, or not of one series; more than 10,000; a number
    known already.
    """
    _require_centre(actor)
    organisation = lock_one(Organisation, pk=actor.organisation_id or 0)  # two deliveries one after the other
    begin, end = (_number(text, field) for text, field in ((first, "first"), (last, "last")))
    if begin[0] != end[0] or int(begin[1:]) > int(end[1:]):
        raise CertificateRefused("起止编号应为同一字母，且止号不小于起号。请核对。", field="last")
    count = int(end[1:]) - int(begin[1:]) + 1
    if count > MOST:
        raise CertificateRefused(f"一次最多领入{MOST:,}本，所填为{count:,}本。请核对起止编号。", field="last")
    numbers = [f"{begin[0]}{serial:011d}" for serial in range(int(begin[1:]), int(end[1:]) + 1)]
    known = Blank.objects.filter(number__gte=begin, number__lte=end).order_by("number").first()
    if known is not None:
        raise CertificateRefused(f"编号{known.number}已领入，不能重复。请核对起止编号。", field="first")
    act = current_act()
    Blank.objects.bulk_create(
        Blank(organisation_id=actor.organisation_id or 0, number=number, received_on=on, act_id=act.id)
        for number in numbers
    )
    record(
        event="blanks.taken_in",
        subject=organisation,
        facts={"count": count, "first": begin, "last": end, "on": on},
        rows=[Row.of("office_blank", count, before=None, after={"first": begin, "last": end})],
    )
    return count


@write(Permission.UNIT_ADVANCE, once=True)
def spoil_blank(*, actor: Actor, number: str, reason: SpoilReason, on: date) -> Blank:
    """Note that a blank is not to be used: misprinted, damaged, recalled, lost.

    One on which a certificate stands ends that certificate, if it was not handed over. Refused: another centre's or an
    unknown number; spoiled before; a day before it was taken in or printed on; a certificate that its owner has, or
    that is listed for another organisation.
    """
    _lock_project_of(actor, number)
    blank = _blank(actor, number)
    if blank.spoiled_on is not None:
        raise CertificateRefused(f"{blank.number}{blank.state}，不能再次作废。", field="number")
    since = max(blank.received_on, blank.printed_on or blank.received_on)
    if on < since:
        said = "缮证" if blank.printed_on == since else "领入"
        raise CertificateRefused(f"{blank.number}于{since}{said}，作废日期不得早于该日。请核对。", field="on")
    rows = _end_certificate(actor, blank)
    before = {"spoiled_on": None, "spoil_reason": "", "spoiled_by_id": None}
    blank.spoiled_on, blank.spoil_reason, blank.spoiled_by_id = on, reason.value, actor.person_id
    blank.save(update_fields=["spoiled_on", "spoil_reason", "spoiled_by"])
    record(
        event="blank.spoiled",
        subject=blank,
        facts={"number": blank.number, "why": reason.label, "on": on},
        rows=[*rows, Row.changed(blank, before)],
    )
    return blank


def _lock_project_of(actor: Actor, number: str) -> None:
    """Lock the project of the home whose certificate stands on a blank, before the blank. Two queries at most."""
    _require_centre(actor)
    made = MadeCertificate.objects.filter(blank_no=_number(number, "number"), ended_act_id__isnull=True)
    for key in made.values_list("unit__building__project_id", flat=True)[:1]:
        lock_project(key)


def _end_certificate(actor: Actor, blank: Blank) -> list[Row]:
    """End the certificate that stands on a blank; the paper must be back with the centre. Two queries."""
    made = MadeCertificate.objects.filter(blank_no=blank.number, ended_act_id__isnull=True).first()
    if made is None:
        return []
    if made.item is not None:
        require_unlisted(made.item)
    last = CustodyMove.objects.filter(item=made.item_id).order_by("-position").first()
    if made.hand_over_id is not None or last is None or last.to_organisation_id != actor.organisation_id:
        raise CertificateRefused(
            f"{blank.number}上的证书{made.number}不在本中心。请先收回证书，再登记作废。", field="number"
        )
    made.ended_act_id = current_act().id
    made.save(update_fields=["ended_act_id"])
    return [Row.changed(made, {"ended_act_id": None})]


DESTROYING: Final = by_row("空白证书作废、销毁", "spoilers", same="本人登记作废的，须由本中心另一名人员办理销毁。")


@write(Permission.UNIT_ADVANCE, second_person=DESTROYING)
def destroy_blanks(*, actor: Actor, numbers: Sequence[str], record_no: str, on: date) -> list[Blank]:
    """Destroy spoiled blanks, under the number of the record that both persons signed; none of them by who spoiled it.

    Refused: no number of the record; an unknown number; one that is not spoiled, destroyed, or lost; a day before that;
    the first person.
    """
    if not record_no.strip():
        raise CertificateRefused("未填写销毁记录编号。请填写两人签字的销毁记录编号。", field="record_no")
    _require_centre(actor)
    wanted = [_number(text, "numbers") for text in numbers]
    blanks = lock_rows(
        Blank.objects.filter(number__in=wanted, organisation_id=actor.organisation_id or 0).order_by("number")
    )
    if missing := sorted(set(wanted) - {blank.number for blank in blanks}):
        raise CertificateRefused(f"编号{missing[0]}不在本中心领入的空白证书中。请核对。", field="numbers")
    if not blanks:
        raise CertificateRefused("未填写印制编号。请填写要销毁的编号。", field="numbers")
    for blank in blanks:
        if blank.state != "已作废，待销毁":
            raise CertificateRefused(f"{blank.number}{blank.state}，不能销毁。请先登记作废。", field="numbers")
        if blank.spoiled_on is not None and on < blank.spoiled_on:
            said = f"{blank.number}于{blank.spoiled_on}作废，销毁日期不得早于该日。请核对。"
            raise CertificateRefused(said, field="on")
    DESTROYING.require(actor, spoilers=[blank.spoiled_by_id for blank in blanks])
    rows = []
    for blank in blanks:
        before = {"destroyed_on": None, "destroyed_by_id": None, "record_no": ""}
        blank.destroyed_on, blank.destroyed_by_id, blank.record_no = on, actor.person_id, record_no.strip()
        blank.save(update_fields=["destroyed_on", "destroyed_by", "record_no"])
        rows.append(Row.changed(blank, before))
    record(
        event="blanks.destroyed",
        subject=Organisation.objects.get(pk=actor.organisation_id or 0),
        facts={"count": len(blanks), "first": blanks[0].number, "record": record_no.strip(), "on": on},
        rows=rows,
    )
    return blanks


def _require_centre(actor: Actor) -> None:
    if not actor.may_advance(Track.CERTIFICATE, "printed"):
        raise PermissionRefused(f"{actor.role.label}不保管空白证书。请由不动产登记中心办理。")


def _number(text: str, field: str) -> str:
    try:
        return check_blank_no(text)
    except DomainError as refusal:
        raise CertificateRefused(refusal.message, code=refusal.code, field=field) from refusal


def _blank(actor: Actor, number: str) -> Blank:
    """Lock a blank of the actor's own centre; another's is not there."""
    _require_centre(actor)
    wanted = _number(number, "number")
    row = Blank.objects.filter(number=wanted, organisation_id=actor.organisation_id or 0).first()
    if row is None:
        raise NotFound(f"编号{wanted}不在本中心领入的空白证书中，或不在您的范围内。请核对。")
    blank: Blank = lock(row)
    return blank
