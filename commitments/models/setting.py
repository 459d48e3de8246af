"""Dated settings of a district for its letters."""

from django.db import models

from registry.accounts.models import Person
from registry.store.guard import GuardedModel


class LapseRule(GuardedModel):
    """A district's dated setting: how many whole days of grace, and whether a lapse pauses acceptances."""

    district_code = models.CharField("区代码", max_length=6)
    grace_days = models.PositiveSmallIntegerField("宽限日数")
    pauses = models.BooleanField("失效即暂停受理", default=False)
    countersigns = models.BooleanField("承诺函须先会签", default=False)
    effective_on = models.DateField("自")
    reason = models.CharField("原因", max_length=200)
    proposed_by = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="+")
    approved_by = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="+")
    recorded_at = models.DateTimeField()
    act_id = models.BigIntegerField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(approved_by__isnull=True)
                | models.Q(proposed_by__isnull=True)
                | ~models.Q(approved_by=models.F("proposed_by")),
                name="lapse_rule_approved_by_a_second_person",
            )
        ]

    def __str__(self) -> str:
        return f"{self.district_code} {self.effective_on}"


class LadderRule(GuardedModel):
    """A district's dated setting: after how many working days each rung of the ladder, and who may send it."""

    district_code = models.CharField("区代码", max_length=6)
    offsets = models.JSONField("工作日数", help_text="rung to working days around the due date")
    senders = models.JSONField(
        "发文单位", default=dict, help_text="rung to kinds or codes of organisations; none: default"
    )
    effective_on = models.DateField("自")
    reason = models.CharField("原因", max_length=200)
    proposed_by = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="+")
    approved_by = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="+")
    recorded_at = models.DateTimeField()
    act_id = models.BigIntegerField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(approved_by__isnull=True)
                | models.Q(proposed_by__isnull=True)
                | ~models.Q(approved_by=models.F("proposed_by")),
                name="ladder_rule_approved_by_a_second_person",
            )
        ]

    def __str__(self) -> str:
        return f"{self.district_code} {self.effective_on}"
