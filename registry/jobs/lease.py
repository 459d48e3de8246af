"""The lease: claim by compare-and-swap, beat with the rows, take over what a dead worker left."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import F, Q

from registry.jobs.models import Job, JobState
from registry.store.clock import true_now
from registry.store.guard import technical_writes

LEASE = timedelta(seconds=30)
LOST = "工作进程多次中断，任务没有做完。已完成的部分有效；请联系系统管理员查看后重试。"


class LeaseLost(RuntimeError):
    """Another worker has the job now; whatever this one did since its last beat is rolled back."""


class JobCancelled(RuntimeError):
    """The user cancelled the job."""


def claim(worker: str, *, lease: timedelta = LEASE) -> "Lease | None":
    """This will claim the oldest job that is free (queued, or its lease ran out). Two workers never get the same."""
    now = true_now()
    _fail_exhausted(now)
    free = Q(state=JobState.QUEUED) | Q(state=JobState.RUNNING, lease_until__lt=now)
    for job in Job.objects.filter(free).order_by("id")[:5]:
        with technical_writes():
            won = Job.objects.filter(free, pk=job.pk, attempts=job.attempts).update(
                state=JobState.RUNNING,
                worker=worker,
                attempts=F("attempts") + 1,
                lease_until=now + lease,
                started_at=job.started_at or now,
            )
        if won:
            return Lease(Job.objects.get(pk=job.pk), worker, lease)
    return None


def _fail_exhausted(now: datetime) -> None:
    spent = Job.objects.filter(state=JobState.RUNNING, lease_until__lt=now, attempts__gte=F("max_attempts"))
    if spent.exists():
        with technical_writes():
            spent.update(state=JobState.FAILED, error=LOST, finished_at=now, lease_until=None)


@dataclass
class Lease:
    """A job in the hands of one worker."""

    job: Job
    worker: str
    length: timedelta = LEASE
    checkpoint: dict[str, Any] = field(init=False)

    def __post_init__(self) -> None:
        self.checkpoint = dict(self.job.checkpoint)

    def beat(self, *, done: int, checkpoint: dict[str, Any], stage: str = "", total: int | None = None) -> None:
        """This will move the checkpoint. Call it inside the transaction of the rows that it covers.

        Raises LeaseLost or JobCancelled, which rolls those rows back.
        """
        if not transaction.get_connection().in_atomic_block:
            raise RuntimeError("beat outside the transaction of its rows")
        changes: dict[str, Any] = {"done": done, "checkpoint": checkpoint, "lease_until": true_now() + self.length}
        if stage:
            changes["stage"] = stage
        if total is not None:
            changes["total"] = total
        with technical_writes():
            held = Job.objects.filter(pk=self.job.pk, worker=self.worker, state=JobState.RUNNING)
            if not held.filter(attempts=self.job.attempts).update(**changes):
                state = Job.objects.values_list("state", flat=True).get(pk=self.job.pk)
                raise JobCancelled if state == JobState.CANCELLED else LeaseLost
        self.checkpoint = checkpoint

    def finish(self, result: dict[str, Any]) -> None:
        """This will mark the job done."""
        self._end(state=JobState.DONE, result=result, stage="完成")

    def fail(self, error: str) -> None:
        """This will mark the job failed, with a reason that the user can read."""
        self._end(state=JobState.FAILED, error=error)

    def _end(self, **changes: Any) -> None:
        with technical_writes():
            Job.objects.filter(pk=self.job.pk, worker=self.worker, state=JobState.RUNNING).update(
                finished_at=true_now(), lease_until=None, **changes
            )
