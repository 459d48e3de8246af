"""Daily work: asked for once a Shanghai day, from its hour on, however many workers ask and however often."""

from collections.abc import Iterator
from datetime import UTC, datetime, time

import pytest

from registry.jobs.lease import Lease
from registry.jobs.models import Job, JobState
from registry.jobs.registry import KINDS, daily
from registry.jobs.services import enqueue_due
from registry.jobs.worker import Worker

pytestmark = pytest.mark.django_db(transaction=True)

BEFORE_ONE = datetime(2022, 2, 28, 16, 59, tzinfo=UTC)  # 00:59 on 1 March in Shanghai
AT_ONE = datetime(2022, 2, 28, 17, 0, tzinfo=UTC)
NEXT_DAY = datetime(2022, 3, 1, 17, 0, tzinfo=UTC)


@pytest.fixture
def early() -> Iterator[list[str]]:
    """A kind that is due from midnight on; gives the workers that did it."""
    done_by: list[str] = []

    def run(lease: Lease) -> dict[str, str]:
        done_by.append(lease.worker)
        return {}

    daily("test.early", label="凌晨", at=time(0, 0))(run)
    yield done_by
    del KINDS["test.early"]


def keys() -> list[str]:
    return sorted(Job.objects.values_list("idempotency_key", flat=True))


def test_daily_job_before_its_hour_is_not_asked_for() -> None:
    assert enqueue_due(BEFORE_ONE) == []
    assert keys() == []


def test_each_kind_has_its_own_hour(early: list[str]) -> None:
    assert [job.kind for job in enqueue_due(BEFORE_ONE)] == ["test.early"]


def test_daily_jobs_are_asked_for_once_a_day_with_the_day_in_the_key() -> None:
    first = {job.pk for job in enqueue_due(AT_ONE)}

    assert {job.pk for job in enqueue_due(AT_ONE)} == first
    assert keys() == [
        f"{name}:2022-03-01" for name in sorted(kind.name for kind in KINDS.values() if kind.daily_at is not None)
    ]
    assert {job.pk for job in enqueue_due(NEXT_DAY)}.isdisjoint(first)


def test_daily_job_belongs_to_nobody() -> None:
    enqueue_due(AT_ONE)

    assert set(Job.objects.values_list("person_key", flat=True)) == {None}


def test_worker_does_the_daily_jobs_of_the_day_and_each_succeeds(early: list[str]) -> None:
    enqueue_due(AT_ONE)

    Worker("w1").run(once=True)

    assert set(Job.objects.values_list("state", "error")) == {(JobState.DONE, "")}
    assert early == ["w1"]


def test_worker_asks_by_itself() -> None:
    worker = Worker("w1")

    def last(lease: Lease) -> dict[str, str]:
        worker.stop()
        return {}

    daily("test.last", label="最后", at=time(0, 0))(last)
    try:
        worker.run()
    finally:
        del KINDS["test.last"]

    assert Job.objects.get(kind="test.last").state == JobState.DONE


def test_worker_told_to_do_what_waits_asks_for_nothing(early: list[str]) -> None:
    Worker("w1").run(once=True)

    assert (Job.objects.count(), early) == (0, [])
