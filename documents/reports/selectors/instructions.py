"""What leaders wrote on bulletins, and what of it is not answered: kept as instructions with tasks, by casework."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from documents.reports.models import BulletinInstruction
from projects.casework.models import Task
from projects.casework.selectors.tasks import RUNNING
from registry.kernel.authority import Actor, Role
from registry.kernel.periods import Month
from registry.store.scoping import CITY


def unanswered_rows(*, before: Month, on: date) -> list[dict[str, Any]]:
    """List the tasks of instructions on the bulletins of earlier months that are not done, the earliest day first.

    Two queries.
    """
    linked = BulletinInstruction.objects.filter(bulletin__month__lt=str(before)).values("meeting")
    tasks = Task.objects.filter(meeting__in=linked, state__in=RUNNING).select_related("meeting", "owner")
    numbers = dict(BulletinInstruction.objects.values_list("meeting", "bulletin__number"))
    return [
        {
            "bulletin": numbers[task.meeting_id], "leader": task.meeting.leader, "held_on": task.meeting.held_on.isoformat(),
            "text": task.meeting.text, "task": task.text, "owner": str(task.owner), "owner_area": task.owner.area_code,
            "due_on": task.due_on.isoformat(), "days_late": max((on - task.due_on).days, 0),
        }
        for task in tasks.order_by("due_on", "id")
    ]  # fmt: skip


def seen_by(actor: Actor, rows: Sequence[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    """Keep what a reader sees: the city all, a district what its own organs are to do. No query."""
    if actor.role in CITY:
        return list(rows)
    if actor.role != Role.DISTRICT:
        return []
    return [row for row in rows if row["owner_area"].startswith(actor.area_code)]
