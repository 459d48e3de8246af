"""Schedules: due by Beijing's clock, made in the owner's right of then, laid before who may see all, off in the end."""

from datetime import date, datetime, timedelta
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook

from documents.reports.choices import RunOutcome, ScheduleState
from documents.reports.jobs import ask_due_schedules
from documents.reports.making import UnevenRefused, workbook_of
from documents.reports.models import ReportSchedule, ScheduleDelivery, ScheduleRun
from documents.reports.selectors.reports import month_view
from documents.reports.selectors.schedules import due_moment, path_of
from documents.reports.services.schedules import (
    add_schedule,
    ask_run,
    change_schedule,
    keep_run,
    pause_schedule,
    resume_schedule,
    take_run,
)
from registry.accounts.models import Assignment, InboxItem
from registry.audit.invariants import INVARIANTS
from registry.audit.models import Act
from registry.jobs.models import Job
from registry.jobs.worker import Worker
from registry.kernel.authority import system_actor
from registry.kernel.errors import NotFound
from registry.kernel.periods import Month
from registry.kernel.recurrence import RuleRefused
from registry.store.clock import SHANGHAI, true_now
from registry.store.guard import fixture_writes
from registry.store.once import new_key
from tests.documents.reports.trials import WORDS, schedule
from tests.factories.accounts import sign_in
from tests.factories.projects import Estate, on_day
from tests.factories.trials import refused


@pytest.fixture(autouse=True)
def files(settings: Any, tmp_path: Path) -> None:
    settings.FILES_DIR = tmp_path


def moment(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=SHANGHAI)


def run_now(estate: Estate, made: ReportSchedule) -> ScheduleRun:
    ask_run(actor=estate.cast.district.actor, schedule=made)
    Worker("test").run(once=True)
    run: ScheduleRun = made.runs.latest("id")
    return run


def lying(estate: Estate, who: str) -> list[str]:
    return list(InboxItem.objects.waiting_for(getattr(estate.cast, who).actor).values_list("title", flat=True))


def end_role(estate: Estate) -> None:
    with fixture_writes():
        Assignment.objects.filter(pk=estate.cast.district.assignment.pk).update(ends=date(2022, 1, 1))


def test_a_run_is_made_laid_before_its_readers_and_taken(story: Estate) -> None:
    second = story.cast.district_second
    made = schedule(story, recipients=[second.person.pk], columns=["issued", "due"])
    run = run_now(story, made)

    assert (run.outcome, run.projects, run.said) == (RunOutcome.DELIVERED, [story.project.pk], "")
    assert lying(story, "district_second") == ["定期报表“报区里月报”已送达"]
    content = take_run(actor=second.actor, run=run)
    assert content is not None
    book = load_workbook(BytesIO(b"".join(content)))
    heads = [cell.value for row in book["项目台账"].iter_rows(max_row=8) for cell in row]
    names = ("编号", "项目名称", "应办", "已发证", "开发建设单位", "责任人")
    printed = [name for name in names if any(str(head).startswith(name) for head in heads)]
    assert printed == ["编号", "项目名称", "应办", "已发证"]
    assert "项目台账（附）" not in book.sheetnames
    assert lying(story, "district_second") == []
    assert ScheduleDelivery.objects.get(person=second.person).taken_at is not None
    assert not path_of(run).read_bytes().startswith(b"PK")  # sealed


def test_it_falls_due_by_the_clock_of_beijing_once_and_is_not_made_up(story: Estate) -> None:
    made = schedule(story)
    assert due_moment(made, moment("2022-03-03 07:59")) is None
    assert due_moment(made, moment("2022-03-03 08:00")) == moment("2022-03-03 08:00")
    assert due_moment(made, moment("2022-05-09 12:00")) == moment("2022-05-03 08:00")
    for now in ("2022-03-03 07:59", "2022-03-03 08:00", "2022-03-03 08:01"):
        ask_due_schedules(moment(now))
    assert Job.objects.filter(kind="reports.schedule").count() == 1
    with on_day(date(2022, 3, 4)):
        pause_schedule(actor=story.cast.district.actor, schedule=made)
    ask_due_schedules(moment("2022-04-03 08:00"))
    assert Job.objects.filter(kind="reports.schedule").count() == 1
    with on_day(date(2022, 4, 10)):
        resumed = resume_schedule(actor=story.cast.district.actor, schedule=made)
    assert due_moment(resumed, moment("2022-04-11 08:00")) is None


def test_who_may_not_see_a_project_of_it_is_given_nothing(story: Estate) -> None:
    """The recipient's role ended after the schedule was kept; who never was in reach can't be chosen at all."""
    second = story.cast.district_second
    with refused("接收人不在您的范围内", field="recipients"):
        schedule(story, recipients=[story.cast.strange_district.person.pk])
    made = schedule(story, recipients=[second.person.pk])
    with fixture_writes():
        ReportSchedule.objects.filter(pk=made.pk).update(recipients=[story.cast.strange_district.person.pk])
        Assignment.objects.filter(pk=second.assignment.pk).update(ends=date(2022, 1, 1))
    made.refresh_from_db()
    run = run_now(story, made)
    kept = ScheduleDelivery.objects.get(run=run, person=story.cast.strange_district.person)
    assert kept.kept_back == "不能看到其中全部项目"
    with pytest.raises(NotFound, match="未找到"):
        take_run(actor=story.cast.strange_district.actor, run=run)
    assert sign_in(story.cast.strange_district).get(f"/documents/reports/schedules/runs/{run.pk}/").status_code == 404


def test_without_its_owners_right_nothing_is_made_all_are_told_and_it_is_switched_off(story: Estate) -> None:
    second = story.cast.district_second
    made = schedule(story, recipients=[second.person.pk])
    end_role(story)
    for number in range(3):
        due = moment(f"2022-0{3 + number}-03 08:00")
        ask_due_schedules(due)
        Worker("test").run(once=True)
        made.refresh_from_db()
        assert (made.runs.count(), made.failures) == (number + 1, number + 1)
        assert made.state == (ScheduleState.OFF if number == 2 else ScheduleState.ON)
        told = lying(story, "district_second")
        assert len(told) == 1
        assert "职责、导出权限已经结束" in told[0]
    assert "已连续3次未生成，自动停用" in lying(story, "district_second")[0]
    assert list(made.runs.values_list("file_name", flat=True)) == ["", "", ""]
    assert list(path_of(made.runs.latest("id")).parent.glob("*")) == []
    ask_due_schedules(moment("2022-06-03 08:00"))
    assert Job.objects.filter(kind="reports.schedule").count() == 3

    taken_over = resume_schedule(actor=second.actor, schedule=made)
    assert (taken_over.owner_id, taken_over.state, taken_over.failures) == (second.person.pk, ScheduleState.ON, 0)
    ask_run(actor=second.actor, schedule=taken_over)
    Worker("test").run(once=True)
    assert made.runs.latest("id").outcome == RunOutcome.DELIVERED


def test_an_empty_result_is_said(story: Estate) -> None:
    made = schedule(story, content="closed")
    run = run_now(story, made)
    assert (run.outcome, run.said, made.failures) == (RunOutcome.EMPTY, "尚无已结账的月份", 0)
    assert take_run(actor=story.cast.district.actor, run=run) is None


def test_what_is_refused(story: Estate) -> None:
    actor, second = story.cast.district.actor, story.cast.district_second.actor
    made = schedule(story)
    for words, message, field in (
        ({"title": " "}, "未填写名称", "title"),
        ({"content": "all"}, "不在可选范围内", "content"),
        ({"columns": ["secret"]}, "所选栏目不在项目台账内", "columns"),
    ):
        with refused(message, field=field), on_day(date(2022, 3, 2)):
            add_schedule(actor=actor, **{**WORDS, **words})
    with pytest.raises(RuleRefused), on_day(date(2022, 3, 2)):
        add_schedule(actor=actor, **{**WORDS, "rule": "FREQ=HOURLY"})
    with refused("须由有账号的人员设置", code="no_owner"), on_day(date(2022, 3, 2)):
        add_schedule(actor=system_actor("测试"), **WORDS)
    with refused("以区办的权限生成|权限生成，由其修改", code="not_owner"), on_day(date(2022, 3, 2)):
        change_schedule(actor=second, schedule=made, **WORDS)
    with refused("正在运行", code="unchanged"):
        resume_schedule(actor=actor, schedule=made)
    with refused("由系统按设置生成", code="by_rule"):
        keep_run(actor=actor, schedule=made, due_at=true_now(), outcome=RunOutcome.EMPTY, said="")
    run = run_now(story, made)
    with refused("已经生成过", code="kept"):
        keep_run(actor=system_actor("测试"), schedule=made, due_at=run.due_at, outcome=RunOutcome.EMPTY, said="")
    with fixture_writes():
        ScheduleRun.objects.filter(pk=run.pk).update(projects=[*run.projects, 10**9])
    run.refresh_from_db()
    with refused("已不在您的范围内", code="out_of_reach"):
        take_run(actor=actor, run=run)
    run.projects = run.projects[:1]
    path_of(run).unlink()
    with refused("文件只保留最近12次的", code="gone"):
        take_run(actor=actor, run=run)
    pause_schedule(actor=actor, schedule=made)
    with refused("无需暂停", code="unchanged"):
        pause_schedule(actor=actor, schedule=made)


def test_what_should_be_off_or_kept_back_is_red(story: Estate) -> None:
    made = schedule(story)
    run = run_now(story, made)
    assert list(INVARIANTS["I66"].check(None)) == []
    with fixture_writes():
        ReportSchedule.objects.filter(pk=made.pk).update(failures=3)
        ScheduleDelivery.objects.filter(run=run).update(kept_back="不能看到其中全部项目", taken_at=true_now())
    assert [fault.subject for fault in INVARIANTS["I66"].check(None)] == [
        f"定期报表{made.pk}", f"定期报表送达{run.deliveries.get().pk}",
    ]  # fmt: skip


def test_uneven_figures_do_not_leave(story: Estate) -> None:
    view = month_view(story.cast.district.actor, Month.of(true_now().date()), now=true_now())
    assert workbook_of(view, unit="区专班").startswith(b"PK")
    view.rows["totals"][0]["issued"] += 1
    with pytest.raises(UnevenRefused, match=r"勾稽不平：.*差"):
        workbook_of(view, unit="区专班")


def test_its_pages(story: Estate) -> None:
    client, root = sign_in(story.cast.district), "/documents/reports/schedules/"
    assert "本单位没有定期报表" in client.get(root).content.decode()
    form = {
        "title": "周报", "content": "current", "rule": "FREQ=WEEKLY;BYDAY=MO", "hour": "9",
        "starts_on": (true_now() + timedelta(1)).date().isoformat(), "columns": ["due"],
        "recipients": [str(story.cast.district_second.person.pk)],
    }  # fmt: skip
    page = client.post(f"{root}add/", form, follow=True).content.decode()
    assert all(words in page for words in ("每周一 09:00", "编号、项目名称、应办", "生成时的权限", "区专班"))
    made = ReportSchedule.objects.get()
    assert "周报（副本）" in client.get(f"{root}add/?copy={made.pk}").content.decode()
    client.post(f"{root}{made.pk}/edit/", {**form, "title": "周一报"})
    key = {"once": new_key()}
    client.post(f"{root}{made.pk}/run/", key)
    client.post(f"{root}{made.pk}/run/", key)
    Worker("test").run(once=True)
    assert Act.objects.filter(event="schedule.asked").count() == 1, "a button pressed twice asks once"
    page = client.get(f"{root}{made.pk}/").content.decode()
    assert all(words in page for words in ("周一报", "已送达", "未取阅"))
    run = made.runs.get()
    reader = sign_in(story.cast.district_second)
    assert "下载" in reader.get(f"{root}runs/{run.pk}/").content.decode()
    taken = reader.post(f"{root}runs/{run.pk}/")
    assert b"".join(taken).startswith(b"PK")
    assert "周一报" in reader.get(root).content.decode()
    client.post(f"{root}{made.pk}/pause/")
    made.refresh_from_db()
    assert made.state == ScheduleState.PAUSED
    assert sign_in(story.cast.strange_district).get(f"{root}{made.pk}/").status_code == 404
