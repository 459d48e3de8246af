"""The page of long work: what runs, how far it is, how it ended, and a way to call it off."""

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_POST

from registry.jobs.selectors import is_worker_alive, job_by_id, jobs_visible_to
from registry.jobs.services import cancel
from registry.kernel.authority import Permission
from registry.store.access import Request, access


@access(Permission.JOB_READ)
@require_GET
def jobs(request: Request) -> HttpResponse:
    """The actor's own jobs, newest first; says so when no worker runs."""
    rows = list(jobs_visible_to(request.actor)[:50])
    context = {
        "title": "后台任务",
        "rows": rows,
        "is_alive": is_worker_alive(),
        "is_waiting": any(row.state in ("queued", "running") for row in rows),
    }
    return render(request, "jobs/jobs.html", context)


@access(Permission.JOB_READ)
@require_POST
def stop(request: Request, pk: int) -> HttpResponse:
    """Call a job off; what is done stays."""
    cancel(actor=request.actor, job=job_by_id(request.actor, pk))
    return redirect("jobs:jobs")
