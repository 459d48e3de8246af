"""Reading meetings, instructions and tasks within an actor's reach; what returns to the next agenda."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.db.models import Count, Prefetch, Q, QuerySet

from projects.casework.choices import TaskState
from projects.casework.models import Meeting, Task
from projects.ledger.models import Project
from registry.accounts.models import Organisation
from registry.kernel.authority import Actor, Role
from registry.kernel.errors import NotFound
from registry.kernel.numerals import whole_number
from registry.lists.orders import Order, by_heads, by_pinyin, ranked

RUNNING = (TaskState.OPEN, TaskState.REPORTED)
STATES = {"running": "未完成", "late": "逾期", **dict(TaskState.choices)}
EVERYWHERE = (Role.CITY, Role.AUDITOR)


TASK_ORDERS = (  # of the page and of its export
    Order("newest", "最近定下", ("-id",)),
    *by_heads(
        {
            "text": by_pinyin("text"),
            "project": by_pinyin("project__name"),
            "owner": by_pinyin("owner__name"),
            "due_on": "due_on",
            "late": "-due_on",
            "state": ranked("state", TaskState),
        },
        tie=("-id",),
    ),
)


def tasks_for(actor: Actor) -> "QuerySet[Task]":
    """Return the tasks that an actor may see: its own, those it set, its district's. No query yet."""
    found: QuerySet[Task] = Task.objects.select_related("meeting__organisation", "project", "owner")
    if actor.is_system or actor.role in EVERYWHERE:
        return found
    mine = Q(owner=actor.organisation_id) | Q(meeting__organisation=actor.organisation_id)
    if actor.role == Role.DISTRICT and actor.area_code:
        mine |= Q(owner__area_code__startswith=actor.area_code) | Q(project__district_code=actor.area_code)
    return found.filter(mine)


def tasks_chosen(actor: Actor, words: Mapping[str, Any], on: date) -> "QuerySet[Task]":
    """Return the tasks as filtered, newest first. No query yet."""
    found = tasks_for(actor)
    state = words.get("state", "")
    if state == "running":
        found = found.filter(state__in=RUNNING)
    elif state == "late":
        found = found.filter(state__in=RUNNING, due_on__lt=on)
    elif state:
        found = found.filter(state=state)
    if (owner := whole_number(str(words.get("owner", "")))) is not None:
        found = found.filter(owner=owner)
    if words.get("q"):
        text = str(words["q"]).strip()
        found = found.filter(Q(text__icontains=text) | Q(project__name__icontains=text) | Q(code__iexact=text))
    return found.order_by("-id")


def task_choices(actor: Actor) -> dict[str, list[tuple[str, str]]]:
    """Return what the list can be narrowed by. One query."""
    owners = Organisation.objects.filter(pk__in=tasks_for(actor).order_by().values("owner")).order_by("code")
    return {"state": list(STATES.items()), "owner": [(str(one.pk), str(one)) for one in owners]}


def open_tasks(actor: Actor, limit: int = 60) -> list[Task]:
    """List what returns to the next agenda: not done yet, the earliest day first. One query."""
    return list(tasks_for(actor).filter(state__in=RUNNING).order_by("due_on", "id")[:limit])


def task_by_code(actor: Actor, code: str) -> Task:
    """Find a task. One query."""
    found = tasks_for(actor).filter(code=code).first()
    if found is None:
        raise NotFound(f"没有{code}这项任务，或不在您的范围内。")
    return found


def meetings_for(actor: Actor) -> "QuerySet[Meeting]":
    """Return the meetings and instructions with a task in the actor's reach, or of its own. No query yet."""
    found: QuerySet[Meeting] = Meeting.objects.select_related("organisation").annotate(
        count=Count("tasks"), running=Count("tasks", filter=Q(tasks__state__in=RUNNING))
    )
    if not (actor.is_system or actor.role in EVERYWHERE):
        seen = tasks_for(actor).order_by().values("meeting")
        found = found.filter(Q(organisation=actor.organisation_id) | Q(pk__in=seen))
    return found.order_by("-id")


def meeting_by_code(actor: Actor, code: str) -> Meeting:
    """Find a meeting with the tasks in the actor's reach. Two queries."""
    tasks = Prefetch("tasks", queryset=tasks_for(actor).order_by("id"))
    found = meetings_for(actor).prefetch_related(tasks).filter(code=code).first()
    if found is None:
        raise NotFound(f"没有{code}这次会议或批示，或不在您的范围内。")
    return found


def owners_for(actor: Actor, project: Project | None = None) -> "QuerySet[Organisation]":
    """Return who may be given a task: of the actor's area, or of the city. No query yet."""
    found: QuerySet[Organisation] = Organisation.objects.filter(is_active=True).exclude(
        kind__in=("audit", "operations", "developer")
    )
    if actor.area_code:
        found = found.filter(Q(area_code__startswith=actor.area_code) | Q(area_code=""))
    return found.order_by("code")
