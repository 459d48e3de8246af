"""The page of long work: what runs, how far it is, what is left, how it ended; to call it off or try it anew."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_POST

from registry.jobs.selectors import (
    is_anything_under_way,
    job_by_id,
    job_lines,
    jobs_visible_to,
    unseen_failures,
    worker_state,
)
from registry.jobs.services import cancel, is_repeatable, may_steer, move_demo_clock, note_failure_seen, retry
from registry.kernel.authority import Permission
from registry.kernel.numerals import whole_number
from registry.store.access import Request, access
from registry.store.clock import ledger_today, true_now

SHOWN = 50
DESK = "/"  # of the app above


@access(Permission.JOB_READ)
@require_GET
def jobs(request: Request) -> HttpResponse:
    """The actor's own jobs (a system administrator: all), newest first. While one is under way the list renews itself.

    Five queries, six if no worker runs.
    """
    rows = list(jobs_visible_to(request.actor)[:SHOWN])
    worker, unseen = worker_state(), unseen_failures(rows)
    context = {
        "title": "后台任务",
        "lines": [
            (line, may_steer(request.actor, line.job), is_repeatable(line.job), line.job.pk in unseen)
            for line in job_lines(rows, now=true_now())
        ],
        "worker": worker,
        "is_waiting": is_anything_under_way(rows),
        "shows_owner": any(row.person_key != request.actor.person_id for row in rows),
    }
    template = "jobs/_jobs.html" if getattr(request, "htmx", False) else "jobs/jobs.html"
    return render(request, template, context)


@access(None)
@require_POST
def move_clock(request: Request) -> HttpResponse:
    """Move the clock of a demo on; what falls due by then is asked for and appears within seconds."""
    days = whole_number(request.POST.get("days", "")) or 0
    move_demo_clock(actor=request.actor, days=days)
    messages.success(
        request, f"演示时钟已拨到{ledger_today():%Y-%m-%d}；到期的督促、失效、复查正在后台办理，几秒后刷新可见。"
    )
    return redirect(DESK)


@access(Permission.JOB_READ)
@require_POST
def stop_job(request: Request, pk: int) -> HttpResponse:
    """Call a job off; what is done stays."""
    cancel(actor=request.actor, job=job_by_id(request.actor, pk))
    return redirect("jobs:jobs")


@access(Permission.JOB_READ)
@require_POST
def retry_job(request: Request, pk: int) -> HttpResponse:
    """Try a failed job anew, from where it stopped."""
    retry(actor=request.actor, job=job_by_id(request.actor, pk), now=true_now())
    return redirect("jobs:jobs")


@access(Permission.JOB_READ)
@require_POST
def see_failure(request: Request, pk: int) -> HttpResponse:
    """Say that one has seen why a job failed."""
    note_failure_seen(actor=request.actor, job=job_by_id(request.actor, pk))
    return redirect("jobs:jobs")
