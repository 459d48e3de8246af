"""Certificates as the registration centre made them: their numbers, blanks and 附记, and their place in custody."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from django.db.models import Q

from projects.ledger.locks import lock_project, lock_units
from projects.ledger.models import Holder, Move, Unit, UnitHolder
from projects.ledger.selectors.certificates import certificate_owners
from projects.office.models import Blank, CertificateForm, CustodyItem, MadeCertificate
from projects.office.services.custody import Step, move_items, own_holder
from projects.progress.services.advance import move_units
from registry.accounts.choices import OrganisationKind
from registry.accounts.models import Organisation
from registry.audit.recording import record
from registry.kernel.authority import Actor, Permission
from registry.kernel.custody import CustodyRefused, ItemKind
from registry.kernel.days import FactDay
from registry.kernel.errors import DomainError, PermissionRefused
from registry.kernel.identifiers import check_blank_no, check_certificate_no
from registry.kernel.stages import Standing, Track, stage_of
from registry.store.acts import Row, current_act, write
from registry.store.locks import lock_rows, lock_where

NUMBERS_OF_PEOPLE: Final = re.compile(r"[0-9]{15}|[0-9]{17}[0-9Xx]|1[3-9][0-9]{9}")
MAKING: Final = ("recorded", "printed")


class CertificateRefused(CustodyRefused):
    """A certificate that can't be noted as made, or handed over."""


@dataclass(frozen=True)
class StatedCertificate:
    """A certificate as the centre states it."""

    number: str
    form: CertificateForm
    blank_no: str = ""
    remark: str = ""
    holder: Holder | None = None


def certificates_standing(unit: Unit) -> list[MadeCertificate]:
    """Return the certificates of a home that stand: what its form, sent again, is answered with. One query."""
    return list(MadeCertificate.objects.filter(unit=unit, ended_act_id__isnull=True).order_by("pk"))


@write(Permission.UNIT_ADVANCE, on="unit", once=certificates_standing)
def note_certificates(
    *, actor: Actor, unit: Unit, certificates: Sequence[StatedCertificate], printed_on: FactDay
) -> list[MadeCertificate]:
    """Note the certificates that the registration centre made for a home; a home at 已登簿 goes to 已缮证 with that.

    Each on paper is held by the centre from that day. Refused: another role; a home not recorded yet, or issued; a
    number or a blank used before, spoiled, or not of this centre's stock; an electronic one with a blank; 附记 with the
    number of a person; one more at 已缮证 of a day before 登簿, or of a home that stands still.
    """
    if not actor.may_advance(Track.CERTIFICATE, "printed"):
        raise PermissionRefused(f"{actor.role.label}不缮证，不能登记证书。请由不动产登记中心登记。")
    if not certificates:
        raise CertificateRefused("未填写产权证号。请按证书填写。", field="number")
    project = unit.building.project
    lock_project(project.pk)
    locked = next(iter(lock_units(project, [unit.pk])), None)
    if locked is None or locked.certificate not in MAKING:
        here = stage_of(Track.CERTIFICATE, locked.certificate).label if locked else "不在台账"
        raise CertificateRefused(f"{unit.building}{unit}现在是“{here}”，登簿后、发证前才能登记证书。请先登簿。")
    centre = own_holder(actor, "登记证书")
    stated = [_checked(each, locked, printed_on) for each in certificates]
    _require_free([each.number for each in stated], actor)
    if locked.certificate == "recorded":
        outcome = move_units(
            actor=actor, project=project, unit_ids=[unit.pk], track=Track.CERTIFICATE, to="printed",
            occurred_on=printed_on,
        )  # fmt: skip
        if outcome.refused:
            raise CertificateRefused(outcome.refused[0].reason)
    else:
        _require_still(locked, printed_on)
    act = current_act()
    made, rows = [], []
    for each in stated:
        item = None
        if each.form == CertificateForm.PAPER:
            rows += _use_blank(actor, each, printed_on)
            item = CustodyItem.objects.create(unit=locked, kind=ItemKind.CERTIFICATE.value, act_id=act.id)
            move_items(actor, [Step(item, centre, printed_on, basis="缮证")])
        row = MadeCertificate.objects.create(
            unit=locked, holder=each.holder, number=each.number, form=each.form, blank_no=each.blank_no,
            remark=each.remark, printed_on=printed_on, item=item, act_id=act.id,
        )  # fmt: skip
        made.append(row)
        rows.append(Row.added(row, "number", "form", "blank_no", "printed_on"))
    numbers = "、".join(each.number for each in stated)
    record(
        event="certificate.made",
        subject=locked,
        chain=project.id,
        facts={"unit": f"{locked.building}{locked}", "number": numbers, "on": printed_on},
        rows=[*rows, Row.of("ledger_unit", locked.pk, before={"made": ""}, after={"made": numbers})],
    )
    return made


def require_active(unit: Unit) -> None:
    """Refuse what is done at a stage reached for a home that stands still: no edge is asked there. No query."""
    if unit.standing != Standing.ACTIVE:
        said = Standing(unit.standing).label
        raise CertificateRefused(f"{unit.building}{unit}是“{said}”，不能办理。请先恢复正常。")


def _require_still(unit: Unit, on: date) -> None:
    """Refuse one more certificate of a home that stands still, or of a day before the record."""
    require_active(unit)
    recorded = Move.objects.filter(
        unit=unit, track=Track.CERTIFICATE.value, to_stage="recorded", reversed_by__isnull=True
    )
    day = recorded.order_by("-id").values_list("occurred_on", flat=True).first()
    if day is not None and on < day:
        raise CertificateRefused(f"本户于{day}登簿，缮证日期不得早于该日。请核对。", field="printed_on")


def _checked(each: StatedCertificate, unit: Unit, on: date) -> StatedCertificate:
    number = _read("number", lambda: check_certificate_no(each.number))
    is_paper = each.form == CertificateForm.PAPER
    if not is_paper and each.blank_no:
        raise CertificateRefused("电子证照没有印制编号。请清空印制编号，或改为纸质证书。", field="blank_no")
    if is_paper and not each.blank_no.strip():
        raise CertificateRefused("纸质证书须填写印制编号。请对照证书封二填写。", field="blank_no")
    if NUMBERS_OF_PEOPLE.search(each.remark):
        raise CertificateRefused("附记中有证件号码或电话。请只写共有情况、限制事项等，不写个人号码。", field="remark")
    if (
        each.holder is not None
        and not UnitHolder.objects.filter(unit=unit, holder=each.holder, ended_act_id__isnull=True).exists()
    ):
        raise CertificateRefused("所选持证人不是本户的权利人。请重新选择。", field="holder")
    blank = _read("blank_no", lambda: check_blank_no(each.blank_no)) if is_paper else ""
    return StatedCertificate(number, each.form, blank, each.remark.strip(), each.holder)


def _read(field: str, reader: Callable[[], str]) -> str:
    try:
        return reader()
    except DomainError as refusal:
        raise CertificateRefused(refusal.message, code=refusal.code, field=field) from refusal


def _require_free(numbers: Sequence[str], actor: Actor) -> None:
    twice = next((number for at, number in enumerate(numbers) if number in numbers[:at]), "")
    if twice:
        raise CertificateRefused(f"证号{twice}填了两次。请对照证书改正。", field="number")
    taken = MadeCertificate.objects.filter(number__in=numbers, ended_act_id__isnull=True).first()
    owners = certificate_owners(list(numbers), reader=actor)
    if taken is not None or owners:
        number = taken.number if taken is not None else next(iter(owners))
        raise CertificateRefused(f"证号{number}已登记在另一本证书上，不能重复。请对照证书改正。", field="number")


def _use_blank(actor: Actor, each: StatedCertificate, on: date) -> list[Row]:
    """Print on a blank of the centre's stock; a centre that keeps no stock prints on any number once."""
    blank = lock_where(Blank, number=each.blank_no)
    if blank is None:
        _lock_centres(actor)
        if Blank.objects.filter(organisation_id=actor.organisation_id or 0).exists():
            raise CertificateRefused(f"印制编号{each.blank_no}不在本中心领入的空白证书中。请核对。", field="blank_no")
        if MadeCertificate.objects.filter(blank_no=each.blank_no).exists():
            raise CertificateRefused(f"印制编号{each.blank_no}已用于另一本证书。请对照证书改正。", field="blank_no")
        return []
    if blank.organisation_id != actor.organisation_id or blank.state != "空白":
        said = blank.state if blank.organisation_id == actor.organisation_id else "由另一中心领入"
        raise CertificateRefused(f"印制编号{each.blank_no}{said}，不能使用。请核对。", field="blank_no")
    if on < blank.received_on:
        raise CertificateRefused(
            f"印制编号{each.blank_no}于{blank.received_on}领入，缮证日期不得早于该日。请核对。", field="printed_on"
        )
    before = {"printed_on": None, "certificate_no": ""}
    blank.printed_on, blank.certificate_no = on, each.number
    blank.save(update_fields=list(before))
    return [Row.changed(blank, before)]


def _lock_centres(actor: Actor) -> None:
    """Lock the actor's organisation and every centre: of two that print on one number, one waits and is refused."""
    own = Q(pk=actor.organisation_id or 0) | Q(kind=OrganisationKind.REGISTRATION_CENTRE)
    lock_rows(Organisation.objects.filter(own).order_by("pk"))
