"""A month is closed by two persons: as it was when it was proposed, after a check of the ledger, and never unsound."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.db import connection

from documents.reports.models import MonthClose
from documents.reports.selectors.closing import CHECK, unusual
from documents.reports.selectors.months import closed_before, preview_month
from documents.reports.services import close_month, propose_close
from registry.accounts.models import Approval
from registry.accounts.services.approvals import approve
from registry.audit.invariants import INVARIANTS
from registry.jobs.models import Job, JobState
from registry.jobs.services import enqueue
from registry.jobs.worker import Worker
from registry.kernel.authority import Role, system_actor
from registry.kernel.periods import Month
from registry.store.clock import true_now
from registry.store.guard import fixture_writes
from registry.store.second import FirstPerson
from tests.factories.accounts import Player, lay_assignment, lay_person, sign_in
from tests.factories.projects import Estate, bring_to, moment, on_day
from tests.factories.trials import refused

FEBRUARY, MARCH = Month.parse("2022-02"), Month.parse("2022-03")
TODAY = date(2022, 3, 2)


@pytest.fixture
def second(story: Estate) -> Player:
    """Another person of the city's task force."""
    at = story.cast.city.organisation
    who = lay_person(username="city.second", name="甲二", organisation=at)
    return Player(who, at, lay_assignment(who, at, Role.CITY))


@pytest.fixture
def checked(story: Estate) -> Job:
    return check()


def check() -> Job:
    """Check the whole ledger, as the worker does."""
    enqueue(actor=system_actor("测试"), kind=CHECK, key=f"{CHECK}:{Job.objects.count()}", params={})
    Worker("test").run(once=True)
    job: Job = Job.objects.filter(kind=CHECK).latest("id")
    return job


def proposed(estate: Estate, on: date = TODAY) -> Approval:
    with on_day(on):
        approval: Approval = propose_close(actor=estate.cast.city.actor, month=FEBRUARY)
    return approval


def test_what_was_shown_when_it_was_proposed_is_what_is_frozen(story: Estate, second: Player, checked: Job) -> None:
    """An issue of February recorded between the two persons is a correction of March."""
    bring_to(story, story.homes[:2], "issued", date(2022, 2, 10))
    approval = proposed(story)
    bring_to(story, story.homes[2:3], "issued", date(2022, 3, 3))

    with on_day(date(2022, 3, 4)):
        approve(actor=second.actor, approval=approval)

    closed = MonthClose.objects.get()
    assert (closed.known_at, closed.closed_at) == (moment(TODAY, 10), moment(date(2022, 3, 4), 10))
    assert closed.closed_by == second.person
    assert [row["issued"] for row in closed.rows["ledger"]] == [2]
    assert [fault for rule in ("I9", "I11") for fault in INVARIANTS[rule].check(None)] == []
    [total] = preview_month(month=MARCH).rows["totals"]
    assert (total["issued_month"], total["issued_corrected"], total["issued"]) == (1, 0, 3)


def test_one_person_closes_no_month(story: Estate, checked: Job) -> None:
    approval = proposed(story)
    city = story.cast.city

    with refused("复核须由两人办理", code="second_person"), on_day(TODAY):
        approve(actor=city.actor, approval=approval)
    with refused("月度结账须由两人办理", code="second_person"), on_day(TODAY):
        close_month(actor=city.actor, month=FEBRUARY)
    with refused("月度结账须由两人办理", code="second_person"), on_day(TODAY):
        close_month(actor=city.actor, month=FEBRUARY, first=FirstPerson.of(city.person))
    assert not MonthClose.objects.exists()


def test_a_month_waits_for_one_proposal_at_a_time(story: Estate, checked: Job) -> None:
    proposed(story)

    with refused("同一事项已由甲市于2022-03-02 10:00提请", code="already_waiting"):
        proposed(story, date(2022, 3, 3))


def test_a_month_is_not_proposed_before_its_turn(story: Estate, checked: Job) -> None:
    with refused("2022年2月尚未终了", code="not_over"):
        proposed(story, date(2022, 2, 28))


def test_no_month_is_proposed_without_a_check_of_the_ledger(story: Estate) -> None:
    with refused("台账尚未核对。请先核对台账", code="ledger"):
        proposed(story)

    job, before = check(), FEBRUARY.cut_off() - timedelta(hours=1)
    with fixture_writes():
        Job.objects.filter(pk=job.pk).update(**job.ending(JobState.DONE, before, result=job.result))
    with refused("最近一次核对在2022年2月的统计截止之前", code="ledger"):
        proposed(story)
    check()
    assert proposed(story).payload["month"] == "2022-02", "the control"


def test_a_red_ledger_closes_no_month(story: Estate) -> None:
    with connection.cursor() as cursor:
        cursor.execute("UPDATE ledger_tally SET count = count + 1 WHERE id = (SELECT MIN(id) FROM ledger_tally)")
    job = check()

    assert (job.state, "I2 " in job.error) == (JobState.FAILED, True)
    with refused("最近一次核对不符：台账有", code="ledger"):
        proposed(story)


def test_a_draft_that_was_changed_past_the_books_is_not_frozen(story: Estate, second: Player, checked: Job) -> None:
    bring_to(story, story.homes[:1], "issued", date(2022, 2, 10))
    approval = proposed(story)
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE ledger_move SET occurred_on = '2022-03-01' WHERE to_stage = 'issued' AND track = 'certificate'"
        )

    with (
        refused("2022年2月勾稽不平，不能结账：提请时的数与按当时已知重数的不同", code="faults"),
        on_day(date(2022, 3, 4)),
    ):
        approve(actor=second.actor, approval=approval)
    assert not MonthClose.objects.exists()


def test_what_stands_out_against_the_month_before_is_shown(story: Estate) -> None:
    bring_to(story, story.homes[:1], "issued", date(2022, 2, 10))
    with on_day(TODAY):
        close_month(actor=system_actor("测试"), month=FEBRUARY)
    before = closed_before(MARCH)
    assert before is not None
    assert before.entries is not None
    entry = before.entries["CY-9001"]
    many = {"CY-9001": {**entry, "flow": {**entry["flow"], "issued_month": 25}}}

    listed = unusual(preview_month(month=MARCH).rows, many)

    assert [(row.where, row.what, row.last, row.now) for row in listed] == [
        ("CY-9001 演示小区", "上月有发证，本月没有", 25, 0)
    ]
    assert unusual(preview_month(month=MARCH).rows, before.entries) == []


def test_the_page_of_the_close_says_what_will_be_frozen_and_asks_for_the_second_person(
    story: Estate, second: Player
) -> None:
    month = Month.of(true_now().date()).previous
    address = f"/documents/reports/{month}/close/"
    first = sign_in(story.cast.city)

    page = first.get(address).content.decode()
    assert "台账尚未核对" in page
    assert "提请结账" not in page
    first.post(f"/documents/reports/{month}/check/")
    assert "正在核对" in first.get(address).content.decode()
    Worker("test").run(once=True)

    page = first.get(address).content.decode()
    assert [word for word in ("将冻结的数", "应办（住宅）", "全部相符", "提请结账") if word not in page] == []
    assert "应为1" in first.post(address, {"count": "2"}).content.decode()
    sent: Any = first.post(address, {"count": "1"})
    approval = Approval.objects.get()
    assert sent.url == f"/approvals/{approval.pk}/"
    assert "等另一名人员复核" in first.get(address).content.decode()
    other = sign_in(second)
    assert "期初12，期末12套" in other.get(sent.url).content.decode()
    other.post(sent.url, {"decision": "approve", "remark": ""})
    assert MonthClose.objects.get().month == str(month)
