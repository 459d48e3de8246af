"""What notices to families say: primitives of what the ledger knows, for one home or for many of a project alike."""

import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from documents.papers.kinds import CertNotice, ClaimNotice
from documents.papers.powers import PaperRefused, notice_state_of
from documents.papers.selectors.windows import place_of, working_window
from documents.render import font_roles
from projects.gates.selectors.building import reasons_of_units
from projects.ledger.choices import CITY_NAME
from projects.ledger.models import Project, Unit, UnitHolder
from projects.ledger.selectors.certificates import standing
from projects.ledger.selectors.fund import fund_rule
from projects.office.choices import CHECKLISTS, TOLD_AT_THE_COUNTER, checklist_code, fees_of
from projects.office.models import ChecklistItem
from projects.office.selectors.checklists import office_settings, papers_asked
from registry.accounts.selectors.settings import setting_on
from registry.kernel.errors import DomainError, Refused
from registry.store.crypto import decrypt

NOBODY: Final = "权利人"


@dataclass(frozen=True)
class Draft:
    """A notice before it is numbered: what it says, its addressee masked, and the key of whom it is for."""

    snapshot: dict[str, Any]
    addressee: str
    recipient: str


@dataclass(frozen=True)
class Asked:
    """What a notice still needs beside what the registry knows. `is_masked`: it is posted, names hidden in the file."""

    place: str
    phone: str
    is_masked: bool = False


Drafts = dict[int, Draft | DomainError]


def cert_drafts(project: Project, units: Sequence[Unit], asked: Asked, *, issued_on: date) -> Drafts:
    """Return the notice of each home, or why it gets none: it has no holder, there is no list, it is at fault.

    It asks for the papers of the checklist in force on the day of issue, and says of the home what is so on that day; a
    time is given in working days.
    """
    settings = office_settings(project.district_code, on=issued_on)
    city = setting_on(CITY_NAME, on=issued_on)
    window = working_window(issued_on, first=settings["notice.first"], days=settings["notice.days"])
    reasons, holders = reasons_of_units(units, on=issued_on), holders_of(units)
    fund = fund_rule(project.district_code)
    lists: dict[str, list[ChecklistItem]] = {}

    def draft(unit: Unit) -> Draft:
        if unit.use not in lists:
            asked_for = papers_asked(project, unit.use, on=issued_on)
            lists[unit.use] = [item for item in asked_for if item.fact not in TOLD_AT_THE_COUNTER]
        items = lists[unit.use]
        if not items:
            code = checklist_code(project.housing_type, unit.use)
            raise Refused(
                f"{dict(CHECKLISTS)[code]}在{issued_on}没有材料清单，不能生成通知书的材料清单。"
                "请系统管理员在基础数据里提请新增。",
                code="no_checklist",
            )
        snapshot = CertNotice.snapshot(
            issuer="",
            issued_on=issued_on,
            recipients=_names(unit, holders, asked),
            location=place_of(unit, project, city=city),
            use=unit.get_use_display(),
            area=f"{unit.area:.2f}" if unit.area is not None else "",
            state=notice_state_of(reasons[unit.pk]),
            materials=[
                {"name": item.name, "form": item.form_words, "condition": item.condition, "note": item.note_words}
                for item in items
            ],
            fees=fees_of(
                project.housing_type,
                unit.use,
                tax=unit.tax,
                fund=fund.stage(unit.use, unit.fund, issued_on),
                settings=settings,
            ),
            window=window,
            place=asked.place,
            phone=asked.phone,
            settings=settings,
        )
        return Draft(snapshot, unit.holders_masked, recipient_of(holders.get(unit.pk, ())))

    return _each(units, draft)


def claim_drafts(project: Project, units: Sequence[Unit], asked: Asked, *, issued_on: date) -> Drafts:
    """Return the notice of each home whose certificate is made, or why it gets none."""
    settings = office_settings(project.district_code, on=issued_on)
    city = setting_on(CITY_NAME, on=issued_on)
    starts, ends, remark = working_window(issued_on, first=settings["claim.first"], days=settings["claim.days"])
    holders, numbers = holders_of(units), _certificates(units)

    def draft(unit: Unit) -> Draft:
        names = _names(unit, holders, asked)
        snapshot = ClaimNotice.snapshot(
            issuer="",
            issued_on=issued_on,
            recipients=names.split("、"),
            location=place_of(unit, project, city=city),
            use=unit.get_use_display(),
            area=f"{unit.area:.2f}" if unit.area is not None else "",
            numbers=numbers.get(unit.pk, []),
            starts=starts,
            ends=ends,
            remark=remark,
            place=asked.place,
            phone=asked.phone,
            settings=settings,
        )
        return Draft(snapshot, unit.holders_masked, recipient_of(holders.get(unit.pk, ())))

    return _each(units, draft)


DRAFTERS: Final[Mapping[str, Callable[..., Drafts]]] = {
    CertNotice.code: cert_drafts,
    ClaimNotice.code: claim_drafts,
}


def draft_of(kind: str, *, project: Project, unit: Unit, asked: Asked, issued_on: date) -> Draft:
    """Return the notice of one home; raises why it gets none."""
    draft = DRAFTERS[kind](project, [unit], asked, issued_on=issued_on)[unit.pk]
    if isinstance(draft, DomainError):
        raise draft
    return draft


def holders_of(units: Sequence[Unit]) -> dict[int, list[UnitHolder]]:
    """Return the present holders of homes, in their order. One query."""
    rows = UnitHolder.objects.filter(unit__in=[unit.pk for unit in units], ended_act_id__isnull=True)
    holders: dict[int, list[UnitHolder]] = {}
    for row in rows.select_related("holder").order_by("unit_id", "position"):
        holders.setdefault(row.unit_id, []).append(row)
    return holders


def recipient_of(holders: Sequence[UnitHolder]) -> str:
    """Return the key of whom a notice is for: all holders of the home together; "" without any."""
    keys = sorted(row.holder_id for row in holders)
    return hashlib.sha256(",".join(map(str, keys)).encode()).hexdigest()[:16] if keys else ""


def _each(units: Sequence[Unit], draft: Callable[[Unit], Draft]) -> Drafts:
    drafts: Drafts = {}
    for unit in units:
        try:
            made = draft(unit)
            font_roles.require_printable("".join(texts_of(made.snapshot)))
            drafts[unit.pk] = made
        except DomainError as refusal:
            drafts[unit.pk] = refusal
    return drafts


def texts_of(value: Any) -> list[str]:
    """List every text of a snapshot: any of them may be printed."""
    if isinstance(value, str):
        return [value]
    inner = value.values() if isinstance(value, Mapping) else value if isinstance(value, list | tuple) else ()
    return [text for part in inner for text in texts_of(part)]


def _names(unit: Unit, holders: Mapping[int, Sequence[UnitHolder]], asked: Asked) -> str:
    if asked.is_masked:
        return unit.holders_masked or NOBODY
    return "、".join(names_of(holders.get(unit.pk, ()))) or NOBODY


def names_of(holders: Sequence[UnitHolder]) -> list[str]:
    """Return the names of holders in clear: only a paper that names people may say them."""
    return [decrypt(row.holder.name, "holder.name") for row in holders]


def require_recipient(recipient: str, label: str) -> None:
    """Refuse a notice to nobody."""
    if not recipient:
        raise PaperRefused(f"本户没有登记权利人，{label}没有收件人，不能出具。请先录入权利人。", code="recipient")


def _certificates(units: Sequence[Unit]) -> dict[int, list[str]]:
    numbers: dict[int, list[str]] = {}
    for certificate in standing([unit.pk for unit in units]):
        if not certificate.is_legacy:
            numbers.setdefault(certificate.unit_id, []).append(certificate.number)
    return numbers
