"""The page of jobs: time left, sign of life, whose, renewed while something runs, called off, tried anew."""

from datetime import timedelta

import pytest
from django.db import transaction

from registry.accounts.middleware import SEEN
from registry.accounts.selectors import waiting_for
from registry.jobs.lease import LOST, LeaseLost, claim
from registry.jobs.models import Job, JobState, WorkerBeat
from registry.jobs.registry import KINDS, job
from registry.jobs.selectors import in_words, is_worker_alive, job_lines, seconds_left, time_left, worker_state
from registry.jobs.services import JobRefused, cancel, enqueue, note_failure_seen, retry, take_up, tell_failed
from registry.jobs.worker import Worker, run_job
from registry.kernel.authority import system_actor
from registry.kernel.errors import DomainError
from registry.store.clock import true_now
from registry.store.guard import technical_writes
from tests.factories.accounts import TODAY, Cast, assert_asks, sign_in
from tests.web.html import tight

pytestmark = pytest.mark.django_db(transaction=True)

URL = "/jobs/"


@pytest.fixture
def halves():
    """A job of ten portions that dies, or fails, after the fifth; gives the portions done."""
    done: list[int] = []
    fate: dict[str, object] = {}

    def run(lease):
        for n in range(int(lease.checkpoint.get("n", 0)), 10):
            with transaction.atomic():
                done.append(n)
                lease.beat(done=n + 1, checkpoint={"n": n + 1}, stage="做到一半", total=10)
            if n == 4 and "raise" in fate:
                raise fate.pop("raise")
        return {}

    job("test.halves", label="分十份做")(run)
    yield done, fate
    del KINDS["test.halves"]


def ask(cast: Cast, key: str = "one", player: str = "district") -> Job:
    return enqueue(actor=getattr(cast, player).actor, kind="test.halves", key=key, params={})


def running(job: Job, **more: object) -> Job:
    now = true_now()
    words = {
        "state": JobState.RUNNING, "lease_until": now + timedelta(seconds=30), "worker": "w", "beaten_at": now,
        "claimed_at": now - timedelta(seconds=60), "done": 100, "total": 400, **more,
    }  # fmt: skip
    with technical_writes():
        Job.objects.filter(pk=job.pk).update(**words)
    return Job.objects.get(pk=job.pk)


# Time left and sign of life ----------------------------------------------------------------------------------------


def test_time_left_comes_of_the_pace_of_the_present_attempt(cast: Cast, halves) -> None:
    now = true_now()
    found = running(ask(cast))

    assert seconds_left(found, found.beaten_at) == pytest.approx(180, abs=1)
    assert time_left(found, found.beaten_at) == "约3分钟"
    later = found.beaten_at + timedelta(seconds=20)
    assert seconds_left(found, later) == pytest.approx(160, abs=1)
    resumed = running(found, done_before=90, claimed_at=now - timedelta(seconds=10))
    assert seconds_left(resumed, resumed.beaten_at) == pytest.approx(300, rel=0.1)


@pytest.mark.parametrize(
    "changes",
    [{"total": 0}, {"done": 0}, {"done": 400}, {"done_before": 100}, {"claimed_at": None}, {"state": "queued"}],
    ids=str,
)
def test_time_left_that_nobody_can_know_is_not_said(cast: Cast, halves, changes) -> None:
    if changes.get("state") == "queued":
        changes = {**changes, "lease_until": None}
    assert time_left(running(ask(cast), **changes), true_now()) == ""


def test_silent_job_says_since_when_and_no_time_left(cast: Cast, halves) -> None:
    now = true_now()
    found = running(
        ask(cast), beaten_at=now - timedelta(minutes=5), lease_until=now - timedelta(minutes=4),
        claimed_at=now - timedelta(minutes=9),
    )  # fmt: skip

    [line] = job_lines([found], now=now)

    assert (line.sign_of_life, line.is_silent, line.time_left) == ("5分钟前", True, "")
    page = sign_in(cast.district).get(URL).content.decode()
    assert "待其他进程接续办理" in page


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (5, "不到1分钟"),
        (61, "约2分钟"),
        (180, "约3分钟"),
        (3540, "约59分钟"),
        (3600, "约1小时"),
        (7500, "约2小时10分钟"),
    ],
)
def test_lengths_of_time_are_said_as_people_do(seconds: int, words: str) -> None:
    assert in_words(seconds) == words


def test_claim_and_beat_leave_signs_of_life(cast: Cast, halves) -> None:
    ask(cast)
    lease = claim("w1")
    claimed = Job.objects.get()
    assert claimed.claimed_at == claimed.beaten_at is not None
    assert claimed.done_before == 0

    with transaction.atomic():
        lease.beat(done=4, checkpoint={"n": 4}, total=10)

    assert Job.objects.get().beaten_at > claimed.beaten_at
    with technical_writes():
        Job.objects.update(lease_until=true_now() - timedelta(seconds=1))
    claim("w2")
    assert Job.objects.get().done_before == 4


# The page ------------------------------------------------------------------------------------------------------------


def test_page_renews_itself_while_something_runs_and_only_then(cast: Cast, halves) -> None:
    found = running(ask(cast))
    client = sign_in(cast.district)

    page = client.get(URL).content.decode()
    assert 'hx-trigger="every 3s"' in page
    assert "约3分钟" in page
    part = client.get(URL, headers={"HX-Request": "true"}).content.decode()
    assert part.lstrip().startswith("{#") is False
    assert "<html" not in part
    assert '<div id="jobs"' in tight(part)

    with technical_writes():
        Job.objects.filter(pk=found.pk).update(state=JobState.DONE, lease_until=None)
    assert 'hx-trigger="every 3s"' not in client.get(URL).content.decode()


def test_page_that_renews_itself_keeps_nobody_signed_in(cast: Cast) -> None:
    client = sign_in(cast.district)
    client.get(URL, headers={"X-Polled": "1"})
    assert SEEN not in client.session

    client.get(URL)
    assert SEEN in client.session


def test_administrator_sees_whose_each_job_is_and_others_their_own(cast: Cast, halves) -> None:
    ask(cast)
    enqueue(actor=system_actor("每日任务"), kind="test.halves", key="night", params={})

    page = sign_in(cast.system_admin).get(URL).content.decode()
    assert "朝阳区专班 乙区" in page
    assert "系统每日任务" in page
    own = sign_in(cast.district).get(URL).content.decode()
    assert own.count("分十份做") == 1
    assert "提出人" not in own


@pytest.mark.parametrize("count", [1, 3])
def test_page_asks_the_same_however_many_jobs(cast: Cast, halves, count: int) -> None:
    for n in range(count):
        ask(cast, key=str(n))
    client = sign_in(cast.system_admin)
    client.get(URL)

    with assert_asks(9):  # the session, the jobs, the clock twice, beat, lease, last beat, names, the bar
        client.get(URL)


def test_worker_deep_in_a_job_is_alive(cast: Cast, halves) -> None:
    """It beats through its job alone: the beat between jobs is old by then."""
    found = running(ask(cast))
    with technical_writes():
        WorkerBeat.objects.create(worker="w", beaten_at=true_now() - timedelta(minutes=3))
    assert is_worker_alive()

    running(found, lease_until=true_now() - timedelta(seconds=1))
    state = worker_state()
    assert (state.is_alive, state.last_seen) == (False, "3分钟前")
    assert "最近一次响应：3分钟前" in sign_in(cast.district).get(URL).content.decode()


# Failing, trying anew, calling off -----------------------------------------------------------------------------------


def test_fault_of_the_program_is_said_in_chinese_never_as_the_program_says_it(cast: Cast, halves) -> None:
    _, fate = halves
    ask(cast)
    fate["raise"] = ValueError("secret path /etc/x")

    Worker("w").run(once=True)

    page = sign_in(cast.district).get(URL).content.decode()
    assert "任务出错，已完成的部分有效" in page
    assert "ValueError" not in page
    assert "secret" not in page


def test_failed_job_is_tried_anew_from_its_checkpoint_and_doubles_nothing(cast: Cast, halves) -> None:
    done, fate = halves
    asked = ask(cast)
    fate["raise"] = ValueError("x")
    Worker("w").run(once=True)
    assert Job.objects.get().state == JobState.FAILED
    assert done == [0, 1, 2, 3, 4]
    client = sign_in(cast.district)
    assert ">重试</button>" in client.get(URL).content.decode()

    answer = client.post(f"/jobs/{asked.pk}/retry/")

    assert answer.url == URL
    assert (Job.objects.get().state, Job.objects.get().error) == (JobState.QUEUED, "")
    Worker("w").run(once=True)
    assert (Job.objects.get().state, done) == (JobState.DONE, [*range(10)])


def test_attempt_before_a_retry_can_write_nothing_any_more(cast: Cast, halves) -> None:
    """The number of an attempt never comes back, so a worker that hung awakes to a lost lease, whatever its name."""
    asked = ask(cast)
    hung = claim("w", lease=timedelta(seconds=-1))
    with technical_writes():
        Job.objects.update(max_attempts=1)
    assert claim("w") is None
    assert Job.objects.get().error == LOST
    retry(actor=cast.district.actor, job=Job.objects.get(), now=true_now())
    assert claim("w").job.attempts == 2

    with pytest.raises(LeaseLost), transaction.atomic():
        hung.beat(done=1, checkpoint={"n": 1})
    hung.finish({"stolen": True})

    found = Job.objects.get(pk=asked.pk)
    assert (found.state, found.checkpoint, found.result) == (JobState.RUNNING, {}, {})


@pytest.mark.parametrize("state", [JobState.QUEUED, JobState.DONE, JobState.CANCELLED])
def test_only_what_failed_is_tried_anew(cast: Cast, halves, state: JobState) -> None:
    asked = ask(cast)
    with technical_writes():
        Job.objects.update(state=state)
    with pytest.raises(JobRefused, match="只有失败的任务"):
        retry(actor=cast.district.actor, job=Job.objects.get(pk=asked.pk), now=true_now())


def test_kind_that_can_not_be_repeated_is_not_offered_again(cast: Cast) -> None:
    job("test.once", label="只做一次", is_repeatable=False)(lambda lease: {})
    try:
        asked = enqueue(actor=cast.district.actor, kind="test.once", key="o", params={})
        with technical_writes():
            Job.objects.update(state=JobState.FAILED, error="坏了。")
        client = sign_in(cast.district)
        assert ">重试</button>" not in client.get(URL).content.decode()
        assert client.post(f"/jobs/{asked.pk}/retry/").status_code == 422
    finally:
        del KINDS["test.once"]


@pytest.mark.parametrize("act", ["stop", "retry"])
def test_stranger_neither_calls_off_nor_tries_anew(cast: Cast, halves, act: str) -> None:
    asked = ask(cast)
    with technical_writes():
        Job.objects.update(state=JobState.FAILED)
    assert sign_in(cast.district_second).post(f"/jobs/{asked.pk}/{act}/").status_code == 404
    assert Job.objects.get().state == JobState.FAILED


def test_administrator_calls_off_a_job_at_its_next_beat(cast: Cast, halves) -> None:
    done, _ = halves
    asked = ask(cast)
    lease = claim("w")
    sign_in(cast.system_admin).post(f"/jobs/{asked.pk}/stop/")

    run_job(lease)

    assert done == [0], "the portion in hand is rolled back at its beat, nothing after it is begun"
    found = Job.objects.get()
    assert (found.state, found.checkpoint, found.done) == (JobState.CANCELLED, {}, 0)


def lying(player: object) -> list[tuple[str, str, str]]:
    return [(item.verb, item.title, item.link) for item in waiting_for(player.actor, on=TODAY).items]  # type: ignore[attr-defined]


def failed(cast: Cast, fate: dict[str, object], player: str = "district") -> Job:
    """A job that a person asked for and that failed; a worker told them."""
    job = ask(cast, player=player)
    fate["raise"] = DomainError("磁盘已满，未生成文件。请联系系统管理员。")
    Worker("w").run(once=True)
    return Job.objects.get(pk=job.pk)


def test_who_asked_is_told_that_a_job_failed_and_why(cast: Cast, halves) -> None:
    _, fate = halves
    job = failed(cast, fate)
    Worker("w").run(once=True)

    said = ("查看", "任务失败：分十份做。磁盘已满，未生成文件。请联系系统管理员。", URL)
    assert (job.state, job.is_told) == (JobState.FAILED, True)
    assert lying(cast.district) == [said], "once, however often a worker looks"
    assert lying(cast.district_second) == lying(cast.system_admin) == []
    assert "磁盘已满" in sign_in(cast.district).get(URL).content.decode()
    assert "任务失败：分十份做" in sign_in(cast.district).get("/").content.decode()


def test_a_failure_leaves_the_inbox_when_the_job_is_tried_anew(cast: Cast, halves) -> None:
    _, fate = halves
    job = failed(cast, fate)

    sign_in(cast.district).post(f"{URL}{job.pk}/retry/")

    assert lying(cast.district) == []
    fate["raise"] = ZeroDivisionError("x")  # the fifth portion is behind it: this one is not met
    Worker("w").run(once=True)
    assert Job.objects.get().state == JobState.DONE


def test_a_failure_leaves_the_inbox_when_it_is_seen_and_by_nobody_else(cast: Cast, halves) -> None:
    _, fate = halves
    job = failed(cast, fate)
    page = sign_in(cast.district).get(URL).content.decode()
    assert "知道了" in page

    assert sign_in(cast.district_second).post(f"{URL}{job.pk}/seen/").status_code == 404
    with pytest.raises(JobRefused, match="只有提出任务的人"):
        note_failure_seen(actor=cast.district_second.actor, job=job)
    assert len(lying(cast.district)) == 1
    assert sign_in(cast.district).post(f"{URL}{job.pk}/seen/").status_code == 302

    assert lying(cast.district) == []
    assert "知道了" not in sign_in(cast.district).get(URL).content.decode()
    with pytest.raises(JobRefused, match="没有待看的失败告知"):
        note_failure_seen(actor=cast.district.actor, job=job)


def test_a_job_that_its_workers_never_ended_is_told_too(cast: Cast, halves) -> None:
    running(ask(cast), attempts=3, lease_until=true_now() - timedelta(seconds=1))

    Worker("w").run(once=True)

    assert [title for _, title, _ in lying(cast.district)] == [f"任务失败：分十份做。{LOST}"]


def test_a_daily_job_that_failed_is_told_to_the_system_administrators(cast: Cast, halves) -> None:
    _, fate = halves
    enqueue(actor=system_actor("每日任务"), kind="test.halves", key="daily", params={})
    fate["raise"] = DomainError("有3处不符。请核对。")

    Worker("w").run(once=True)

    assert [title for _, title, _ in lying(cast.system_admin)] == ["任务失败：分十份做。有3处不符。请核对。"]
    assert lying(cast.district) == []


def test_a_job_that_did_not_fail_is_told_to_nobody(cast: Cast, halves) -> None:
    job = ask(cast)

    with pytest.raises(JobRefused, match="没有失败"):
        tell_failed(actor=system_actor("后台任务"), job=job)
    Worker("w").run(once=True)

    assert (Job.objects.get().state, lying(cast.district)) == (JobState.DONE, [])


def test_a_job_is_taken_up_retried_and_called_off_only_as_it_stands(cast: Cast, halves) -> None:
    _, fate = halves
    job = failed(cast, fate)
    with pytest.raises(JobRefused, match="只有提出任务的人和系统管理员可以重试"):
        retry(actor=cast.district_second.actor, job=job, now=true_now())
    with pytest.raises(JobRefused, match="任务已经结束，不能取消"):
        cancel(actor=cast.district.actor, job=job)

    retry(actor=cast.district.actor, job=job, now=true_now())
    Worker("w").run(once=True)

    with pytest.raises(JobRefused, match="任务已完成"):
        take_up(job=Job.objects.get(), now=true_now())
