"""Before a month is closed: whether it may be, what the last check said, what is unusual against last month."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from documents.reports.changes import STAGES
from documents.reports.entries import Entry
from documents.reports.selectors.versions import RESTATE
from registry.accounts.choices import ApprovalStatus
from registry.accounts.models import Approval
from registry.jobs.models import Job, JobState
from registry.jobs.selectors import last_run
from registry.kernel.periods import Month

CHECK: Final = "ledger.check"
CLOSE: Final = "month.close"
MANY: Final = 20  # homes a month from which a stop or a leap of a project is worth a look
LEAP: Final = 3
SHOWN: Final = 20


@dataclass(frozen=True)
class Unusual:
    """One thing that stands out against the month before, to be looked at before the close."""

    where: str
    what: str
    last: int | None
    now: int


def last_check() -> Job | None:
    """Return the last check of the whole ledger that ended. One query."""
    return last_run(CHECK)


def check_fault(job: Job | None, month: Month) -> str:
    """Return why the last check does not let a month be closed; nothing if it does."""
    if job is None or job.finished_at is None:
        return "台账尚未核对"
    if not job.is_as_ended:
        return "最近一次核对的结果被改动，须重新核对"
    if job.state != JobState.DONE:
        return f"最近一次核对不符：{job.error}"
    if job.finished_at <= month.cut_off():
        return f"最近一次核对在{month.label}的统计截止之前，须重新核对"
    return ""


def waiting_close(month: Month) -> Approval | None:
    """Return the proposal to close a month that waits for the second person. One query."""
    waiting = Approval.objects.filter(kind=CLOSE, status=ApprovalStatus.WAITING).select_related("proposed_by")
    return next((approval for approval in waiting if approval.payload.get("month") == str(month)), None)


def waiting_restatement(month: Month) -> Approval | None:
    """Return the proposal to restate a month that waits for the second person. One query."""
    waiting = Approval.objects.filter(kind=RESTATE, status=ApprovalStatus.WAITING).select_related("proposed_by")
    return next((approval for approval in waiting if approval.payload.get("month") == str(month)), None)


def unusual(rows: Mapping[str, Sequence[Mapping[str, Any]]], before: Mapping[str, Entry] | None) -> list[Unusual]:
    """Return what stands out: 剩余 that rises, corrections beyond a twentieth, projects that stopped or leapt."""
    stages = {row["code"]: row for row in rows[STAGES.code]}
    listed = []
    left, issued = stages["remaining"], stages["issued"]
    if left["closing"] > left["opening"]:
        listed.append(Unusual("合计", "剩余比上月多", left["opening"], left["closing"]))
    if abs(issued["corrected"]) * 20 > issued["risen"] > 0:
        listed.append(Unusual("合计", "更正超过本月发证的百分之五", issued["risen"], issued["corrected"]))
    for entry in rows["projects"]:
        last = before[entry["code"]]["flow"]["issued_month"] if before and entry["code"] in before else None
        now, where = entry["flow"]["issued_month"], f"{entry['code']} {entry['name']}"
        if last is not None and last >= MANY and now == 0:
            listed.append(Unusual(where, "上月有发证，本月没有", last, now))
        elif last is not None and now >= max(MANY, LEAP * last):
            listed.append(Unusual(where, "本月发证为上月的三倍以上", last, now))
        if not entry["gone"] and entry["figures"]["remaining"] < 0:
            listed.append(Unusual(where, "剩余为负", None, entry["figures"]["remaining"]))
    return listed[:SHOWN]
