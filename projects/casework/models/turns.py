"""Who has had the ball of a blocker, and what a township whistled for (features F5)."""

from django.db import models

from projects.casework.choices import CallState, TurnKind
from projects.gates.models import Blocker
from projects.ledger.models import Project
from registry.accounts.models import Organisation
from registry.store.scoping import TenantModel

__all__ = ["Turn", "Whistle", "WhistleCall", "WhistleEvent"]


class Turn(TenantModel):
    """From a day on one organisation has the ball of a blocker, or nobody has and the reason is stated.

    A blocker that was never handed over has none: its first turn is read from the blocker itself. What a turn was
    due and how late it was are fixed when it ends; while it runs they follow the calendar.
    """

    scope_path = "blocker__project"

    blocker = models.ForeignKey(Blocker, on_delete=models.PROTECT, related_name="turns")
    ordinal = models.PositiveSmallIntegerField()
    kind = models.CharField("承接方式", max_length=10, choices=TurnKind)
    starts = models.DateField("自")
    holder = models.ForeignKey(Organisation, on_delete=models.PROTECT, null=True, related_name="turns")
    pause = models.CharField("暂停原因", max_length=200, blank=True)
    limit_days = models.PositiveSmallIntegerField("时限（工作日）", null=True)
    round = models.PositiveSmallIntegerField("轮次", default=1)
    reason = models.CharField("说明", max_length=300, blank=True)
    ended_on = models.DateField("至", null=True)
    due_on = models.DateField("期限", null=True, help_text="as it was when the turn ended")
    days_late = models.PositiveIntegerField("逾期工作日", default=0, help_text="as it was when the turn ended")
    act_id = models.BigIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["blocker", "ordinal"], name="turn_once"),
            models.UniqueConstraint(
                fields=["blocker"], condition=models.Q(ended_on__isnull=True), name="one_turn_runs"
            ),
            models.CheckConstraint(
                condition=models.Q(holder__isnull=False, pause="")
                | (models.Q(holder__isnull=True) & ~models.Q(pause="")),
                name="turn_has_a_holder_or_a_reason",
            ),
            models.CheckConstraint(
                condition=models.Q(ended_on__isnull=True) | models.Q(ended_on__gte=models.F("starts")),
                name="turn_ends_after_it_starts",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.blocker_id} {self.ordinal}"


class Whistle(TenantModel):
    """A township calls departments to a place at a time about a blocker (吹哨)."""

    scope_path = "blocker__project"

    blocker = models.ForeignKey(Blocker, on_delete=models.PROTECT, related_name="whistles")
    code = models.CharField("编号", max_length=12, unique=True)
    called_by = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="whistles")
    called_on = models.DateField("吹哨日期")
    place = models.CharField("地点", max_length=120)
    meet_at = models.DateTimeField("到场时间")
    text = models.CharField("请求解决的事项", max_length=300)
    closed_on = models.DateField("办结日期", null=True)
    closing_note = models.CharField("办结说明", max_length=300, blank=True)
    act_id = models.BigIntegerField()

    def __str__(self) -> str:
        return self.code

    @property
    def project_id(self) -> int:
        """The project of its blocker, wherever a split or merge has taken it."""
        return int(self.blocker.project_id)

    @property
    def project(self) -> Project:
        """The same, read."""
        project: Project = self.blocker.project
        return project


class WhistleCall(TenantModel):
    """One department called: when it reported in, what it answered, by when (报到)."""

    scope_path = "whistle__blocker__project"

    whistle = models.ForeignKey(Whistle, on_delete=models.PROTECT, related_name="calls")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="whistle_calls")
    state = models.CharField("状态", max_length=10, choices=CallState, default=CallState.CALLED)
    limit_days = models.PositiveSmallIntegerField("答复时限（工作日）")
    starts = models.DateField("自", help_text="the day it was called, or its answer sent back")
    reported_at = models.DateTimeField("报到时间", null=True)
    is_late_there = models.BooleanField("逾期报到", default=False)
    answer = models.CharField("答复", max_length=300, blank=True)
    answered_on = models.DateField("答复日期", null=True)
    due_on = models.DateField("期限", null=True, help_text="as it was when the answer was given")
    days_late = models.PositiveIntegerField("逾期工作日", default=0, help_text="over all rounds")
    round = models.PositiveSmallIntegerField("轮次", default=1)
    act_id = models.BigIntegerField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["whistle", "organisation"], name="department_called_once")]

    def __str__(self) -> str:
        return f"{self.whistle} {self.organisation}"

    @property
    def source(self) -> str:
        """The key under which it lies on its department's desk."""
        return f"whistle_call:{self.pk}"


class WhistleEvent(TenantModel):
    """What happened to a call; an answer sent back keeps reason, round and the time it cost."""

    scope_path = "call__whistle__blocker__project"

    call = models.ForeignKey(WhistleCall, on_delete=models.PROTECT, related_name="events")
    kind = models.CharField(max_length=10, choices=CallState)
    on = models.DateField("日期")
    text = models.CharField(max_length=300, blank=True)
    round = models.PositiveSmallIntegerField()
    workdays = models.PositiveIntegerField("历时（工作日）", default=0)
    act_id = models.BigIntegerField()

    def __str__(self) -> str:
        return f"{self.call_id} {self.kind}"
