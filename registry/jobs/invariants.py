"""Invariants of jobs: nothing waits that nobody asked for."""

from collections.abc import Iterator

from registry.audit.invariants import Invariant, Violation
from registry.jobs.models import Job, JobState


def jobs_are_as_asked(project: int | None) -> Iterator[Violation]:
    """Hold what jobs are to do, and for whom, against their seals; those from before the seals once they have ended.

    One query.
    """
    jobs = Job.objects.all() if project is None else Job.objects.filter(project_key=project)
    for job in jobs.order_by("id").iterator(chunk_size=1000):
        is_old = not job.seal and job.state not in (JobState.QUEUED, JobState.RUNNING)
        if not is_old and not job.is_as_asked:
            yield Violation(f"后台任务{job.pk} {job.label}", "与提出时登记的相符", "没有封印，或封印不符")


INVARIANTS = (Invariant("I48", "后台任务做什么、替谁做，与提出时登记的相符", jobs_are_as_asked),)
