"""Meetings, leaders' instructions, and the dated tasks that come of both."""

from django.db import models

from projects.casework.choices import TaskEventKind, TaskState
from projects.ledger.models import Project
from registry.accounts.models import Organisation, Person
from registry.store.guard import GuardedModel

__all__ = ["Meeting", "Task", "TaskEvent"]


class Meeting(GuardedModel):
    """A meeting of a task force that was held, or what a leader wrote (批示): whatever tasks come from."""

    code = models.CharField("编号", max_length=12, unique=True)
    is_instruction = models.BooleanField("领导批示", default=False)
    title = models.CharField("名称", max_length=120)
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="meetings")
    held_on = models.DateField("日期")
    leader = models.CharField("主持人、批示人", max_length=60)
    place = models.CharField("地点", max_length=80, blank=True)
    number = models.CharField("文号", max_length=80, blank=True)
    text = models.TextField("纪要、批示全文", max_length=2000)
    act_id = models.BigIntegerField()

    def __str__(self) -> str:
        return f"{self.code} {self.title}"


class Task(GuardedModel):
    """One thing to be done by one organisation by a day; it returns to every agenda until it is done."""

    code = models.CharField("编号", max_length=12, unique=True)
    meeting = models.ForeignKey(Meeting, on_delete=models.PROTECT, related_name="tasks")
    project = models.ForeignKey(Project, on_delete=models.PROTECT, null=True, related_name="tasks")
    text = models.CharField("任务内容", max_length=300)
    owner = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="tasks")
    due_on = models.DateField("期限")
    original_due_on = models.DateField("原定期限")
    state = models.CharField("状态", max_length=10, choices=TaskState, default=TaskState.OPEN)
    done_on = models.DateField("完成日期", null=True)
    days_late = models.PositiveIntegerField("逾期（日）", default=0, help_text="fixed when it is done")
    accepted_by = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="+")
    act_id = models.BigIntegerField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(due_on__gte=models.F("original_due_on")), name="task_only_extended"
            )
        ]
        indexes = [models.Index(fields=["state", "due_on"], name="task_by_state_and_day")]

    def __str__(self) -> str:
        return f"{self.code} {self.text}"


class TaskEvent(GuardedModel):
    """What happened to a task."""

    task = models.ForeignKey(Task, on_delete=models.PROTECT, related_name="events")
    kind = models.CharField(max_length=10, choices=TaskEventKind)
    on = models.DateField("日期")
    text = models.CharField(max_length=300)
    organisation_name = models.CharField(max_length=120)
    act_id = models.BigIntegerField()

    def __str__(self) -> str:
        return f"{self.task_id} {self.kind}"
