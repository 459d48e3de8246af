"""The numbers of a month's head: its sheets, the working days so far, and the task of the year where there is one."""

from documents.reports.changes import Scope
from documents.reports.choices import TASK
from documents.reports.selectors.reports import MonthView
from documents.reports.selectors.terms import Terms
from documents.reports.summary import Numbers, numbers_of
from projects.casework.selectors.calendar import calendar_of
from registry.accounts.selectors.settings import setting_on
from registry.kernel.authority import Role
from registry.kernel.periods import DAY


def month_numbers(view: MonthView, scope: Scope) -> Numbers:
    """Return the numbers of what a page speaks of. A closed month has the task that it was closed with. Two queries."""
    last = min(view.cut_off_on, view.known_at.date())
    workdays = calendar_of().workdays_between(view.month.first - DAY, last)
    return numbers_of(view.rows, month=view.month, workdays=workdays, task=_task(view, scope))


def _task(view: MonthView, scope: Scope) -> int:
    """The task of a district or of the city; a township and a project have none."""
    if scope.township or scope.code:
        return 0
    reader = view.reader
    own = reader.area_code if reader is not None and reader.role == Role.DISTRICT else ""
    place = scope.district or own
    if view.rows.get("terms"):
        return Terms.of(view.rows["terms"][0]).tasks.get(place, 0)
    return int(setting_on(TASK, place, on=view.cut_off_on))
