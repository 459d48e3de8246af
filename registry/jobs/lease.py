"""The lease: claim by compare-and-swap, beat with the rows, take over what a dead worker left."""

import os
import socket
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import F, Q, QuerySet

from registry.jobs.models import Job, JobState
from registry.store.clock import true_now
from registry.store.guard import technical_writes

LEASE = timedelta(seconds=30)
LOST = "后台进程多次中断，任务未完成。已完成的部分有效；请联系系统管理员排查后重试。"


class LeaseLost(RuntimeError):
    """Another worker has the job now; whatever this one did since its last beat is rolled back."""


class JobCancelled(RuntimeError):
    """The user cancelled the job."""


class WorkerStopped(RuntimeError):
    """The worker was told to stop; the rows since the last beat are rolled back, and another goes on from there."""


def never() -> bool:
    """Answer a worker's question whether it was told to stop, where nobody can tell it."""
    return False


def process_name() -> str:
    """Name this process as a worker: machine and process number."""
    return f"{socket.gethostname()[:30]}:{os.getpid()}"


def is_held(job: Job, now: datetime) -> bool:
    """Return whether a living worker may be at a job: its lease runs, and it didn't die on this machine."""
    if job.state != JobState.RUNNING or job.lease_until is None or job.lease_until < now:
        return False
    host, _, number = job.worker.rpartition(":")
    if host != socket.gethostname()[:30] or not number.isdigit():
        return True
    try:
        os.kill(int(number), 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        pass
    return True


def claim(
    worker: str, *, lease: timedelta = LEASE, only: int | None = None, is_stopping: Callable[[], bool] = never
) -> "Lease | None":
    """Claim the oldest job that is free (queued, or its lease ran out). Two workers never get the same.

    `only` is the key of the one job that is wanted; `is_stopping` is asked at each beat.
    """
    now = true_now()
    _fail_exhausted(now)
    free = Q(state=JobState.QUEUED) | Q(state=JobState.RUNNING, lease_until__lt=now)
    wanted = Q() if only is None else Q(pk=only)
    for job in Job.objects.filter(free, wanted).order_by("id")[:5]:
        with technical_writes():
            won = Job.objects.filter(free, pk=job.pk, attempts=job.attempts).update(
                state=JobState.RUNNING,
                worker=worker,
                attempts=F("attempts") + 1,
                lease_until=now + lease,
                started_at=job.started_at or now,
                claimed_at=now,
                done_before=job.done if job.checkpoint else 0,
                beaten_at=now,
            )
        if won:
            return Lease(Job.objects.get(pk=job.pk), worker, lease, is_stopping)
    return None


def _fail_exhausted(now: datetime) -> None:
    spent = Job.objects.filter(state=JobState.RUNNING, lease_until__lt=now, attempts__gte=F("max_attempts"))
    for job in spent:
        with technical_writes():
            spent.filter(pk=job.pk).update(**job.ending(JobState.FAILED, now, error=LOST), is_told=False)


@dataclass
class Lease:
    """A job in the hands of one worker."""

    job: Job
    worker: str
    length: timedelta = LEASE
    is_stopping: Callable[[], bool] = never
    checkpoint: dict[str, Any] = field(init=False)

    def __post_init__(self) -> None:
        self.checkpoint = dict(self.job.checkpoint)

    def beat(self, *, done: int, checkpoint: dict[str, Any], stage: str = "", total: int | None = None) -> None:
        """Move the checkpoint. Call it inside the transaction of the rows that it covers.

        Raises LeaseLost, JobCancelled or WorkerStopped, which rolls those rows back.
        """
        if not transaction.get_connection().in_atomic_block:
            raise RuntimeError("beat outside the transaction of its rows")
        if self.is_stopping():
            raise WorkerStopped
        now = true_now()
        changes: dict[str, Any] = {"done": done, "checkpoint": checkpoint, "lease_until": now + self.length}
        changes["beaten_at"] = now
        if stage:
            changes["stage"] = stage
        if total is not None:
            changes["total"] = total
        with technical_writes():
            if not self._held().update(**changes):
                state = Job.objects.values_list("state", flat=True).get(pk=self.job.pk)
                raise JobCancelled if state == JobState.CANCELLED else LeaseLost
        self.checkpoint = checkpoint

    def finish(self, result: dict[str, Any]) -> None:
        """Mark the job done."""
        with technical_writes():
            self._held().update(**self.job.ending(JobState.DONE, true_now(), result=result), stage="完成")

    def fail(self, error: str) -> None:
        """Mark the job failed, with a reason that the user can read."""
        with technical_writes():
            self._held().update(**self.job.ending(JobState.FAILED, true_now(), error=error), is_told=False)

    def release(self) -> None:
        """Lay the job out for another worker, at its checkpoint. The attempt is given back: nothing went wrong.

        The allowance rises instead of the count falling, for an attempt's number never comes back.
        """
        with technical_writes():
            self._held().update(state=JobState.QUEUED, max_attempts=F("max_attempts") + 1, lease_until=None, worker="")

    def _held(self) -> "QuerySet[Job]":
        """The job while this attempt has it: an attempt's number never comes back, however often it is tried anew."""
        held = Job.objects.filter(pk=self.job.pk, worker=self.worker, state=JobState.RUNNING)
        held_now: QuerySet[Job] = held.filter(attempts=self.job.attempts)
        return held_now
