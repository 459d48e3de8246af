"""Months as they are computed: what was closed before, and what is known now."""

from datetime import datetime

from documents.reports.entries import Closed
from documents.reports.models import MonthClose
from documents.reports.monthly import MonthlyRows, monthly_rows
from registry.kernel.periods import Month
from registry.kernel.tally import Cut


def closed_before(month: Month) -> Closed | None:
    """Return what the close of the month before stated, if it is closed. One query."""
    before = MonthClose.objects.filter(month=str(month.previous)).first()
    if before is None:
        return None
    cut = Cut(before.cut_off_on, before.known_at)
    if "projects" not in before.rows:  # closed before entries were kept
        return Closed(cut)
    followed = Month.parse(before.rows["followed"][0]["from"])
    return Closed(cut, {entry["code"]: entry for entry in before.rows["projects"]}, followed)


def has_closed_months() -> bool:
    """Whether a month was ever closed. One query."""
    return MonthClose.objects.exists()


def preview_month(*, month: Month, known_at: datetime | None = None) -> MonthlyRows:
    """Compute a month as known at a moment, or now, without freezing it."""
    return monthly_rows(month=month, known_at=known_at, closed=closed_before(month))
