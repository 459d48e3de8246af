"""The way back leads to a page of this site and nowhere else."""

from typing import Any

import pytest
from django.test import Client, RequestFactory

from registry.web.listing import back_to
from tests.factories.accounts import Cast, sign_in

ELSEWHERE = (
    "https://elsewhere.example/units/", "//elsewhere.example/", "http:///elsewhere.example", "/\\elsewhere.example",
    "javascript:alert(1)", "CY-0001", "https://testserver.elsewhere.example/", " https://elsewhere.example",
)  # fmt: skip


def asked(back: str = "", *, referer: str = "", **more: Any) -> Any:
    return RequestFactory().post("/filters/", {"next": back}, headers={"referer": referer} if referer else {}, **more)


@pytest.mark.parametrize("address", ELSEWHERE)
def test_another_site_is_never_gone_to(address: str) -> None:
    assert back_to(asked(address)) == "/"
    assert back_to(asked(referer=address)) == "/"


def test_a_page_of_this_site_is_gone_back_to() -> None:
    assert back_to(asked("/projects/?q=1")) == "/projects/?q=1"
    assert back_to(asked(referer="http://testserver/units/")) == "http://testserver/units/"
    assert back_to(asked()) == "/"


def test_a_secure_page_does_not_lead_back_to_an_open_one() -> None:
    assert back_to(asked("http://testserver/units/", secure=True)) == "/"


@pytest.mark.parametrize("address", ELSEWHERE)
def test_a_saved_filter_leads_to_no_other_site(cast: Cast, address: str) -> None:
    client: Client = sign_in(cast.district)

    response = client.post("/filters/save/", {"page": "units", "name": "我的", "query": "", "next": address})

    assert (response.status_code, response.headers["Location"]) == (302, "/")
