"""The working-day calendar as the kernel takes it."""

from projects.casework.models import DayKind, Holiday
from registry.kernel.workdays import Calendar


def calendar_of() -> Calendar:
    """Return the calendar of every published year. One query."""
    rows = list(Holiday.objects.values_list("day", "kind", "year"))
    return Calendar(
        holidays=frozenset(day for day, kind, _ in rows if kind == DayKind.HOLIDAY),
        workdays=frozenset(day for day, kind, _ in rows if kind == DayKind.WORKDAY),
        published_years=frozenset(year for _, _, year in rows),
    )
