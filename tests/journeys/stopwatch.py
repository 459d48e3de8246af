"""Count the clicks and the pages of ten tasks of a working day, in a browser, on a demo that is being served.

    python -m tests.journeys.stopwatch http://127.0.0.1:8000 PASSWORD

A click is a press on a link or button, a choice in a list, or Enter; typing is none. A page is one that is loaded. The
walk starts on the desk of who does the task. The table in docs/stopwatch.md is what it prints. The last task moves
2,334 homes: run it on a demo that may be thrown away.
"""

import sys
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from tests.journeys.conftest import CHROMIUM, FLAGS

if TYPE_CHECKING:
    from playwright.sync_api import Browser

NAMED = "周庄嘉园三期"
BAR = "nav[aria-label=主导航]"


class Walk:
    """One person's way from the desk, counted."""

    def __init__(self, browser: "Browser", base: str, username: str, password: str) -> None:
        self.page = browser.new_context(locale="zh-CN", viewport={"width": 1440, "height": 900}).new_page()
        self.page.goto(f"{base}/")
        self.page.fill("input[name=username]", username)
        self.page.fill("input[name=password]", password)
        self.page.keyboard.press("Enter")
        self.reach("我的工作台")
        self.clicks = self.pages = 0
        self.page.on("framenavigated", self._count)

    def _count(self, frame: Any) -> None:
        self.pages += frame == self.page.main_frame

    def reach(self, heading: str) -> None:
        """Wait until the page of that heading stands."""
        self.page.wait_for_selector(f"h1:has-text('{heading}')")

    def click(self, selector: str) -> None:
        """Press something."""
        self.clicks += 1
        self.page.locator(selector).first.click()
        self.page.wait_for_load_state()

    def choose(self, selector: str, value: str) -> None:
        """Choose from a list."""
        self.clicks += 1
        self.page.select_option(selector, value=value)

    def seek(self, text: str, heading: str) -> None:
        """Type into the search box, from wherever one is."""
        self.page.keyboard.press("/")
        self.page.keyboard.type(text)
        self.clicks += 1
        self.page.keyboard.press("Enter")
        self.reach(heading)


def pace(walk: Walk) -> None:
    """The desk says it by itself."""
    walk.page.wait_for_selector("p.say:has-text('近30日')")


def accept_many(walk: Walk) -> None:
    """All homes of a queue: chosen as one, looked at in numbers, the number typed."""
    walk.click("table[aria-label=按项目办] tbody td a")
    walk.click("[data-every]")
    walk.choose("[name=target]", "certificate:accepted")
    walk.page.fill("[name=evidence]", "受理清单")
    walk.click("main form[method=post] button:has-text('办理')")
    walk.page.fill("[name=count]", walk.page.get_attribute("form.confirm", "data-count") or "")
    walk.click("form.confirm button[name=save]")
    walk.page.wait_for_selector(".toast")


def register(walk: Walk) -> None:
    """A project by name, then the act by its word."""
    walk.seek(NAMED, NAMED)
    walk.seek("登记堵点", "登记堵点")


def reasons(walk: Walk) -> None:
    """The reasons of every building of a project."""
    walk.seek(NAMED, NAMED)
    walk.click("nav.tabs a:has-text('各楼未办原因')")


def most_left(walk: Walk) -> None:
    """The project with most homes left."""
    walk.click(f"{BAR} a:has-text('项目')")
    walk.click("th a:has-text('剩余')")


def close(walk: Walk) -> None:
    """A month, up to the question in numbers."""
    walk.click(f"{BAR} a:has-text('报表')")
    walk.click("tbody a")
    walk.click("a:has-text('结账')")


TASKS: tuple[tuple[str, str, Callable[[Walk], Any]], ...] = (
    ("来电查一户", "qu01", lambda walk: walk.seek(f"{NAMED}9-1-1803", "1803")),
    ("批量受理2,334户", "dengji01", accept_many),
    ("各楼为什么没办", "qu01", reasons),
    ("哪个项目剩得最多", "shi01", most_left),
    ("队列按现在的速度要多久", "shuiwu01", pace),
    ("本周我办了什么", "qu01", lambda walk: walk.click("nav.tabs a:has-text('已办')")),
    ("打开最急的一件", "guihua01", lambda walk: walk.click("a.btn:has-text('办理')")),
    ("在项目里登记堵点（打开表）", "qu01", register),
    ("各区还剩多少、本月须发多少", "shi01", lambda walk: walk.page.wait_for_selector("text=本月须发")),
    ("月末结账（到核对数字）", "shi01", close),
)


def main(base: str, password: str) -> None:
    """Walk the tasks and print the table."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, headless=True, args=FLAGS)
        for name, username, task in TASKS:
            walk = Walk(browser, base, username, password)
            task(walk)
            print(f"| {name} | {walk.clicks} | {walk.pages} |", flush=True)
        browser.close()


if __name__ == "__main__":
    main(*sys.argv[1:])
