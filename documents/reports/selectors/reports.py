"""Reading months: which are closed, the rows of one, as its reader may see them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from documents.reports.figures import VERSION
from documents.reports.models import MonthClose
from documents.reports.monthly import PARTS, part_of, total_rates
from documents.reports.parts import Part
from documents.reports.selectors.months import preview_month
from projects.ledger.models import Project
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
    faults: Sequence[str] = ()

    @property
    def parts(self) -> tuple[Part, ...]:
        """The sheets that it has: months closed before a sheet was made don't have it."""
        return tuple(part for part in PARTS if part.code in self.rows)


def closed_months() -> list[MonthClose]:
    """List the closed months, newest first. One query."""
    return list(MonthClose.objects.select_related("closed_by").order_by("-month"))


def month_view(actor: Actor, month: Month, *, now: datetime) -> MonthView:
    """Return a month's rows: frozen if it is closed, else as known now; the actor's part of them.

    The city and the auditors see the whole; everybody else the lines of the projects that they may see, and sums of
    them. Of a closed month both come from what was frozen: it is computed again, as known then, only where it was
    closed before the entries of projects were kept.
    """
    closed = MonthClose.objects.filter(month=str(month)).first()
    rows: Mapping[str, list[dict[str, Any]]]
    if closed is None:
        computed = preview_month(month=month)
        rows, stamp = computed.rows, "未结账，随台账变动"
    else:
        rows, stamp = closed.rows, f"已结账，校验 {closed.rows_hash[:12]}"
    if actor.role not in CITY:
        rows, kept = _own(actor, month, closed, rows)
        stamp = f"{stamp if closed is None else '已结账'}；只含本人可见的{kept}个项目"
    if closed is None:
        return MonthView(month, month.last, now, rows, False, stamp, faults=computed.faults)
    return MonthView(month, closed.cut_off_on, closed.known_at, rows, True, stamp, closed.figures_version)


def _own(
    actor: Actor, month: Month, closed: MonthClose | None, rows: Mapping[str, list[dict[str, Any]]]
) -> tuple[Mapping[str, list[dict[str, Any]]], int]:
    """Return the rows of the projects that the actor may see, in the words of the month. One query."""
    own = set(Project.objects.visible_to(actor).values_list("code", flat=True))
    labels = {row["code"]: row["label"] for row in rows["types"]}
    if "projects" in rows:
        part = part_of(rows, own, labels)
    elif closed is not None:
        again = preview_month(month=month, known_at=closed.known_at).rows
        ledger = [row for row in rows["ledger"] if row["code"] in own]
        counted = part_of({**again, "ledger": ledger}, own, labels)
        part = {name: counted[name] for name in rows if name in counted} | {"definitions": rows["definitions"]}
    return part, len(part["ledger"])


def totals_of(columns: Any, rows: list[dict[str, Any]]) -> dict[str, Any]:
    """Sum what a sheet sums, for the page's last row."""
    totals: dict[str, Any] = {c.name: sum(c.read(row) or 0 for row in rows) for c in columns if c.total}
    return totals | total_rates(rows) if "issued" in totals else totals
