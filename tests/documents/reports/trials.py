"""What the trials of the services of months begin with."""

from datetime import date
from typing import Any

from documents.reports.choices import BulletinKind, RunOutcome
from documents.reports.models import Bulletin, MonthDraft, ReportSchedule
from documents.reports.selectors.bulletins import bulletin_draft
from documents.reports.selectors.closing import CHECK
from documents.reports.selectors.months import preview_month
from documents.reports.selectors.reports import month_view
from documents.reports.services import close_month, keep_count, propose_close
from documents.reports.services.bulletins import issue_bulletin, issue_flash, record_instruction
from documents.reports.services.restating import propose_restatement, restate_month
from documents.reports.services.schedules import (
    add_schedule,
    ask_run,
    change_schedule,
    keep_run,
    pause_schedule,
    resume_schedule,
    take_run,
)
from documents.reports.services.signing import report_month, review_month
from projects.casework.services.tasks import TaskDraft
from projects.progress.services import place_units
from registry.jobs.services import enqueue
from registry.jobs.worker import Worker
from registry.kernel.authority import system_actor
from registry.kernel.periods import Month
from registry.store.clock import true_now
from registry.store.second import FirstPerson
from tests.factories.accounts import DISTRICT, TOWNSHIP
from tests.factories.projects import Estate, home, on_day
from tests.factories.trials import Prepared

FEBRUARY = Month.parse("2022-02")


def close(estate: Estate) -> Prepared:
    first = FirstPerson.of(estate.cast.auditor.person)
    return lambda actor: close_month(actor=actor, month=FEBRUARY, first=first)


def keep(estate: Estate) -> Prepared:
    computed = preview_month(month=FEBRUARY)
    return lambda actor: keep_count(
        actor=actor, month=FEBRUARY, rows=computed.rows, faults=computed.faults, known_at=true_now()
    )


def ask_close(estate: Estate) -> Prepared:
    enqueue(actor=system_actor("测试"), kind=CHECK, key=CHECK, params={})
    Worker("trial").run(once=True)
    return lambda actor: propose_close(actor=actor, month=FEBRUARY)


def bulletin(estate: Estate) -> Prepared:
    close(estate)(estate.cast.city.actor)
    texts = bulletin_draft(month_view(estate.cast.city.actor, FEBRUARY, now=true_now())).texts
    return lambda actor: issue_bulletin(
        actor=actor, month=FEBRUARY, kind=BulletinKind.BULLETIN, texts={**texts, "asks": "各乡报安排。"}, report_to="组长。",
        send_to="成员单位。",
    )  # fmt: skip


def flash(estate: Estate) -> Prepared:
    return lambda actor: issue_flash(actor=actor, lead="本周无新增堵点。")


def instruct(estate: Estate) -> Prepared:
    on = date(2022, 3, 8)
    with on_day(on):
        bulletin(estate)(estate.cast.city.actor)
    task = TaskDraft("报安排", estate.cast.township.organisation, date(2022, 3, 20))
    return lambda actor: record_instruction(
        actor=actor, bulletin=Bulletin.objects.get(), leader="市长", held_on=on, text="抓紧。", tasks=[task]
    )


def report(estate: Estate) -> Prepared:
    return lambda actor: report_month(actor=actor, month=FEBRUARY, area_code=TOWNSHIP)


def review(estate: Estate) -> Prepared:
    report(estate)(estate.cast.township.actor)
    return lambda actor: review_month(actor=actor, month=FEBRUARY, area_code=DISTRICT)


def ask_restate(estate: Estate) -> Prepared:
    """February closed, one of its homes found since."""
    with on_day(date(2022, 3, 2)):
        close(estate)(estate.cast.city.actor)
    with on_day(date(2022, 3, 5)):
        place_units(
            actor=estate.cast.district.actor, project=estate.project, rows=[home("1", "8", 2, 700)],
            placed_on=date(2022, 2, 20), source="清册",
        )  # fmt: skip
    return lambda actor: propose_restatement(actor=actor, month=FEBRUARY, reason="审计意见")


def restate(estate: Estate) -> Prepared:
    asked = ask_restate(estate)(estate.cast.city.actor)
    draft = MonthDraft.objects.get(pk=asked.payload["draft"])
    first = FirstPerson.of(estate.cast.auditor.person)
    return lambda actor: restate_month(actor=actor, draft=draft, reason="审计意见", first=first)


WORDS = {
    "title": "报区里月报", "content": "current", "columns": ["due", "issued"], "recipients": [], "rule": "FREQ=MONTHLY;BYMONTHDAY=3",
    "hour": 8, "starts_on": date(2022, 3, 1),
}  # fmt: skip


def schedule(estate: Estate, **more: Any) -> ReportSchedule:
    """A schedule of the district's."""
    with on_day(date(2022, 3, 1)):
        made: ReportSchedule = add_schedule(actor=estate.cast.district.actor, **{**WORDS, **more})
    return made


def set_up(estate: Estate) -> Prepared:
    return lambda actor: add_schedule(actor=actor, **WORDS)


def change(estate: Estate) -> Prepared:
    made = schedule(estate)
    return lambda actor: change_schedule(actor=actor, schedule=made, **{**WORDS, "hour": 9})


def pause(estate: Estate) -> Prepared:
    made = schedule(estate)
    return lambda actor: pause_schedule(actor=actor, schedule=made)


def resume(estate: Estate) -> Prepared:
    made = schedule(estate)
    pause_schedule(actor=estate.cast.district.actor, schedule=made)
    return lambda actor: resume_schedule(actor=actor, schedule=made)


def ask_now(estate: Estate) -> Prepared:
    made = schedule(estate)
    return lambda actor: ask_run(actor=actor, schedule=made)


def keep_made(estate: Estate) -> Prepared:
    made, due_at = schedule(estate), true_now()
    return lambda actor: keep_run(actor=actor, schedule=made, due_at=due_at, outcome=RunOutcome.FAILED, said="未生成")


def take(estate: Estate) -> Prepared:
    made = schedule(estate)
    run = keep_run(
        actor=system_actor("定期报表"), schedule=made, due_at=true_now(), outcome=RunOutcome.EMPTY, said="尚无已结账的月份"
    )  # fmt: skip
    return lambda actor: take_run(actor=actor, run=run)
