"""What a successor takes over of work on blockers: the turns and tasks of the organisation that is gone."""

from datetime import date
from typing import Final

from projects.casework.choices import TaskState
from projects.casework.models import Task
from projects.casework.services.turns import hand_over
from projects.gates.models import Blocker
from projects.ledger.models import Project
from registry.accounts.models import Organisation
from registry.audit.recording import record
from registry.kernel.authority import Actor
from registry.store.acts import Row, within_act
from registry.store.locks import lock_rows

LIMIT: Final = 15  # working days where the type of the blocker says none


@within_act
def hand_on_work(
    *, actor: Actor, project: Project, former: Organisation, successor: Organisation, on: date, reason: str
) -> None:
    """Hand every blocker of a project that one organisation has in hand, and every open task of its, to another."""
    blockers = Blocker.objects.filter(project=project, responsible=former, resolved_on__isnull=True)
    for blocker in blockers.select_related("type").order_by("pk"):
        limit = blocker.type.limit_days or LIMIT
        hand_over.within(actor=actor, blocker=blocker, to=successor, on=on, limit_days=limit, reason=reason[:300])
    tasks = lock_rows(Task.objects.filter(project=project, owner=former, state=TaskState.OPEN).order_by("pk"))
    rows = []
    for task in tasks:
        before = {"owner_id": task.owner_id}
        task.owner = successor
        task.save(update_fields=["owner"])
        rows.append(Row.changed(task, before))
    if rows:
        record(
            event="tasks.succeeded",
            subject=project,
            chain=project.pk,
            facts={"count": len(rows), "former": former.name, "name": successor.name},
            reason=reason,
            rows=rows,
        )
