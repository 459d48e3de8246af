"""Asking for long work, calling it off, saying that it failed."""

from datetime import datetime
from typing import Any, Final

from django.db import transaction
from django.db.models import F

from registry.accounts.models import InboxItem, Person
from registry.accounts.services import inbox
from registry.audit.recording import record
from registry.jobs.lease import is_held
from registry.jobs.models import Job, JobState, job_seal
from registry.jobs.registry import DUE_WORK, JOBS_PAGE, KINDS
from registry.jobs.selectors import source_of, unseen_failures
from registry.kernel.authority import Actor, Permission, Role, system_actor
from registry.kernel.errors import DomainError, NotFound
from registry.store.acts import Row, after_act, write
from registry.store.clock import SHANGHAI, ledger_now, true_now
from registry.store.guard import technical_writes
from registry.store.locks import lock, lock_where
from registry.store.models import DemoClock

DAY: Final = 86_400  # seconds
ATTEMPTS: Final = 3  # of workers, each time a person asks


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
    """Ask for a job once: the same key gives the same job, however often it is asked."""
    with technical_writes(), transaction.atomic():
        job, _ = Job.objects.get_or_create(
            idempotency_key=key,
            defaults={
                "kind": kind,
                "label": label or KINDS[kind].label,
                "params": params,
                "seal": job_seal(kind, key, params, actor.person_id, project_id),
                "person_key": actor.person_id,
                "project_key": project_id,
                "total": total,
                "created_at": true_now(),
            },
        )
    waiting: Job = job
    return waiting


def enqueue_due(now: datetime) -> list[Job]:
    """Ask for each daily job whose time of the Shanghai day has come, once a day; gives those of today.

    Any number of workers may ask at once, and any number of times: the day is in the key. One that was off at the hour
    asks when it is back; days that passed wholly without a worker are not made up, for daily work looks at today.
    What apps ask for at moments of their own is asked too.
    """
    for ask in DUE_WORK:
        ask(now)
    local = now.astimezone(SHANGHAI)
    due = [kind for kind in KINDS.values() if kind.daily_at is not None and local.time() >= kind.daily_at]
    actor = system_actor("每日任务")
    return [enqueue(actor=actor, kind=kind.name, key=f"{kind.name}:{local:%Y-%m-%d}", params={}) for kind in due]


STEPS: Final = {1: "下一日", 7: "下一周", 30: "下一月"}


@write(Permission.ACCOUNT_SELF)
def move_demo_clock(*, actor: Actor, days: int) -> DemoClock:
    """Move the clock of a demo on by some days; what falls due by then is asked for at once.

    Refused: a database that was not loaded as a demo, a step that is not offered. It never goes back.
    """
    clock = lock_where(DemoClock)
    if clock is None or not clock.is_loaded:
        raise NotFound("这里不是演示数据，没有可以拨动的时钟。")
    if days not in STEPS:
        raise JobRefused("演示时钟只能拨一日、一周或一月。")
    before = {"seconds": clock.seconds}
    clock.seconds += days * DAY
    clock.save(update_fields=["seconds"])

    record(
        event="demo.moved",
        subject=clock,
        facts={"step": STEPS[days]},
        rows=[Row.changed(clock, before)],
    )
    after_act(lambda: enqueue_due(ledger_now()))
    return clock


def take_up(*, job: Job, now: datetime) -> None:
    """Lay a job that ended badly, or whose worker died, out to be claimed; it goes on at its checkpoint."""
    if job.state == JobState.DONE or is_held(job, now):
        raise JobRefused("任务已完成或正在执行，无需接续。")
    with technical_writes():
        Job.objects.filter(pk=job.pk, attempts=job.attempts).exclude(state=JobState.DONE).update(
            state=JobState.QUEUED, max_attempts=F("attempts") + ATTEMPTS, lease_until=None, finished_at=None, error="",
            worker="", outcome_seal="",
        )  # fmt: skip


def retry(*, actor: Actor, job: Job, now: datetime) -> None:
    """Try a failed job anew, from its checkpoint; what is done is not done again.

    Its asker may, and a system administrator: the work itself runs with the asker's rights, read anew.
    """
    if not may_steer(actor, job):
        raise JobRefused("只有提出任务的人和系统管理员可以重试。")
    if job.state != JobState.FAILED or not is_repeatable(job):
        raise JobRefused("只有失败的任务可以重试。请刷新后台任务页再看。")
    if unseen_failures([job]):
        note_failure_seen(actor=actor, job=job)
    take_up(job=job, now=now)


@write(Permission.ACCOUNT_SELF)
def tell_failed(*, actor: Actor, job: Job) -> InboxItem:
    """Lay before who asked for a job that it failed, and why; a daily one before the system administrators.

    It lies there until somebody tries the job anew or says that they have seen it. Refused if it was told before.
    """
    current = lock(job)
    if current.is_told or current.state != JobState.FAILED:
        raise JobRefused("这个任务没有失败，或已经告知。无需再告知。")
    current.is_told = True
    current.save(update_fields=["is_told"])
    kind = KINDS.get(current.kind)
    asker = None if current.person_key is None else Person.objects.filter(pk=current.person_key).first()
    item: InboxItem = inbox.deliver(
        source=source_of(current),
        verb="查看",
        title=f"任务失败：{current.label}。{current.error}",
        link=JOBS_PAGE if kind is None or asker is None else kind.page,
        person=asker,
        role=None if asker else Role.SYSTEM_ADMIN,
        from_label="后台任务",
    )

    record(event="job.failed", subject=current, facts={"label": current.label}, reason=current.error[:200])
    return item


@write(Permission.ACCOUNT_SELF)
def note_failure_seen(*, actor: Actor, job: Job) -> None:
    """Take from the inbox that a job failed. Refused to whom it is no business, and if nothing lies there."""
    if not may_steer(actor, job):
        raise JobRefused("只有提出任务的人和系统管理员可以处理。请由他们办理。")
    if not inbox.settle(source_of(job)):
        raise JobRefused("没有待看的失败告知，或已经看过。请刷新后台任务页再看。")

    record(event="job.seen", subject=job, facts={"label": job.label})


def may_steer(actor: Actor, job: Job) -> bool:
    """Return whether the actor may call a job off or try it anew."""
    return actor.is_system or actor.role == Role.SYSTEM_ADMIN or actor.person_id == job.person_key


def is_repeatable(job: Job) -> bool:
    """Return whether a failed job of its kind may be tried anew."""
    kind = KINDS.get(job.kind)
    return kind is not None and kind.is_repeatable


def cancel(*, actor: Actor, job: Job) -> None:
    """Call a job off; the worker stops at its next checkpoint and what is done stays."""
    if not may_steer(actor, job):
        raise JobRefused("只有提出任务的人和系统管理员可以取消。")
    with technical_writes():
        ended = Job.objects.filter(pk=job.pk, state__in=(JobState.QUEUED, JobState.RUNNING)).update(
            **job.ending(JobState.CANCELLED, true_now())
        )
    if not ended:
        raise JobRefused("任务已经结束，不能取消。")
