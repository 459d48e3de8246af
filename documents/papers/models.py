"""Papers issued, and the counters of their numbers."""

from django.db import models

from projects.ledger.models import Project, Unit
from registry.accounts.models import Organisation, Person
from registry.store.guard import GuardedModel
from registry.store.scoping import TenantModel


class NumberSeries(GuardedModel):
    """The counter of one series of document numbers: gapless, because it moves in the transaction of the paper."""

    prefix = models.CharField(max_length=40)
    year = models.PositiveSmallIntegerField()
    last = models.PositiveIntegerField(default=0)

    class Meta:
        db_table = "documents_numberseries"  # for ever: acts that are sealed name it
        constraints = [models.UniqueConstraint(fields=["prefix", "year"], name="series_once_per_year")]

    def __str__(self) -> str:
        return f"{self.prefix}〔{self.year}〕{self.last}"


class Paper(TenantModel):
    """An issued paper: numbered, rendered from a stored snapshot, archived with its hash. Never changed.

    A letter bears the number under which it was signed and takes none of a series. `live_key` names what a paper in
    force is the only one for; a void paper has none, and those from before it was kept.
    """

    scope_path = "project"
    personal_fields = ("snapshot_sealed",)

    project = models.ForeignKey(Project, on_delete=models.PROTECT, related_name="papers")
    kind = models.CharField("文种", max_length=30)
    series = models.ForeignKey(NumberSeries, on_delete=models.PROTECT, null=True, related_name="papers")
    serial = models.PositiveIntegerField(null=True)
    number = models.CharField("编号", max_length=80, unique=True)
    title = models.CharField("标题", max_length=160)
    addressee_masked = models.CharField("送达", max_length=120, blank=True)
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, null=True, related_name="papers")
    subject_key = models.BigIntegerField(null=True)
    template_version = models.CharField(max_length=20)
    snapshot_sealed = models.BinaryField()
    snapshot_hash = models.CharField(max_length=64)
    pdf_path = models.CharField(max_length=200)
    pdf_hash = models.CharField(max_length=64)
    fonts = models.JSONField(default=list)
    issued_on = models.DateField("日期")
    issued_at = models.DateTimeField()
    issuer = models.ForeignKey(Organisation, on_delete=models.PROTECT, null=True, related_name="+")
    issued_by = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="+")
    voided_on = models.DateField("作废日期", null=True)
    void_reason = models.CharField(max_length=200, blank=True)
    live_key = models.CharField(max_length=60, blank=True, default="")
    act_id = models.BigIntegerField()

    class Meta:
        db_table = "documents_paper"
        constraints = [
            models.UniqueConstraint(fields=["series", "serial"], name="paper_serial_once_per_series"),
            models.UniqueConstraint(fields=["live_key"], condition=~models.Q(live_key=""), name="paper_in_force_once"),
            models.CheckConstraint(
                condition=models.Q(series__isnull=True, serial__isnull=True)
                | models.Q(series__isnull=False, serial__isnull=False),
                name="paper_serial_goes_with_its_series",
            ),
        ]
        indexes = [models.Index(fields=["project", "-id"], name="paper_by_project")]

    def __str__(self) -> str:
        return self.number
