"""Every service of jobs: unknown to whom it is no business, undone if its record fails."""

import pytest

from documents.setup.clock import finish_clock, start_clock
from registry.jobs.models import Job, JobState
from registry.jobs.services import JobRefused, enqueue, move_demo_clock, note_failure_seen, tell_failed
from registry.kernel.errors import NotFound
from registry.store.clock import forget_demo
from registry.store.guard import technical_writes
from tests.factories.laid import rows_of
from tests.factories.projects import TODAY, Estate, on_day
from tests.factories.trials import Prepared, Trial, digest, services_of, try_unrecorded_then_recorded

pytestmark = pytest.mark.django_db


def failed(estate: Estate) -> Job:
    """A job of the district's that failed."""
    job = enqueue(actor=estate.cast.district.actor, kind="units.export", key="一", params={}, label="导出清单")
    with technical_writes():
        Job.objects.update(state=JobState.FAILED, error="做到一半停了", is_told=False)
    job.refresh_from_db()
    return job


def told(estate: Estate) -> Prepared:
    job = failed(estate)
    return lambda actor: tell_failed(actor=actor, job=job)


def seen(estate: Estate) -> Prepared:
    job = failed(estate)
    with on_day(TODAY):
        tell_failed(actor=estate.cast.district.actor, job=job)
    return lambda actor: note_failure_seen(actor=actor, job=job)


def moved(estate: Estate) -> Prepared:
    start_clock()
    finish_clock()
    return lambda actor: move_demo_clock(actor=actor, days=7)


TRIALS: dict[str, Trial] = {
    "tell_failed": Trial("job.failed", "system", "", told),
    "note_failure_seen": Trial("job.seen", "district", "", seen),
    "move_demo_clock": Trial("demo.moved", "district", "", moved),
}


def test_every_service_is_tried() -> None:
    assert set(TRIALS) == services_of("registry.jobs.")


@pytest.mark.parametrize("name", TRIALS)
def test_a_service_leaves_nothing_if_its_record_fails(
    estate: Estate, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    forget_demo()
    try:
        try_unrecorded_then_recorded(TRIALS[name], estate, monkeypatch)
    finally:
        forget_demo()


def test_a_job_is_not_marked_as_told_without_the_record(estate: Estate, monkeypatch: pytest.MonkeyPatch) -> None:
    """Jobs are written beside the acts, so the trial above does not hold their rows: this one does."""
    act, before = told(estate), rows_of(Job)

    with monkeypatch.context() as patched:
        patched.setattr("registry.store.acts._recorders", [lambda act: 1 / 0])
        with on_day(TODAY), pytest.raises(ZeroDivisionError):
            act(estate.cast.district.actor)

    assert rows_of(Job) == before


@pytest.mark.parametrize("who", ["district_second", "city", "auditor", "strange_district"])
def test_a_failure_is_the_business_of_who_asked_and_of_no_other(estate: Estate, who: str) -> None:
    act = seen(estate)
    before = digest()

    with on_day(TODAY), pytest.raises(JobRefused, match="只有提出任务的人和系统管理员"):
        act(getattr(estate.cast, who).actor)

    assert digest() == before


def test_only_a_demo_has_a_clock_to_move(estate: Estate) -> None:
    before = digest()

    with on_day(TODAY), pytest.raises(NotFound, match="没有可以拨动的时钟"):
        move_demo_clock(actor=estate.cast.district.actor, days=7)

    assert digest() == before
