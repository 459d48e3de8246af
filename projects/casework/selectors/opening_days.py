"""By which day the gates of projects are stated to open: when the last organ that has a ball must have answered."""

from collections import defaultdict
from collections.abc import Collection
from datetime import date

from projects.casework.selectors.calendar import calendar_of
from projects.casework.selectors.clock import due_of, turns_by_blocker
from projects.casework.selectors.leverage import open_blockers_in
from projects.ledger.models import Project

BUILDING: str = "U"  # the level of blockers that shut no gate of a building


def opening_days(codes: Collection[str], *, on: date) -> dict[str, date]:
    """Return, by code of project, the last day stated for what shuts its buildings; none where one has no day.

    Four queries, whatever the number of projects.
    """
    projects = dict(Project.objects.filter(code__in=codes).values_list("id", "code"))
    blockers = [row for row in open_blockers_in(projects, on) if row.type.level != BUILDING]
    turns, calendar = turns_by_blocker(blockers), calendar_of()
    days: dict[str, list[date | None]] = defaultdict(list)
    for blocker in blockers:
        last = max(turns[blocker.pk], key=lambda turn: turn.starts)
        days[projects[blocker.project_id]].append(due_of(last, calendar))
    return {code: max(known) for code, stated in days.items() if (known := [day for day in stated if day]) == stated}
