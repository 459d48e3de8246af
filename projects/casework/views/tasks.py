"""Pages of meetings, instructions and the tasks that come of them."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods

from projects.casework.forms import (
    AcceptTaskForm,
    ExtendTaskForm,
    MeetingForm,
    ReportTaskForm,
    SendBackForm,
    TaskFilter,
)
from projects.casework.selectors.tasks import (
    TASK_ORDERS,
    meeting_by_code,
    meetings_for,
    owners_for,
    task_by_code,
    task_choices,
    tasks_chosen,
)
from projects.casework.services.tasks import (
    accept_task,
    cancel_task,
    extend_task,
    keep_meeting,
    report_task,
    send_back_task,
)
from registry.kernel.authority import Permission
from registry.kernel.columns import Column
from registry.kernel.errors import NotFound
from registry.lists.listing import listing
from registry.store.access import Request, access
from registry.store.acts import Service
from registry.web.flash import notify
from registry.web.pages import FormPage

TASK_LEADS = (Column("text", "任务"),)
TASK_COLUMNS = (
    Column("project", "项目"),
    Column("owner", "责任单位"),
    Column("due_on", "期限", kind="date"),
    Column("late", "逾期（日）", kind="int"),
    Column("state", "状态"),
)
ACTS: dict[str, tuple[Any, Service[..., Any], str, str]] = {
    "report": (ReportTaskForm, report_task, "报送办理情况", "已完成的请勾选，由确定任务的工作专班核定。"),
    "accept": (AcceptTaskForm, accept_task, "核定完成", "完成日期以报完成之日为准，逾期日数予以保留。"),
    "return": (SendBackForm, send_back_task, "退回重办", "请写明尚需完成的内容；期限不变。"),
    "extend": (ExtendTaskForm, extend_task, "延期", "只能延后；原定期限予以保留。"),
    "cancel": (SendBackForm, cancel_task, "撤销任务", "撤销后不再列入议程，记录予以保留。"),
}


TOLD = {
    "report": "已报送办理情况",
    "accept": "已核定完成",
    "return": "已退回重办",
    "cancel": "已撤销任务",
}


@access(Permission.TASK_ANSWER)
@require_GET
def tasks(request: Request) -> HttpResponse:
    """The tasks within the actor's reach."""
    form = TaskFilter(request.GET, choices=task_choices(request.actor))
    chosen = tasks_chosen(request.actor, form.words, request.today)
    page = listing(
        request,
        name="tasks",
        queryset=chosen,
        columns=TASK_COLUMNS,
        orders=TASK_ORDERS,
        leads=TASK_LEADS,
        with_total=True,
    )
    context = {
        "title": "会议和任务",
        "rows": page.rows,
        "page": page,
        "count": page.total,
        "filter": form,
        "today": request.today,
        "meetings": list(meetings_for(request.actor)[:8]),
        "may_set": request.actor.can(Permission.TASK_SET),
    }
    return render(request, "casework/tasks.html", context)


@access(Permission.TASK_ANSWER)
@require_GET
def meeting(request: Request, code: str) -> HttpResponse:
    """One meeting or instruction with its tasks."""
    meeting = meeting_by_code(request.actor, code)
    return render(
        request, "casework/meeting.html", {"title": meeting.title, "meeting": meeting, "today": request.today}
    )


@access(Permission.TASK_SET)
@require_http_methods(["GET", "POST"])
def keep_meeting_page(request: Request) -> HttpResponse:
    """Keep a meeting or an instruction with its tasks."""
    form = MeetingForm(
        request.POST or None,
        owners=owners_for(request.actor),
        actor=request.actor,
        initial={"held_on": request.today},
    )
    if request.method == "POST" and form.is_valid() and form.carry_out(keep_meeting, actor=request.actor, **form.words):
        notify(request, f"已登记{form.result.code}，任务已送到各单位的工作台")
        return redirect("casework:meeting", code=form.result.code)
    intro = "会议确定和领导批示的事项均须明确责任单位和完成期限；未完成的列入下次例会议程。"
    return FormPage(
        "登记会议、批示",
        "登记",
        reverse("casework:tasks"),
        intro=intro,
    ).show(request, form)


@access(Permission.TASK_ANSWER)
@require_GET
def task(request: Request, code: str) -> HttpResponse:
    """One task: by whom, by when, what happened."""
    task = task_by_code(request.actor, code)
    actor = request.actor
    is_owner = actor.organisation_id == task.owner_id
    is_setter = actor.can(Permission.TASK_SET) and not is_owner
    is_setter = is_setter and (not actor.area_code or actor.organisation_id == task.meeting.organisation_id)
    is_running = task.state in ("open", "reported")
    context = {
        "title": task.text,
        "task": task,
        "events": list(task.events.order_by("-id")),
        "late": max(0, (request.today - task.due_on).days) if is_running else task.days_late,
        "may_report": is_owner and is_running and actor.can(Permission.TASK_ANSWER),
        "may_judge": is_setter and task.state == "reported",
        "may_change": is_setter and is_running,
    }
    return render(request, "casework/task.html", context)


@access(Permission.TASK_ANSWER, Permission.TASK_SET)
@require_http_methods(["GET", "POST"])
def task_action(request: Request, code: str, act: str) -> HttpResponse:
    """Report, accept, send back, extend, cancel."""
    if act not in ACTS:
        raise NotFound("未找到该办理事项。请从堵点页面进入。")
    task = task_by_code(request.actor, code)
    form_class, service, label, intro = ACTS[act]
    form = form_class(request.POST or None)
    if act == "cancel":
        form.fields["reason"].label = "撤销原因"
    if form.submitted(request, service, task=task):
        notify(request, f"{code}：{_said(act, form.cleaned_data)}")
        return redirect("casework:task", code=code)
    return FormPage(
        f"{label} {task.text}",
        label,
        reverse("casework:task", args=[code]),
        intro=intro,
    ).show(request, form)


def _said(act: str, words: dict[str, Any]) -> str:
    """What became of a task, by what was really done."""
    if act == "report" and words.get("is_done"):
        return "已报完成，待核定"
    if act == "extend":
        return f"已延期至{words['due_on']:%Y-%m-%d}"
    return TOLD[act]
