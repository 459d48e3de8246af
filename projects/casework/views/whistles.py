"""Pages of whistles: blown, reported in to, answered, sent back, closed."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from projects.casework.forms import AnswerForm, CloseWhistleForm, SendBackForm, WhistleFilter, WhistleForm
from projects.casework.selectors.whistles import (
    WHISTLE_ORDERS,
    call_lines,
    call_of,
    scores_of,
    whistle_by_code,
    whistle_choices,
    whistles_chosen,
)
from projects.casework.services.whistles import answer_call, blow_whistle, close_whistle, report_in, return_answer
from projects.gates.selectors.blockers import blocker_by_number
from registry.kernel.authority import Permission
from registry.kernel.columns import Column
from registry.kernel.errors import NotFound
from registry.lists.listing import listing, sums
from registry.store.access import Request, access
from registry.store.acts import Service
from registry.store.once import once
from registry.web.attachments.selectors import attachments_box
from registry.web.flash import notify
from registry.web.pages import FormPage

WHISTLE_LEADS = (Column("code", "编号、事项"),)
WHISTLE_COLUMNS = (
    Column("project", "项目、堵点"),
    Column("called_by", "吹哨单位"),
    Column("called_on", "吹哨", kind="date"),
    Column("meet_at", "到场", kind="date"),
    Column("called", "应报到（家）", kind="int", total=True),
    Column("waiting", "未答复（家）", kind="int", total=True),
    Column("state", "状态"),
)
ACTS: dict[str, tuple[Any, Service[..., Any], str, str]] = {
    "answer": (AnswerForm, answer_call, "答复", "答复后停止计时。吹哨单位认为答复不充分的，可写明原因退回。"),
    "return": (SendBackForm, return_answer, "退回答复", "退回后重新计时，前一轮所用工作日予以保留。"),
}


@access(Permission.BLOCKER_READ)
@require_GET
def whistles(request: Request) -> HttpResponse:
    """The whistles that the actor may see, and how each organisation kept its time."""
    form = WhistleFilter(request.GET, choices=whistle_choices(request.actor))
    chosen = whistles_chosen(request.actor, form.words)
    page = listing(
        request,
        name="whistles",
        queryset=chosen,
        columns=WHISTLE_COLUMNS,
        orders=WHISTLE_ORDERS,
        leads=WHISTLE_LEADS,
        with_total=True,
        totals=sums(chosen, WHISTLE_COLUMNS),
    )
    context = {
        "title": "吹哨报到",
        "rows": page.rows,
        "page": page,
        "count": page.total,
        "filter": form,
        "scores": scores_of(request.actor, request.today),
    }
    return render(request, "casework/whistles.html", context)


@access(Permission.WHISTLE_BLOW)
@require_http_methods(["GET", "POST"])
def blow_whistle_page(request: Request, number: str) -> HttpResponse:
    """Call departments about a blocker."""
    blocker = blocker_by_number(request.actor, number)
    form = WhistleForm(request.POST or None, blocker=blocker, own=request.actor.organisation_id or 0)
    if form.submitted(request, blow_whistle, blocker=blocker):
        notify(request, f"已发起吹哨{form.result.code}，已送各报到部门待办")
        return redirect("casework:whistle", code=form.result.code)
    return FormPage(
        f"吹哨 {blocker}",
        "吹哨",
        reverse("gates:blocker", args=[number]),
        project=blocker.project,
        intro="提请部门到现场报到并限期答复。报到、答复时间予以记录，作为考核依据。",
    ).show(request, form)


@access(Permission.BLOCKER_READ)
@require_GET
def whistle(request: Request, code: str) -> HttpResponse:
    """One whistle: who was called, who came, what they answered."""
    whistle = whistle_by_code(request.actor, code)
    is_caller = request.actor.can(Permission.WHISTLE_BLOW) and request.actor.organisation_id == whistle.called_by_id
    lines = call_lines(whistle, request.actor, request.today)
    context = {
        "title": f"{whistle.code} {whistle.text}",
        "whistle": whistle,
        "project": whistle.project,
        "lines": lines,
        "is_caller": is_caller and whistle.closed_on is None,
        "may_close": is_caller and whistle.closed_on is None and all(one.call.state == "answered" for one in lines),
        "box": attachments_box(request.actor, whistle),
    }
    return render(request, "casework/whistle.html", context)


@access(Permission.WHISTLE_ANSWER)
@require_POST
def report_in_page(request: Request, code: str, key: int) -> HttpResponse:
    """A department reports in."""
    call = call_of(whistle_by_code(request.actor, code), key)
    with once(request.POST.get("once", "")):
        report_in(actor=request.actor, call=call)
    notify(request, "已报到")
    return redirect("casework:whistle", code=code)


@access(Permission.WHISTLE_ANSWER, Permission.WHISTLE_BLOW)
@require_http_methods(["GET", "POST"])
def call_action(request: Request, code: str, key: int, act: str) -> HttpResponse:
    """Answer a call, or send an answer back."""
    if act not in ACTS:
        raise NotFound("未找到该办理事项。请从堵点页面进入。")
    whistle = whistle_by_code(request.actor, code)
    call = call_of(whistle, key)
    form_class, service, label, intro = ACTS[act]
    form = form_class(request.POST or None, request.FILES or None)
    if form.submitted(request, service, call=call):
        notify(request, f"{call.organisation}：已{label}")
        return redirect("casework:whistle", code=code)
    return _form(request, whistle, form, f"{label} {call.organisation}", label, intro)


@access(Permission.WHISTLE_BLOW)
@require_http_methods(["GET", "POST"])
def close_whistle_page(request: Request, code: str) -> HttpResponse:
    """Close a whistle that everybody has answered."""
    whistle = whistle_by_code(request.actor, code)
    form = CloseWhistleForm(request.POST or None)
    if form.submitted(request, close_whistle, whistle=whistle):
        notify(request, f"{code}已办结")
        return redirect("casework:whistle", code=code)
    return _form(request, whistle, form, f"办结 {whistle.code}", "办结", "各部门都答复以后才能办结。")


def _form(request: Request, whistle: Any, form: Any, title: str, label: str, intro: str) -> HttpResponse:
    return FormPage(
        title,
        label,
        reverse("casework:whistle", args=[whistle.code]),
        project=whistle.project,
        intro=intro,
    ).show(request, form)
