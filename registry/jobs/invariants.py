"""Invariants of jobs: nothing waits that nobody asked for."""

from collections.abc import Iterator
from datetime import datetime

from django.db import connection
from django.db.migrations.recorder import MigrationRecorder

from registry.audit.invariants import Invariant, Violation
from registry.jobs.models import Job

FIRST_SEALED = ("jobs", "0004_sealed")


def jobs_are_as_asked(project: int | None) -> Iterator[Violation]:
    """Hold what jobs are to do, and for whom, against their seals; those asked for before there were seals have none.

    The worker carries out none without its seal, however old it says that it is. Two queries.
    """
    sealed_since = _sealed_since()
    jobs = Job.objects.all() if project is None else Job.objects.filter(project_key=project)
    for job in jobs.order_by("id").iterator(chunk_size=1000):
        is_old = not job.seal and sealed_since is not None and job.created_at < sealed_since
        if not is_old and not job.is_as_asked:
            yield Violation(f"后台任务{job.pk} {job.label}", "与提出时登记的相符", "没有封印，或封印不符")


def _sealed_since() -> datetime | None:
    """When this installation began to seal jobs: the moment of the migration."""
    applied: dict[tuple[str, str], MigrationRecorder.Migration] = MigrationRecorder(connection).applied_migrations()
    first = applied.get(FIRST_SEALED)
    return first.applied if first else None


INVARIANTS = (Invariant("I48", "后台任务的内容、提出人，与提出时登记的相符", jobs_are_as_asked),)
