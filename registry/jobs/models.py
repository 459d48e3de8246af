"""What a user sees of long work, and the lease by which exactly one worker does it at a time."""

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, Final

from django.db import models

from registry.store.crypto import keyed_digest
from registry.store.guard import GuardedModel


def job_seal(kind: str, key: str, params: Any, person_key: int | None, project_key: int | None) -> str:
    """Return the seal of a job: made with the key file, so that nobody asks for work in another's name by SQL."""
    said = [kind, key, params, person_key, project_key]
    return keyed_digest("jobs.job", json.dumps(said, ensure_ascii=False, sort_keys=True, separators=(",", ":")))


def outcome_seal(asked: str, state: str, result: Any, error: str, at: datetime) -> str:
    """Return the seal of how a job ended: so that nobody makes a check pass, or a failure unseen, by SQL."""
    said = [asked, state, result, error, at.astimezone(UTC).isoformat()]
    return keyed_digest("jobs.outcome", json.dumps(said, ensure_ascii=False, sort_keys=True, separators=(",", ":")))


class JobState(models.TextChoices):
    QUEUED = "queued", "排队"
    RUNNING = "running", "进行中"
    DONE = "done", "完成"
    FAILED = "failed", "失败"
    CANCELLED = "cancelled", "已取消"


ENDED: Final = (JobState.DONE, JobState.FAILED, JobState.CANCELLED)


class Job(GuardedModel):
    """One piece of long work. The checkpoint moves in the same transaction as the rows it covers."""

    is_trailed = False  # technical: work and its progress, no fact

    kind = models.CharField(max_length=40)
    label = models.CharField("任务", max_length=160)
    params = models.JSONField(default=dict)
    seal = models.CharField(
        max_length=64, blank=True, help_text="over what is to be done and for whom, with the key file"
    )
    outcome_seal = models.CharField(
        max_length=64, blank=True, default="", help_text="over how it ended, with the key file; empty until then"
    )
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

    @property
    def is_as_asked(self) -> bool:
        """Whether it says still what was asked for, and by whom: a row written past `enqueue` acts for nobody."""
        return self.seal == job_seal(self.kind, self.idempotency_key, self.params, self.person_key, self.project_key)

    @property
    def is_as_ended(self) -> bool:
        """Whether it says still how it ended: nothing where it has not, or ended before there were such seals."""
        if self.state not in ENDED or self.finished_at is None:
            return self.outcome_seal == ""
        made = outcome_seal(self.seal, self.state, self.result, self.error, self.finished_at)
        return self.outcome_seal in ("", made)

    def ending(
        self, state: JobState, at: datetime, *, error: str = "", result: Mapping[str, Any] | None = None
    ) -> dict[str, Any]:
        """Return what is written of a job that ends, its seal with it."""
        result = dict(result or {})
        return {
            "state": state,
            "finished_at": at,
            "lease_until": None,
            "error": error,
            "result": result,
            "outcome_seal": outcome_seal(self.seal, state, result, error, at),
        }


class WorkerBeat(GuardedModel):
    """A living worker; pages say so when there is none."""

    is_trailed = False  # technical: signs of life

    worker = models.CharField(max_length=60, unique=True)
    beaten_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.worker
