"""Pages that belong to no app: the desk, health, refusals."""

from django.db import connection
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from registry.accounts.selectors import own_filter, waiting_for, week_of
from registry.accounts.selectors.waiting import DeskDay
from registry.accounts.services import drop_filter, save_filter
from registry.kernel.errors import DomainError, NotFound, PermissionRefused
from registry.store.access import Request, access
from registry.store.clock import moment_here
from registry.store.project_field import SHOWN, projects_called
from registry.web.changes import changes_since
from registry.web.desk import TABS, begun_by, done_by, kinds_of, lit_groups
from registry.web.errors import not_found, permission_denied
from registry.web.lamps import LEGEND
from registry.web.listing import back_to
from registry.web.panels import shown_panels
from registry.web.search import ask, meant, search
from registry.web.visits import keep_visit, last_visit

NO_TEXT = "请填写项目名称、编号或首字母。"
NO_PROJECT = "未找到相符的项目。请核对名称、编号或首字母。"


@access(None)
@require_GET
def desk(request: Request) -> HttpResponse:
    """我的工作台: what waits for me by kind and light, what I began, what I did, and the panels of the apps above."""
    actor, today = request.actor, request.today
    waiting = waiting_for(actor, on=today)
    tab = request.GET.get("tab", "") if request.GET.get("tab") in dict(TABS) else ""
    kinds = kinds_of(waiting, on=today, chosen=request.GET.get("kind", ""))
    panels = shown_panels("desk", actor=actor, on=today)
    context = {
        "title": "我的工作台",
        "desk": waiting,
        "tab": tab,
        "tabs": TABS,
        "kinds": kinds,
        "groups": lit_groups(waiting, on=today, verb=next((kind.verb for kind in kinds if kind.is_current), "")),
        "legend": LEGEND,
        "week": _ahead(week_of(waiting, on=today)) if not tab else [],
        "begun": begun_by(actor, on=today) if tab == "mine" else [],
        "done": done_by(actor, on=today) if tab == "done" else [],
        "top": shown_panels("desk.top", actor=actor, on=today),
        "panels": panels,
        "homes": sum(int(shown.content.get("homes", 0)) for shown in panels),
        "has_side": any(not shown.content.get("is_wide") for shown in panels),
        "has_changes": last_visit(request, actor.person_id or 0, now=moment_here()) is not None,
        "today": today,
    }
    response = render(request, "web/desk.html", context)
    keep_visit(request, response, actor.person_id or 0, now=moment_here())
    return response


def _ahead(week: list[DeskDay]) -> list[DeskDay]:
    """The week, if anything falls due after today: what is due today stands first in the list below."""
    return week if any(day.count for day in week if not day.is_today) else []


@access(None)
@require_GET
def pick_project(request: Request) -> HttpResponse:
    """The projects in reach that a text may mean, to choose among under the field where it is typed."""
    text = request.GET.get("text", "").strip()
    offers = projects_called(request.actor, text)
    said = "" if offers else NO_PROJECT if text else NO_TEXT
    context = {
        "field": request.GET.get("field", ""), "offers": offers[:SHOWN], "more": len(offers) > SHOWN, "said": said
    }  # fmt: skip
    return render(request, "_components/picks.html", context)


@access(None)
@require_GET
def changes(request: Request) -> HttpResponse:
    """What changed since the last visit: fetched once the desk stands, or opened as a page."""
    since = last_visit(request, request.actor.person_id or 0, now=moment_here())
    context = {
        "title": "上次登录后的变化",
        "since": since,
        "lines": changes_since(request.actor, since) if since else [],
    }
    is_part = getattr(request, "htmx", False)
    return render(request, "web/_changes.html" if is_part else "web/changes.html", context)


@access(None)
@never_cache
@require_http_methods(["GET", "POST"])
def search_page(request: Request) -> HttpResponse:
    """What a text means, in the actor's reach: as a page, or under the box while it is typed. One hit opens itself.

    The text comes by POST alone: a name or a number in an address would stand in logs and in the browser's history.
    """
    is_typing = request.POST.get("typing") == "1"
    question = ask(
        request.POST.get("q", ""), on=request.today, project_code=request.POST.get("in", "")[:20], is_typing=is_typing
    )
    groups = search(request.actor, question)
    context = {"title": "查找", "question": question, "groups": groups, "is_asked": bool(question.text)}
    if is_typing:
        return render(request, "web/_hits.html", context)
    if (hit := meant(groups, question.text)) is not None:
        return redirect(hit.url)
    return render(request, "web/search.html", context)


@access(public=True)
@never_cache
@require_GET
def healthz(request: HttpRequest) -> HttpResponse:
    """Whether the process answers and reaches its database; says nothing else."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
        cursor.fetchone()
    return JsonResponse({"ok": True})


@access(None)
@require_POST
def save_list_filter(request: Request) -> HttpResponse:
    """Keep the filter of a list page under a name."""
    save_filter(
        actor=request.actor,
        page=request.POST.get("page", "")[:60],
        name=request.POST.get("name", "")[:40],
        query=request.POST.get("query", ""),
        is_shared=request.POST.get("is_shared") == "on",
    )
    return redirect(back_to(request))


@access(None)
@require_POST
def drop_list_filter(request: Request, pk: int) -> HttpResponse:
    """Remove one's own saved filter."""
    drop_filter(actor=request.actor, saved=own_filter(request.actor, pk))
    return redirect(back_to(request))


def refusal_page(request: Request, error: DomainError) -> HttpResponse:
    """The answer that a refusal means: not there, not yours to do, or a rule of the field and how to mend it."""
    if isinstance(error, NotFound):
        return not_found(request)
    if isinstance(error, PermissionRefused):
        return permission_denied(request, message=error.message)
    template = "web/_refusal.html" if getattr(request, "htmx", False) else "web/refusal.html"
    context = {"title": "不能办理", "message": error.message, "rows": error.rows, "code": error.code}
    return render(request, template, context, status=422)
