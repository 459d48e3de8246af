"""Exposure of those who promise: what was counted on a day; caps on it; waivers of a cap or of a breach."""

from django.db import models

from commitments.choices import WaiverKind
from commitments.models.instrument import Instrument
from registry.accounts.models import Organisation, Person
from registry.store.guard import GuardedModel
from registry.store.scoping import TenantModel


class ExposureRun(GuardedModel):
    """One count over every letter; pages read the last one and say its day."""

    as_of = models.DateField("截至")
    recorded_at = models.DateTimeField("计算时间")
    letters = models.PositiveIntegerField("承诺函")
    act_id = models.BigIntegerField()

    def __str__(self) -> str:
        return f"{self.as_of}"


class ExposurePoint(TenantModel):
    """A letter on a day: homes issued on promises not yet kept, and how its promises stood."""

    scope_path = "instrument__project"

    run = models.ForeignKey(ExposureRun, on_delete=models.PROTECT, related_name="points")
    instrument = models.ForeignKey(Instrument, on_delete=models.PROTECT, related_name="exposure")
    on = models.DateField("日期")
    is_live = models.BooleanField("在履行")
    homes = models.PositiveIntegerField("凭未兑现承诺已发证（套）")
    promises = models.PositiveSmallIntegerField("未完成的承诺事项")
    overdue = models.PositiveSmallIntegerField("逾期")
    kept_on_time = models.PositiveSmallIntegerField("按期兑现")
    kept_late = models.PositiveSmallIntegerField("逾期兑现")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["run", "instrument", "on"], name="exposure_point_once")]
        indexes = [models.Index(fields=["run", "on"], name="exposure_by_day")]

    def __str__(self) -> str:
        return f"{self.instrument_id} {self.on}"


class ExposureCap(GuardedModel):
    """How many homes may stand issued on a signer's promises not yet kept before it may sign another letter."""

    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="exposure_caps")
    homes = models.PositiveIntegerField("上限（套）", null=True, help_text="none: no limit from that day")
    effective_on = models.DateField("自")
    reason = models.CharField("原因", max_length=200)
    proposed_by = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="+")
    approved_by = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="+")
    recorded_at = models.DateTimeField()
    act_id = models.BigIntegerField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(approved_by__isnull=True)
                | models.Q(proposed_by__isnull=True)
                | ~models.Q(approved_by=models.F("proposed_by")),
                name="exposure_cap_approved_by_a_second_person",
            )
        ]

    def __str__(self) -> str:
        return f"{self.organisation_id} {self.effective_on}"


class CreditWaiver(TenantModel):
    """One letter may be signed in spite of a cap or of a developer's breach: a named leader of the city says why."""

    scope_path = "instrument__project"

    instrument = models.ForeignKey(Instrument, on_delete=models.PROTECT, related_name="waivers")
    kind = models.CharField("事项", max_length=8, choices=WaiverKind)
    leader = models.CharField("批准的领导", max_length=40)
    reason = models.CharField("理由", max_length=200)
    granted_on = models.DateField("日期")
    proposed_by = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="+")
    approved_by = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="+")
    act_id = models.BigIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["instrument", "kind"], name="credit_waiver_once"),
            models.CheckConstraint(
                condition=models.Q(approved_by__isnull=True)
                | models.Q(proposed_by__isnull=True)
                | ~models.Q(approved_by=models.F("proposed_by")),
                name="credit_waiver_approved_by_a_second_person",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.instrument_id} {self.kind}"
