"""Invariants of jobs: nothing waits that nobody asked for."""

from collections.abc import Iterator

from registry.audit.invariants import Invariant, Violation
from registry.jobs.models import Job
from registry.store.applied import SLACK, applied_at

FIRST_SEALED = ("jobs", "0004_sealed")
OUTCOMES_SEALED = ("jobs", "0005_outcomes")


def jobs_are_as_asked(project: int | None) -> Iterator[Violation]:
    """Hold what jobs are to do, and for whom, against their seals; those asked for before there were seals have none.

    The worker carries out none without its seal, however old it says that it is. A sealed job from before the day on
    which sealing began shows that this day was moved. How a job ended is held against its seal the same way: by it a
    month may be closed. Three queries.
    """
    sealed_since, ends_sealed_since = applied_at(*FIRST_SEALED), applied_at(*OUTCOMES_SEALED)
    jobs = Job.objects.all() if project is None else Job.objects.filter(project_key=project)
    for job in jobs.order_by("id").iterator(chunk_size=1000):
        is_old = not job.seal and sealed_since is not None and job.created_at < sealed_since
        if not is_old and not job.is_as_asked:
            yield Violation(f"后台任务{job.pk} {job.label}", "与提出时登记的相符", "没有封印，或封印不符")
        ended_since = (
            job.finished_at is not None and ends_sealed_since is not None and job.finished_at > ends_sealed_since
        )
        if not job.is_as_ended or (ended_since and not job.outcome_seal):
            yield Violation(f"后台任务{job.pk} {job.label}", "结果与执行完时登记的相符", "结果没有封印，或封印不符")
        if job.seal and sealed_since is not None and job.created_at < sealed_since - SLACK:
            yield Violation(f"后台任务{job.pk} {job.label}", f"提出在启用封印的{sealed_since}以后", f"{job.created_at}")


INVARIANTS = (Invariant("I48", "后台任务的内容、提出人和结果，与登记的相符", jobs_are_as_asked),)
