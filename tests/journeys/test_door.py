"""At the door: a stranger is asked to sign in, in Chinese, and a wrong password is answered in words."""

from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = pytest.mark.django_db(transaction=True)


def test_stranger_is_led_to_the_door(page: "Page", live_server: Any) -> None:
    page.goto(f"{live_server.url}/projects/")

    assert page.url.startswith(f"{live_server.url}/sign-in/")
    assert page.inner_text("h1") == "登录"
    assert page.get_attribute("html", "lang") == "zh-Hans"


def test_wrong_password_is_answered_in_words(page: "Page", live_server: Any) -> None:
    page.goto(f"{live_server.url}/sign-in/")
    page.fill("input[name=username]", "nobody")
    page.fill("input[name=password]", "wrong-password-1")
    page.click("button[type=submit]:has-text('登录')")

    assert page.inner_text("[role=alert]").strip() != ""
    assert page.input_value("input[name=password]") == ""
