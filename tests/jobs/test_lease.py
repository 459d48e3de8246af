"""The lease: one worker at a time, take-over from the checkpoint, nothing lost or doubled."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import transaction

from registry.jobs.lease import LOST, JobCancelled, LeaseLost, claim
from registry.jobs.models import Job, JobState, WorkerBeat
from registry.jobs.registry import KINDS, job
from registry.jobs.services import JobRefused, cancel, enqueue
from registry.jobs.worker import Worker, run_job
from registry.kernel.authority import Actor, Role
from registry.kernel.errors import DomainError
from registry.store.guard import technical_writes

pytestmark = pytest.mark.django_db(transaction=True)

CLERK = Actor(7, "甲", Role.DISTRICT)
GONE = timedelta(seconds=-1)


@pytest.fixture
def counting():
    """A job that counts to five, and can be told to die on the way."""
    seen: list[int] = []
    fate: dict[str, Any] = {}

    def run(lease):
        if fate.get("stop_after") == -1:
            fate["stop"]()
        for n in range(int(lease.checkpoint.get("n", 0)), 5):
            with transaction.atomic():
                seen.append(n)
                lease.beat(done=n + 1, checkpoint={"n": n + 1}, stage="数数", total=5)
            if fate.get("die_after") == n:
                raise SystemExit
            if fate.get("stop_after") == n:
                fate["stop"]()
        return {"sum": sum(seen)}

    job("test.count", label="数数")(run)
    yield seen, fate
    del KINDS["test.count"]


def ask(key="one"):
    return enqueue(actor=CLERK, kind="test.count", key=key, params={})


def test_asking_twice_gives_the_same_job(counting):
    assert ask().pk == ask().pk
    assert Job.objects.count() == 1


def test_job_is_done_by_one_worker_and_says_so(counting):
    ask()

    assert Worker("w1").run(once=True) == 1

    done = Job.objects.get()
    assert (done.state, done.done, done.total, done.result) == (JobState.DONE, 5, 5, {"sum": 10})
    assert not WorkerBeat.objects.exists(), "a worker that stopped is not alive"


def test_second_worker_gets_nothing_while_the_lease_lasts(counting):
    ask()
    assert claim("w1") is not None
    assert claim("w2") is None


def test_dead_worker_is_taken_over_from_the_checkpoint(counting):
    seen, fate = counting
    ask()
    fate["die_after"] = 2
    with pytest.raises(SystemExit):
        run_job(claim("w1", lease=GONE))
    fate.clear()

    run_job(claim("w2"))

    assert seen == [0, 1, 2, 3, 4], "nothing lost, nothing doubled"
    assert Job.objects.get().attempts == 2


@pytest.mark.parametrize("after", [0, 2, 3])
def test_worker_told_to_stop_leaves_at_its_next_beat_and_it_costs_no_attempt(counting, after):
    """What was committed stays, what was not is done anew by whoever comes next, the asker notices nothing."""
    seen, fate = counting
    asked, worker = ask(), Worker("w1")
    fate["stop_after"], fate["stop"] = after, worker.stop

    assert worker.run(once=True) == 1

    left = Job.objects.get()
    assert (left.state, left.worker, left.lease_until, left.error) == (JobState.QUEUED, "", None, "")
    assert (left.checkpoint, left.max_attempts - left.attempts) == ({"n": after + 1}, asked.max_attempts)
    assert seen == list(range(after + 2)), "the step of the next beat began, and was rolled back"

    assert Worker("w2").run(once=True) == 1
    assert seen == [*range(after + 2), *range(after + 1, 5)]
    assert (Job.objects.get().state, Job.objects.get().attempts) == (JobState.DONE, 2)


def test_job_whose_workers_are_told_to_stop_over_and_over_never_runs_out_of_attempts(counting):
    _, fate = counting
    ask()
    for turn in range(5):
        worker = Worker(f"w{turn}")
        fate["stop_after"], fate["stop"] = -1, worker.stop
        worker.run(once=True)
        assert Job.objects.get().state == JobState.QUEUED, turn


def test_worker_told_to_stop_after_the_last_beat_ends_the_job(counting):
    _, fate = counting
    ask()
    worker = Worker("w1")
    fate["stop_after"], fate["stop"] = 4, worker.stop

    worker.run(once=True)

    assert Job.objects.get().state == JobState.DONE


def test_worker_that_lost_its_lease_can_not_write(counting):
    ask()
    first = claim("w1", lease=GONE)
    claim("w2")

    with pytest.raises(LeaseLost), transaction.atomic():
        first.beat(done=1, checkpoint={"n": 1})
    assert Job.objects.get().checkpoint == {}


def test_beat_outside_a_transaction_is_a_fault_of_the_program(counting):
    ask()
    with pytest.raises(RuntimeError, match="outside the transaction"):
        claim("w1").beat(done=1, checkpoint={})


def test_cancelled_job_stops_at_its_next_checkpoint(counting):
    asked = ask()
    lease = claim("w1")
    cancel(actor=CLERK, job=asked)

    with pytest.raises(JobCancelled), transaction.atomic():
        lease.beat(done=1, checkpoint={"n": 1})
    assert Job.objects.get().state == JobState.CANCELLED


def test_stranger_can_not_cancel(counting):
    with pytest.raises(JobRefused, match="只有提出任务的人"):
        cancel(actor=Actor(8, "乙", Role.DISTRICT), job=ask())


def test_job_that_keeps_dying_fails_with_a_readable_reason(counting):
    ask()
    with technical_writes():
        Job.objects.update(max_attempts=1)
    claim("w1", lease=GONE)

    assert claim("w2") is None
    assert (Job.objects.get().state, Job.objects.get().error) == (JobState.FAILED, LOST)


def test_refusal_inside_a_job_is_its_reason():
    def refuse(lease):
        raise DomainError("这个月已经结账。")

    job("test.refuse", label="拒绝")(refuse)
    try:
        enqueue(actor=CLERK, kind="test.refuse", key="r", params={})
        Worker("w1").run(once=True)
        assert Job.objects.get().error == "这个月已经结账。"
    finally:
        del KINDS["test.refuse"]


def test_every_declared_job_has_a_label():
    assert {kind.name: kind.label for kind in KINDS.values()} == {
        "audit.anchor": "操作记录留锚",
        "casework.leverage": "计算优先化解次序",
        "casework.policies": "政策适用建议",
        "commitments.nightly": "承诺的每日规则",
        "exports.destroy": "到期导出销毁",
        "exports.make": "导出房屋明细",
        "forms.sweep": "销毁超过保留期限的表单草稿和暂存文件",
        "fund.open": "应交维修资金的户开设台账",
        "leads.openings": "楼栋可以办证后的告知名单",
        "gates.recount": "全市环节复算",
        "imports.expire": "到期导入作废",
        "leads.matching": "匹配工单和项目",
        "imports.read": "检查上传的清册",
        "ledger.check": "核对台账",
        "month.count": "计算月报",
        "reports.schedule": "生成定期报表",
        "notices.issue": "批量出具文书",
        "residuals.return": "复查逾期余户重新计入未办",
        "units.load_city": "全市清册导入",
    }
