"""A real browser for the journeys: headless Chromium of the system, Chinese, with nothing but this machine to talk to.

A journey fails by itself when a page logs an error, breaks the content security policy or asks another host.
"""

import os
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import pytest

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

CHROMIUM = Path("/usr/bin/chromium")
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-dev-shm-usage",
    "--lang=zh-CN",
]
HERE = {"127.0.0.1", "localhost", ""}


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if "journeys" in item.path.parts:
            item.add_marker(pytest.mark.journey)


@pytest.fixture(scope="session")
def browser() -> "Iterator[Browser]":
    """One Chromium for all journeys."""
    from playwright.sync_api import sync_playwright

    if not CHROMIUM.exists():
        pytest.fail(f"the journeys need {CHROMIUM}: apt-get install chromium", pytrace=False)
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"  # playwright's loop runs in this thread; nothing here is async
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, headless=True, args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture
def page(browser: "Browser", request: pytest.FixtureRequest, tmp_path: Path) -> "Iterator[Page]":
    """A fresh window without cookies; whatever trouble its pages met is told at the end."""
    context = browser.new_context(
        locale="zh-CN", timezone_id="Asia/Shanghai", viewport={"width": 1440, "height": 900}, accept_downloads=True
    )
    context.set_default_timeout(10_000)
    page = context.new_page()
    troubles: list[str] = []
    page.on("pageerror", lambda error: troubles.append(f"script: {error}"))
    page.on("console", lambda message: troubles.append(f"console: {message.text}") if _is_fault(message) else None)
    page.on("request", lambda asked: troubles.append(f"host: {asked.url}") if _is_strange(asked.url) else None)
    yield page
    shots = os.environ.get("JOURNEY_SHOTS")
    if shots:
        Path(shots).mkdir(parents=True, exist_ok=True)
        page.screenshot(path=Path(shots) / f"{request.node.name}.png", full_page=True)
    context.close()
    assert troubles == [], f"{request.node.name} met trouble: {troubles}"


def _is_fault(message: object) -> bool:
    """A refusal answered with 4xx is logged by the browser as an error, and is none."""
    return message.type == "error" and "Failed to load resource" not in message.text  # type: ignore[attr-defined]


def _is_strange(url: str) -> bool:
    parts = urlsplit(url)
    return parts.scheme in {"http", "https", "ws", "wss"} and (parts.hostname or "") not in HERE
