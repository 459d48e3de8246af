"""Schedules: kept by their owner, run in the owner's right as it is then, laid before people, switched off in the end.

A run that can't be made tells its owner and its recipients why. What tells of a project that a recipient may not see
is kept from them, not cut.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime
from functools import partial
from typing import Any, Final

from django.db import transaction

from documents.reports.choices import RunOutcome, ScheduleContent, ScheduleState
from documents.reports.models import ReportSchedule, ScheduleDelivery, ScheduleRun
from documents.reports.selectors.schedules import (
    KEPT_FILES,
    MOST_FAILURES,
    column_choices,
    is_owner,
    path_of,
    place_of,
    reaches,
    recipients_for,
)
from registry.accounts.services import inbox
from registry.audit.recording import record
from registry.jobs.services import enqueue
from registry.kernel.authority import Actor, Permission, system_actor
from registry.kernel.days import StartDay
from registry.kernel.errors import DomainError, NotFound
from registry.kernel.recurrence import Recurrence
from registry.store.acts import Row, after_act, current_act, values_of, within_act, write
from registry.store.locks import lock
from registry.store.root import visible_projects
from registry.store.sealed_files import read_sealed
from registry.store.versions import UNSEEN, Seen

JOB: Final = "reports.schedule"
SOURCE: Final = "reports_scheduledelivery"
KEPT: Final = ("title", "content", "columns", "recipients", "rule", "hour", "starts_on")


class ScheduleRefused(DomainError):
    """A schedule that can't be kept, run or taken."""


@write(Permission.REPORT_EXPORT, once=True)
def add_schedule(
    *, actor: Actor, title: str, content: str, columns: Sequence[str], recipients: Sequence[int], rule: str, hour: int,
    starts_on: StartDay,
) -> ReportSchedule:  # fmt: skip
    """Keep a schedule that runs in the actor's right. Refused: no name; what can't be chosen."""
    act = current_act()
    if actor.person_id is None or actor.organisation_id is None:
        raise ScheduleRefused("定期报表以本人的权限生成，须由有账号的人员设置。", code="no_owner")
    words = _checked(
        actor, act.today, title=title, content=content, columns=columns, recipients=recipients, rule=rule, hour=hour,
        starts_on=starts_on,
    )  # fmt: skip
    schedule: ReportSchedule = ReportSchedule.objects.create(
        **words, owner_id=actor.person_id, owner_role=actor.role.value, organisation_id=actor.organisation_id,
        since_at=act.recorded_at, act_id=act.id,
    )  # fmt: skip
    record(
        event="schedule.added",
        subject=schedule,
        facts={"title": schedule.title},
        rows=[Row.added(schedule, *KEPT, "owner_id")],
    )
    return schedule


@write(Permission.REPORT_EXPORT)
def change_schedule(
    *, actor: Actor, schedule: ReportSchedule, title: str, content: str, columns: Sequence[str],
    recipients: Sequence[int], rule: str, hour: int, starts_on: StartDay, seen: Seen = UNSEEN,
) -> ReportSchedule:  # fmt: skip
    """Change a schedule of one's own. Refused: another's; what `add_schedule` refuses."""
    act = current_act()
    current = _own(actor, schedule)
    wanted = {
        "title": title, "content": content, "columns": list(columns), "recipients": list(recipients), "rule": rule,
        "hour": hour, "starts_on": starts_on,
    }  # fmt: skip
    before = values_of(current, KEPT)
    merged = seen.merge({name: before[name] for name in wanted}, wanted, current)
    for name, value in {**_checked(actor, act.today, **merged), "since_at": act.recorded_at}.items():
        setattr(current, name, value)
    current.save(update_fields=[*KEPT, "since_at"])
    record(
        event="schedule.changed",
        subject=current,
        facts={"title": current.title},
        rows=[Row.changed(current, before)],
    )
    return current


@write(Permission.REPORT_EXPORT, once=True)
def pause_schedule(*, actor: Actor, schedule: ReportSchedule) -> ReportSchedule:
    """Stop a schedule for a while; anybody of its organisation may. Refused: one that does not run."""
    current = _of_organisation(actor, schedule)
    if current.state != ScheduleState.ON:
        raise ScheduleRefused("该定期报表没有在运行，无需暂停。", code="unchanged")
    return _put(current, "schedule.paused", state=ScheduleState.PAUSED)


@write(Permission.REPORT_EXPORT, once=True)
def resume_schedule(*, actor: Actor, schedule: ReportSchedule) -> ReportSchedule:
    """Let a schedule run again from now on, in the right of who resumes it. Refused: one that runs."""
    current = _of_organisation(actor, schedule)
    if current.state == ScheduleState.ON and is_owner(actor, current):
        raise ScheduleRefused("该定期报表正在运行。", code="unchanged")
    return _put(
        current, "schedule.resumed", state=ScheduleState.ON, failures=0, owner_id=actor.person_id,
        owner_role=actor.role.value, since_at=current_act().recorded_at,
    )  # fmt: skip


@write(Permission.REPORT_EXPORT, once=True)
def ask_run(*, actor: Actor, schedule: ReportSchedule) -> ReportSchedule:
    """Have a schedule of one's own run now, by the worker. Refused: another's."""
    act = current_act()
    current = _own(actor, schedule)
    after_act(lambda: queue_run(current, act.recorded_at))
    record(event="schedule.asked", subject=current, facts={"title": current.title})
    return current


def queue_run(schedule: ReportSchedule, due_at: datetime) -> None:
    """Ask for one run of a schedule, once for each moment."""
    enqueue(
        actor=system_actor("定期报表"), kind=JOB, key=f"{JOB}:{place_of(schedule.pk, due_at)}",
        params={"schedule": schedule.pk, "due_at": due_at.isoformat()}, label=f"定期报表：{schedule.title}",
    )  # fmt: skip


@write(Permission.ACCOUNT_SELF)
def keep_run(
    *, actor: Actor, schedule: ReportSchedule, due_at: datetime, outcome: RunOutcome, said: str,
    made: Mapping[str, Any] | None = None,
) -> ScheduleRun:  # fmt: skip
    """Keep what came of a run, lay it before owner and recipients, count failures; the third in a row switches off.

    The work of the rule alone. Refused: a run that is kept already; one of a person.
    """
    if not actor.is_system:
        raise ScheduleRefused("定期报表由系统按设置生成。请点“现在生成”。", code="by_rule")
    act, current = current_act(), lock(schedule, "organisation", "owner")
    if ScheduleRun.objects.filter(schedule=current, due_at=due_at).exists():
        raise ScheduleRefused("这一次已经生成过。", code="kept")
    run: ScheduleRun = ScheduleRun.objects.create(
        schedule=current, due_at=due_at, outcome=outcome, said=said[:300], ran_at=act.recorded_at, act_id=act.id,
        **(made or {}),
    )  # fmt: skip
    failures = current.failures + 1 if outcome == RunOutcome.FAILED else 0
    is_off = failures >= MOST_FAILURES and current.state == ScheduleState.ON
    before = values_of(current, ("failures", "state"))
    current.failures = failures
    current.state = ScheduleState.OFF if is_off else current.state
    current.save(update_fields=["failures", "state"])
    title = f"定期报表“{current.title}”{run.get_outcome_display()}" + (f"：{said}" if said else "")
    if is_off:
        title = f"{title[:150]} 已连续{failures}次未生成，自动停用，请重新设置后启用。"
    _lay(run, current, title, act.today)
    for old in current.runs.order_by("-due_at")[KEPT_FILES : KEPT_FILES * 2]:
        transaction.on_commit(partial(path_of(old).unlink, missing_ok=True))
    record(
        event="schedule.ran",
        subject=current,
        facts={"title": current.title, "outcome": run.get_outcome_display()},
        reason=said[:200],
        rows=[Row.added(run, "outcome", "month", "file_name"), *Row.if_changed(current, before)],
    )
    return run


@within_act
def _lay(run: ScheduleRun, schedule: ReportSchedule, title: str, on: date) -> None:
    """Lay a run before its owner and those recipients who may see all of it; the earlier ones go from their desks."""
    earlier = ScheduleDelivery.objects.filter(run__schedule=schedule, taken_at__isnull=True, kept_back="")
    for delivery in earlier:
        inbox.settle(f"{SOURCE}:{delivery.pk}")
    for reach in reaches({schedule.owner_id, *schedule.recipients}, run.projects, on=on):
        kept_back = reach.kept_back if run.outcome == RunOutcome.DELIVERED else ""
        delivery = ScheduleDelivery.objects.create(run=run, person=reach.person, kept_back=kept_back)
        if not kept_back:
            inbox.deliver(
                source=f"{SOURCE}:{delivery.pk}", verb="查看", title=title, person=reach.person,
                link=f"/documents/reports/schedules/runs/{run.pk}/", from_label=str(schedule.organisation),
            )  # fmt: skip


@write(Permission.REPORT_READ)
def take_run(*, actor: Actor, run: ScheduleRun) -> Iterator[bytes] | None:
    """Take what a run made off one's desk: its file, or nothing where it made none.

    Refused: who it was not laid before; who may not see one of its projects any more; a file that is kept no longer.
    """
    delivery = ScheduleDelivery.objects.filter(run=run, person=actor.person_id or 0, kept_back="").first()
    if delivery is None:
        raise NotFound("未找到送给您的这份报表。请在待办或定期报表中核对。")
    current = lock(delivery, "run__schedule")
    if run.outcome == RunOutcome.DELIVERED:
        if visible_projects(actor, run.projects) != set(run.projects):
            raise ScheduleRefused(
                "其中有项目已不在您的范围内，这份报表不能再取。请以相应职责登录。", code="out_of_reach"
            )
        if not path_of(run).is_file():
            raise ScheduleRefused(f"文件只保留最近{KEPT_FILES}次的。请重新生成。", code="gone")
    before = values_of(current, ("taken_at",))
    current.taken_at = current.taken_at or current_act().recorded_at
    current.save(update_fields=["taken_at"])
    inbox.settle(f"{SOURCE}:{current.pk}")
    record(
        event="schedule.taken",
        subject=run.schedule,
        facts={"title": run.schedule.title, "file": run.file_name},
        rows=Row.if_changed(current, before),
    )
    return read_sealed(path_of(run), place_of(run.schedule_id, run.due_at)) if run.file_name else None


def _checked(
    actor: Actor, on: date, *, title: str, content: str, columns: Sequence[str], recipients: Sequence[int], rule: str,
    hour: int, starts_on: date,
) -> dict[str, Any]:  # fmt: skip
    if not title.strip():
        raise ScheduleRefused("未填写名称。请写明报表名称。", field="title")
    if content not in ScheduleContent.values or not 0 <= hour <= 23:
        raise ScheduleRefused("内容或时刻不在可选范围内。请重新选择。", field="content")
    names = [name for name, _ in column_choices()]
    if set(columns) - set(names):
        raise ScheduleRefused("所选栏目不在项目台账内。请重新选择。", field="columns")
    if set(recipients) - {key for key, _ in recipients_for(actor, on)}:
        raise ScheduleRefused("接收人不在您的范围内，或没有可查看报表的职责。请重新选择。", field="recipients")
    return {
        "title": title.strip()[:60], "content": content, "columns": [name for name in names if name in columns],
        "recipients": sorted(recipients), "rule": str(Recurrence.parse(rule)) if rule else "", "hour": hour,
        "starts_on": starts_on,
    }  # fmt: skip


def _of_organisation(actor: Actor, schedule: ReportSchedule) -> ReportSchedule:
    current = lock(schedule, "organisation", "owner")
    if current.organisation_id != actor.organisation_id:
        raise NotFound("未找到这份定期报表，或不是本单位的。请在列表中核对。")
    return current


def _own(actor: Actor, schedule: ReportSchedule) -> ReportSchedule:
    current = _of_organisation(actor, schedule)
    if not is_owner(actor, current):
        raise ScheduleRefused(
            f"该定期报表以{current.owner}的权限生成，由其修改；需要接手的，请先点“以本人权限启用”。", code="not_owner"
        )
    return current


@within_act
def _put(schedule: ReportSchedule, event: str, **changes: Any) -> ReportSchedule:
    before = values_of(schedule, tuple(name for name in changes if name != "since_at"))
    for name, value in changes.items():
        setattr(schedule, name, value)
    schedule.save(update_fields=[name.removesuffix("_id") for name in changes])
    record(event=event, subject=schedule, facts={"title": schedule.title}, rows=[Row.changed(schedule, before)])
    return schedule
