"""Reading jobs."""

from datetime import timedelta

from django.db.models import QuerySet

from registry.jobs.models import Job, WorkerBeat
from registry.kernel.authority import Actor, Role
from registry.kernel.errors import NotFound
from registry.store.clock import true_now

ALIVE = timedelta(seconds=20)


def jobs_visible_to(actor: Actor) -> "QuerySet[Job]":
    """This will give the actor's own jobs, newest first; a system administrator sees all (without their data)."""
    jobs: QuerySet[Job] = Job.objects.order_by("-id")
    return jobs if actor.role == Role.SYSTEM_ADMIN else jobs.filter(person_key=actor.person_id)


def is_worker_alive() -> bool:
    """This will tell whether a worker has beaten lately. One query."""
    return WorkerBeat.objects.filter(beaten_at__gte=true_now() - ALIVE).exists()


def job_by_id(actor: Actor, pk: int) -> Job:
    """This will find a job that the actor may see. One query."""
    found = jobs_visible_to(actor).filter(pk=pk).first()
    if found is None:
        raise NotFound("没有这个任务。")
    return found
