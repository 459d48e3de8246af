"""Months closed, what was shown when a close was proposed, bulletins issued of them, what leaders said to those."""

from django.db import models

from documents.reports.choices import BulletinKind
from projects.casework.models import Meeting
from registry.accounts.models import Organisation, Person
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


class Bulletin(GuardedModel):
    """A bulletin issued of a month: under which number, of which frozen rows, and the words that a person let stand.

    The paper itself is in the archive of papers; `paper_key` names it. A flash is of a month that runs: no hash.
    """

    month = models.CharField(max_length=7)
    kind = models.CharField(max_length=20, choices=BulletinKind.choices)
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    paper_key = models.BigIntegerField(unique=True)
    number = models.CharField(max_length=80, unique=True)
    rows_hash = models.CharField(max_length=64, blank=True)
    texts = models.JSONField(default=dict, help_text="by part, as issued")
    issued_on = models.DateField()
    issued_by = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="+")
    act_id = models.BigIntegerField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(kind=BulletinKind.FLASH.value, rows_hash="")
                | (~models.Q(kind=BulletinKind.FLASH.value) & ~models.Q(rows_hash="")),
                name="bulletin_is_of_frozen_rows",
            )
        ]

    def __str__(self) -> str:
        return self.number


class BulletinInstruction(GuardedModel):
    """A leader's instruction written on a bulletin, kept with the tasks that it sets."""

    bulletin = models.ForeignKey(Bulletin, on_delete=models.PROTECT, related_name="instructions")
    meeting = models.OneToOneField(Meeting, on_delete=models.PROTECT, related_name="+")
    act_id = models.BigIntegerField()

    def __str__(self) -> str:
        return str(self.meeting)
