"""A job does what was asked for, for whom asked: rows written past the program are named and never run."""

from typing import Any

import pytest
from django.db import connection

from registry.audit.invariants import INVARIANTS
from registry.jobs.lease import claim
from registry.jobs.models import Job, JobState
from registry.jobs.registry import KINDS, job
from registry.jobs.services import enqueue
from registry.jobs.worker import NOT_AS_ASKED, Worker, run_job
from tests.factories.accounts import Cast

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def done() -> Any:
    """A job that notes that it was run."""
    ran: list[dict[str, Any]] = []

    def run(lease: Any) -> dict[str, Any]:
        ran.append(lease.job.params)
        return {}

    job("test.note", label="记下")(run)
    yield ran
    del KINDS["test.note"]


def asked(cast: Cast) -> Job:
    return enqueue(actor=cast.district.actor, kind="test.note", key="one", params={"export": 7, "姓名": "甲"})


def named() -> list[str]:
    return [violation.subject for violation in INVARIANTS["I48"].violations(None)]


def test_a_job_as_it_was_asked_for_is_run(cast: Cast, done: list[Any]) -> None:
    asked(cast)

    Worker("w").run(once=True)

    assert (done, Job.objects.get().state, named()) == ([{"export": 7, "姓名": "甲"}], JobState.DONE, [])


@pytest.mark.parametrize(
    "sql",
    [
        "UPDATE jobs_job SET params = '{\"export\": 8}'",
        "UPDATE jobs_job SET person_key = person_key + 1",
        "UPDATE jobs_job SET kind = 'exports.make'",
        "UPDATE jobs_job SET seal = ''",
        "UPDATE jobs_job SET project_key = 1",
    ],
)
def test_a_job_altered_behind_the_program_is_named_and_not_run(cast: Cast, done: list[Any], sql: str) -> None:
    asked(cast)
    with connection.cursor() as cursor:
        cursor.execute(sql)
    assert len(named()) == 1

    lease = claim("w")
    assert lease is not None
    run_job(lease)

    left = Job.objects.get()
    assert (done, left.state, left.error) == ([], JobState.FAILED, NOT_AS_ASKED)


def test_a_job_of_before_the_seals_is_no_fault_and_is_not_carried_out(cast: Cast, done: list[Any]) -> None:
    """It was asked for by the program of before; it is refused and must be asked for anew."""
    asked(cast)
    with connection.cursor() as cursor:
        cursor.execute("UPDATE jobs_job SET seal = ''")
    assert len(named()) == 1
    with connection.cursor() as cursor:
        cursor.execute("UPDATE jobs_job SET created_at = '2022-03-08 02:00:00'")
    assert named() == []

    Worker("w").run(once=True)
    job = Job.objects.get()
    assert (done, job.state, job.error) == ([], JobState.FAILED, NOT_AS_ASKED)


@pytest.mark.parametrize(
    "sql",
    [
        "UPDATE jobs_job SET state = 'done', error = ''",
        "UPDATE jobs_job SET error = '已核对'",
        "UPDATE jobs_job SET result = '{\"violations\": 0}'",
        "UPDATE jobs_job SET finished_at = '2030-01-01 00:00:00+00:00'",
        "UPDATE jobs_job SET outcome_seal = ''",
        "UPDATE jobs_job SET state = 'queued', finished_at = NULL",
    ],
)
def test_how_a_job_ended_is_not_said_otherwise_behind_the_program(cast: Cast, done: list[Any], sql: str) -> None:
    """A check that failed is not made to pass: the close of a month reads it."""

    asked_for = asked(cast)
    lease = claim("w")
    assert lease is not None
    lease.fail("台账核对不符：1处。")
    assert (named(), Job.objects.get(pk=asked_for.pk).is_as_ended) == ([], True)

    with connection.cursor() as cursor:
        cursor.execute(sql)

    assert named() == [f"后台任务{asked_for.pk} 记下"]
