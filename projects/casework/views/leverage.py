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
from registry.kernel.columns import Column
from registry.lists.listing import listing
from registry.lists.orders import Order, by_heads, by_pinyin
from registry.store.access import Request, access
from registry.store.clock import true_now
from registry.web.flash import notify

SHOWN = 3
LEVERAGE_LEADS = (Column("moves", "拟化解的堵点"),)
LEVERAGE_COLUMNS = (
    Column("place", "全市名次", kind="int"),
    Column("project", "项目"),
    Column("holders", "责任单位"),
    Column("homes", "打通住宅（套）", kind="int"),
    Column("bar", "与首位对比"),
    Column("others", "商业、配套（间）", kind="int"),
    Column("together", "化解方式"),
    Column("days", "已历时（工作日）", kind="int"),
)
LEVERAGE_ORDERS = (
    Order("rank", "名次", ("place",)),
    *by_heads(
        {"place": "place", "project": by_pinyin("project__name"), "homes": "homes", "others": "others", "days": "days"},
        tie=("place",),
    ),
)


@access(Permission.BLOCKER_READ)
@require_GET
def leverage(request: Request) -> HttpResponse:
    """The sets of blockers in the actor's area, most freed first, as last counted."""
    run = last_run()
    form = LeverageFilter(request.GET, choices=choices_of(request.actor, run))
    rows = rows_visible_to(request.actor, run, form.words)
    page = listing(
        request,
        name="leverage",
        queryset=rows,
        columns=LEVERAGE_COLUMNS,
        orders=LEVERAGE_ORDERS,
        leads=LEVERAGE_LEADS,
    )
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
