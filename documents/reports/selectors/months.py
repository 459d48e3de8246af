"""Months as they are computed: what was stated before, and what is known now."""

from datetime import datetime

from documents.reports.models import MonthClose
from documents.reports.monthly import MonthlyRows, monthly_rows
from registry.kernel.authority import Actor
from registry.kernel.periods import Month


def previous_stated(month: Month) -> dict[str, dict[str, int]]:
    """Return, by project code, what the frozen report of the month before stated. One query."""
    before = MonthClose.objects.filter(month=str(month.previous)).first()
    if before is None:
        return {}
    return {row["code"]: {"issued": row["issued"], "entered": row.get("entered", 0)} for row in before.rows["ledger"]}


def has_closed_months() -> bool:
    """Whether a month was ever closed. One query."""
    return MonthClose.objects.exists()


def preview_month(*, month: Month, known_at: datetime, reader: Actor | None = None) -> MonthlyRows:
    """Compute a month as known at a moment, without freezing it: the whole, or what a reader may see of it."""
    return monthly_rows(month=month, known_at=known_at, previous=previous_stated(month), reader=reader)
