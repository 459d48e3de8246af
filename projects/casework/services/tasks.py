"""Meetings and instructions kept with the tasks that they set; tasks reported, accepted by another, extended."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from projects.casework.choices import TaskEventKind, TaskState
from projects.casework.models import Meeting, Task, TaskEvent
from projects.ledger.models import Project
from registry.accounts.models import Organisation
from registry.accounts.services import inbox
from registry.audit.recording import record
from registry.kernel.authority import Actor, Permission
from registry.kernel.days import with_years
from registry.kernel.errors import Refused
from registry.store.acts import Row, current_act, values_of, write
from registry.store.bulk import reserve_keys
from registry.store.locks import lock

TOLD: Final = ("state", "due_on", "done_on", "days_late")  # of a task, in the trail


class TaskRefused(Refused):
    """A meeting or task that can't be written so."""


@dataclass(frozen=True)
class TaskDraft:
    """A decision as taken: what is to be achieved, by whom, by when, on which project if on one."""

    text: str
    owner: Organisation | None
    due_on: date | None
    project: Project | None = None


@write(Permission.TASK_SET, once=True)
def keep_meeting(
    *, actor: Actor, title: str, held_on: date, leader: str, text: str, tasks: Sequence[TaskDraft],
    organisation: Organisation | None = None, is_instruction: bool = False, place: str = "", number: str = "",
) -> Meeting:  # fmt: skip
    """Keep a meeting that was held, or a leader's instruction, with the tasks that it sets.

    Refused: no title, leader, text; a day ahead; no task; a task without result, owner or day; a day before the
    meeting. It is the actor's own unit's; only the system keeps one for another. Source: features F23.
    """
    act = current_act()
    what = "批示" if is_instruction else "会议"
    for value, field, words in (
        (title, "title", f"未填写{what}名称。"),
        (leader, "leader", "未填写批示人。" if is_instruction else "未填写主持人。"),
        (text, "text", f"未填写{'批示全文' if is_instruction else '会议纪要'}。"),
    ):
        if not value.strip():
            raise TaskRefused(words, field=field)
    if organisation is None or not actor.is_system:
        organisation = Organisation.objects.get(pk=actor.organisation_id or 0)
    if not tasks:
        raise TaskRefused(f"{what}未确定任务。请至少填写一项，写明任务内容、责任单位、完成期限。", field="tasks")
    key = reserve_keys(Meeting, 1)[0]
    meeting: Meeting = Meeting.objects.create(
        id=key, code=f"M-{key:05d}", is_instruction=is_instruction, title=title.strip(), organisation=organisation,
        held_on=held_on, leader=leader.strip(), place=place.strip(), number=number.strip(), text=with_years(text.strip(), held_on),
        act_id=act.id,
    )  # fmt: skip
    made = [_set(actor, meeting, ordinal, draft) for ordinal, draft in enumerate(tasks, start=1)]
    record(
        event="meeting.kept",
        subject=meeting,
        facts={"what": what, "title": meeting.title, "tasks": len(tasks)},
        rows=[
            Row.added(meeting, "code"),
            *(Row.added(task, "code", "owner_id", "project_id", *TOLD) for task in made),
        ],
    )
    return meeting


@write(Permission.TASK_ANSWER, once=True)
def report_task(*, actor: Actor, task: Task, text: str, is_done: bool) -> Task:
    """Report on a task by its owner; done waits for whoever set it. Refused: others; nothing said; closed."""
    current, before = _running(task)
    if not actor.is_system and actor.organisation_id != current.owner_id:
        raise TaskRefused(f"任务责任单位为{current.owner}，由其报送办理情况。", code="not_owner")
    if not text.strip():
        raise TaskRefused("未填写办理情况。", field="text")
    if is_done:
        current.state = TaskState.REPORTED
        current.save(update_fields=["state"])
        _lay(current, "核定", current.meeting.organisation)
    return _told(current, before, "task.finished" if is_done else "task.reported", text)


@write(Permission.TASK_SET, once=True)
def accept_task(*, actor: Actor, task: Task, text: str) -> Task:
    """Find a task done, on the day it was reported so; how late it was stays. Not by its own owner."""
    current, before = _judged(actor, task)
    reported = current.events.filter(kind=TaskEventKind.FINISHED).order_by("-id").first()
    done_on = reported.on if reported else current_act().today
    current.state, current.done_on, current.accepted_by_id = TaskState.DONE, done_on, actor.person_id
    current.days_late = max(0, (done_on - current.due_on).days)
    current.save(update_fields=["state", "done_on", "accepted_by", "days_late"])
    inbox.settle(_source(current))
    return _told(current, before, "task.accepted", text or "已完成")


@write(Permission.TASK_SET, once=True)
def send_back_task(*, actor: Actor, task: Task, reason: str) -> Task:
    """Send a task back that was reported as done. Refused: no reason; by its own owner."""
    current, before = _judged(actor, task)
    if not reason.strip():
        raise TaskRefused("未填写退回原因。请写明尚需完成的内容。", field="reason")
    current.state = TaskState.OPEN
    current.save(update_fields=["state"])
    _lay(current, "重办", current.owner)
    return _told(current, before, "task.returned", reason)


@write(Permission.TASK_SET, once=True)
def extend_task(*, actor: Actor, task: Task, due_on: date, reason: str) -> Task:
    """Return a task a later day; the first one is kept. Refused: not later; no reason; by its own owner."""
    current, before = _running(task)
    _require_setter(actor, current)
    if due_on <= current.due_on:
        raise TaskRefused(f"新期限要晚于现在的期限{current.due_on}。", field="due_on")
    if not reason.strip():
        raise TaskRefused("未填写延期原因。", field="reason")
    known, current.due_on = current.due_on, due_on
    current.save(update_fields=["due_on"])
    return _told(current, before, "task.extended", f"由{known}延到{due_on}：{reason.strip()}")


@write(Permission.TASK_SET, once=True)
def cancel_task(*, actor: Actor, task: Task, reason: str) -> Task:
    """Cancel a task by whoever set it, with a reason. Refused: no reason; closed already; by its owner."""
    current, before = _running(task)
    _require_setter(actor, current)
    if not reason.strip():
        raise TaskRefused("未填写撤销原因。", field="reason")
    current.state = TaskState.CANCELLED
    current.save(update_fields=["state"])
    inbox.settle(_source(current))
    return _told(current, before, "task.cancelled", reason)


def _set(actor: Actor, meeting: Meeting, ordinal: int, draft: TaskDraft) -> Task:
    missing = [
        label
        for label, value in (("任务内容", draft.text.strip()), ("责任单位", draft.owner), ("期限", draft.due_on))
        if not value
    ]
    if missing or draft.owner is None or draft.due_on is None:
        raise TaskRefused(f"第{ordinal}项任务未填写{'、'.join(missing)}。", field="tasks")
    if draft.due_on < meeting.held_on:
        raise TaskRefused(f"第{ordinal}项任务的期限早于{meeting.held_on}。请核对。", field="tasks")
    key = reserve_keys(Task, 1)[0]
    task: Task = Task.objects.create(
        id=key, code=f"T-{key:05d}", meeting=meeting, project=draft.project, text=draft.text.strip(), owner=draft.owner,
        due_on=draft.due_on, original_due_on=draft.due_on, act_id=current_act().id,
    )  # fmt: skip
    _lay(task, "办理", draft.owner)
    return task


def _running(task: Task) -> tuple[Task, dict[str, Any]]:
    """The task locked, and what the trail tells of it before it changes."""
    current = lock(task, "meeting", "owner")
    if current.state not in (TaskState.OPEN, TaskState.REPORTED):
        raise TaskRefused(f"{current.code}{current.get_state_display()}，不能再修改。", code="closed")
    return current, values_of(current, TOLD)


def _require_setter(actor: Actor, task: Task) -> None:
    if actor.is_system:
        return
    if actor.organisation_id == task.owner_id:
        raise TaskRefused("责任单位不得自行核定、延期、撤销任务。请由确定任务的工作专班办理。", code="own_task")
    if actor.area_code and actor.organisation_id != task.meeting.organisation_id:
        raise TaskRefused(f"任务由{task.meeting.organisation}定，由它或市级专班办理。", code="not_setter")


def _judged(actor: Actor, task: Task) -> tuple[Task, dict[str, Any]]:
    current, before = _running(task)
    _require_setter(actor, current)
    if current.state != TaskState.REPORTED:
        raise TaskRefused(f"{current.owner}尚未报送完成。", code="not_reported")
    return current, before


def _source(task: Task) -> str:
    return f"task:{task.pk}"


def _lay(task: Task, verb: str, organisation: Organisation) -> None:
    inbox.settle(_source(task))
    inbox.deliver(
        source=_source(task), verb=verb, title=f"{task.code} {task.text}", link=f"/casework/tasks/{task.code}/",
        organisation=organisation, project_name=task.project.name if task.project else "",
        project_key=task.project_id,
        from_label=str(task.meeting.organisation), due_on=task.due_on,
    )  # fmt: skip


def _told(task: Task, before: Mapping[str, Any], event: str, text: str) -> Task:
    act = current_act()
    TaskEvent.objects.create(
        task=task, kind=TaskEventKind(event.removeprefix("task.")), on=act.today, text=text.strip()[:300], act_id=act.id,
        organisation_name=act.actor.organisation_name or act.actor.name,
    )  # fmt: skip
    record(
        event=event,
        subject=task,
        facts={"code": task.code, "title": task.text, "note": text.strip()[:300]},
        rows=Row.if_changed(task, before),
    )
    return task
