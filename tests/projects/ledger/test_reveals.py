"""Reveals off the counter: the security administrator hears of fifty a day, two hundred is the end."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from typing import Any

import pytest
from django.urls import reverse

from projects import ports
from projects.ledger.selectors.reveals import revealed_by
from projects.ledger.services.reveal import ALARM, STOP, check_reveals, reveal_holder
from registry.accounts.models import InboxItem
from registry.kernel.authority import Role
from tests.factories.accounts import Player, lay_assignment, sign_in
from tests.factories.projects import TODAY, Estate, first_holder, lay_reveals, on_day
from tests.factories.trials import last_act, refused

WHY = "窗口核对身份证"


def reveal(estate: Estate, by: Player | None = None, on: date = TODAY) -> None:
    with on_day(on):
        reveal_holder(actor=(by or estate.cast.district).actor, holder=first_holder(estate), reason=WHY)


def told(estate: Estate) -> list[str]:
    """What lies on the desk of the security administrator."""
    page = InboxItem.objects.waiting_for(estate.cast.security_admin.actor)
    return list(page.order_by("id").values_list("title", flat=True))


@contextmanager
def counter_accounts_for(count: int) -> Iterator[None]:
    """Let the counter have booked and scanned so many families."""
    before = ports._answers["counter_reveals"]
    ports._answers["counter_reveals"] = lambda *, person_id, on: count
    try:
        yield
    finally:
        ports._answers["counter_reveals"] = before


def test_the_limits_are_those_that_were_promised(estate: Estate) -> None:
    assert (ALARM, STOP) == (50, 200)
    assert ports.counter_reveals(person_id=1, on=TODAY) == 0, "nobody came, nothing was scanned"


def test_the_fiftieth_reveal_of_a_day_is_laid_before_the_security_administrator(estate: Estate) -> None:
    lay_reveals(estate.cast.district, 48)
    reveal(estate)
    assert told(estate) == []

    reveal(estate)
    reveal(estate)

    assert told(estate) == ["朝阳区专班 乙区2022-03-08查看完整个人信息50次，请核查是否正常办理"]
    assert InboxItem.objects.waiting_for(estate.cast.system_admin.actor).count() == 0


def test_two_hundred_are_the_end_of_the_day_and_the_security_administrator_hears_of_it(estate: Estate) -> None:
    lay_reveals(estate.cast.district, 199)
    reveal(estate)

    with refused("今日查看完整信息已达200次上限，不能再查看。已报安全管理员", code="reveal_limit"):
        reveal(estate)

    assert [title.split("次，")[1] for title in told(estate)] == ["请核查是否正常办理", "已达上限，今日不能再查看"]
    assert revealed_by(estate.cast.district.person.pk, TODAY) == 200
    reveal(estate, on=TODAY + timedelta(days=1))
    reveal(estate, by=estate.cast.township)


def test_a_person_is_counted_in_whichever_role(estate: Estate) -> None:
    lay_reveals(estate.cast.district, 200)
    cast = estate.cast
    other = lay_assignment(cast.district.person, cast.township.organisation, Role.TOWNSHIP)

    with refused("已达200次上限", code="reveal_limit"):
        reveal(estate, by=Player(cast.district.person, cast.township.organisation, other))


def test_bookings_and_scans_of_the_counter_raise_both_limits(estate: Estate) -> None:
    lay_reveals(estate.cast.district, 219)
    with counter_accounts_for(20):
        reveal(estate)
        with refused("已达220次上限", code="reveal_limit"):
            reveal(estate)
        assert len(told(estate)) == 2

    with counter_accounts_for(500):
        reveal(estate)


def test_what_lies_on_the_desk_is_done_when_somebody_says_what_was_found(estate: Estate) -> None:
    lay_reveals(estate.cast.district, 199)
    reveal(estate)
    url = reverse("ledger:reveals", args=[estate.cast.district.person.pk, TODAY])
    assert {item.link for item in InboxItem.objects.all()} == {url}
    client = sign_in(estate.cast.security_admin)

    page = client.get(url).content.decode()

    assert "朝阳区专班 乙区当日查看完整个人信息200次，09:00至10:00。事由：窗口核对身份证（200次）。" in page
    assert estate.project.name not in page
    assert "请写明核查情况" in client.post(url, {"reason": "1"}).content.decode()
    assert len(told(estate)) == 2
    assert client.post(url, {"reason": "当日集中办证，属正常办理"}).status_code == 302
    assert told(estate) == []
    assert (last_act().event, last_act().chain) == ("reveals.checked", 0)


@pytest.mark.parametrize("by", ["city", "district", "township", "developer", "system_admin"])
def test_who_is_no_security_administrator_or_auditor_does_not_see_the_page(estate: Estate, by: str) -> None:
    lay_reveals(estate.cast.district, 49)
    reveal(estate)
    url = reverse("ledger:reveals", args=[estate.cast.district.person.pk, TODAY])

    assert sign_in(getattr(estate.cast, by)).get(url).status_code == 403


@pytest.mark.parametrize("day", ["2022-03-07", "2022-02-30", "x"])
def test_a_day_of_which_nothing_was_laid_is_not_there(estate: Estate, day: str) -> None:
    client: Any = sign_in(estate.cast.security_admin)
    assert client.get(f"/projects/reveals/{estate.cast.district.person.pk}/{day}/").status_code == 404


def test_a_finding_is_refused_where_nothing_waits_and_about_oneself(estate: Estate) -> None:
    actor, words = estate.cast.security_admin.actor, {"day": TODAY, "reason": "属于正常办理"}
    with on_day(TODAY), refused("没有待核查的查看", code="nothing_waits"):
        check_reveals(actor=actor, person_id=estate.cast.district.person.pk, **words)
    with on_day(TODAY), refused("本人的查看不能自行核查", code="second_person"):
        check_reveals(actor=actor, person_id=actor.person_id, **words)
