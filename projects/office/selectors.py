"""Reading checklists: what is asked for on a day."""

from datetime import date
from typing import Any

from projects.office.choices import SETTINGS_OF_OFFICE
from projects.office.models import ChecklistItem
from registry.accounts.selectors.settings import settings_on


def counter_reveals(*, person_id: int, on: date) -> int:
    """Answer the port: what bookings and scans of the day account for. None until there is a counter."""
    return 0


def office_settings(district: str, *, on: date) -> dict[str, Any]:
    """Return what a district has set for its office on a day: fees, hours, days. One query."""
    return settings_on([spec.name for spec in SETTINGS_OF_OFFICE], district, on=on)


def checklist_of(code: str, *, on: date) -> list[ChecklistItem]:
    """List the papers that a checklist asks for on a day, in order: of each the last line by then, unless
    that ends it. One query."""
    lines = ChecklistItem.objects.filter(applies_to=code, effective_on__lte=on).order_by("effective_on")
    last = {line.name: line for line in lines}
    return sorted((line for line in last.values() if line.is_active), key=lambda one: (one.ordinal, one.name))
