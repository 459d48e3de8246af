"""What organisations have to do about blockers: the ball that they have, calls to answer, tasks to do."""

from collections.abc import Sequence

from projects.casework.choices import TaskState
from projects.casework.models import Task, Turn, WhistleCall
from projects.ledger.selectors.work import Pairs, Work


def held_balls(projects: Sequence[int] | None) -> Pairs:
    """Return who has the ball of a blocker. One query."""
    running = Turn.objects.filter(ended_on__isnull=True, holder__isnull=False)
    if projects is not None:
        running = running.filter(blocker__project_id__in=projects)
    return running.values_list("blocker__project_id", "holder_id").distinct()


def open_calls(projects: Sequence[int] | None) -> Pairs:
    """Return who is called to a place and has not answered to the end. One query."""
    running = WhistleCall.objects.filter(whistle__closed_on__isnull=True)
    if projects is not None:
        running = running.filter(whistle__blocker__project_id__in=projects)
    return running.values_list("whistle__blocker__project_id", "organisation_id").distinct()


def running_tasks(projects: Sequence[int] | None) -> Pairs:
    """Return who has a task of a project to do. One query."""
    running = Task.objects.filter(state__in=(TaskState.OPEN, TaskState.REPORTED), project__isnull=False)
    if projects is not None:
        running = running.filter(project_id__in=projects)
    return running.values_list("project_id", "owner_id").distinct()


WORK = (
    Work("balls", "堵点正由其办理", held_balls),
    Work("calls", "吹哨未办结", open_calls),
    Work("tasks", "任务未办结", running_tasks),
)
