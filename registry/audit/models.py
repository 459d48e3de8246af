"""Acts and their rows. No foreign keys leave this app: the record can never block or follow a deletion."""

from django.db import models

from registry.store.guard import GuardedModel

SYSTEM_CHAIN = 0


class Act(GuardedModel):
    """One committed write: who did what to what, on what ground, chained by hash to the act before it."""

    personal_fields = ("actor_name",)
    is_trailed = False  # chained, sealed and anchored

    id = models.BigIntegerField(primary_key=True)
    chain = models.BigIntegerField(help_text="project id, or 0 for the system")
    seq = models.PositiveBigIntegerField()
    event = models.CharField(max_length=60)
    subject_table = models.CharField(max_length=60, blank=True)
    subject_key = models.BigIntegerField(null=True)
    subject_label = models.CharField(max_length=200, blank=True)
    actor_person = models.BigIntegerField(null=True)
    actor_name = models.CharField(max_length=80)
    actor_role = models.CharField(max_length=30)
    actor_organisation = models.CharField(max_length=120, blank=True)
    facts = models.JSONField(default=dict)
    reason = models.TextField(blank=True)
    batch_id = models.CharField(max_length=40, blank=True, db_index=True)
    backfilled = models.BooleanField(default=False)
    rows_count = models.PositiveIntegerField(default=0)
    rows_digest = models.CharField(max_length=64, blank=True)
    recorded_at = models.DateTimeField()
    previous_hash = models.CharField(max_length=64, blank=True)
    hash = models.CharField(max_length=64)
    once_key = models.CharField(max_length=64, null=True, help_text="of the form; not hashed")
    once_answer = models.JSONField(null=True, help_text="service, table and key that a repeat answers with; not hashed")
    seal = models.CharField(max_length=64, blank=True, default="", help_text="of the hash, with the key file")
    snapshots = models.CharField(max_length=64, blank=True, default="", help_text="digest of its row snapshots")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["actor_person", "once_key"], name="act_once_per_person_and_key"),
            models.UniqueConstraint(fields=["chain", "seq"], name="act_seq_once_per_chain"),
        ]
        indexes = [
            models.Index(fields=["subject_table", "subject_key", "-id"], name="act_by_subject"),
            models.Index(fields=["chain", "-id"], name="act_by_chain"),
        ]

    def __str__(self) -> str:
        return f"{self.event} {self.subject_label}"


class ActRow(GuardedModel):
    """One row that an act changed: what undo and audit read. Personal fields stand here as ciphertext."""

    is_trailed = False  # under the digest of its act

    act = models.ForeignKey(Act, on_delete=models.PROTECT, related_name="changed_rows", db_constraint=False)
    table = models.CharField(max_length=40)
    key = models.BigIntegerField()
    before = models.JSONField(null=True)
    after = models.JSONField(null=True)

    class Meta:
        indexes = [models.Index(fields=["table", "key"], name="act_row_by_key")]

    def __str__(self) -> str:
        return f"{self.table} {self.key}"


class ChainHead(GuardedModel):
    """The last link of a chain, locked last and shortest."""

    is_trailed = False  # sealed and anchored

    chain = models.BigIntegerField(primary_key=True)
    seq = models.PositiveBigIntegerField(default=0)
    hash = models.CharField(max_length=64, blank=True)
    seal = models.CharField(max_length=64, blank=True, default="", help_text="of chain, seq and hash")

    def __str__(self) -> str:
        return f"chain {self.chain} at {self.seq}"


class RowSnapshot(GuardedModel):
    """Rows of one table as a writer left them, all columns: what the present rows are held against.

    Keys of one bucket at most, so that a stretch of a table is read with everything that was kept of it. Secrets and
    long texts stand as keyed digests. No act: laid by set-up or technical work.
    """

    is_trailed = False  # each sealed with the key file

    act_key = models.BigIntegerField(null=True)
    table = models.CharField(max_length=40)
    bucket = models.BigIntegerField(help_text="key // BUCKET")
    first_made = models.BigIntegerField(null=True, help_text="smallest key of a row that was made")
    content = models.BinaryField(help_text="compressed: columns, rows, keys gone")
    seal = models.CharField(max_length=64)

    class Meta:
        indexes = [
            models.Index(fields=["table", "bucket", "id"], name="row_snapshot_by_bucket"),
            models.Index(fields=["act_key", "id"], name="row_snapshot_by_act"),
        ]

    def __str__(self) -> str:
        return f"{self.table} {self.bucket}"


class AnchorTail(GuardedModel):
    """How far the anchors outside the database go: what the file must still hold. One row.

    Trailed, like any other: taken out or set back, the trail names it.
    """

    lines = models.PositiveIntegerField("行数")
    digest = models.CharField("末行校验值", max_length=64)

    def __str__(self) -> str:
        return f"{self.lines} lines"
