"""Instruments that lift blockers for a scope; the letter is the instrument with obligations."""

from django.db import models

from commitments.choices import InstrumentKind, InstrumentState, ObligationState
from projects.gates.models import Blocker, Pause
from projects.ledger.models import Developer, Project
from registry.accounts.models import Organisation, Person
from registry.store.guard import GuardedModel
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
    drafted_by = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="+")
    signed_by = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="+")
    signed_on = models.DateField("签署日期", null=True)
    approved_by = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="+")
    effective_on = models.DateField("生效日期", null=True)
    ended_on = models.DateField("终止日期", null=True)
    end_reason = models.CharField(max_length=200, blank=True)
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


class Letter(TenantModel):
    """What a commitment letter has beside an instrument: parties, fault and cause, liability."""

    scope_path = "instrument__project"

    instrument = models.OneToOneField(Instrument, on_delete=models.PROTECT, related_name="letter")
    recipient = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="letters_received")
    performer = models.ForeignKey(Developer, on_delete=models.PROTECT, null=True, related_name="letters")
    supervisor = models.ForeignKey(Organisation, on_delete=models.PROTECT, null=True, related_name="letters_supervised")
    fault = models.TextField("问题和成因")
    liability = models.CharField("责任", max_length=300, blank=True)
    advance_source = models.CharField("垫付资金来源", max_length=200, blank=True)
    undertaking_no = models.CharField("企业承诺书", max_length=80, blank=True)

    def __str__(self) -> str:
        return f"letter {self.instrument_id}"


class Obligation(TenantModel):
    """A dated promise: a measurable end state, who performs it, proof, and who verifies (never the promisor)."""

    scope_path = "letter__instrument__project"

    letter = models.ForeignKey(Letter, on_delete=models.PROTECT, related_name="obligations")
    ordinal = models.PositiveSmallIntegerField()
    end_state = models.CharField("做到什么", max_length=200)
    place = models.CharField("地点", max_length=120, blank=True)
    measure = models.CharField("措施", max_length=200, blank=True)
    responsible = models.CharField("责任人", max_length=40, blank=True)
    due_on = models.DateField("期限")
    original_due_on = models.DateField("原定期限")
    proof = models.CharField("凭证", max_length=120)
    verifier = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="to_verify")
    state = models.CharField(max_length=10, choices=ObligationState, default=ObligationState.PENDING)
    reported_on = models.DateField(null=True)
    verified_on = models.DateField(null=True)
    verified_by = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="+")
    act_id = models.BigIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["letter", "ordinal"], name="obligation_ordinal_once"),
            models.CheckConstraint(
                condition=models.Q(verified_on__isnull=True, verified_by__isnull=True)
                | models.Q(verified_on__isnull=False, verified_by__isnull=False),
                name="verified_on_and_by_go_together",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.ordinal} {self.end_state}"


class ObligationClause(TenantModel):
    """An obligation backs a clause."""

    scope_path = "clause__instrument__project"

    obligation = models.ForeignKey(Obligation, on_delete=models.PROTECT, related_name="backs")
    clause = models.ForeignKey(Clause, on_delete=models.PROTECT, related_name="backed_by")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["obligation", "clause"], name="obligation_backs_clause_once")]

    def __str__(self) -> str:
        return f"{self.obligation_id} {self.clause_id}"


class ObligationEvent(TenantModel):
    """A report, an inspection, an extension, a rung of the ladder: what happened to an obligation, dated."""

    scope_path = "obligation__letter__instrument__project"

    obligation = models.ForeignKey(Obligation, on_delete=models.PROTECT, related_name="events")
    kind = models.CharField(max_length=20)
    happened_on = models.DateField()
    text = models.CharField(max_length=300, blank=True)
    old_due_on = models.DateField(null=True)
    new_due_on = models.DateField(null=True)
    recorded_at = models.DateTimeField()
    act_id = models.BigIntegerField()

    def __str__(self) -> str:
        return f"{self.kind} {self.happened_on}"


class LapseRule(GuardedModel):
    """A district's dated setting: how many whole days of grace, and whether a lapse pauses acceptances."""

    district_code = models.CharField("区代码", max_length=6)
    grace_days = models.PositiveSmallIntegerField("宽限天数")
    pauses = models.BooleanField("失效即暂停受理", default=False)
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
                name="lapse_rule_approved_by_a_second_person",
            )
        ]

    def __str__(self) -> str:
        return f"{self.district_code} {self.effective_on}"
