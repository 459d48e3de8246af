"""The daily check of the whole ledger, whose result a month waits for before it is closed."""

from typing import Any

from django.db import transaction

from documents.reports.selectors.closing import CHECK
from registry.audit.invariants import INVARIANTS
from registry.jobs.lease import Lease
from registry.jobs.registry import daily
from registry.kernel.errors import Refused
from registry.store.snapshot import read_only_snapshot


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
