"""Invariants of months: what was frozen does not change, and can be made again."""

import hashlib
import json
from collections.abc import Iterator

from documents.reports.models import MonthClose
from documents.reports.selectors.months import preview_month
from registry.audit.invariants import Invariant, Violation
from registry.kernel.periods import Month

WORDS = frozenset(
    {"issue", "letters", "issues"}
)  # of a project's line: names of kinds and papers stand as they are now, so the frozen line is held by its hash alone
FLOWS = frozenset(
    {"projects_opening", "projects_added", "projects_closed", "issued_month", "issued_corrected", "issued_entered"}
)  # were counted otherwise before the bridge


def months_do_not_change(_: int | None) -> Iterator[Violation]:
    """Hold each frozen month against its hash, and its chain against the month before. One query."""
    previous = ""
    for close in MonthClose.objects.order_by("month"):
        text = json.dumps(close.rows, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
        digest = hashlib.sha256(text.encode()).hexdigest()
        chain = hashlib.sha256(f"{close.previous_hash}{digest}{close.month}".encode()).hexdigest()
        if digest != close.rows_hash or chain != close.chain_hash or close.previous_hash != previous:
            yield Violation(close.month, "冻结的数不变、与上月相连", "校验不符")
        previous = close.chain_hash


def months_can_be_made_again(_: int | None) -> Iterator[Violation]:
    """Recompute the last closed month as it was known and hold it against what was frozen."""
    close = MonthClose.objects.order_by("-month").first()
    if close is None:
        return
    again = preview_month(month=Month.parse(close.month), known_at=close.known_at)
    rows = json.loads(json.dumps(dict(again.rows), ensure_ascii=False))
    kept = "projects" in close.rows
    for part in ("totals", "ledger", "projects", "lines") if kept else ("totals", "ledger"):
        words = (WORDS if part in ("ledger", "projects") else frozenset()) | (frozenset() if kept else FLOWS)
        same = [
            {name: old[name] if name in words else row.get(name) for name in old}
            for old, row in zip(close.rows[part], rows[part], strict=False)
        ]
        if same != close.rows[part] or len(rows[part]) != len(same):  # figures reported since are no change
            off = [new for old, new in zip(close.rows[part], same, strict=False) if old != new][:3]
            yield Violation(f"{close.month} {part}", "按当时已知重算相同", json.dumps(off, ensure_ascii=False)[:200])


INVARIANTS = (
    Invariant("I9", "结过账的月份不变，逐月相连", months_do_not_change),
    Invariant("I11", "最近结账的月份按当时已知重算相同", months_can_be_made_again),
)
