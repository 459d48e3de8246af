"""Asking for long work, and calling it off."""

from typing import Any

from django.db import transaction

from registry.jobs.models import Job, JobState
from registry.jobs.registry import KINDS
from registry.kernel.authority import Actor
from registry.kernel.errors import DomainError
from registry.store.clock import true_now
from registry.store.guard import technical_writes


class JobRefused(DomainError):
    """A job that can't be asked for or called off."""


def enqueue(
    *,
    actor: Actor,
    kind: str,
    key: str,
    params: dict[str, Any],
    label: str = "",
    project_id: int | None = None,
    total: int = 0,
) -> Job:
    """This will ask for a job once: the same key gives the same job, however often it is asked."""
    with technical_writes(), transaction.atomic():
        job, _ = Job.objects.get_or_create(
            idempotency_key=key,
            defaults={
                "kind": kind,
                "label": label or KINDS[kind].label,
                "params": params,
                "person_key": actor.person_id,
                "project_key": project_id,
                "total": total,
                "created_at": true_now(),
            },
        )
    found: Job = job
    return found


def cancel(*, actor: Actor, job: Job) -> None:
    """This will call a job off; the worker stops at its next checkpoint and what is done stays."""
    if actor.person_id != job.person_key and not actor.is_system:
        raise JobRefused("只有提出任务的人可以取消。")
    with technical_writes():
        ended = Job.objects.filter(pk=job.pk, state__in=(JobState.QUEUED, JobState.RUNNING)).update(
            state=JobState.CANCELLED, finished_at=true_now(), lease_until=None
        )
    if not ended:
        raise JobRefused("任务已经结束，不能取消。")
