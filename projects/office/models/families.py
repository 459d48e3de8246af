"""Families at the counter: homes joined by hand, and what is so of the people of a home."""

from django.db import models

from projects.ledger.models import Unit
from projects.office.choices import FamilyFact
from registry.store.scoping import TenantModel


class FamilyLink(TenantModel):
    """Two homes joined by hand as one family's, where neither an agreement nor a person's number joins them.

    It joins these two alone: what else the other is joined to does not follow.
    """

    scope_path = "first__building__project"

    first = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="family_links")
    second = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="family_links_from")
    reason = models.CharField("依据", max_length=200)
    joined_by = models.CharField("登记人", max_length=60)
    joined_on = models.DateField("登记日期")
    act_id = models.BigIntegerField()
    ended_act_id = models.BigIntegerField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["first", "second"],
                condition=models.Q(ended_act_id__isnull=True),
                name="two_homes_are_joined_once",
            ),
            models.CheckConstraint(condition=models.Q(first__lt=models.F("second")), name="joined_in_one_order"),
        ]

    def __str__(self) -> str:
        return f"{self.first_id} {self.second_id}"


class HomeFact(TenantModel):
    """What is so of the people of a home from a day on, and decides which papers are asked for."""

    scope_path = "unit__building__project"

    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="family_facts")
    fact = models.CharField("情形", max_length=12, choices=FamilyFact)
    effective_on = models.DateField("起始日期")
    recorded_at = models.DateTimeField()
    act_id = models.BigIntegerField()
    ended_on = models.DateField("终止日期", null=True)
    ended_act_id = models.BigIntegerField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["unit", "fact"], condition=models.Q(ended_act_id__isnull=True), name="a_home_has_a_fact_once"
            ),
            models.CheckConstraint(
                condition=models.Q(ended_on__isnull=True, ended_act_id__isnull=True)
                | models.Q(ended_on__isnull=False, ended_act_id__isnull=False),
                name="a_fact_ends_by_an_act",
            ),
        ]

    def __str__(self) -> str:
        return self.get_fact_display()
