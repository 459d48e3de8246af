"""Reading jobs: the list as its page shows it, how long one still takes, whether anybody is at work."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from django.db.models import QuerySet

from registry.accounts.models import InboxItem
from registry.accounts.selectors import names_of_people
from registry.jobs.models import Job, JobState, WorkerBeat
from registry.kernel.authority import Actor, Role
from registry.kernel.errors import NotFound
from registry.store.clock import true_now

ALIVE = timedelta(seconds=20)
UNDER_WAY: Final = (JobState.QUEUED, JobState.RUNNING)
KNOWN_AFTER: Final = 2.0  # seconds of work from which its pace says anything
SYSTEM: Final = "系统每日任务"


@dataclass(frozen=True)
class JobLine:
    """A job as its page shows it: whose it is, what is left, when it last gave a sign of life."""

    job: Job
    who: str
    time_left: str
    sign_of_life: str
    is_silent: bool

    @property
    def is_under_way(self) -> bool:
        """Whether it waits or runs."""
        return self.job.state in UNDER_WAY


def jobs_visible_to(actor: Actor) -> "QuerySet[Job]":
    """Return the actor's own jobs, newest first; a system administrator sees all (without their data)."""
    jobs: QuerySet[Job] = Job.objects.order_by("-id")
    return jobs if actor.role == Role.SYSTEM_ADMIN else jobs.filter(person_key=actor.person_id)


def job_lines(jobs: Iterable[Job], *, now: datetime) -> list[JobLine]:
    """Put beside jobs whose they are, their time left and their last sign of life. One query."""
    rows = list(jobs)
    names = names_of_people({job.person_key for job in rows if job.person_key is not None})
    return [
        JobLine(
            job,
            SYSTEM if job.person_key is None else names.get(job.person_key, ""),
            time_left(job, now),
            sign_of_life(job, now),
            is_silent(job, now),
        )
        for job in rows
    ]


def time_left(job: Job, now: datetime) -> str:
    """Say how long a job still takes, by the pace of its present attempt; nothing where nobody can know."""
    seconds = seconds_left(job, now)
    return "" if seconds is None else in_words(seconds)


def seconds_left(job: Job, now: datetime) -> float | None:
    """Estimate the seconds a running job still takes; None while its pace or its end is unknown."""
    if job.state != JobState.RUNNING or job.claimed_at is None or job.beaten_at is None or is_silent(job, now):
        return None
    done, left = job.done - job.done_before, job.total - job.done
    spent = (job.beaten_at - job.claimed_at).total_seconds()
    if done <= 0 or left <= 0 or spent < KNOWN_AFTER:
        return None
    return max(0.0, left * spent / done - (now - job.beaten_at).total_seconds())


def in_words(seconds: float) -> str:
    """Say a length of time as people do: 不到1分钟, 约3分钟, 约2小时10分钟."""
    minutes = -(-int(seconds) // 60)
    if seconds < 60:
        return "不到1分钟"
    if minutes < 60:
        return f"约{minutes}分钟"
    hours, rest = divmod(-(-minutes // 10) * 10, 60)
    return f"约{hours}小时{f'{rest}分钟' if rest else ''}"


def sign_of_life(job: Job, now: datetime) -> str:
    """Say how long ago a running job last gave a sign of life; nothing for one that doesn't run."""
    if job.state != JobState.RUNNING or job.beaten_at is None:
        return ""
    return _ago(now - job.beaten_at)


def _ago(span: timedelta) -> str:
    seconds = max(0, int(span.total_seconds()))
    for size, word in ((86_400, "天"), (3600, "小时"), (60, "分钟")):
        if seconds >= size:
            return f"{seconds // size}{word}前"
    return f"{seconds}秒前"


def is_silent(job: Job, now: datetime) -> bool:
    """Return whether a running job's lease ran out: another worker takes it over as soon as there is one."""
    return job.state == JobState.RUNNING and job.lease_until is not None and job.lease_until < now


def is_anything_under_way(jobs: Iterable[Job]) -> bool:
    """Return whether one of these waits or runs. No query."""
    return any(job.state in UNDER_WAY for job in jobs)


def is_waiting_for(kind: str) -> bool:
    """Return whether a job of a kind waits or runs. One query."""
    return Job.objects.filter(kind=kind, state__in=UNDER_WAY).exists()


@dataclass(frozen=True)
class WorkerState:
    """Whether anybody does the work that waits, and if not, when somebody last did: for `_components/worker.html`."""

    is_alive: bool
    last_seen: str


def worker_state() -> WorkerState:
    """Return how the workers are: two queries, three if none is at work.

    A worker deep in a job beats through that job alone: a lease that runs is a sign of life too.
    """
    now = true_now()
    if is_worker_alive(now):
        return WorkerState(True, "")
    beats = WorkerBeat.objects.values_list("beaten_at", flat=True).order_by("-beaten_at")
    last = beats.first()
    return WorkerState(False, "" if last is None else _ago(now - last))


def is_worker_alive(now: datetime | None = None) -> bool:
    """Return whether a worker has beaten lately, or is within a job whose lease runs. Two queries at most."""
    moment = now or true_now()
    if WorkerBeat.objects.filter(beaten_at__gte=moment - ALIVE).exists():
        return True
    return Job.objects.filter(state=JobState.RUNNING, lease_until__gte=moment).exists()


def source_of(job: Job) -> str:
    """Return what lies in an inbox because of a job: it failed, and nobody has seen to it."""
    return f"{Job._meta.db_table}:{job.pk}"


def unseen_failures(jobs: Iterable[Job]) -> set[int]:
    """Return the keys of those jobs whose failure lies in an inbox still. One query."""
    by_source = {source_of(job): job.pk for job in jobs if job.state == JobState.FAILED}
    lying = InboxItem.objects.filter(source__in=list(by_source), done_at__isnull=True)
    return {by_source[source] for source in lying.values_list("source", flat=True)}


def untold_failures() -> "QuerySet[Job]":
    """Return the jobs that failed and of which nobody was told, oldest first."""
    untold: QuerySet[Job] = Job.objects.filter(state=JobState.FAILED, is_told=False).order_by("id")
    return untold


def last_run(kind: str) -> Job | None:
    """Return the last job of a kind that ended, well or not. One query."""
    ended = Job.objects.filter(kind=kind, state__in=(JobState.DONE, JobState.FAILED), finished_at__isnull=False)
    return ended.order_by("-finished_at", "-id").first()


def job_by_id(actor: Actor, pk: int) -> Job:
    """Find a job that the actor may see. One query."""
    job = jobs_visible_to(actor).filter(pk=pk).first()
    if job is None:
        raise NotFound("未找到该任务。请在后台任务列表中核对。")
    return job
