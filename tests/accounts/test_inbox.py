"""What waits for whom."""

from collections.abc import Iterator
from datetime import date

import pytest

from registry.accounts.models import InboxItem
from registry.accounts.selectors import inbox_count, waiting_for, week_of
from registry.accounts.services import inbox
from registry.audit.recording import record
from registry.kernel.authority import Permission, Role, system_actor
from registry.store.acts import WRITES, write
from registry.store.guard import UnguardedWrite, fixture_writes
from tests.factories.accounts import Cast, lay_assignment

pytestmark = pytest.mark.django_db
TUESDAY = date(2022, 3, 8)


@pytest.fixture
def lay(cast: Cast) -> Iterator[object]:
    @write(Permission.ACCOUNT_SELF)
    def lay_in_inbox(*, actor: object, close: str = "", **words: object) -> None:
        if close:
            inbox.settle(close)
        else:
            inbox.deliver(**{"source": "accounts_approval:1", "verb": "复核", "title": "事项", "link": "/", **words})  # type: ignore[arg-type]
        record(event="filter.saved", facts={"name": "x"})

    yield lambda **words: lay_in_inbox(actor=system_actor("test"), **words)
    del WRITES["lay_in_inbox"]


def titles(player: object) -> list[str]:
    return [item.title for item in waiting_for(player.actor, on=TUESDAY).items]  # type: ignore[attr-defined]


def test_an_item_for_a_role_in_an_area_waits_for_all_of_that_role_there(cast: Cast, lay) -> None:  # type: ignore[no-untyped-def]
    lay(title="给区", role=Role.DISTRICT, area_code="110105")
    lay(title="给乡", role=Role.TOWNSHIP, area_code="110105027")
    lay(title="给市", role=Role.CITY)

    found = {
        name: titles(getattr(cast, name))
        for name in ("city", "district", "district_second", "township", "strange_district", "strange_township")
    }

    assert found == {
        "city": ["给市"], "district": ["给区"], "district_second": ["给区"], "township": ["给乡"],
        "strange_district": [], "strange_township": [],
    }  # fmt: skip


def test_an_item_for_an_organisation_or_a_person_waits_for_them_alone(cast: Cast, lay) -> None:  # type: ignore[no-untyped-def]
    lay(title="给单位", organisation=cast.department.organisation)
    lay(title="给单位的登记", organisation=cast.department.organisation, role=Role.REGISTRATION_CENTRE)
    lay(title="给本人", person=cast.tax.person)

    found = {name: titles(getattr(cast, name)) for name in ("department", "tax", "centre", "strange_department")}

    assert found == {"department": ["给单位"], "tax": ["给本人"], "centre": [], "strange_department": []}


def test_an_item_does_not_wait_for_who_must_not_do_it(cast: Cast, lay) -> None:  # type: ignore[no-untyped-def]
    lay(role=Role.DISTRICT, area_code="110105", not_for=cast.district.person.pk)

    assert (inbox_count(cast.district.actor), inbox_count(cast.district_second.actor)) == (0, 1)


def test_a_developer_sees_items_of_its_own_projects_only(cast: Cast, lay) -> None:  # type: ignore[no-untyped-def]
    lay_assignment(cast.developer.person, cast.developer.organisation, Role.DEVELOPER, project_key=7)
    lay(title="自己的", organisation=cast.developer.organisation, project_key=7)
    lay(title="同事的", organisation=cast.developer.organisation, project_key=8)

    assert titles(cast.developer) == ["自己的"]


def test_closing_a_source_empties_every_inbox_of_it(cast: Cast, lay) -> None:  # type: ignore[no-untyped-def]
    lay(source="accounts_approval:1", role=Role.CITY)
    lay(source="accounts_approval:1", person=cast.tax.person)
    lay(source="accounts_approval:2", role=Role.CITY, title="另一件")

    lay(close="accounts_approval:1")

    assert (titles(cast.city), titles(cast.tax)) == (["另一件"], [])


def test_the_desk_orders_by_urgency_and_counts(cast: Cast, lay) -> None:  # type: ignore[no-untyped-def]
    for title, due in (("无期限", None), ("周五", date(2022, 3, 11)), ("昨天", date(2022, 3, 7)), ("今天", TUESDAY),
                       ("下周", date(2022, 3, 14))):  # fmt: skip
        lay(title=title, role=Role.CITY, due_on=due)

    desk = waiting_for(cast.city.actor, on=TUESDAY)

    assert [item.title for item in desk.items] == ["昨天", "今天", "周五", "下周", "无期限"]
    assert (desk.late, desk.due_today, desk.due_this_week) == (1, 1, 2)
    assert (desk.items[0].is_late, desk.items[0].days_late, desk.items[1].is_late) == (True, 1, False)


def test_the_week_lays_what_is_due_over_the_next_days(cast: Cast, lay) -> None:  # type: ignore[no-untyped-def]
    for title, due in (("无期限", None), ("昨天", date(2022, 3, 7)), ("今天", TUESDAY), ("周六", date(2022, 3, 12)),
                       *((f"周五{n}", date(2022, 3, 11)) for n in range(5)), ("以后", date(2022, 3, 21))):  # fmt: skip
        lay(title=title, role=Role.CITY, due_on=due)

    week = week_of(waiting_for(cast.city.actor, on=TUESDAY), on=TUESDAY)

    assert [(day.label, day.is_today, day.count) for day in week] == [
        ("周二 03-08", True, 2), ("周三 03-09", False, 0), ("周四 03-10", False, 0), ("周五 03-11", False, 5),
        ("周六 03-12", False, 1),
    ]  # fmt: skip
    assert week[0].lines == [("复核：昨天，逾期1日", True), ("复核：今天", False)]
    assert week[3].lines == [("复核：周五0", False), ("复核：周五1", False), ("复核：周五2", False), ("另2件", False)]


def test_a_week_in_which_nothing_is_due_is_no_week(cast: Cast, lay) -> None:  # type: ignore[no-untyped-def]
    lay(title="无期限", role=Role.CITY)

    assert week_of(waiting_for(cast.city.actor, on=TUESDAY), on=TUESDAY) == []


def test_the_days_after_the_weekend_are_those_of_next_week(cast: Cast, lay) -> None:  # type: ignore[no-untyped-def]
    lay(title="事", role=Role.CITY, due_on=date(2022, 3, 15))

    week = week_of(waiting_for(cast.city.actor, on=date(2022, 3, 11)), on=date(2022, 3, 11))

    assert [(day.label, day.count) for day in week][:3] == [("周五 03-11", 0), ("下周一 03-14", 0), ("下周二 03-15", 1)]


def test_an_item_waits_for_somebody(cast: Cast, lay) -> None:  # type: ignore[no-untyped-def]
    with pytest.raises(ValueError, match="somebody"):
        lay()


def test_an_item_is_put_inside_an_act_only(cast: Cast) -> None:
    with pytest.raises(UnguardedWrite):
        InboxItem.objects.create(
            source="accounts_approval:1", verb="x", title="x", link="/", created_at="2022-01-01T00:00Z"
        )


@pytest.mark.parametrize("number", [1, 3])
def test_the_desk_asks_one_query(cast: Cast, lay, number: int, django_assert_num_queries) -> None:  # type: ignore[no-untyped-def]
    for _ in range(number):
        lay(role=Role.CITY)
    actor = cast.city.actor

    with django_assert_num_queries(1):
        assert len(waiting_for(actor, on=TUESDAY).items) == number
    with django_assert_num_queries(1):
        assert inbox_count(actor) == number


def test_fixture_writes_are_for_tests(cast: Cast) -> None:
    with fixture_writes():
        InboxItem.objects.create(
            source="accounts_approval:1", verb="x", title="x", link="/", created_at="2022-01-01T00:00Z", role="city"
        )

    assert titles(cast.city) == ["x"]
