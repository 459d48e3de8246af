"""A restatement of a closed month: a new version beside the old, as known later, with its reason, by two persons."""

from documents.reports.figures import VERSION
from documents.reports.models import MonthDraft, MonthRestatement, close_seal
from documents.reports.selectors.months import preview_month, recount_faults
from documents.reports.selectors.outlooks import with_made
from documents.reports.selectors.versions import RESTATE, closed_month, differences
from documents.reports.services import plain_rows, rows_hash
from registry.accounts.models import Approval
from registry.accounts.services.approvals import propose
from registry.audit.recording import record
from registry.kernel.authority import Actor, Permission
from registry.kernel.errors import DomainError
from registry.kernel.periods import Month
from registry.store.acts import Row, current_act, require_month_alone, write
from registry.store.month import MonthGate
from registry.store.second import FirstPerson, always


class RestatementRefused(DomainError):
    """A closed month that can't be restated."""


@write(Permission.REPORT_CLOSE, month=MonthGate.EXCLUSIVE)
def propose_restatement(*, actor: Actor, month: Month, reason: str) -> Approval:
    """Lay a closed month, counted again as known at this moment, before a second person. The old version stays.

    Refused: without a reason; a month closed before its entries were kept; where nothing is known otherwise.
    """
    require_month_alone()
    act = current_act()
    if not reason.strip():
        raise RestatementRefused("未填写重述原因。", field="reason")
    close = closed_month(month)
    if "projects" not in close.rows:
        raise RestatementRefused(f"{month.label}结账时没有留存各项目的变动，不能重述。", code="too_old")
    computed = preview_month(month=month, known_at=act.recorded_at)
    if not differences(close, computed.rows):
        raise RestatementRefused(f"{month.label}按现在所知的数与结账数相同，无需重述。", code="same")
    rows = plain_rows(with_made(computed.rows, month=month, known_at=act.recorded_at))
    draft = MonthDraft.objects.create(
        month=str(month), cut_off_on=month.last, known_at=act.recorded_at, figures_version=VERSION, rows=rows,
        rows_hash=rows_hash(rows), act_id=act.id,
    )  # fmt: skip
    record(
        event="month.drafted",
        subject=draft,
        facts={"month": month.label, "cut_off": draft.cut_off_on, "rows_hash": draft.rows_hash},
        rows=[Row.added(draft, "month", "rows_hash")],
        reason=reason,
    )
    approval: Approval = propose.within(
        actor=actor, kind=RESTATE, title=f"{month.label}重述",
        payload={"month": str(month), "draft": draft.pk, "reason": reason.strip()},
    )  # fmt: skip
    return approval


@write(Permission.REPORT_CLOSE, month=MonthGate.EXCLUSIVE, second_person=always("月度重述"))
def restate_month(
    *, actor: Actor, draft: MonthDraft, reason: str, first: FirstPerson | None = None
) -> MonthRestatement:
    """Keep a new version of a closed month beside the old, which stays. Refused: what is not what all moves give."""
    require_month_alone()
    act, month = current_act(), Month.parse(draft.month)
    close = closed_month(month)
    if faults := recount_faults(month, draft.known_at, draft.rows):
        raise RestatementRefused(f"提请时的数与按当时已知重数的不同：{faults[0]}。请重新提请。", code="faults")
    last = close.restatements.order_by("-version").first()
    version = last.version + 1 if last is not None else 2
    restatement: MonthRestatement = MonthRestatement.objects.create(
        close=close, version=version, known_at=draft.known_at, figures_version=draft.figures_version, rows=draft.rows,
        rows_hash=draft.rows_hash, seal=close_seal(f"{month} {version}", draft.known_at, draft.rows_hash),
        reason=reason.strip(), proposed_by=first.name if first else actor.name, restated_by_id=actor.person_id,
        act_id=act.id,
    )  # fmt: skip
    record(
        event="month.restated",
        subject=restatement,
        facts={
            "month": month.label,
            "version": version,
            "proposer": restatement.proposed_by,
            "rows_hash": draft.rows_hash,
        },
        rows=[Row.added(restatement, "version", "rows_hash")],
        reason=reason,
    )
    return restatement
