"""Countersigning: each member unit of the task force answers a draft letter, side by side, within its time limit."""

from django.db import models

from commitments.choices import Answer
from commitments.models.instrument import Instrument
from registry.accounts.models import Organisation, Person
from registry.store.scoping import TenantModel


class Countersign(TenantModel):
    """One unit asked in one round: by when, and what it answered."""

    scope_path = "instrument__project"

    instrument = models.ForeignKey(Instrument, on_delete=models.PROTECT, related_name="countersigns")
    round = models.PositiveSmallIntegerField("轮次")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="countersigns")
    asked_on = models.DateField("送会签日期")
    due_on = models.DateField("答复期限")
    answer = models.CharField("答复", max_length=10, choices=Answer, default=Answer.WAITING)
    comment = models.CharField("意见", max_length=300, blank=True)
    answered_on = models.DateField("答复日期", null=True)
    answered_by = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="+")
    act_id = models.BigIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["instrument", "round", "organisation"], name="countersign_asked_once"),
            models.CheckConstraint(
                condition=models.Q(answer="waiting", answered_on__isnull=True)
                | (~models.Q(answer="waiting") & models.Q(answered_on__isnull=False)),
                name="countersign_answered_with_its_day",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.organisation} {self.get_answer_display()}"
