"""Keyset paging."""

import base64
from typing import Any

import pytest

from registry.accounts.models import Organisation
from registry.kernel.errors import Refused
from registry.store.keyset import page_after
from tests.factories.accounts import lay_organisation

pytestmark = pytest.mark.django_db


@pytest.fixture
def seven(db: None) -> list[Organisation]:
    return [lay_organisation(code=f"O-{n}", name="甲乙丙"[n % 3], kind="court") for n in range(7)]


@pytest.mark.parametrize(
    "order", [("code",), ("-code",), ("name", "-code"), ("-name", "code"), ("pk",), ("kind", "pk")]
)
@pytest.mark.parametrize("size", [1, 2, 3, 6, 7, 8])
def test_pages_are_the_whole_list_cut(seven: list[Organisation], order: tuple[str, ...], size: int) -> None:
    whole, after, seen = list(Organisation.objects.order_by(*order)), "", []
    for _ in range(20):
        page = page_after(Organisation.objects.all(), order=order, after=after, size=size)
        seen.extend(page.rows)
        assert page.is_first == (after == "")
        after = page.after
        if not after:
            break

    assert seen == whole


@pytest.mark.parametrize(("size", "pages"), [(1, 7), (3, 3), (6, 2), (7, 1), (8, 1)])
def test_the_last_page_leads_to_no_empty_one(seven: list[Organisation], size: int, pages: int) -> None:
    count, after = 1, page_after(Organisation.objects.all(), order=("code",), size=size).after
    while after:
        count, after = count + 1, page_after(Organisation.objects.all(), order=("code",), after=after, size=size).after

    assert count == pages


def test_a_row_added_before_the_page_shifts_nothing(seven: list[Organisation]) -> None:
    first = page_after(Organisation.objects.all(), order=("code",), size=3)
    lay_organisation(code="A-0", kind="court")

    second = page_after(Organisation.objects.all(), order=("code",), after=first.after, size=3)

    assert [row.code for row in second.rows] == ["O-3", "O-4", "O-5"]


def test_a_page_costs_one_query(seven: list[Organisation], django_assert_num_queries: Any) -> None:
    with django_assert_num_queries(1):
        page = page_after(Organisation.objects.all(), order=("code",), size=3)
    with django_assert_num_queries(1):
        page_after(Organisation.objects.all(), order=("code",), after=page.after, size=3)


@pytest.mark.parametrize(
    "cursor",
    ["x", "!!!", "e30", base64.urlsafe_b64encode(b'["a","b"]').decode(), base64.urlsafe_b64encode(b"[null]").decode(),
     base64.urlsafe_b64encode(b'[{"a":1}]').decode(), base64.urlsafe_b64encode(b"[7]").decode(),
     base64.urlsafe_b64encode(b"[[1]]").decode(), base64.urlsafe_b64encode(b'["\\ud800"]').decode(),
     base64.urlsafe_b64encode(b'["a\\u0000"]').decode(), base64.urlsafe_b64encode(b"[" * 9000).decode(),
     base64.urlsafe_b64encode(b"\xff\xfe").decode(), "ä"],
)  # fmt: skip
def test_a_cursor_that_is_none_of_ours_is_refused(seven: list[Organisation], cursor: str) -> None:
    with pytest.raises(Refused, match="翻页标记"):
        page_after(Organisation.objects.all(), order=("code",), after=cursor)
