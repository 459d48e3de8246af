"""The page of a queue: the homes that wait in one step, by project, the longest wait first."""

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET

from projects.progress.panels import queue_figures
from projects.progress.selectors.desk_rest import rest_by_cause
from projects.progress.selectors.pace import paces_of
from projects.progress.selectors.queues import LONG, WHOLE_CITY, queue_named, queue_projects, queues_named, queues_of
from registry.kernel.authority import Permission
from registry.kernel.columns import Column
from registry.lists.listing import table
from registry.store.access import Request, access

FEW = 3  # queues whose pace the desk tells, the slowest first
LEADS = (Column("name", "项目"),)
COLUMNS = (
    Column("place", "区、街乡"),
    Column("count", "户", kind="int", total=True),
    Column("oldest_on", "最早到达", kind="date"),
    Column("days", "最久已等待（日）", kind="int"),
    Column("long", f"{LONG}日以上（户）", kind="int", total=True),
)


@access(Permission.UNIT_READ)
@require_GET
def queue(request: Request, code: str) -> HttpResponse:
    """What stands in one step, by project; each line leads to its homes. Two queries.

    One for who sees the whole city: there the other steps are named and not counted, for that reads home by home.
    """
    chosen = queue_named(request.actor, code)
    rows = queue_projects(request.actor, chosen, on=request.today)
    is_whole = request.actor.role in WHOLE_CITY
    counts = {} if is_whole else {state.queue: state.count for state in queues_of(request.actor, on=request.today)}
    page = table(request, name="queue", rows=rows, columns=COLUMNS, leads=LEADS)
    context = {
        "title": chosen.label,
        "queue": chosen,
        "page": page,
        "rows": [(row, f"{reverse('progress:units', args=[row.code])}?queue={code}") for row in page.rows],
        "count": sum(row.count for row in rows),
        "long": sum(row.long for row in rows),
        "limit": LONG,
        "tabs": [
            {
                "label": queue.label,
                "url": reverse("progress:queue", args=[queue.code]),
                "is_current": queue.code == code,
                "count": counts.get(queue),
            }
            for queue in queues_named(request.actor)
        ],
    }
    return render(request, "progress/queue.html", context)


@access(Permission.UNIT_READ)
@require_GET
def rest(request: Request) -> HttpResponse:
    """剩余 by cause in the actor's reach: fetched once the desk stands, or opened as a page. Three queries."""
    context = {"title": "剩余，按原因", "rest": rest_by_cause(request.actor, on=request.today)}
    return render(request, f"progress/{'_rest' if getattr(request, 'htmx', False) else 'rest'}.html", context)


@access(Permission.UNIT_READ)
@require_GET
def pace(request: Request) -> HttpResponse:
    """How fast the queues of the actor's role go: fetched once the desk stands, or opened as a page. Two queries."""
    states = queues_of(request.actor, on=request.today)
    is_part = getattr(request, "htmx", False)
    context = {
        "title": "各环节的速度",
        "few": f":{FEW}" if is_part else ":",
        "paces": paces_of(request.actor, states, on=request.today),
        "figures": queue_figures(states) if not is_part or request.actor.role in WHOLE_CITY else [],
    }
    return render(request, "progress/_pace.html" if is_part else "progress/pace.html", context)
