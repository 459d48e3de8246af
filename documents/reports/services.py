"""Closing a month: figures computed once, frozen, hashed, chained to the month before."""

import hashlib
import json
from datetime import date
from typing import Any

from documents.reports.figures import VERSION
from documents.reports.models import MonthClose
from documents.reports.selectors.months import preview_month
from projects.ledger.models import Project
from projects.ledger.services.projects import ProjectRefused
from registry.audit.recording import record
from registry.audit.selectors import head_of
from registry.kernel.authority import Actor, Permission
from registry.kernel.errors import DomainError
from registry.kernel.periods import Month
from registry.store.acts import Row, current_act, require_month_alone, write
from registry.store.month import MonthGate


class CloseRefused(DomainError):
    """A month that can't be closed."""


def rows_hash(rows: Any) -> str:
    """Return the hash of frozen rows, whatever database kept them."""
    text = json.dumps(rows, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def require_closable(month: Month, *, today: date) -> MonthClose | None:
    """Refuse a month that cannot be closed on a day; return the last one closed. Two queries."""
    if MonthClose.objects.filter(month=str(month)).exists():
        raise CloseRefused(f"{month.label}已结账，不能重复结账。其后的变动作为更正计入下月。", code="closed")
    if month.last >= today:
        raise CloseRefused(f"{month.label}尚未终了，{month.next.first}起可以结账。", code="not_over")
    last = MonthClose.objects.order_by("-month").first()
    if last is not None and last.month > str(month):
        raise CloseRefused(f"{last.month}已经结账，不能再结更早的月份。", code="order")
    if last is not None and last.month != str(month.previous):
        raise CloseRefused(f"请先结{Month.parse(last.month).next.label}，月份要连着结。", code="gap")
    return last


@write(Permission.REPORT_CLOSE, month=MonthGate.EXCLUSIVE)
def close_month(*, actor: Actor, month: Month) -> MonthClose:
    """Freeze a month. Refused if it is closed, not over, or an earlier month with a close after it waits.

    No other act is open meanwhile: it waits for those that are, and those that begin later wait for it.
    """
    require_month_alone()
    act = current_act()
    last = require_closable(month, today=act.today)
    computed = preview_month(month=month, known_at=act.recorded_at if act.backfilled else None)
    if computed.faults:
        raise CloseRefused(
            f"{month.label}勾稽不平，不能结账：{'；'.join(computed.faults[:3])}。请系统管理员核对台账后再结。",
            code="faults",
        )
    rows = json.loads(json.dumps(dict(computed.rows), ensure_ascii=False))
    digest = rows_hash(rows)
    previous = last.chain_hash if last is not None else ""
    closed: MonthClose = MonthClose.objects.create(
        month=str(month),
        cut_off_on=computed.cut_off_on,
        known_at=act.recorded_at,
        figures_version=VERSION,
        rows=rows,
        rows_hash=digest,
        previous_hash=previous,
        chain_hash=hashlib.sha256(f"{previous}{digest}{month}".encode()).hexdigest(),
        audit_head=head_of(chain=0),
        closed_by_id=actor.person_id,
        closed_at=act.recorded_at,
        act_id=act.id,
    )

    record(
        event="month.closed",
        subject=closed,
        facts={"month": month.label, "cut_off": computed.cut_off_on, "rows_hash": digest},
        rows=[Row.added(closed, "rows_hash")],
    )
    return closed


def let_project_leave(project: Project) -> None:
    """Refuse to take a project out as if it had never been taken in, once a month since then is closed. One query."""
    if MonthClose.objects.filter(cut_off_on__gte=project.taken_in_on).exists():
        raise ProjectRefused(f"{project.code}纳入之后已经结账，不能撤销纳入。请按核减办理。")
