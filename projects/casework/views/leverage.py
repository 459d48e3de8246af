"""Pages that say which blockers to resolve first."""

from urllib.parse import urlencode

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_POST

from projects.casework.forms import LeverageFilter
from projects.casework.selectors.best_moves import move_cards, top_homes
from projects.casework.selectors.leverage import choices_of, last_run, leverage_of, rows_visible_to
from projects.ledger.selectors.projects import project_by_code
from registry.jobs.selectors import is_waiting_for, worker_state
from registry.jobs.services import enqueue
from registry.kernel.authority import Permission
from registry.store.access import Request, access
from registry.store.clock import true_now
from registry.store.keyset import page_after
from registry.web.flash import notify

SHOWN = 3


@access(Permission.BLOCKER_READ)
@require_GET
def leverage(request: Request) -> HttpResponse:
    """The sets of blockers in the actor's area, most freed first, as last counted."""
    run = last_run()
    form = LeverageFilter(request.GET, choices=choices_of(request.actor, run))
    rows = rows_visible_to(request.actor, run, form.words)
    page = page_after(rows, order=("place",), after=request.GET.get("after", ""), size=50)
    is_old = run is not None and run.as_of < request.today
    is_waiting = run is None or is_old or is_waiting_for("casework.leverage")
    context = {
        "title": "优先化解次序",
        "run": run,
        "is_old": is_old,
        "is_waiting": is_waiting,
        "worker": worker_state() if is_waiting else None,
        "filter": form,
        "rows": page.rows,
        "page": page,
        "top": top_homes(rows),
        "export_query": urlencode({key: str(value) for key, value in form.words.items()}),
        "can_count": request.actor.can(Permission.REPORT_READ),
    }
    return render(request, "casework/leverage.html", context)


@access(Permission.REPORT_READ)
@require_POST
def request_leverage_count(request: Request) -> HttpResponse:
    """Ask for a new count; twice within a minute is one."""
    enqueue(
        actor=request.actor, kind="casework.leverage", key=f"leverage-{true_now():%Y%m%d%H%M}", params={},
        label="计算优先化解次序",
    )  # fmt: skip
    notify(request, "已提交后台计算，完成后在“优先化解次序”查看")
    return redirect("jobs:jobs")


@access(Permission.BLOCKER_READ)
@require_GET
def project_leverage(request: Request, code: str) -> HttpResponse:
    """What to resolve first in one project, counted now: the best moves for its page, or all of them on a page."""
    project = project_by_code(request.actor, code)
    ranked = leverage_of(project.id, on=request.today)
    is_part = bool(getattr(request, "htmx", False))
    context = {
        "title": "优先化解次序",
        "project": project,
        "moves": move_cards(ranked, SHOWN if is_part else None),
        "blockers": len(ranked.blockers),
        "on": request.today,
    }
    template = "casework/_project_leverage.html" if is_part else "casework/project_leverage.html"
    return render(request, template, context)
