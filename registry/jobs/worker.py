"""The worker: takes jobs one by one until told to stop."""

import logging
import signal
import threading
import time
from types import FrameType

from django.db import close_old_connections, connection

from registry.jobs.lease import JobCancelled, Lease, LeaseLost, WorkerStopped, claim, process_name
from registry.jobs.models import WorkerBeat
from registry.jobs.registry import KINDS, Run
from registry.jobs.selectors import untold_failures
from registry.jobs.services import JobRefused, enqueue_due, tell_failed
from registry.kernel.authority import system_actor
from registry.kernel.errors import DomainError
from registry.store.clock import ledger_now, true_now
from registry.store.disk import SAID as DISK_FULL
from registry.store.disk import is_disk_full
from registry.store.guard import technical_writes

log = logging.getLogger(__name__)
NOT_AS_ASKED = "任务与提出时登记的不符，或是升级前排队的，没有执行。请重新提出；没有人提出过的，请告诉系统管理员核查。"
IDLE_SECONDS = 1.0
BEAT_SECONDS = 5.0
DAILY_SECONDS = 60.0


class Worker:
    """One process that does jobs. `stop` ends it at the next beat of the job in hand, which another worker takes up."""

    def __init__(self, name: str = "") -> None:
        self.name = name or process_name()
        self._stopped = threading.Event()

    def stop(self, *_: object) -> None:
        """Ask the worker to stop."""
        self._stopped.set()

    def run(self, *, once: bool = False) -> int:
        """Do jobs until stopped (or, with `once`, until none is free); returns how many it did.

        Daily jobs are asked for when they are due; with `once` only what was asked for before is done.
        """
        done = 0
        next_beat = next_look = 0.0
        while not self._stopped.is_set():
            if time.monotonic() >= next_beat:
                self._beat()
                next_beat = time.monotonic() + BEAT_SECONDS
            if not once and time.monotonic() >= next_look:
                enqueue_due(ledger_now())
                next_look = time.monotonic() + DAILY_SECONDS
            lease = claim(self.name, is_stopping=self._stopped.is_set)
            if lease is not None:
                run_job(lease)
                done += 1
            _tell_failures()
            if lease is None and once:
                break
            if lease is None:
                close_old_connections()
                self._stopped.wait(IDLE_SECONDS)
        with technical_writes():
            WorkerBeat.objects.filter(worker=self.name).delete()
        return done

    def _beat(self) -> None:
        with technical_writes():
            WorkerBeat.objects.update_or_create(worker=self.name, defaults={"beaten_at": true_now()})


def _tell_failures() -> None:
    """Tell who asked for them of the jobs that failed; what can't be told now is told at the next turn."""
    for job in untold_failures():
        try:
            tell_failed(actor=system_actor("后台任务"), job=job)
        except JobRefused:
            continue  # another worker told it
        except Exception:
            log.exception("failure of job %s was not told", job.pk)
            if connection.needs_rollback:
                connection.close()
            return


def run_job(lease: Lease, run: Run | None = None) -> None:
    """Do one job and say how it ended; `run` does it in place of its kind's own function."""
    kind = KINDS.get(lease.job.kind)
    if not lease.job.is_as_asked:
        log.error("job %s is not as it was asked for", lease.job.pk)
        lease.fail(NOT_AS_ASKED)
        return
    if kind is None:
        lease.fail(f"没有“{lease.job.kind}”这种任务。请升级工作进程。")
        return
    try:
        lease.finish((run or kind.run)(lease))
    except WorkerStopped:
        lease.release()
        log.info("job %s laid out again: its worker stops", lease.job.pk)
    except (LeaseLost, JobCancelled):
        log.info("job %s left", lease.job.pk)
    except DomainError as refusal:
        lease.fail(refusal.message)
    except Exception as fault:
        log.exception("job %s failed", lease.job.pk)
        if connection.needs_rollback:
            connection.close()
        if is_disk_full(fault):
            lease.fail(DISK_FULL)
            return
        lease.fail("任务出错，已完成的部分有效，未完成的没有写入。请联系系统管理员查看日志。")


def run_until_signal(worker: Worker, *, once: bool = False) -> int:
    """Run a worker that stops cleanly on SIGTERM and SIGINT."""

    def stop(_signal: int, _frame: FrameType | None) -> None:
        worker.stop()

    signal.signal(signal.SIGTERM, stop)
    signal.signal(signal.SIGINT, stop)
    return worker.run(once=once)
