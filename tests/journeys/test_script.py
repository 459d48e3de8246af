"""The one script: what it saves, and that it never stands in the way. Driven on specimen pages, without a database."""

from typing import TYPE_CHECKING

import pytest
from django.conf import settings
from django.template.loader import render_to_string

from tests.web import specimens

if TYPE_CHECKING:
    from playwright.sync_api import Page, Route

FILES = settings.BASE_DIR / "registry/web/static/registry"
HOST = "http://localhost:1"


@pytest.fixture
def table(page: "Page") -> "Page":
    """The 楼盘表 in a window that asks no server: pages and files are answered from here."""
    _answer(page)
    page.goto(f"{HOST}/building_table")
    return page


def _answer(page: "Page") -> None:
    def from_here(route: "Route") -> None:
        name = route.request.url.split("?")[0].rsplit("/", 1)[1]
        if name in specimens.PAGES:
            template, context = specimens.PAGES[name]
            html = render_to_string(template, context())
            route.fulfill(body=html, content_type="text/html; charset=utf-8")
        elif (FILES / name).is_file():
            route.fulfill(path=FILES / name)
        else:
            route.fulfill(body="", content_type="text/javascript")

    page.route("**/*", from_here)


def _cell(page: "Page", name: str) -> str:
    return f"a[title^='{name}']"


def _here(page: "Page") -> str:
    return str(page.evaluate("document.activeElement.firstChild.textContent"))


def test_arrows_move_between_the_cells_of_a_building(table: "Page") -> None:
    table.focus(_cell(table, "1单元 1604"))
    walk = []
    for key in ("ArrowRight", "ArrowDown", "ArrowLeft", "ArrowUp"):
        table.keyboard.press(key)
        walk.append(_here(table))

    assert walk == ["1601", "1501", "1504", "1604"]


def test_dragging_over_cells_chooses_a_block_and_says_what_is_in_it(table: "Page") -> None:
    start, end = (table.locator(_cell(table, name)).bounding_box() for name in ("2单元 1104", "3单元 902"))
    assert start is not None
    assert end is not None
    table.mouse.move(start["x"] + 9, start["y"] + 9)
    table.mouse.down()
    table.mouse.move(end["x"] + 9, end["y"] + 9, steps=6)
    table.mouse.up()

    assert table.inner_text("[data-block-said]").startswith("已选9户：")
    assert table.locator(".picked").count() == 9
    assert table.locator("[data-block-units] input[name=unit]").count() == 9
    assert table.url == f"{HOST}/building_table", "a drag opens nothing"
    table.keyboard.press("Escape")
    assert table.locator(".picked").count() == 0
    assert table.is_hidden("[data-block]")


def test_shift_and_arrows_choose_a_block_without_a_mouse(table: "Page") -> None:
    table.focus(_cell(table, "1单元 1004"))
    table.keyboard.press("Shift+ArrowDown")
    table.keyboard.press("Shift+ArrowRight")

    assert table.inner_text("[data-block-said]").startswith("已选4户：")
    table.click("[data-block-clear]")
    assert table.locator(".picked").count() == 0


def test_wrong_count_is_said_before_anything_is_sent(page: "Page") -> None:
    _answer(page)
    page.goto(f"{HOST}/letter")
    page.fill("[name=count]", "7898")
    page.click("text=提交签署")

    assert page.url == f"{HOST}/letter"
    assert page.inner_text("form[data-count] [role=status]") == "与上列数量不一致，请核对"
    page.fill("[name=count]", "7899")
    assert page.inner_text("form[data-count] [role=status]") == "与上列数量一致"
