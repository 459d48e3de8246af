"""填报 and 审核 of a month by its units of report, each in its turn; the city closes."""

from typing import Final

from documents.reports.choices import SignatureKind
from documents.reports.models import MonthClose, MonthSignature
from documents.reports.selectors.reports import month_view
from documents.reports.selectors.signatures import Unit, units_of, units_seen_by
from registry.audit.recording import record
from registry.kernel.authority import Actor, Permission, Role
from registry.kernel.errors import DomainError
from registry.kernel.periods import Month
from registry.store.acts import Act, Row, current_act, within_act, write
from registry.store.second import by_row


class SigningRefused(DomainError):
    """A part of a month that can't be reported or reviewed."""


@write(Permission.REPORT_SIGN, once=True)
def report_month(*, actor: Actor, month: Month, area_code: str) -> MonthSignature:
    """Report a unit's part of a month as it is counted now.

    Refused: a month not over or closed; a unit that is not the actor's, or does not report by the setting.
    """
    act = current_act()
    unit = _unit_of(actor, month, area_code, act)
    if not unit.reports_itself:
        raise SigningRefused(f"{unit.name}由所属街道、乡镇填报，由区审核。", code="not_unit")
    return _signed(actor, month, unit, SignatureKind.REPORT)


REVIEWING: Final = by_row("月报填报、审核", "reporters", same="填报人不得审核自己填报的数。请由区里另一名人员审核。")


@write(Permission.REPORT_SIGN, once=True, second_person=REVIEWING)
def review_month(*, actor: Actor, month: Month, area_code: str) -> MonthSignature:
    """Review a district's part of a month, after all its units reported, by who reported none of them.

    Refused: others than the district; a part of it that is not reported or changed since; one's own report.
    """
    act = current_act()
    unit = _unit_of(actor, month, area_code, act)
    if actor.role != Role.DISTRICT or not unit.is_district:
        raise SigningRefused("审核由区工作专班办理。请由区里的人员审核。", code="not_unit")
    view = month_view(actor, month, now=act.recorded_at)
    below = [
        part for part in units_of(month, view.rows) if part.reports_itself and part.area_code.startswith(area_code)
    ]
    if waiting := [part.name for part in below if not part.is_reported]:
        raise SigningRefused(f"{'、'.join(waiting[:5])}尚未填报，或填报后数有变动。请先填报。", code="unreported")
    REVIEWING.require(actor, reporters=[part.report.signed_by_id for part in below if part.report is not None])
    return _signed(actor, month, unit, SignatureKind.REVIEW)


def _unit_of(actor: Actor, month: Month, area_code: str, act: Act) -> Unit:
    if month.last >= act.today:
        raise SigningRefused(f"{month.label}尚未终了，{month.next.first}起可以填报。", code="not_over")
    if MonthClose.objects.filter(month=str(month)).exists():
        raise SigningRefused(f"{month.label}已结账，不再填报、审核。其后的变动作为更正计入下月。", code="closed")
    view = month_view(actor, month, now=act.recorded_at)
    own = units_seen_by(actor, units_of(month, view.rows)) if view.has_changes else []
    unit = next((candidate for candidate in own if candidate.area_code == area_code), None)
    if unit is None:
        raise SigningRefused("不是本单位的填报范围，或本月没有在账项目。", code="not_unit")
    return unit


@within_act
def _signed(actor: Actor, month: Month, unit: Unit, kind: SignatureKind) -> MonthSignature:
    act = current_act()
    signature: MonthSignature = MonthSignature.objects.create(
        month=str(month), kind=kind, area_code=unit.area_code, known_at=act.recorded_at, rows_hash=unit.digest,
        organisation_id=actor.organisation_id, signed_by_id=actor.person_id, act_id=act.id,
    )  # fmt: skip
    record(
        event="month.signed",
        subject=signature,
        facts={"month": month.label, "unit": unit.name, "kind": kind.label, "rows_hash": unit.digest},
        rows=[Row.added(signature, "month", "kind", "area_code", "rows_hash")],
    )
    return signature
