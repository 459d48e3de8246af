"""What a user sees of long work, and the lease by which exactly one worker does it at a time."""

from django.db import models

from registry.store.guard import GuardedModel


class JobState(models.TextChoices):
    QUEUED = "queued", "排队"
    RUNNING = "running", "进行中"
    DONE = "done", "完成"
    FAILED = "failed", "失败"
    CANCELLED = "cancelled", "已取消"


class Job(GuardedModel):
    """One piece of long work. The checkpoint moves in the same transaction as the rows it covers."""

    is_trailed = False  # technical: work and its progress, no fact

    kind = models.CharField(max_length=40)
    label = models.CharField("任务", max_length=160)
    params = models.JSONField(default=dict)
    idempotency_key = models.CharField(max_length=80, unique=True)
    person_key = models.BigIntegerField(null=True)
    assignment_key = models.BigIntegerField(null=True)
    project_key = models.BigIntegerField(null=True)
    state = models.CharField(max_length=10, choices=JobState, default=JobState.QUEUED, db_index=True)
    stage = models.CharField("阶段", max_length=80, blank=True)
    done = models.PositiveIntegerField(default=0)
    total = models.PositiveIntegerField(default=0)
    checkpoint = models.JSONField(default=dict)
    result = models.JSONField(default=dict)
    error = models.TextField("原因", blank=True)
    is_told = models.BooleanField(default=True, help_text="whether who asked for it was told that it failed")
    attempts = models.PositiveSmallIntegerField(default=0)
    max_attempts = models.PositiveSmallIntegerField(default=3)
    worker = models.CharField(max_length=60, blank=True)
    lease_until = models.DateTimeField(null=True)
    claimed_at = models.DateTimeField(null=True, help_text="when the present attempt began")
    done_before = models.PositiveIntegerField(default=0, help_text="what the present attempt found done")
    beaten_at = models.DateTimeField(null=True, help_text="the last sign of life of the present attempt")
    created_at = models.DateTimeField()
    started_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(state="running", lease_until__isnull=False) | ~models.Q(state="running"),
                name="running_job_has_a_lease",
            )
        ]

    def __str__(self) -> str:
        return self.label


class WorkerBeat(GuardedModel):
    """A living worker; pages say so when there is none."""

    is_trailed = False  # technical: signs of life

    worker = models.CharField(max_length=60, unique=True)
    beaten_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.worker
