"""A letter is an instrument with obligations: dated promises, what happened to each, who verified it."""

from django.db import models

from commitments.choices import ObligationState
from commitments.models.instrument import Clause, Instrument
from projects.ledger.models import Developer
from registry.accounts.models import Organisation, Person
from registry.store.scoping import TenantModel


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
    inspect_every = models.PositiveSmallIntegerField("现场检查间隔（日）", default=30)

    def __str__(self) -> str:
        return f"letter {self.instrument_id}"


class Obligation(TenantModel):
    """A dated promise: a measurable end state, who performs it, proof, and who verifies (never the promisor)."""

    scope_path = "letter__instrument__project"

    letter = models.ForeignKey(Letter, on_delete=models.PROTECT, related_name="obligations")
    ordinal = models.PositiveSmallIntegerField()
    end_state = models.CharField("任务内容", max_length=200)
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
