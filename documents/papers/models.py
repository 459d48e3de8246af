"""Papers issued, and the counters of their numbers."""

from typing import Any, ClassVar, Final, Self

from django.db import models

from projects.ledger.models import Project, Unit
from registry.accounts.models import Organisation, Person
from registry.kernel.authority import Actor, Role
from registry.store.guard import GuardedModel
from registry.store.scoping import CITY, TenantModel, TenantQuerySet, scope_filter

DISTRICT: Final = 6  # digits of a district's code; a township's goes on from there


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


class PaperQuerySet(TenantQuerySet):
    """Papers of projects, and those of an area: minutes, bulletins."""

    def visible_to(self, actor: Actor) -> Self:
        """Keep the papers of the projects that the actor may see, and those of its area, of the city above it.

        What is of no one project is among organs: no developer reads it.
        """
        of_projects = scope_filter(actor, self.model.scope_path)
        if of_projects is None or actor.is_system or actor.role in CITY or actor.role == Role.DEVELOPER:
            return super().visible_to(actor)
        areas = {"", actor.area_code[:DISTRICT]}
        return self.filter(of_projects | models.Q(project__isnull=True, area_code__in=areas))


class Paper(TenantModel):
    """An issued paper: numbered, rendered from a stored snapshot, archived with its hash. Never changed.

    A letter bears the number under which it was signed and takes none of a series. `live_key` names what a paper in
    force is the only one for; a void paper has none, and those from before it was kept. A paper of no one project is of
    a district, or of the city ("").
    """

    scope_path = "project"
    objects: ClassVar[Any] = PaperQuerySet.as_manager()
    personal_fields = ("snapshot_sealed",)

    # A paper is numbered with its snapshot and archived once it is rendered: alone in one act, in a batch in the next.
    project = models.ForeignKey(Project, on_delete=models.PROTECT, null=True, related_name="papers")
    area_code = models.CharField("区", max_length=12, blank=True, default="", help_text="of a paper of no one project")
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
    pdf_path = models.CharField(max_length=200, blank=True)
    pdf_hash = models.CharField(max_length=64, blank=True)
    fonts = models.JSONField(default=list)
    issued_on = models.DateField("日期")
    issued_at = models.DateTimeField()
    issuer = models.ForeignKey(Organisation, on_delete=models.PROTECT, null=True, related_name="+")
    issued_by = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="+")
    drafted_by = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="+")
    voided_on = models.DateField("作废日期", null=True)
    void_reason = models.CharField(max_length=200, blank=True)
    live_key = models.CharField(max_length=60, blank=True, default="")
    recipient_key = models.CharField(max_length=16, blank=True, default="", help_text="whom it is for: all together")
    is_masked = models.BooleanField("张贴用", default=False, help_text="names are masked in the file itself")
    retention = models.CharField("保管期限", max_length=10, blank=True, default="")
    code = models.CharField("校验码", max_length=20, null=True, unique=True, help_text="by which anybody proves it")
    batch = models.ForeignKey("PaperBatch", on_delete=models.PROTECT, null=True, related_name="papers")
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
            models.CheckConstraint(
                condition=models.Q(project__isnull=True) | models.Q(area_code=""), name="paper_of_a_project_or_an_area"
            ),
            models.CheckConstraint(
                condition=models.Q(drafted_by__isnull=True)
                | models.Q(issued_by__isnull=True)
                | ~models.Q(drafted_by=models.F("issued_by")),
                name="paper_checked_by_a_second_person",
            ),
        ]
        indexes = [
            models.Index(fields=["project", "-id"], name="paper_by_project"),
            models.Index(fields=["batch", "pdf_hash"], name="paper_by_batch"),
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def hands(self) -> str:
        """Who drafted it and who checked and numbered it, or who did both."""
        if self.drafted_by is None:
            return f"{self.issued_by or '系统'}出具"
        return f"{self.drafted_by}拟稿，{self.issued_by or '系统'}核稿签发"


class PaperBatch(TenantModel):
    """Papers of one kind asked for together: which homes, in whose name, and the parts of the print file."""

    scope_path = "project"

    number = models.CharField("批次", max_length=30, unique=True)
    project = models.ForeignKey(Project, on_delete=models.PROTECT, related_name="paper_batches")
    kind = models.CharField("文种", max_length=30)
    words = models.JSONField(default=dict, help_text="which homes, and what the papers still need")
    filters = models.CharField("范围", max_length=300, blank=True)
    is_masked = models.BooleanField("张贴用", default=False)
    organ = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    asked_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField("提交时间")
    asked = models.PositiveIntegerField("应出", default=0)
    is_laid = models.BooleanField(default=False, help_text="whether its lines stand")
    parts = models.JSONField(default=list, help_text="[first position, last, file, sha256, pages of each] in order")
    finished_at = models.DateTimeField(null=True)
    act_id = models.BigIntegerField()

    def __str__(self) -> str:
        return self.number


class Outcome(models.TextChoices):
    """What became of a home of a batch."""

    WAITING = "waiting", "待出具"
    ISSUED = "issued", "已出具"
    REFUSED = "refused", "不能出具"
    SKIPPED = "skipped", "已有有效文书"


class BatchLine(TenantModel):
    """One home of a batch, in building order: its paper, or why it gets none."""

    scope_path = "batch__project"

    batch = models.ForeignKey(PaperBatch, on_delete=models.PROTECT, related_name="lines")
    position = models.PositiveIntegerField("顺序")
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    outcome = models.CharField("结果", max_length=10, choices=Outcome, default=Outcome.WAITING)
    reason = models.CharField("原因", max_length=300, blank=True)
    paper = models.OneToOneField(Paper, on_delete=models.PROTECT, null=True, related_name="line")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["batch", "unit"], name="batch_home_once"),
            models.UniqueConstraint(fields=["batch", "position"], name="batch_position_once"),
            models.CheckConstraint(
                condition=models.Q(outcome="issued", paper__isnull=False)
                | (~models.Q(outcome="issued") & models.Q(paper__isnull=True)),
                name="batch_line_has_its_paper",
            ),
            models.CheckConstraint(
                condition=models.Q(outcome__in=["waiting", "issued"]) | ~models.Q(reason=""),
                name="batch_line_says_why_not",
            ),
        ]
        indexes = [models.Index(fields=["batch", "outcome", "position"], name="batch_line_by_outcome")]

    def __str__(self) -> str:
        return f"{self.batch} {self.position}"


class Way(models.TextChoices):
    """How a paper came to its recipient."""

    PRINTED = "printed", "打印"
    POSTED = "posted", "张贴"
    HANDED = "handed", "当面送达"
    SENT = "sent", "寄送"


class DeliveryOutcome(models.TextChoices):
    """What came of it."""

    DONE = "done", "已送达"
    REFUSED = "refused", "拒收"
    RETURNED = "returned", "退回"


class Delivery(TenantModel):
    """One attempt to deliver a paper: how, on which day, what came of it, who signed for it, on what evidence."""

    scope_path = "paper__project"

    paper = models.ForeignKey(Paper, on_delete=models.PROTECT, related_name="deliveries")
    way = models.CharField("方式", max_length=10, choices=Way)
    outcome = models.CharField("结果", max_length=10, choices=DeliveryOutcome)
    delivered_on = models.DateField("日期")
    evidence = models.CharField("凭证", max_length=200, blank=True)
    recorded_by = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="+")
    act_id = models.BigIntegerField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=~models.Q(way="handed", outcome="done", evidence="")
                & ~models.Q(outcome__in=["refused", "returned"], evidence=""),
                name="delivery_has_its_evidence",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.paper} {self.get_way_display()}"


class Printer(GuardedModel):
    """A printer of an organisation, and by how much what it prints on its red-head paper has to be moved (套打).

    In tenths of a millimetre.
    """

    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="printers")
    name = models.CharField("打印机", max_length=40)
    right = models.SmallIntegerField("右移", default=0)
    down = models.SmallIntegerField("下移", default=0)
    act_id = models.BigIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["organisation", "name"], name="printer_once_per_organisation"),
            models.CheckConstraint(
                condition=models.Q(right__gte=-200, right__lte=200, down__gte=-200, down__lte=200),
                name="printer_moves_within_20_mm",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def right_mm(self) -> str:
        """The same in millimetres, as it is read."""
        return f"{self.right / 10:.1f}"

    @property
    def down_mm(self) -> str:
        """The same in millimetres, as it is read."""
        return f"{self.down / 10:.1f}"


class OutsideKind(models.TextChoices):
    """A paper that another system makes: of the registration centre, or of an organ that enforces."""

    ACCEPTANCE = "acceptance", "受理凭证"
    SUPPLEMENT = "supplement", "补正材料告知书"
    TOLERANCE = "tolerance", "容缺受理告知书"
    REFUSAL = "refusal", "不予登记告知书"
    ANNOUNCEMENT = "announcement", "首次登记公告"
    ORDER = "order", "责令改正通知书"


class OutsidePaper(TenantModel):
    """A paper of another system, kept by its number; its scan is an attachment. This registry never makes one.

    Whose it is, is the organisation of who records it. `due_on` is the day until which something is to be handed in.
    """

    scope_path = "project"

    project = models.ForeignKey(Project, on_delete=models.PROTECT, related_name="outside_papers")
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, null=True, related_name="outside_papers")
    kind = models.CharField("文种", max_length=12, choices=OutsideKind)
    number = models.CharField("编号", max_length=80)
    organ = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    issued_on = models.DateField("日期")
    due_on = models.DateField("补交期限", null=True)
    note = models.CharField("说明", max_length=200, blank=True)
    recorded_by = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="+")
    voided_on = models.DateField("作废日期", null=True)
    void_reason = models.CharField(max_length=200, blank=True)
    act_id = models.BigIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["organ", "kind", "number"],
                condition=models.Q(voided_on__isnull=True),
                name="outside_paper_once",
            ),
            models.CheckConstraint(
                condition=models.Q(due_on__isnull=True) | models.Q(due_on__gte=models.F("issued_on")),
                name="outside_paper_due_after_its_day",
            ),
        ]
        indexes = [models.Index(fields=["unit", "issued_on"], name="outside_paper_by_unit")]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.number}"
