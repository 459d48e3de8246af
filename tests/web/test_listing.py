"""Lists: what the request may choose, and what it may not."""

from datetime import date
from typing import Any

import pytest
from django.http import QueryDict
from django.test import RequestFactory

from registry.accounts.models import Organisation
from registry.accounts.services import save_filter
from registry.kernel.columns import Column
from registry.lists.orders import Order
from registry.web.forms import ConfirmForm, FilterForm
from registry.web.listing import Listing, listing, query_with, query_without
from tests.factories.accounts import Cast, lay_organisation

pytestmark = pytest.mark.django_db
COLUMNS = (Column("code", "编码"), Column("name", "全称"), Column("area_code", "区划"))
ORDERS = (Order("code", "按编码", ("code",)), Order("name", "按名称", ("-name", "code")))


def listed(cast: Cast, query: str = "", **more: Any) -> Listing:
    request: Any = RequestFactory().get(f"/x/?{query}")
    request.actor, request.today = cast.district.actor, date(2022, 3, 8)
    found = Organisation.objects.filter(kind="court")
    return listing(request, name="courts", queryset=found, columns=COLUMNS, orders=ORDERS, size=2, **more)


@pytest.fixture
def courts(cast: Cast) -> Cast:
    for number, name in enumerate("甲乙丙"):
        lay_organisation(code=f"K-{number}", name=name, kind="court", area_code="110105")
    return cast


def codes(page: Listing) -> list[str]:
    return [row.code for row in page.rows]


def test_pages_follow_each_other_with_their_filter(courts: Cast) -> None:
    first = listed(courts, "kind=court&order=code")
    second = listed(courts, first.next_query)

    assert (codes(first), codes(second)) == (["K-0", "K-1"], ["K-2"])
    assert (first.is_first, second.is_first, second.next_query) == (True, False, "")
    assert second.first_query == "kind=court&order=code"
    assert second.filter_query == "kind=court"


@pytest.mark.parametrize("order", ["password", "-code", "", "code__startswith"])
def test_an_order_that_is_not_offered_is_ignored(courts: Cast, order: str) -> None:
    assert codes(listed(courts, f"order={order}")) == ["K-0", "K-1"]


def test_orders_and_columns_that_are_offered_are_taken(courts: Cast) -> None:
    page = listed(courts, "order=name&columns=name&columns=code&columns=parent__code")

    assert [column.name for column in page.columns] == ["code", "name"]
    assert [(order.name, current) for order, current, _ in page.orders] == [("code", False), ("name", True)]
    assert [[text for _, text in cells] for _, cells in page.cells] == [[row.code, row.name] for row in page.rows]


def test_columns_stand_as_declared_until_chosen(courts: Cast) -> None:
    assert [column.name for column in listed(courts, shown=("name",)).columns] == ["name"]
    assert [column.name for column in listed(courts, "columns=nonsense").columns] == ["code", "name", "area_code"]


def test_saved_filters_stand_beside_the_list(courts: Cast) -> None:
    save_filter(actor=courts.district.actor, page="courts", name="朝阳", query="area=110105")
    save_filter(actor=courts.district_second.actor, page="courts", name="共用", query="a=1", is_shared=True)
    save_filter(actor=courts.strange_district.actor, page="courts", name="外区", query="a=2", is_shared=True)

    found = [(link.name, link.is_own, link.is_current) for link in listed(courts, "area=110105").saved]

    assert sorted(found) == [("共用", False, False), ("朝阳", True, True)]


@pytest.mark.parametrize(("with_total", "number"), [(False, 2), (True, 3)])
def test_a_list_costs_two_queries_and_its_total_one(
    courts: Cast, with_total: bool, number: int, django_assert_num_queries: Any
) -> None:
    with django_assert_num_queries(number):
        page = listed(courts, with_total=with_total)
        assert len(page.cells) == 2

    assert page.total == (3 if with_total else None)


def test_query_strings_lose_what_is_empty_and_the_page() -> None:
    query = QueryDict("a=1&b=&c=2&c=3&after=x")

    assert query_without(query, "after") == "a=1&c=2&c=3"
    assert query_with(query, a="9") == "a=9&c=2&c=3"


def test_a_filter_form_gives_what_is_valid() -> None:
    from django import forms

    class Form(FilterForm):
        number = forms.IntegerField()
        text = forms.CharField()

    assert Form(QueryDict("number=x&text=甲")).words == {"text": "甲"}
    assert Form(QueryDict("number=3&text=")).words == {"number": 3}


@pytest.mark.parametrize(("typed", "fine"), [("7899", True), ("7898", False), ("", False)])
def test_a_confirmation_asks_for_the_number(typed: str, fine: bool) -> None:
    assert ConfirmForm({"count": typed}, expected=7899).is_valid() is fine
