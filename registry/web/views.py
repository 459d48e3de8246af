"""Pages that belong to no app: the desk, health, refusals."""

from django.db import connection
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from registry.accounts.selectors import own_filter, own_proposals, status_label, waiting_for, week_of
from registry.accounts.services import drop_filter, save_filter
from registry.kernel.errors import DomainError, NotFound, PermissionRefused
from registry.store.access import Request, access
from registry.web.errors import not_found, permission_denied
from registry.web.listing import back_to
from registry.web.panels import shown_panels
from registry.web.search import ACTS, ask, search


@access(None)
@require_GET
def desk(request: Request) -> HttpResponse:
    """我的工作台: what waits for me, what is late, what falls due, and the panels of the apps above."""
    waiting = waiting_for(request.actor, on=request.today)
    context = {
        "title": "我的工作台",
        "desk": waiting,
        "week": week_of(waiting, on=request.today),
        "own": [(approval, status_label(approval)) for approval in own_proposals(request.actor, limit=5)],
        "top": shown_panels("desk.top", actor=request.actor, on=request.today),
        "panels": shown_panels("desk", actor=request.actor, on=request.today),
        "today": request.today,
    }
    return render(request, "web/desk.html", context)


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
    things = [hit for group in groups if group.label != ACTS for hit in group.hits]
    hits = things or [hit for group in groups for hit in group.hits]
    context = {"title": "查找", "question": question, "groups": groups, "is_asked": bool(question.text)}
    if is_typing:
        return render(request, "web/_hits.html", context)
    if len(hits) == 1 and not any(group.hint for group in groups):
        return redirect(hits[0].url)
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
