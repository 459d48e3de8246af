"""One window of the browser, as the journeys use it."""

from datetime import date
from typing import TYPE_CHECKING, Any

from documents.setup.people import PASSWORD

if TYPE_CHECKING:
    from playwright.sync_api import Page


class Desk:
    """One window, signed in as whoever acts next."""

    def __init__(self, page: "Page", base: str) -> None:
        self.page, self.base = page, base

    def sign_in(self, username: str) -> None:
        """Leave, and come back as someone else."""
        self.page.context.clear_cookies()
        self.page.goto(f"{self.base}/sign-in/")
        self.page.fill("input[name=username]", username)
        self.page.fill("input[name=password]", PASSWORD)
        self.page.click("main button[type=submit]")
        self.page.wait_for_selector("h1:has-text('我的工作台')")

    def go(self, path: str) -> None:
        """Open a page."""
        self.page.goto(f"{self.base}{path}")

    def fill(self, **fields: Any) -> None:
        """Fill fields by name; dates as dates."""
        for name, value in fields.items():
            self.page.fill(f"[name={name}]", value.isoformat() if isinstance(value, date) else str(value))

    def press(self, text: str) -> None:
        """Press a button or link by its words."""
        self.page.click(f"main button:has-text('{text}'), main a:has-text('{text}')")
        self.page.wait_for_load_state()

    def figure(self, label: str) -> str:
        """The big number under a label."""
        return self.page.inner_text(f".figs > div:has(dt:text-is('{label}')) .v").split()[0]

    @property
    def text(self) -> str:
        """What the page says."""
        return self.page.inner_text("main")
