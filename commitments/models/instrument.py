"""An instrument lifts blockers for a scope by its clauses."""

from django.db import models

from commitments.choices import InstrumentKind, InstrumentState
from projects.casework.models import Policy
from projects.gates.models import Blocker, Pause
from projects.ledger.models import Project
from registry.accounts.models import Organisation, Person
from registry.store.scoping import TenantModel


class Instrument(TenantModel):
    """A decision or a letter: who issued it, when, on what basis, and which blockers its clauses lift."""

    scope_path = "project"

    project = models.ForeignKey(Project, on_delete=models.PROTECT, related_name="instruments")
    code = models.CharField("编号", max_length=20, unique=True)
    kind = models.CharField("种类", max_length=20, choices=InstrumentKind)
    state = models.CharField("状态", max_length=12, choices=InstrumentState, default=InstrumentState.DRAFT)
    number = models.CharField("文号", max_length=80, blank=True)
    title = models.CharField("标题", max_length=120)
    issuer = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="instruments")
    basis = models.CharField("政策依据", max_length=300, blank=True)
    policy = models.ForeignKey(Policy, on_delete=models.PROTECT, null=True, related_name="instruments")
    drafted_by = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="+")
    signed_by = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="+")
    signed_on = models.DateField("签署日期", null=True)
    approved_by = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="+")
    effective_on = models.DateField("生效日期", null=True)
    ended_on = models.DateField("终止日期", null=True)
    end_reason = models.CharField(max_length=200, blank=True)
    supersedes = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="successors")
    breached_on = models.DateField("认定违约日期", null=True)
    closing_requested_on = models.DateField("申请销号日期", null=True)
    closing_requested_by = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="+")
    closing_note = models.CharField("销号说明", max_length=300, blank=True)
    closing_verified_on = models.DateField("核验日期", null=True)
    closing_verified_by = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="+")
    attachment_key = models.BigIntegerField(null=True)
    recorded_at = models.DateTimeField()
    act_id = models.BigIntegerField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(approved_by__isnull=True)
                | models.Q(signed_by__isnull=True)
                | ~models.Q(approved_by=models.F("signed_by")),
                name="instrument_approved_by_a_second_person",
            ),
            models.CheckConstraint(
                condition=models.Q(ended_on__isnull=True)
                | models.Q(effective_on__isnull=True)
                | models.Q(ended_on__gte=models.F("effective_on")),
                name="instrument_ends_not_before_it_is_effective",
            ),
            models.CheckConstraint(
                condition=models.Q(supersedes__isnull=True) | ~models.Q(supersedes=models.F("id")),
                name="instrument_supersedes_another",
            ),
            models.CheckConstraint(
                condition=models.Q(closing_verified_by__isnull=True)
                | models.Q(closing_requested_by__isnull=True)
                | ~models.Q(closing_verified_by=models.F("closing_requested_by")),
                name="closing_verified_by_a_second_person",
            ),
        ]
        indexes = [models.Index(fields=["project", "state"], name="instrument_by_project")]

    def __str__(self) -> str:
        return self.number or self.title


class Clause(TenantModel):
    """One clause: a blocker lifted for the units in scope, except those out of scope, from a day until another."""

    scope_path = "instrument__project"

    instrument = models.ForeignKey(Instrument, on_delete=models.PROTECT, related_name="clauses")
    ordinal = models.PositiveSmallIntegerField()
    blocker = models.ForeignKey(Blocker, on_delete=models.PROTECT, related_name="clauses")
    scope_in = models.JSONField("适用范围")
    scope_out = models.JSONField("除外范围")
    starts = models.DateField("自", null=True)
    ends = models.DateField("至", null=True)
    condition_met = models.CharField("条件已满足的依据", max_length=300, blank=True)
    lapses_on = models.DateField("失效自", null=True, help_text="first day it lifts nothing unless a promise is kept")
    past_lapses = models.JSONField("曾失效", default=list, help_text="[from, until) of lapses that returned")
    lapse_act_id = models.BigIntegerField(null=True, help_text="the act that recorded the lapse now running")
    lapse_pause = models.ForeignKey(Pause, on_delete=models.PROTECT, null=True, related_name="+")
    act_id = models.BigIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["instrument", "ordinal"], name="clause_ordinal_once"),
            models.CheckConstraint(
                condition=models.Q(ends__isnull=True)
                | models.Q(starts__isnull=True)
                | models.Q(ends__gt=models.F("starts")),
                name="clause_ends_after_it_starts",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.instrument_id} 条款{self.ordinal}"
