"""Two hundred scans at five a second in a browser: ten of another project, five doubles, three goods of a shop."""

from typing import TYPE_CHECKING, Any

import pytest

from tests.journeys.conftest import browser, page
from tests.journeys.test_office_day import files, scans_are_taken

if TYPE_CHECKING:
    from playwright.sync_api import Page

__all__ = ["browser", "files", "page"]
pytestmark = pytest.mark.django_db(transaction=True)


def test_none_is_lost_none_is_wrong_and_what_is_typed_stays(page: "Page", live_server: Any) -> None:
    scans_are_taken(page, live_server.url, 200, foreign=10, double=5, unknown=3)
