"""The clock of a demo: the ledger's day is the story's, people move it on, safety stays on the true one."""

from collections.abc import Iterator
from datetime import date, timedelta

import pytest
from django.utils import timezone

from documents.setup.clock import STARTS, finish_clock, start_clock
from registry.audit.models import Act
from registry.jobs.models import Job
from registry.jobs.registry import KINDS
from registry.jobs.services import JobRefused, move_demo_clock
from registry.kernel.errors import NotFound
from registry.store.clock import (
    database_now,
    forget_demo,
    is_demo,
    ledger_now,
    ledger_today,
    moment_here,
    true_now,
)
from tests.factories.accounts import Cast, assert_asks, sign_in
from tests.factories.projects import TODAY, on_day

pytestmark = pytest.mark.django_db
MOMENT = timedelta(minutes=2)


@pytest.fixture(autouse=True)
def _ask_anew() -> Iterator[None]:
    forget_demo()
    yield
    forget_demo()


@pytest.fixture
def demo(db: None) -> None:
    start_clock()
    finish_clock()


def test_without_a_demo_the_clock_is_the_true_one_and_costs_nothing(cast: Cast) -> None:
    assert (is_demo(), abs(ledger_now() - true_now()) < MOMENT) == (False, True)
    with assert_asks(0):
        assert not is_demo()
        assert abs(moment_here() - timezone.now()) < MOMENT


def test_a_demo_begins_on_the_day_of_the_story(demo: None) -> None:
    assert ledger_today() == date(2022, 3, 8) == STARTS.date()
    assert [abs(moment - STARTS) < MOMENT for moment in (ledger_now(), database_now(), moment_here())] == [True] * 3
    assert true_now().year > 2022
    with on_day(TODAY):
        assert database_now().date() == TODAY, "backfill states its own"


def test_an_act_bears_the_moment_of_the_demo_and_keeps_the_true_order(demo: None, cast: Cast) -> None:
    before = Act.objects.order_by("id").last()
    move_demo_clock(actor=cast.city.actor, days=7)
    move_demo_clock(actor=cast.district.actor, days=1)

    first, second = Act.objects.filter(event="demo.moved").order_by("id")
    assert (first.recorded_at.date(), second.recorded_at.date()) == (date(2022, 3, 8), date(2022, 3, 15))
    assert ledger_today() == date(2022, 3, 16)
    assert before is None or before.id < first.id


def test_moving_on_asks_for_what_is_due_by_then(demo: None, cast: Cast) -> None:
    move_demo_clock(actor=cast.city.actor, days=7)

    asked = set(Job.objects.values_list("idempotency_key", flat=True))
    assert asked == {f"{kind.name}:2022-03-15" for kind in KINDS.values() if kind.daily_at is not None}
    assert len(asked) > 3


@pytest.mark.parametrize("days", [0, -1, 2, 365])
def test_the_clock_moves_by_its_steps_alone(demo: None, cast: Cast, days: int) -> None:
    with pytest.raises(JobRefused, match="只能拨一日、一周或一月"):
        move_demo_clock(actor=cast.city.actor, days=days)


def test_no_other_database_has_a_clock_to_move(cast: Cast) -> None:
    with pytest.raises(NotFound, match="不是演示数据"):
        move_demo_clock(actor=cast.city.actor, days=1)
    page = sign_in(cast.city).get("/").content.decode()
    assert "演示时钟" not in page
    assert sign_in(cast.city).post("/jobs/clock/", {"days": "1"}).status_code == 404


def test_a_demo_that_is_not_loaded_whole_stands(cast: Cast) -> None:
    start_clock()
    with pytest.raises(NotFound, match="不是演示数据"):
        move_demo_clock(actor=cast.city.actor, days=1)


def test_the_bar_shows_the_day_and_moves_it_on(demo: None, cast: Cast) -> None:
    client = sign_in(cast.township)
    assert "2022年3月8日 星期二" in client.get("/").content.decode()

    moved = client.post("/jobs/clock/", {"days": "7"}, follow=True)

    assert "演示时钟已拨到2022-03-15" in moved.content.decode()
    assert moved.context["today"] == date(2022, 3, 15)
    assert client.post("/jobs/clock/", {"days": "x"}).status_code == 422
