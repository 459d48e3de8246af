"""The weekly agenda, for the screen and on A4."""

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from projects.casework.selectors.agenda import AgendaKind, agenda_items, hotline_period
from projects.casework.selectors.leverage import last_run
from projects.casework.selectors.tasks import open_tasks
from registry.jobs.selectors import worker_state
from registry.kernel.authority import Permission
from registry.store.access import Request, access

LIMIT = 10


@access(Permission.BLOCKER_READ)
@require_GET
def agenda(request: Request) -> HttpResponse:
    """What the meeting should take up in the actor's area."""
    items = agenda_items(request.actor, request.today, LIMIT)
    moves = [item for item in items if item.kind == AgendaKind.MOVE]
    run = last_run()
    is_waiting = run is None or run.as_of < request.today
    context = {
        "title": "专班例会议程",
        "run": run,
        "is_waiting": is_waiting,
        "worker": worker_state() if is_waiting else None,
        "on": request.today,
        "hotline": hotline_period(request.today),
        "moves": moves,
        "may_open_tasks": request.actor.can(Permission.TASK_ANSWER),
        "tasks": open_tasks(request.actor),
        "overdue": [item for item in items if item.kind == AgendaKind.OVERDUE],
        "homes": sum(item.homes for item in moves),
        "others": sum(item.others for item in moves),
    }
    return render(request, "casework/agenda.html", context)
