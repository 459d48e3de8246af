"""Invariants of months: what was frozen does not change, and can be made again."""

import hashlib
import json
from collections.abc import Iterator

from documents.reports.choices import BulletinKind
from documents.reports.models import Bulletin, MonthClose
from documents.reports.selectors.months import recount_faults
from registry.audit.invariants import Invariant, Violation
from registry.kernel.periods import Month


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
    for fault in recount_faults(Month.parse(close.month), close.known_at, close.rows):
        yield Violation(close.month, "按当时已知重算相同", fault)


def bulletins_are_of_closed_months(_: int | None) -> Iterator[Violation]:
    """Hold each bulletin against the month that it was issued of. Two queries."""
    closed = dict(MonthClose.objects.values_list("month", "rows_hash"))
    for bulletin in Bulletin.objects.exclude(kind=BulletinKind.FLASH).order_by("id"):
        if closed.get(bulletin.month) != bulletin.rows_hash:
            yield Violation(bulletin.number, f"出自{bulletin.month}的结账数", "校验与结账数不符")


INVARIANTS = (
    Invariant("I9", "结过账的月份不变，逐月相连", months_do_not_change),
    Invariant("I64", "月度通报出自已结账的月份，校验与其结账数相同", bulletins_are_of_closed_months),
    Invariant("I11", "最近结账的月份按当时已知重算相同", months_can_be_made_again),
)
