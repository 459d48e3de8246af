"""The nightly recount of the city: nothing differs, and what differs is named and fails the job."""

from projects.gates.models import ReadinessSpan
from registry.jobs.models import Job, JobState
from registry.jobs.services import enqueue
from registry.jobs.worker import Worker
from registry.kernel.authority import system_actor
from registry.store.guard import fixture_writes
from tests.factories.projects import TODAY as DAY
from tests.factories.projects import Estate, bring_to, on_day


def recount(key: str) -> Job:
    enqueue(actor=system_actor("每日"), kind="gates.recount", key=key, params={})
    Worker("w1").run(once=True)
    return Job.objects.latest("id")


def test_the_city_recounted_shows_no_difference(story: Estate) -> None:
    bring_to(story, story.homes[:2], "issued", DAY)
    with on_day(DAY):
        job = recount("a")

    assert (job.state, job.result) == (JobState.DONE, {"projects": 1, "differences": 0})


def test_a_span_that_is_not_what_the_gates_say_fails_the_recount(story: Estate) -> None:
    with fixture_writes():
        span = ReadinessSpan.objects.filter(figure="ready", known_to__isnull=True, count__gt=0).latest("from_on")
        ReadinessSpan.objects.filter(pk=span.pk).update(count=span.count + 1)
    job = recount("b")

    assert job.state == JobState.FAILED
    assert job.error.startswith("复算有1处与存的数不同：CY-9001 楼栋")
    assert "请联系系统管理员核对台账" in job.error
