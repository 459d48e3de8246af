"""Files taken in."""

from typing import Any, ClassVar, Self

from django.db import models

from projects.ledger.models import Project
from registry.accounts.models import Organisation, Person
from registry.kernel.authority import Actor
from registry.store.guard import GuardedModel
from registry.store.scoping import TenantModel, TenantQuerySet

TAKES_TWO, EXPORT_NO, ACROSS, ROWS = "takes_two", "export_no", "across", "rows"  # of a session's params


class SessionState(models.TextChoices):
    READING = "reading", "检查中"
    STAGED = "staged", "待提交"
    DIVIDED = "divided", "已分到项目"
    SUBMITTED = "submitted", "待复核"
    COMMITTED = "committed", "已写入"
    REFUSED = "refused", "未导入"
    RETURNED = "returned", "已退回"
    EXPIRED = "expired", "已作废（超过保留期限）"
    UNDONE = "undone", "已撤销"


class SessionQuerySet(TenantQuerySet):
    """Sessions hang on their project; the list of projects hangs on none: its sender's, the city's and audit's."""

    def visible_to(self, actor: Actor) -> Self:
        """Keep the sessions that the actor may see."""
        own = models.Q(project__isnull=True, uploaded_by_id=actor.person_id)
        return self.filter(models.Q(pk__in=super().visible_to(actor).values("pk")) | own)


class ImportSession(TenantModel):
    """One uploaded file on its way into the ledger. Nothing is written to the ledger before it is committed.

    `kind` names the list (registry.lists.kinds); `params` is what its sender said beside the file. One file of several
    projects is a session of none, divided into one of each project: its parts. Its own rows are those of no project.
    """

    scope_path = "project"

    objects: ClassVar[Any] = SessionQuerySet.as_manager()

    project = models.ForeignKey(Project, on_delete=models.PROTECT, null=True, related_name="import_sessions")
    part_of = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="parts")
    kind = models.CharField(max_length=20, default="units")
    params = models.JSONField(default=dict)
    file_name = models.CharField("文件", max_length=200)
    file_sha256 = models.CharField(max_length=64)
    file_size = models.PositiveIntegerField(default=0, help_text="bytes, for the quota of a day")
    attachment_key = models.BigIntegerField(null=True)
    state = models.CharField("状态", max_length=12, choices=SessionState)
    outcome = models.CharField(max_length=10, blank=True)
    sheet = models.CharField(max_length=80, blank=True)
    header_row = models.PositiveIntegerField(null=True)
    rows_present = models.PositiveIntegerField(default=0)
    added = models.PositiveIntegerField(default=0)
    changed = models.PositiveIntegerField(default=0)
    unchanged = models.PositiveIntegerField(default=0)
    refused = models.PositiveIntegerField(default=0)
    skipped = models.PositiveIntegerField(default=0)
    warnings = models.JSONField(default=list)
    file_error = models.CharField(max_length=30, blank=True)
    message = models.TextField(blank=True)
    all_or_nothing = models.BooleanField(default=False)
    uploaded_by = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="+")
    uploaded_at = models.DateTimeField()
    decided_by = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField(null=True)
    act_id = models.BigIntegerField()
    commit_act_id = models.BigIntegerField(null=True)
    titles = models.JSONField(default=list, help_text="the header as the sender wrote it")
    mapping = models.JSONField(default=dict, help_text="titles of the file by column name")
    sheets = models.JSONField(default=list, help_text="the sheets to choose from")
    absent = models.PositiveIntegerField(default=0, help_text="units of the ledger that the file lacks")
    undone_by = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="+")
    undone_at = models.DateTimeField(null=True)
    undo_act_id = models.BigIntegerField(null=True)
    undo_report = models.JSONField(default=dict, help_text="how many were taken back, and what was kept and why")

    class Meta:
        db_table = "documents_importsession"  # for ever, as those below: acts that are sealed name them
        constraints = [
            models.CheckConstraint(
                condition=models.Q(file_error="", rows_present=models.F("added") + models.F("changed")
                                   + models.F("unchanged") + models.F("refused") + models.F("skipped"))
                | ~models.Q(file_error=""),
                name="import_numbers_add_up",
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return self.file_name

    @property
    def takes_two(self) -> bool:
        """Whether it was sent in a role whose lists a second person accepts; one staged before that was kept, too."""
        return bool(self.params.get(TAKES_TWO, True))

    @property
    def had_second_person(self) -> bool:
        """Whether someone else accepted it: then undoing it takes two as well."""
        return self.decided_by_id is not None and self.decided_by_id != self.uploaded_by_id

    @property
    def good_written(self) -> int:
        """How many rows it wrote: those that undoing is about."""
        return self.added + self.changed


class SourceFile(TenantModel):
    """The upload itself, sealed: for the marked copy and for reading it anew. Destroyed with what it was staged for."""

    scope_path = "session__project"
    personal_fields = ("sealed",)

    session = models.OneToOneField(ImportSession, on_delete=models.PROTECT, related_name="source")
    sealed = models.BinaryField()

    class Meta:
        db_table = "documents_sourcefile"

    def __str__(self) -> str:
        return f"source of {self.session_id}"


class SenderMapping(GuardedModel):
    """How an organisation writes its lists: its headers for our columns, its words for our choices."""

    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=20, default="units")
    headers = models.JSONField(default=dict, help_text="column name by header of the file")
    words = models.JSONField(default=dict, help_text="by column name: value by word of the file")
    act_id = models.BigIntegerField()

    class Meta:
        db_table = "documents_sendermapping"
        constraints = [models.UniqueConstraint(fields=["organisation", "kind"], name="mapping_once_per_sender")]

    def __str__(self) -> str:
        return f"{self.organisation_id} {self.kind}"


class StagedRow(TenantModel):
    """One row of a file as staged: what it says (personal data sealed), what it would do, or why it is refused."""

    scope_path = "session__project"
    personal_fields = ("sealed", "shown")

    session = models.ForeignKey(ImportSession, on_delete=models.PROTECT, related_name="staged_rows")
    row = models.PositiveIntegerField("Excel行")
    verdict = models.CharField(max_length=10, help_text="added changed unchanged refused skipped")
    unit_key = models.BigIntegerField(null=True)
    shown = models.JSONField(default=dict, help_text="cells as shown, personal ones masked")
    sealed = models.BinaryField(null=True, help_text="typed row, encrypted")
    changes = models.JSONField(default=list)
    errors = models.JSONField(default=list)
    warnings = models.CharField(max_length=200, blank=True, help_text="codes, between spaces")
    codes = models.CharField(max_length=200, blank=True, help_text="codes of the errors, between spaces")
    place = models.CharField(max_length=120, blank=True)
    said = models.CharField(max_length=300, blank=True, help_text="what it would do, then what it did")
    normalised = models.JSONField(default=list, help_text="cells staged otherwise than written: column, from, to, rule")
    made = models.JSONField(
        default=list, help_text="what it made or changed: key, and values before of what it changed"
    )

    class Meta:
        db_table = "documents_stagedrow"
        constraints = [models.UniqueConstraint(fields=["session", "row"], name="staged_row_once")]
        indexes = [models.Index(fields=["session", "verdict", "row"], name="staged_by_verdict")]

    def __str__(self) -> str:
        return f"{self.session_id} {self.row}"
