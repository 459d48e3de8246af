"""Months as they are computed: what was closed before, what is known now, and what was frozen counted again."""

import json
from collections.abc import Mapping
from datetime import date, datetime
from typing import Any, Final

from documents.reports.entries import Closed
from documents.reports.models import MonthClose
from documents.reports.monthly import MonthlyRows, monthly_rows
from documents.reports.ranking import places_of
from projects.ledger.models import Project
from registry.kernel.errors import Refused
from registry.kernel.periods import Month
from registry.kernel.tally import Cut

COUNT: Final = "month.count"
EARLIEST: Final = Month(1990, 1)
LARGE: Final = 300  # projects
AS_NOW: Final = frozenset(
    {"issue", "occupied"}
)  # of a project's line: stand as they are now, so the frozen line is held by its hash alone
FLOWS: Final = frozenset(
    {"projects_opening", "projects_added", "projects_closed", "issued_month", "issued_corrected", "issued_entered"}
)  # were counted otherwise before the bridge


def month_begun(month: Month, *, today: date) -> Month:
    """Return a month that there can be figures of. Refused: one ahead, or one from before anything was recorded."""
    if month.first > today:
        raise Refused(f"{month.label}尚未开始，没有数字。请填本月或以前的月份。", field="month")
    if month < EARLIEST:
        raise Refused(f"{month.label}早于{EARLIEST.label}，没有数字。请改填以后的月份。", field="month")
    return month


def asked_month(text: str, *, today: date) -> Month:
    """Return the month that an address names."""
    return month_begun(Month.parse(text), today=today)


def closed_before(month: Month) -> Closed | None:
    """Return what the close of the month before stated, if it is closed. One query."""
    before = MonthClose.objects.filter(month=str(month.previous)).first()
    if before is None:
        return None
    cut = Cut(before.cut_off_on, before.known_at)
    if "projects" not in before.rows:  # closed before entries were kept
        return Closed(cut)
    followed = Month.parse(before.rows["followed"][0]["from"])
    entries = {entry["code"]: entry for entry in before.rows["projects"]}
    return Closed(cut, entries, followed, places_of(before.rows.get("ranking", ())))


def is_counted_apart() -> bool:
    """Whether open months are read from their last count: a large ledger is not counted while one waits. One query."""
    return Project.objects.count() > LARGE


def open_months(today: date) -> list[Month]:
    """Return the months that pages show as open: the one after the last close, or the last, and this one. One query."""
    last = MonthClose.objects.order_by("-month").first()
    this = Month.of(today)
    first = Month.parse(last.month).next if last is not None else this.previous
    return sorted({month for month in (first, this) if month <= this})


def has_closed_months() -> bool:
    """Whether a month was ever closed. One query."""
    return MonthClose.objects.exists()


def preview_month(*, month: Month, known_at: datetime | None = None) -> MonthlyRows:
    """Compute a month as known at a moment, or now, without freezing it."""
    return monthly_rows(month=month, known_at=known_at, closed=closed_before(month))


def recount_faults(month: Month, known_at: datetime, rows: Mapping[str, Any]) -> list[str]:
    """Count a month again from all moves as known at a moment, and name where rows say otherwise, part by part."""
    again = json.loads(json.dumps(dict(preview_month(month=month, known_at=known_at).rows), ensure_ascii=False))
    kept = "projects" in rows
    faults = []
    for part in ("totals", "ledger", "projects", "lines") if kept else ("totals", "ledger"):
        words = (AS_NOW if part in ("ledger", "projects") else frozenset()) | (frozenset() if kept else FLOWS)
        same = [
            {name: old[name] if name in words else row.get(name) for name in old}
            for old, row in zip(rows[part], again[part], strict=False)
        ]
        if same != rows[part] or len(again[part]) != len(same):  # figures reported since are no change
            off = [new for old, new in zip(rows[part], same, strict=False) if old != new][:3]
            faults.append(f"{part} {json.dumps(off, ensure_ascii=False)[:200]}")
    return faults
