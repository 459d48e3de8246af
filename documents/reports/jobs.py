"""The daily check of the whole ledger, for which a close waits, and the counting of open months of a large one."""

from typing import Any

from django.db import transaction

from documents.reports.selectors.closing import CHECK
from documents.reports.selectors.months import COUNT, is_counted_apart, open_months, preview_month
from documents.reports.selectors.outlooks import with_made
from documents.reports.services import keep_count
from registry.audit.invariants import INVARIANTS
from registry.jobs.lease import Lease
from registry.jobs.registry import daily
from registry.kernel.authority import system_actor
from registry.kernel.errors import Refused
from registry.kernel.periods import Month
from registry.store.clock import ledger_now, ledger_today
from registry.store.snapshot import read_only_snapshot


@daily(COUNT, label="计算月报")
def count_months(lease: Lease) -> dict[str, Any]:
    """Count the month asked for, or each night the open ones of a large ledger, as known when it begins."""
    asked = lease.job.params.get("month")
    if asked is None and not is_counted_apart():
        return {"months": []}
    months = [Month.parse(asked)] if asked is not None else open_months(ledger_today())
    for number, month in enumerate(months, start=1):
        known_at = ledger_now()
        computed = preview_month(month=month)
        rows = with_made(computed.rows, month=month, known_at=known_at)
        keep_count(actor=system_actor("计算月报"), month=month, rows=rows, faults=computed.faults, known_at=known_at)
        with transaction.atomic():
            lease.beat(done=number, total=len(months), stage=f"{month.label}已算", checkpoint={})
    return {"months": [str(month) for month in months]}


@daily(CHECK, label="核对台账")
def check_the_ledger(lease: Lease) -> dict[str, Any]:
    """Try every invariant of the books; a job taken over goes on after the last one tried.

    A violation fails the job, with the sentences that do not hold: no month is closed until a later run holds.
    """
    codes = sorted(INVARIANTS, key=lambda code: int(code[1:]))
    tried, wrong = int(lease.checkpoint.get("tried", 0)), list(lease.checkpoint.get("wrong", []))
    for number, code in enumerate(codes, start=1):
        if number > tried:
            with read_only_snapshot():
                violations = sum(1 for _ in INVARIANTS[code].violations(None))
            wrong += [f"{code} {INVARIANTS[code].sentence}：{violations}处"] if violations else []
            with transaction.atomic():
                lease.beat(
                    done=number, total=len(codes), stage="逐条核对", checkpoint={"tried": number, "wrong": wrong}
                )
    if wrong:
        raise Refused(
            f"台账有{len(wrong)}条核对不符：{'；'.join(wrong[:3])}。请联系系统管理员处理后再核对，并保留数据库备份。",
            code="ledger_differs",
        )
    return {"invariants": len(codes), "violations": 0}
