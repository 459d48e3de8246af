"""Months closed, what was shown when a close was proposed, bulletins issued of them, what leaders said to those.

And the schedules by which reports are made and laid before people.
"""

import hashlib
import json
from datetime import UTC, datetime
from typing import Any

from django.db import models

from documents.reports.choices import BulletinKind, RunOutcome, ScheduleContent, ScheduleState, SignatureKind
from projects.casework.models import Meeting
from registry.accounts.models import Organisation, Person
from registry.store.crypto import keyed_digest
from registry.store.guard import GuardedModel


def rows_hash(rows: Any) -> str:
    """Return the hash of frozen rows, whatever database kept them."""
    text = json.dumps(rows, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def close_seal(month: str, known_at: datetime, chain_hash: str) -> str:
    """Return the seal of a closed month: who can write rows by SQL can hash them anew, and not make this."""
    return keyed_digest("month.close", f"{month} {known_at.astimezone(UTC).isoformat()} {chain_hash}")


class MonthClose(GuardedModel):
    """A closed month: frozen figures, hashed, chained to the month before, the chain sealed with the key.

    `version` counts what was said of it: 1 as closed; a restatement stands beside it (`MonthRestatement`).
    """

    month = models.CharField(max_length=7, unique=True)
    cut_off_on = models.DateField()
    known_at = models.DateTimeField()
    figures_version = models.CharField(max_length=20)
    rows = models.JSONField(default=list, help_text="frozen rows by sheet")
    rows_hash = models.CharField(max_length=64)
    previous_hash = models.CharField(max_length=64, blank=True)
    chain_hash = models.CharField(max_length=64)
    seal = models.CharField(max_length=64, blank=True, default="", help_text="of months closed since it is made")
    audit_head = models.CharField(max_length=64, blank=True)
    closed_by = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="+")
    closed_at = models.DateTimeField()
    act_id = models.BigIntegerField()

    class Meta:
        db_table = "documents_monthclose"  # for ever: acts that are sealed name it

    def __str__(self) -> str:
        return self.month


class MonthRestatement(GuardedModel):
    """A closed month as it is known later, beside what was closed: a new version with its reason, by two persons."""

    close = models.ForeignKey(MonthClose, on_delete=models.PROTECT, related_name="restatements")
    version = models.PositiveSmallIntegerField()
    known_at = models.DateTimeField()
    figures_version = models.CharField(max_length=20)
    rows = models.JSONField(default=dict, help_text="rows by sheet")
    rows_hash = models.CharField(max_length=64)
    seal = models.CharField(max_length=64)
    reason = models.CharField(max_length=200)
    proposed_by = models.CharField(max_length=60)
    restated_by = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="+")
    act_id = models.BigIntegerField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["close", "version"], name="month_version_once")]

    def __str__(self) -> str:
        return f"{self.close.month} 第{self.version}版"


class MonthSignature(GuardedModel):
    """A unit's word for its part of a month: reported (填报) or reviewed (审核), of which figures, known when.

    It holds while the figures of that part are the same; what is closed is signed no more.
    """

    month = models.CharField(max_length=7)
    kind = models.CharField(max_length=10, choices=SignatureKind.choices)
    area_code = models.CharField(max_length=12)
    known_at = models.DateTimeField()
    rows_hash = models.CharField(max_length=64)
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    signed_by = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="+")
    act_id = models.BigIntegerField()

    class Meta:
        indexes = [models.Index(fields=["month", "area_code"], name="signature_by_month")]

    def __str__(self) -> str:
        return f"{self.month} {self.area_code} {self.get_kind_display()}"


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


class ReportSchedule(GuardedModel):
    """A report that is made again and again in its owner's name: of what, with which columns, for whom, when.

    `rule` is an RRULE (`kernel.recurrence`), empty where it is made by hand alone; hours are those of Beijing.
    """

    title = models.CharField("名称", max_length=60)
    content = models.CharField("内容", max_length=10, choices=ScheduleContent.choices)
    columns = models.JSONField("项目台账栏目", default=list, help_text="of the ledger's sheet; empty: as it prints")
    recipients = models.JSONField("接收人", default=list, help_text="keys of people")
    rule = models.CharField("重复", max_length=80, blank=True)
    hour = models.PositiveSmallIntegerField("时刻", default=8)
    starts_on = models.DateField("自")
    state = models.CharField("状态", max_length=10, choices=ScheduleState.choices, default=ScheduleState.ON)
    failures = models.PositiveSmallIntegerField("连续未生成（次）", default=0)
    owner = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+", verbose_name="生成人")
    owner_role = models.CharField("生成人的角色", max_length=30)
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+", verbose_name="单位")
    since_at = models.DateTimeField(help_text="what fell due before is not made up: kept, changed or taken up again")
    act_id = models.BigIntegerField()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=models.Q(hour__lte=23), name="schedule_runs_at_an_hour_of_the_day")
        ]

    def __str__(self) -> str:
        return self.title


class ScheduleRun(GuardedModel):
    """One run of a schedule: due when, made of what, in whose right, and what came of it. The file lies sealed."""

    schedule = models.ForeignKey(ReportSchedule, on_delete=models.PROTECT, related_name="runs")
    due_at = models.DateTimeField()
    outcome = models.CharField("结果", max_length=10, choices=RunOutcome.choices)
    said = models.CharField("说明", max_length=300, blank=True)
    month = models.CharField("月份", max_length=7, blank=True)
    known_at = models.DateTimeField(null=True)
    file_name = models.CharField("文件", max_length=160, blank=True)
    size = models.PositiveIntegerField("大小", default=0)
    projects = models.JSONField(default=list, help_text="keys of the projects that it tells of")
    ran_at = models.DateTimeField()
    act_id = models.BigIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["schedule", "due_at"], name="schedule_runs_once_at_a_time"),
            models.CheckConstraint(
                condition=models.Q(outcome=RunOutcome.DELIVERED.value) | models.Q(file_name=""),
                name="only_a_delivered_run_has_a_file",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.schedule} {self.due_at:%Y-%m-%d}"


class ScheduleDelivery(GuardedModel):
    """Before whom a run was laid, or why it was kept from them."""

    run = models.ForeignKey(ScheduleRun, on_delete=models.PROTECT, related_name="deliveries")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    kept_back = models.CharField("未送达原因", max_length=120, blank=True)
    taken_at = models.DateTimeField("取阅时间", null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["run", "person"], name="run_delivered_once_to_a_person")]

    def __str__(self) -> str:
        return f"{self.run_id} {self.person_id}"
