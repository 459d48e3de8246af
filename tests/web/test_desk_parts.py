"""The parts of a desk: kinds and lights of what waits, what I began and did, what changed since I was here."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.http import HttpResponse
from django.test import RequestFactory

from registry.accounts.models import InboxItem
from registry.store.clock import ledger_today, moment_here
from registry.store.guard import fixture_writes
from registry.web import visits
from registry.web.changes import NEWS, News, changes_since, declare_news
from registry.web.lamps import lamp_of
from tests.factories.accounts import Cast, sign_in
from tests.factories.projects import Estate

pytestmark = pytest.mark.django_db
ON = date(2022, 3, 8)
NOW = datetime(2022, 3, 8, 9, 0, tzinfo=UTC)


def lay(title: str, verb: str, due_on: date | None = None) -> None:
    with fixture_writes():
        InboxItem.objects.create(
            source="x:1", verb=verb, title=title, link="/approvals/", created_at="2022-03-01T00:00Z", due_on=due_on,
            role="district", area_code="110105",
        )  # fmt: skip


@pytest.mark.parametrize(
    ("due_on", "css", "words"),
    [
        (None, "go", "无期限"), (date(2022, 3, 12), "go", "余4日"), (date(2022, 3, 11), "soon", "余3日"),
        (ON, "soon", "今日"), (date(2022, 3, 7), "over", "逾期1日"), (date(2021, 12, 8), "over", "逾期90日"),
        (date(2021, 12, 7), "long", "逾期2个月"),
    ],
)  # fmt: skip
def test_a_light_says_the_number_of_days(due_on: date | None, css: str, words: str) -> None:
    lamp = lamp_of(due_on, ON)

    assert (lamp.css, lamp.words) == (css, words)


def test_what_waits_stands_under_its_light_and_can_be_narrowed_by_kind(cast: Cast) -> None:
    today = ledger_today()
    lay("旧事", "复核", today - timedelta(days=2))
    lay("今天的事", "会签", today)
    lay("不急的事", "会签")
    client = sign_in(cast.district)

    page = client.get("/")
    kinds = [(kind.verb, kind.count, kind.late, kind.soon) for kind in page.context["kinds"]]
    assert kinds == [("", 3, 1, 1), ("复核", 1, 1, 0), ("会签", 2, 0, 1)]
    assert [(group.label, len(group.rows)) for group in page.context["groups"]] == [
        ("逾期", 1), ("今日和临期", 1), ("正常", 1)
    ]  # fmt: skip
    narrowed = client.get("/?kind=会签").content.decode()
    assert "今天的事" in narrowed
    assert "旧事" not in narrowed.split('aria-label="待办事项"')[1]


def test_a_kind_that_is_not_there_narrows_nothing(cast: Cast) -> None:
    lay("一件", "复核")

    assert "一件" in sign_in(cast.district).get("/?kind=nonsense&tab=nonsense").content.decode()


def test_after_an_act_the_next_thing_is_offered(cast: Cast) -> None:
    from registry.accounts.services import save_filter

    lay("下一件事", "复核")
    client = sign_in(cast.district)
    saved = save_filter(actor=cast.district.actor, page="projects", name="甲", query="a=1")

    calm = client.get("/projects/").content.decode()
    client.post(f"/filters/{saved.pk}/drop/")
    assert "下一件</span>" not in calm, "only after an act"


def test_what_i_did_this_week_is_told(estate: Estate) -> None:
    client = sign_in(estate.cast.district)
    client.post(
        f"/projects/{estate.project.code}/note/",
        {"kind": "progress", "text": "与开发单位会商", "noted_on": ledger_today()},
    )
    done = client.get("/?tab=done")

    assert done.context["done"], "the note is the last act"
    assert not sign_in(estate.cast.district_second).get("/?tab=done").context["done"]


def request_with(cookie: str = "") -> Any:
    request = RequestFactory().get("/")
    if cookie:
        request.COOKIES[visits.COOKIE] = cookie
    return request


def kept(cookie: str, person: int, now: datetime) -> str:
    response = HttpResponse()
    visits.keep_visit(request_with(cookie), response, person, now=now)
    return response.cookies[visits.COOKIE].value


def test_a_visit_counts_from_the_end_of_the_one_before() -> None:
    first = kept("", 1, NOW)
    assert visits.last_visit(request_with(first), 1, now=NOW + timedelta(minutes=5)) is None, "the first visit"
    later = NOW + timedelta(hours=20)
    assert visits.last_visit(request_with(first), 1, now=later) == NOW
    second = kept(first, 1, later)
    assert visits.last_visit(request_with(second), 1, now=later + timedelta(minutes=10)) == NOW, "all through the visit"


def test_another_person_a_broken_cookie_and_long_ago_are_met() -> None:
    cookie = kept(kept("", 1, NOW), 1, NOW + timedelta(days=1))
    assert visits.last_visit(request_with(cookie), 2, now=NOW + timedelta(days=2)) is None
    assert visits.last_visit(request_with(cookie[:-3]), 1, now=NOW + timedelta(days=2)) is None
    long = NOW + timedelta(days=50)
    assert visits.last_visit(request_with(cookie), 1, now=long) == long - visits.FURTHEST


def test_only_what_changed_in_reach_is_news(estate: Estate, stranger: Estate) -> None:
    since = moment_here() - timedelta(days=30)
    every = dict(NEWS)
    NEWS.clear()
    try:
        declare_news(News(1, "入账", "批", "good", events=("units.placed",)), News(2, "没有的", "件", events=("x.y",)))
        own = changes_since(estate.cast.district.actor, since)
        whole = changes_since(estate.cast.city.actor, since)
    finally:
        NEWS.clear()
        NEWS.update(every)

    assert own in ([("入账", "+1批", "good")], [])
    assert len(whole) <= 1
    with pytest.raises(ValueError, match="two kinds of news"):
        declare_news(News(1, "新发证", "户"))
