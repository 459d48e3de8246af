"""Months closed, and what was shown when a close was proposed."""

from django.db import models

from registry.accounts.models import Person
from registry.store.guard import GuardedModel


class MonthClose(GuardedModel):
    """A closed month: frozen figures, hashed, chained to the month before."""

    month = models.CharField(max_length=7, unique=True)
    cut_off_on = models.DateField()
    known_at = models.DateTimeField()
    figures_version = models.CharField(max_length=20)
    rows = models.JSONField(default=list, help_text="frozen rows by sheet")
    rows_hash = models.CharField(max_length=64)
    previous_hash = models.CharField(max_length=64, blank=True)
    chain_hash = models.CharField(max_length=64)
    audit_head = models.CharField(max_length=64, blank=True)
    closed_by = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="+")
    closed_at = models.DateTimeField()
    act_id = models.BigIntegerField()

    class Meta:
        db_table = "documents_monthclose"  # for ever: acts that are sealed name it

    def __str__(self) -> str:
        return self.month


class MonthDraft(GuardedModel):
    """The figures of a month as they were when its close was proposed: what is frozen if another person agrees."""

    month = models.CharField(max_length=7)
    cut_off_on = models.DateField()
    known_at = models.DateTimeField()
    figures_version = models.CharField(max_length=20)
    rows = models.JSONField(default=dict, help_text="rows by sheet")
    rows_hash = models.CharField(max_length=64)
    act_id = models.BigIntegerField()

    def __str__(self) -> str:
        return f"{self.month} {self.known_at:%Y-%m-%d}"


class MonthCount(GuardedModel):
    """An open month of a large ledger as it was counted last, for its pages. Each count replaces the one before."""

    month = models.CharField(max_length=7, unique=True)
    known_at = models.DateTimeField()
    figures_version = models.CharField(max_length=20)
    rows = models.JSONField(default=dict, help_text="rows by sheet")
    faults = models.JSONField(default=list, help_text="what does not add up")
    act_id = models.BigIntegerField()

    def __str__(self) -> str:
        return f"{self.month} {self.known_at:%Y-%m-%d}"
