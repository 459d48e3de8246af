"""Schedules: the list, one with its runs, setting, pausing, resuming, running now, what a run made."""

from typing import Any

from django.http import HttpResponse, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from documents.render.xlsx import XLSX
from documents.reports.forms import NewScheduleForm, ScheduleForm
from documents.reports.selectors.schedules import (
    columns_in_words,
    is_owner,
    laid_before,
    names_of,
    next_moment,
    recipients_for,
    run_by_id,
    runs_of,
    schedule_by_id,
    schedules_of,
)
from documents.reports.services.schedules import (
    add_schedule,
    ask_run,
    change_schedule,
    pause_schedule,
    resume_schedule,
    take_run,
)
from registry.jobs.selectors import worker_state
from registry.kernel.authority import Permission, Role
from registry.kernel.recurrence import Recurrence
from registry.store.access import Request, access
from registry.store.clock import ledger_now
from registry.store.once import once
from registry.web.flash import notify
from registry.web.pages import FormPage
from registry.web.responses import attachment

FIELDS = ("title", "content", "columns", "recipients", "rule", "hour", "starts_on")
INTRO = "以本人的权限生成，按生成时的职责取数；职责结束的不再生成，并告知本人和接收人。时刻为北京时间。"
DONE = {"pause": "已暂停", "resume": "已启用，以本人的权限生成", "run": "已列入后台任务，生成后送到待办"}


@access(Permission.REPORT_READ)
@require_GET
def schedules(request: Request) -> HttpResponse:
    """The schedules of the reader's organisation, and what schedules laid before the reader."""
    rows, now = list(schedules_of(request.actor)), ledger_now()
    context = {
        "title": "定期报表",
        "rows": [(row, when(row), next_moment(row, now)) for row in rows],
        "laid": laid_before(request.actor),
        "may_add": request.actor.can(Permission.REPORT_EXPORT),
    }
    return render(request, "reports/schedules.html", context)


def when(schedule: Any) -> str:
    """Say when a schedule runs."""
    return f"{Recurrence.parse(schedule.rule).words} {schedule.hour:02d}:00" if schedule.rule else "不定期，手动生成"


@access(Permission.REPORT_READ)
@require_GET
def schedule(request: Request, pk: int) -> HttpResponse:
    """One schedule: whose right it runs in, for whom, when, and what came of its runs."""
    row = schedule_by_id(request.actor, pk)
    role = Role(row.owner_role)
    context = {
        "title": row.title,
        "schedule": row,
        "when": when(row),
        "next_at": next_moment(row, ledger_now()),
        "role": role,
        "names": "、".join(names_of(row.recipients)),
        "columns": columns_in_words(row.columns),
        "runs": runs_of(row),
        "is_owner": is_owner(request.actor, row),
        "may_steer": request.actor.can(Permission.REPORT_EXPORT),
        "worker": worker_state(),
    }
    return render(request, "reports/schedule.html", context)


@access(Permission.REPORT_EXPORT)
@require_http_methods(["GET", "POST"])
def add_schedule_page(request: Request) -> HttpResponse:
    """Set up a schedule, or copy one."""
    initial: dict[str, Any] = {"starts_on": request.today}
    copied = request.GET.get("copy", "")
    if copied.isdecimal() and len(copied) < 10:
        known = schedule_by_id(request.actor, int(copied))
        initial |= {name: getattr(known, name) for name in FIELDS if name != "starts_on"}
        initial["title"] = f"{known.title}（副本）"[:60]
    form = NewScheduleForm(
        request.POST or None, initial=initial, recipients=recipients_for(request.actor, request.today)
    )
    if form.submitted(request, add_schedule):
        notify(request, "已设置")
        return redirect("reports:schedule", form.result.pk)
    return FormPage("设置定期报表", "保存", reverse("reports:schedules"), intro=INTRO, crumbs=_crumbs()).show(
        request, form
    )


@access(Permission.REPORT_EXPORT)
@require_http_methods(["GET", "POST"])
def edit_schedule_page(request: Request, pk: int) -> HttpResponse:
    """Change a schedule of one's own."""
    row = schedule_by_id(request.actor, pk)
    known = dict(recipients_for(request.actor, request.today))
    initial = {name: getattr(row, name) for name in FIELDS}
    initial["recipients"] = [key for key in row.recipients if key in known]
    form = ScheduleForm(request.POST or None, initial=initial, recipients=list(known.items()))
    if form.submitted(request, change_schedule, schedule=row):
        notify(request, "已保存")
        return redirect("reports:schedule", row.pk)
    return FormPage(
        f"修改定期报表：{row.title}",
        "保存",
        reverse("reports:schedule", args=[row.pk]),
        intro=INTRO,
        crumbs=[*_crumbs(), (row.title, reverse("reports:schedule", args=[row.pk]))],
    ).show(request, form)


@access(Permission.REPORT_EXPORT)
@require_POST
def steer_schedule(request: Request, pk: int, what: str) -> HttpResponse:
    """Pause a schedule, take it up again in one's own right, or have it run now."""
    row = schedule_by_id(request.actor, pk)
    services: dict[str, Any] = {"pause": pause_schedule, "resume": resume_schedule, "run": ask_run}
    if what in services:
        with once(request.POST.get("once", "")):
            services[what](actor=request.actor, schedule=row)
        notify(request, DONE[what])
    return redirect("reports:schedule", row.pk)


@access(Permission.REPORT_READ)
@require_http_methods(["GET", "POST"])
def schedule_run(request: Request, pk: int) -> HttpResponse | StreamingHttpResponse:
    """One run: what came of it; sent, its file is taken and it goes off the reader's desk."""
    run = run_by_id(request.actor, pk)
    if request.method == "POST":
        content = take_run(actor=request.actor, run=run)
        if content is None:
            return redirect("reports:schedules")
        return attachment(StreamingHttpResponse(content, content_type=XLSX), run.file_name)
    context = {
        "title": f"{run.schedule.title}：{run.get_outcome_display()}",
        "run": run,
        "is_mine": any(row.run_id == run.pk for row in laid_before(request.actor)),
        "is_own": run.schedule.organisation_id == request.actor.organisation_id,
    }
    return render(request, "reports/schedule_run.html", context)


def _crumbs() -> list[tuple[str, str]]:
    return [("报表", reverse("reports:reports")), ("定期报表", reverse("reports:schedules"))]
