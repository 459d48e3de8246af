"""What notices to families share: where a home lies in full, and the working days on which it is received."""

from datetime import date

from projects.casework.selectors.calendar import calendar_of
from projects.ledger.models import Project, Unit
from registry.kernel.addresses import Location


def working_window(issued_on: date, *, first: int, days: int) -> tuple[date, date, str]:
    """Return the first and the last day on which a family is received, and the remark if the calendar may move them.

    `first` working days after the issue, so that the post arrives before; open for `days` working days. Both are days
    on which people work: never a weekend, never a day off of law. One query.
    """
    calendar = calendar_of()
    starts = calendar.add_workdays(issued_on, max(first, 1))
    ends = calendar.deadline(starts, max(days, 1) - 1)
    return starts, ends.due_on, calendar.deadline(issued_on, max(first, 1)).remark or ends.remark


def place_of(unit: Unit, project: Project, *, city: str) -> str:
    """Write where a home lies, in full, as its certificate has it: the district, the place, the building, the door.

    Before the district stands the city, if its name is set and the place does not begin with it already.
    """
    where = project.location.removeprefix(city).removeprefix(project.district_name)
    name = "" if project.name in where else project.name
    place = f"{where}{name}{unit.building}"
    return Location(f"{city}{project.district_name}", place, "", unit.floor, unit.entrance, unit.room).text()
