"""The rungs of an obligation's ladder that fell due: on whose desk, sent with which paper, or why not."""

from django.db import models

from commitments.models.letter import Obligation
from registry.accounts.models import Organisation, Person
from registry.kernel.ladder import Rung
from registry.store.scoping import TenantModel


class LadderStep(TenantModel):
    """One rung of one obligation: counted from a due date, laid on a desk, sent as a numbered paper or left out."""

    scope_path = "obligation__letter__instrument__project"

    obligation = models.ForeignKey(Obligation, on_delete=models.PROTECT, related_name="ladder")
    rung = models.CharField("督促", max_length=12, choices=[(rung.value, rung.label) for rung in Rung])
    counted_from = models.DateField("所依期限", help_text="the due date it was counted from; kept once it is sent")
    due_on = models.DateField("应发日期")
    organ = models.ForeignKey(Organisation, on_delete=models.PROTECT, null=True, related_name="rungs")
    proposed_on = models.DateField("列入待办", null=True)
    sent_on = models.DateField("发出日期", null=True)
    sent_by = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="+")
    paper_number = models.CharField("文号", max_length=80, blank=True)
    paper_key = models.BigIntegerField(null=True, help_text="soft reference: papers are above")
    skipped_reason = models.CharField("不发的原因", max_length=100, blank=True)
    act_id = models.BigIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["obligation", "rung"], name="ladder_step_once"),
            models.CheckConstraint(
                condition=models.Q(sent_on__isnull=True, paper_number="")
                | (models.Q(sent_on__isnull=False, skipped_reason="") & ~models.Q(paper_number="")),
                name="ladder_step_sent_with_its_paper",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.obligation_id} {self.get_rung_display()}"
