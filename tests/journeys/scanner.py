"""A scanner at the window of a browser: codes at a steady pace, whatever the page is doing meanwhile."""

import time
from collections.abc import Sequence
from typing import TYPE_CHECKING

from projects.ledger.models import Project
from projects.office.models import Visit
from registry.kernel.identifiers.scans import ScanCode, ScanKind
from registry.store.guard import fixture_writes

if TYPE_CHECKING:
    from playwright.sync_api import Page

UNKNOWN = ("6901234567892", "6923450657713", "6954767423579")  # goods of a shop


def lay_receipts(project: Project, visit: Visit, count: int) -> list[str]:
    """Lay receipts like that of a visit, and return the codes that stand on them."""
    with fixture_writes():
        rows = Visit.objects.bulk_create(
            Visit(
                unit_id=visit.unit_id, came_on=visit.came_on, recorded_at=visit.recorded_at, ordinal=1,
                receipt_key=visit.receipt_key, receipt_no=visit.receipt_no, act_id=visit.act_id,
            )
            for _ in range(count)
        )  # fmt: skip
    return [row.code for row in rows]


def mixed(codes: Sequence[str], *, foreign: int, double: int, unknown: int) -> list[str]:
    """Put codes of another project, doubles and goods among the codes, spread evenly; a double follows its code."""
    strange = [ScanCode(ScanKind.RECEIPT, 9_000_000 + n).format() for n in range(foreign)]
    series = list(codes)
    for number in range(double):
        at = series.index(codes[(number + 1) * len(codes) // (double + 1)])
        series.insert(at + 1, series[at])
    for number, code in enumerate([*strange, *UNKNOWN[:unknown]]):
        series.insert((number + 1) * len(series) // (foreign + unknown + 1), code)
    return series


def scan_at_pace(page: "Page", codes: Sequence[str], *, per_second: float) -> None:
    """Scan codes one after the other at a steady pace: the digits of each at once, then Enter."""
    began = time.monotonic()
    for number, code in enumerate(codes):
        time.sleep(max(0.0, began + number / per_second - time.monotonic()))
        page.keyboard.type(code)
        page.keyboard.press("Enter")
