"""Reading months: which are closed, the rows of one, as its reader may see them."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from documents.reports.figures import VERSION
from documents.reports.models import MonthClose
from documents.reports.monthly import total_rates
from documents.reports.selectors.months import preview_month
from registry.kernel.authority import Actor
from registry.kernel.periods import Month
from registry.store.scoping import CITY


@dataclass(frozen=True)
class MonthView:
    """A month as shown: frozen, or computed now."""

    month: Month
    cut_off_on: date
    known_at: datetime
    rows: Mapping[str, list[dict[str, Any]]]
    is_closed: bool
    stamp: str
    version: str = VERSION


def closed_months() -> list[MonthClose]:
    """List the closed months, newest first. One query."""
    return list(MonthClose.objects.select_related("closed_by").order_by("-month"))


def month_view(actor: Actor, month: Month, *, now: datetime) -> MonthView:
    """Return a month's rows: frozen if it is closed, else as known now; the actor's part of them.

    The city and the auditors see the frozen whole; everybody else the figures of the projects that they may see,
    computed as known when the month was closed.
    """
    closed = MonthClose.objects.filter(month=str(month)).first()
    known_at = closed.known_at if closed is not None else now
    if closed is not None and actor.role in CITY:
        stamp = f"已结账，校验 {closed.rows_hash[:12]}"
        return MonthView(month, closed.cut_off_on, closed.known_at, closed.rows, True, stamp, closed.figures_version)
    computed = preview_month(month=month, known_at=known_at, reader=actor)
    stamp = "未结账，随台账变动" if closed is None else "已结账"
    if actor.role not in CITY:
        stamp += f"；只含本人可见的{len(computed.rows['ledger'])}个项目"
    return MonthView(month, computed.cut_off_on, known_at, computed.rows, closed is not None, stamp)


def totals_of(columns: Any, rows: list[dict[str, Any]]) -> dict[str, Any]:
    """Sum what a sheet sums, for the page's last row."""
    totals: dict[str, Any] = {c.name: sum(c.read(row) or 0 for row in rows) for c in columns if c.total}
    return totals | total_rates(rows) if "issued" in totals else totals
