"""The daily check of the whole ledger, for which a close waits, the counting of open months, the runs of schedules."""

import logging
import os
from datetime import datetime
from io import BytesIO
from typing import Any

from django.db import transaction

from documents.reports.choices import RunOutcome, ScheduleContent, ScheduleState
from documents.reports.making import name_of, workbook_of
from documents.reports.models import ReportSchedule, ScheduleRun
from documents.reports.selectors.closing import CHECK
from documents.reports.selectors.months import COUNT, is_counted_apart, open_months, preview_month
from documents.reports.selectors.outlooks import with_made
from documents.reports.selectors.reports import MonthView, closed_months, month_view
from documents.reports.selectors.schedules import due_moment, path_of, place_of, project_keys
from documents.reports.services import keep_count
from documents.reports.services.schedules import JOB, ScheduleRefused, keep_run, queue_run
from registry.accounts.selectors import actor_as
from registry.audit.invariants import INVARIANTS
from registry.jobs.lease import Lease
from registry.jobs.registry import daily, declare_due_work, job
from registry.kernel.authority import Actor, Permission, system_actor
from registry.kernel.errors import DomainError, Refused
from registry.kernel.periods import Month
from registry.store.clock import ledger_now, ledger_today
from registry.store.sealed_files import SealedWriter
from registry.store.snapshot import read_only_snapshot

log = logging.getLogger(__name__)
BROKEN = "生成时出错，未生成文件。请联系系统管理员查看日志。"


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


def ask_due_schedules(now: datetime) -> None:
    """Ask for the runs that fell due since the schedules stand as they do. One query, and one for each that is due."""
    for schedule in ReportSchedule.objects.filter(state=ScheduleState.ON).exclude(rule="").order_by("id"):
        moment = due_moment(schedule, now)
        if moment is not None and not ScheduleRun.objects.filter(schedule=schedule, due_at=moment).exists():
            queue_run(schedule, moment)


declare_due_work(ask_due_schedules)


@job(JOB, label="生成定期报表", page="/documents/reports/schedules/")
def run_schedule(lease: Lease) -> dict[str, Any]:
    """Make what a schedule asks for in its owner's right as it is now; what can't be made is told in words.

    Closed where the right is gone: nothing is made, owner and recipients are told. A worker that died begins anew.
    """
    schedule = ReportSchedule.objects.select_related("owner", "organisation").get(pk=lease.job.params["schedule"])
    due_at, rule = datetime.fromisoformat(lease.job.params["due_at"]), system_actor("定期报表")
    if ScheduleRun.objects.filter(schedule=schedule, due_at=due_at).exists():
        return {"run": "kept"}
    outcome, said, made = RunOutcome.DELIVERED, "", {}
    try:
        view = _view_of(schedule, _owner_of(schedule))
        if view is None or not view.rows["ledger"]:
            outcome, said = RunOutcome.EMPTY, "尚无已结账的月份" if view is None else f"{view.month.label}没有在账项目"
        else:
            made = _file_of(schedule, due_at, view)
    except DomainError as refusal:
        outcome, said = RunOutcome.FAILED, refusal.message
    except Exception:
        log.exception("schedule %s was not made", schedule.pk)
        outcome, said = RunOutcome.FAILED, BROKEN
    run = keep_run(actor=rule, schedule=schedule, due_at=due_at, outcome=outcome, said=said, made=made)
    with transaction.atomic():
        lease.beat(done=1, total=1, stage=run.get_outcome_display(), checkpoint={})
    return {"run": run.pk}


def _owner_of(schedule: ReportSchedule) -> Actor:
    """Return the owner in the role of then, with the rights of now; refused if role or right is over."""
    try:
        owner = actor_as(
            person_key=schedule.owner_id, role=schedule.owner_role, organisation_id=schedule.organisation_id, on=ledger_today()
        )  # fmt: skip
        owner.require(Permission.REPORT_EXPORT)
    except DomainError as refusal:
        raise ScheduleRefused(
            f"{schedule.owner}的账号已停用，或职责、导出权限已经结束，未生成。请由{schedule.organisation}有权限的人员接手或停用。",
            code="owner_lost",
        ) from refusal
    return owner


def _view_of(schedule: ReportSchedule, owner: Actor) -> MonthView | None:
    now = ledger_now()
    if schedule.content == ScheduleContent.CURRENT:
        return month_view(owner, Month.of(ledger_today()), now=now)
    closed = closed_months()
    return month_view(owner, Month.parse(closed[0].month), now=now) if closed else None


def _file_of(schedule: ReportSchedule, due_at: datetime, view: MonthView) -> dict[str, Any]:
    """Write the workbook of a run into its sealed file, whole or not at all, and say what it is."""
    content = workbook_of(view, unit=str(schedule.organisation), chosen=schedule.columns)
    path = path_of(ScheduleRun(schedule=schedule, due_at=due_at))
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    part = path.with_suffix(".part")
    held = BytesIO()
    sealed = SealedWriter(held, place_of(schedule.pk, due_at))
    sealed.write(content)
    sealed.end()
    part.write_bytes(held.getvalue())
    part.chmod(0o600)
    os.replace(part, path)
    return {
        "month": str(view.month), "known_at": view.known_at, "file_name": name_of(view), "size": len(content),
        "projects": project_keys(row["code"] for row in view.rows["ledger"]),
    }  # fmt: skip
