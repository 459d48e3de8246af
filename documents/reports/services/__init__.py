"""Closing a month: proposed by one person with the figures as they are then, frozen when another agrees."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from documents.reports.figures import VERSION
from documents.reports.models import MonthClose, MonthCount, MonthDraft, close_seal, rows_hash
from documents.reports.monthly import MonthlyRows
from documents.reports.selectors.closing import CLOSE, check_fault, last_check
from documents.reports.selectors.months import preview_month, recount_faults
from documents.reports.selectors.outlooks import with_made
from documents.reports.selectors.signatures import unsigned_units
from projects.ledger.models import Project
from projects.ledger.services.projects import ProjectRefused
from registry.accounts.models import Approval
from registry.accounts.services.approvals import propose
from registry.audit.recording import record
from registry.audit.selectors import head_of
from registry.kernel.authority import Actor, Permission
from registry.kernel.errors import DomainError
from registry.kernel.periods import Month
from registry.store.acts import Act, Row, current_act, require_month_alone, write
from registry.store.month import MonthGate
from registry.store.second import FirstPerson, always

__all__ = [
    "CloseRefused",
    "close_month",
    "keep_count",
    "let_project_leave",
    "plain_rows",
    "propose_close",
    "require_closable",
    "rows_hash",
]


class CloseRefused(DomainError):
    """A month that can't be closed."""


def plain_rows(rows: Mapping[str, Any]) -> Any:
    """Return rows as they are stored."""
    return json.loads(json.dumps(dict(rows), ensure_ascii=False))


def require_closable(month: Month, *, today: date) -> MonthClose | None:
    """Refuse a month that is closed, not over, or not the next one; gives the last one closed. Two queries."""
    if MonthClose.objects.filter(month=str(month)).exists():
        raise CloseRefused(f"{month.label}已结账，不能重复结账。其后的变动作为更正计入下月。", code="closed")
    if month.last >= today:
        raise CloseRefused(f"{month.label}尚未终了，{month.next.first}起可以结账。", code="not_over")
    last: MonthClose | None = MonthClose.objects.order_by("-month").first()
    if last is not None and last.month > str(month):
        raise CloseRefused(f"{last.month}已经结账，不能再结更早的月份。", code="order")
    if last is not None and last.month != str(month.previous):
        raise CloseRefused(f"请先结{Month.parse(last.month).next.label}，须逐月连续结账。", code="gap")
    return last


@write(Permission.REPORT_CLOSE, month=MonthGate.EXCLUSIVE)
def propose_close(*, actor: Actor, month: Month) -> Approval:
    """Lay the close of a month before a second person, with the figures as known at this moment.

    Refused out of its order, before the month is over, with figures that do not add up, while the last check of the
    ledger does not hold or is of before the month's end, and while another proposal to close it waits.
    """
    require_month_alone()
    act = current_act()
    require_closable(month, today=act.today)
    if fault := check_fault(last_check(), month):
        raise CloseRefused(f"{fault}。请先核对台账，全部相符后再提请结账。", code="ledger")
    rows = _counted(month, act)
    if unsigned := unsigned_units(month, rows):
        raise CloseRefused(f"{unsigned}。请各单位填报、审核后再提请结账。", code="unsigned")
    draft = MonthDraft.objects.create(
        month=str(month),
        cut_off_on=month.last,
        known_at=act.recorded_at,
        figures_version=VERSION,
        rows=rows,
        rows_hash=rows_hash(rows),
        act_id=act.id,
    )
    record(
        event="month.drafted",
        subject=draft,
        facts={"month": month.label, "cut_off": draft.cut_off_on, "rows_hash": draft.rows_hash},
        rows=[Row.added(draft, "month", "rows_hash")],
    )
    approval: Approval = propose.within(
        actor=actor, kind=CLOSE, title=f"{month.label}结账", payload={"month": str(month), "draft": draft.pk}
    )
    return approval


@write(Permission.REPORT_CLOSE, month=MonthGate.EXCLUSIVE, second_person=always("月度结账"))
def close_month(
    *, actor: Actor, month: Month, first: FirstPerson | None = None, draft: MonthDraft | None = None
) -> MonthClose:
    """Freeze a month: what was drafted when it was proposed, or, by the system, what is known now.

    Refused if it is closed, not over, or an earlier month waits; if its figures do not add up; if what was drafted is
    not what all moves give for that moment. No other act is open meanwhile: it waits for those that are, and those
    that begin later wait for it.
    """
    require_month_alone()
    act = current_act()
    last = require_closable(month, today=act.today)
    rows = _counted(month, act) if draft is None else draft.rows
    if draft is not None and (faults := recount_faults(month, draft.known_at, draft.rows)):
        raise _unsound(month, [f"提请时的数与按当时已知重数的不同：{fault}" for fault in faults])
    digest, previous = rows_hash(rows), last.chain_hash if last is not None else ""
    chain_hash = hashlib.sha256(f"{previous}{digest}{month}".encode()).hexdigest()
    known_at = act.recorded_at if draft is None else draft.known_at
    closed: MonthClose = MonthClose.objects.create(
        month=str(month),
        cut_off_on=month.last,
        known_at=known_at,
        figures_version=VERSION if draft is None else draft.figures_version,
        rows=rows,
        rows_hash=digest,
        previous_hash=previous,
        chain_hash=chain_hash,
        seal=close_seal(str(month), known_at, chain_hash),
        audit_head=head_of(chain=0),
        closed_by_id=actor.person_id,
        closed_at=act.recorded_at,
        act_id=act.id,
    )

    record(
        event="month.closed",
        subject=closed,
        facts={
            "month": month.label, "cut_off": closed.cut_off_on, "rows_hash": digest,
            "proposer": first.name if first else actor.name,
        },
        rows=[Row.added(closed, "rows_hash")],
    )  # fmt: skip
    return closed


@write(Permission.REPORT_CLOSE)
def keep_count(
    *, actor: Actor, month: Month, rows: Mapping[str, Any], faults: Sequence[str], known_at: datetime
) -> MonthCount:
    """Keep an open month as counted at a moment, for its pages to read; the count before it goes."""
    act = current_act()
    count: MonthCount
    count, _ = MonthCount.objects.update_or_create(
        month=str(month),
        defaults={
            "known_at": known_at, "figures_version": VERSION, "rows": plain_rows(rows), "faults": list(faults),
            "act_id": act.id,
        },
    )  # fmt: skip
    record(
        event="month.counted",
        subject=count,
        facts={"month": month.label, "projects": len(rows["ledger"])},
        rows=[Row.added(count, "month")],
    )
    return count


def _counted(month: Month, act: Act) -> Any:
    """Return the rows of a month as known at the moment of the act. Refuse what does not add up."""
    computed: MonthlyRows = preview_month(month=month, known_at=act.recorded_at if act.backfilled else None)
    if computed.faults:
        raise _unsound(month, computed.faults)
    return plain_rows(with_made(computed.rows, month=month, known_at=act.recorded_at))


def _unsound(month: Month, faults: Sequence[str]) -> CloseRefused:
    told = "；".join(faults[:3])
    return CloseRefused(f"{month.label}勾稽不平，不能结账：{told}。请系统管理员核对台账后再结。", code="faults")


def let_project_leave(project: Project) -> None:
    """Refuse to take a project out as if it had never been taken in, once a month since then is closed. One query."""
    if MonthClose.objects.filter(cut_off_on__gte=project.taken_in_on).exists():
        raise ProjectRefused(f"{project.code}纳入之后已经结账，不能撤销纳入。请按核减办理。")
