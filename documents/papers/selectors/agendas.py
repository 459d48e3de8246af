"""What an agenda takes up: what the ledger holds for the meeting of an actor's task force on a day."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from documents.papers.kinds import MeetingAgenda
from projects.casework.choices import TaskState
from projects.casework.selectors.agenda import AgendaKind, agenda_items
from projects.casework.selectors.tasks import RUNNING, open_tasks, tasks_for
from registry.accounts.models import Organisation
from registry.kernel.authority import Actor
from registry.kernel.errors import Refused

LIMIT = 10  # blockers of each part, as on the page 例会议程


@dataclass(frozen=True)
class Agenda:
    """An actor's agenda: it is no row of the ledger, but what it says of a day."""

    actor: Actor

    def __str__(self) -> str:
        return ""


def agenda_of(actor: Actor) -> Agenda:
    """Return the agenda of an actor's task force."""
    return Agenda(actor)


def agenda_snapshot(agenda: Agenda, organ: Organisation, on: date, words: Mapping[str, Any]) -> dict[str, Any]:
    """Return an agenda as the ledger stands on a day. Refused: a meeting that is over. Nine queries."""
    if words["held_on"] < on:
        raise Refused(f"会议日期不能早于今日{on}。已开的会议请出具会议纪要。", field="held_on")
    items = agenda_items(agenda.actor, on, LIMIT)
    tasks = tasks_for(agenda.actor)
    late = tasks.filter(state__in=RUNNING, due_on__lt=on).count()
    return MeetingAgenda.snapshot(
        as_of=on,
        done=(tasks.count(), tasks.filter(state=TaskState.DONE).count(), late),
        moves=[
            (item.title, item.project, item.homes, item.holder, item.note)
            for item in items
            if item.kind is AgendaKind.MOVE
        ],
        overdue=[
            (item.title, item.project, item.holder, item.days) for item in items if item.kind is AgendaKind.OVERDUE
        ],
        tasks=[
            (task.code, task.text, str(task.owner), task.due_on, max(0, (on - task.due_on).days))
            for task in open_tasks(agenda.actor)
        ],
        **words,
    )
