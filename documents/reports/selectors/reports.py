"""Reading months: which are closed, the rows of one, as its reader may see them."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from documents.reports.figures import VERSION
from documents.reports.models import MonthClose
from documents.reports.monthly import MonthlyRows, total_rates
from documents.reports.selectors.months import preview_month
from projects.ledger.models import Project
from registry.kernel.authority import Actor
from registry.kernel.periods import Month
from registry.kernel.rates import NO_RATE
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

    The city and the auditors see the frozen whole; everybody else the frozen lines of the projects that they may see,
    and sums of them computed as known when the month was closed.
    """
    closed = MonthClose.objects.filter(month=str(month)).first()
    known_at = closed.known_at if closed is not None else now
    if closed is not None and actor.role in CITY:
        stamp = f"已结账，校验 {closed.rows_hash[:12]}"
        return MonthView(month, closed.cut_off_on, closed.known_at, closed.rows, True, stamp, closed.figures_version)
    computed = preview_month(month=month, known_at=known_at, reader=actor)
    rows = computed.rows if closed is None else {**computed.rows, **_frozen_part(actor, closed, computed)}
    stamp = "未结账，随台账变动" if closed is None else "已结账"
    if actor.role not in CITY:
        stamp += f"；只含本人可见的{len(rows['ledger'])}个项目"
    return MonthView(month, computed.cut_off_on, known_at, rows, closed is not None, stamp)


def _frozen_part(actor: Actor, closed: MonthClose, computed: MonthlyRows) -> dict[str, list[dict[str, Any]]]:
    """Return what a frozen month says word by word: the lines of the projects that the actor may see. One query."""
    own = set(Project.objects.visible_to(actor).values_list("code", flat=True))
    ledger = [row for row in closed.rows["ledger"] if row["code"] in own]
    types = _frozen_types(closed.rows["types"], computed.rows["types"], ledger)
    return {"ledger": ledger, "types": types, "definitions": closed.rows["definitions"]}


def _frozen_types(
    frozen: list[dict[str, Any]], counted: list[dict[str, Any]], ledger: list[dict[str, Any]]
) -> list[dict[str, Any]]:
    """Return a reader's sums by type in the words that were frozen, and the issues that their lines then had."""
    if not all("issues" in row for row in ledger):  # frozen before lines kept them
        labels = {row["code"]: row["label"] for row in frozen}
        return [{**row, "label": labels.get(row["code"], row["label"])} for row in counted]
    by_code = {row["code"]: row for row in counted}
    rows = []
    for row in frozen:
        code = row["code"]
        projects = sum(code in line["issues"] for line in ledger)
        nothing = {name: 0 if isinstance(value, int) else NO_RATE for name, value in row.items()}
        if code in by_code or projects:
            words = {"code": code, "label": row["label"], "all_projects": projects}
            rows.append({**by_code.get(code, nothing), **words})
    return rows


def totals_of(columns: Any, rows: list[dict[str, Any]]) -> dict[str, Any]:
    """Sum what a sheet sums, for the page's last row."""
    totals: dict[str, Any] = {c.name: sum(c.read(row) or 0 for row in rows) for c in columns if c.total}
    return totals | total_rates(rows) if "issued" in totals else totals
