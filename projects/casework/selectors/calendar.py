"""The working-day calendar as the kernel takes it."""

from projects.casework.models import DayKind, Holiday
from registry.kernel.festivals import YEARS, statutory_days
from registry.kernel.workdays import Calendar


def calendar_of() -> Calendar:
    """Return the calendar of every published year; of the others the days off that the law gives. One query."""
    rows = list(Holiday.objects.values_list("day", "kind", "year"))
    published = frozenset(year for _, _, year in rows)
    workdays = frozenset(day for day, kind, _ in rows if kind == DayKind.WORKDAY)
    by_law = frozenset(day for year in YEARS if year not in published for day in statutory_days(year))
    return Calendar(
        holidays=frozenset(day for day, kind, _ in rows if kind == DayKind.HOLIDAY) | (by_law - workdays),
        workdays=workdays,
        published_years=published,
    )
