"""Invariants of months: what was frozen does not change, and can be made again."""

import hashlib
from collections.abc import Iterator

from documents.reports.choices import BulletinKind, RunOutcome, ScheduleState
from documents.reports.models import (
    Bulletin,
    MonthClose,
    MonthRestatement,
    ReportSchedule,
    ScheduleDelivery,
    close_seal,
    rows_hash,
)
from documents.reports.selectors.months import recount_faults
from documents.reports.selectors.schedules import MOST_FAILURES
from registry.audit.invariants import Invariant, Violation
from registry.kernel.periods import Month


def months_do_not_change(_: int | None) -> Iterator[Violation]:
    """Hold each frozen month against its hash, and its chain against the month before. One query."""
    previous = ""
    for close in MonthClose.objects.order_by("month"):
        digest = rows_hash(close.rows)
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


def months_bear_their_seal(_: int | None) -> Iterator[Violation]:
    """Hold each close, and each restatement, against its seal: who writes by SQL hashes anew, and can't seal.

    Two queries. Months closed before there was a seal have none; none without follows one that has it.
    """
    is_sealed = False
    for close in MonthClose.objects.order_by("month"):
        is_sealed = is_sealed or bool(close.seal)
        if is_sealed and close.seal != close_seal(close.month, close.known_at, close.chain_hash):
            yield Violation(close.month, "封印与冻结的数相符", "封印不符")
    for row in MonthRestatement.objects.select_related("close").order_by("id"):
        made = close_seal(f"{row.close.month} {row.version}", row.known_at, row.rows_hash)
        if row.seal != made or rows_hash(row.rows) != row.rows_hash:
            yield Violation(str(row), "重述的数与封印相符", "封印不符")


def bulletins_are_of_closed_months(_: int | None) -> Iterator[Violation]:
    """Hold each bulletin against the month that it was issued of. Two queries."""
    closed = dict(MonthClose.objects.values_list("month", "rows_hash"))
    for bulletin in Bulletin.objects.exclude(kind=BulletinKind.FLASH).order_by("id"):
        if closed.get(bulletin.month) != bulletin.rows_hash:
            yield Violation(bulletin.number, f"出自{bulletin.month}的结账数", "校验与结账数不符")


def schedules_that_fail_are_off(_: int | None) -> Iterator[Violation]:
    """Hold that no schedule runs on that failed time after time, and nobody took what was kept back. Two queries."""
    running = ReportSchedule.objects.filter(state=ScheduleState.ON, failures__gte=MOST_FAILURES)
    for schedule in running.order_by("id"):
        yield Violation(
            f"定期报表{schedule.pk}", f"连续{MOST_FAILURES}次未生成即停用", f"{schedule.failures}次，仍在启用"
        )
    taken = ScheduleDelivery.objects.filter(taken_at__isnull=False, run__outcome=RunOutcome.DELIVERED)
    for delivery in taken.exclude(kept_back="").order_by("id"):
        yield Violation(f"定期报表送达{delivery.pk}", "未送达的没有被取阅", f"{delivery.taken_at}取阅")


INVARIANTS = (
    Invariant("I66", "连续未生成的定期报表已停用，未送达的没有被取阅", schedules_that_fail_are_off),
    Invariant("I9", "结过账的月份不变，逐月相连", months_do_not_change),
    Invariant("I65", "结账、重述的数与其封印相符", months_bear_their_seal),
    Invariant("I64", "月度通报出自已结账的月份，校验与其结账数相同", bulletins_are_of_closed_months),
    Invariant("I11", "最近结账的月份按当时已知重算相同", months_can_be_made_again),
)
