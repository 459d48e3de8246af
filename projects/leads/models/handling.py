"""How a ticket is handled: its life in stretches, its executors, what each did, and what the caller said of it."""

from typing import Any, ClassVar

from django.db import models

from projects.leads.choices import ExecutorEnd, Satisfaction
from projects.leads.models.tickets import Ticket
from projects.leads.querysets import TicketPartQuerySet
from registry.accounts.models import Organisation, Person
from registry.kernel.tickets import TicketEvent, TicketState
from registry.store.fields import EncryptedField
from registry.store.scoping import TenantModel


class TicketSpan(TenantModel):
    """From a moment on a ticket is in one state and lies with one organisation, until the next stretch begins."""

    scope_path = "ticket__project"
    objects: ClassVar[Any] = TicketPartQuerySet.as_manager()

    ticket = models.ForeignKey(Ticket, on_delete=models.PROTECT, related_name="spans")
    ordinal = models.PositiveSmallIntegerField()
    state = models.CharField("状态", max_length=10, choices=[(each.value, each.label) for each in TicketState])
    holder = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="ticket_spans")
    starts_at = models.DateTimeField("自")
    ended_at = models.DateTimeField("至", null=True)
    act_id = models.BigIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["ticket", "ordinal"], name="ticket_span_once"),
            models.UniqueConstraint(
                fields=["ticket"], condition=models.Q(ended_at__isnull=True), name="one_ticket_span_runs"
            ),
            models.CheckConstraint(
                condition=models.Q(ended_at__isnull=True) | models.Q(ended_at__gte=models.F("starts_at")),
                name="ticket_span_ends_after_it_starts",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.ticket_id} {self.ordinal}"


class TicketExecutor(TenantModel):
    """An organisation that a ticket was dispatched to in a round: it leads or assists, and both are scored (双派双考).

    What it was due and when it first spoke with the caller are kept; a return leaves the deadline as it was.
    """

    scope_path = "ticket__project"
    objects: ClassVar[Any] = TicketPartQuerySet.as_manager()

    ticket = models.ForeignKey(Ticket, on_delete=models.PROTECT, related_name="executors")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="executed_tickets")
    is_lead = models.BooleanField("主办")
    round = models.PositiveSmallIntegerField("轮次")
    starts_at = models.DateTimeField("派单时间")
    contact_due_at = models.DateTimeField("联系期限")
    due_at = models.DateTimeField("办理期限")
    contacted_at = models.DateTimeField("联系时间", null=True)
    ended_at = models.DateTimeField("结束时间", null=True)
    outcome = models.CharField("结果", max_length=10, choices=ExecutorEnd, blank=True)
    recorded_at = models.DateTimeField("登记时间")
    ended_recorded_at = models.DateTimeField("登记结束的时间", null=True)
    act_id = models.BigIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["ticket"],
                condition=models.Q(is_lead=True, ended_at__isnull=True),
                name="one_lead_of_a_ticket",
            ),
            models.UniqueConstraint(
                fields=["ticket", "organisation"],
                condition=models.Q(ended_at__isnull=True),
                name="executor_of_a_ticket_once",
            ),
            models.CheckConstraint(
                condition=models.Q(ended_at__isnull=True, outcome="")
                | (models.Q(ended_at__isnull=False) & ~models.Q(outcome="")),
                name="executor_that_ended_says_how",
            ),
        ]
        indexes = [
            models.Index(fields=["organisation", "ended_at", "due_at"], name="executor_by_organisation"),
            models.Index(fields=["starts_at"], name="executor_by_start"),
        ]

    def __str__(self) -> str:
        return f"{self.ticket_id} {self.organisation_id}"


class TicketAct(TenantModel):
    """What was done about a ticket, by whom, with what words; of a return the round and the time it cost."""

    scope_path = "ticket__project"
    personal_fields = ("text",)
    objects: ClassVar[Any] = TicketPartQuerySet.as_manager()

    ticket = models.ForeignKey(Ticket, on_delete=models.PROTECT, related_name="acts")
    event = models.CharField("办理事项", max_length=12, choices=[(each.value, each.label) for each in TicketEvent])
    at = models.DateTimeField("时间")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, null=True, related_name="+")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="+")
    part = models.ForeignKey(TicketExecutor, on_delete=models.PROTECT, null=True, related_name="acts")
    text = EncryptedField("内容", null=True)
    round = models.PositiveSmallIntegerField("轮次", default=1)
    minutes = models.PositiveIntegerField("耗时（分钟）", default=0)
    workdays = models.PositiveIntegerField("耗时（工作日）", default=0)
    recorded_at = models.DateTimeField("登记时间")
    act_id = models.BigIntegerField()

    class Meta:
        indexes = [models.Index(fields=["ticket", "id"], name="ticket_act_by_ticket")]

    def __str__(self) -> str:
        return f"{self.ticket_id} {self.event}"


class CallBack(TenantModel):
    """One call back to whoever rang: not reached, or three answers. The last one that was valid counts."""

    scope_path = "ticket__project"
    objects: ClassVar[Any] = TicketPartQuerySet.as_manager()

    ticket = models.ForeignKey(Ticket, on_delete=models.PROTECT, related_name="call_backs")
    called_at = models.DateTimeField("回访时间")
    is_reached = models.BooleanField("接通")
    responded = models.BooleanField("联系", null=True, help_text="whether the caller says that somebody spoke with him")
    solved = models.BooleanField("解决", null=True)
    satisfied = models.CharField("满意", max_length=10, choices=Satisfaction, blank=True)
    round = models.PositiveSmallIntegerField("轮次")
    recorded_at = models.DateTimeField("登记时间")
    act_id = models.BigIntegerField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(is_reached=False, responded__isnull=True, solved__isnull=True, satisfied="")
                | (models.Q(is_reached=True, responded__isnull=False, solved__isnull=False) & ~models.Q(satisfied="")),
                name="call_back_has_three_answers_or_none",
            )
        ]
        indexes = [models.Index(fields=["ticket", "called_at"], name="call_back_by_ticket")]

    def __str__(self) -> str:
        return f"{self.ticket_id} {self.called_at}"
