"""A ticket of the hotline or a visit, sealed where it speaks of a person, and what it was matched to, by whom, why."""

from datetime import timedelta
from typing import Any, ClassVar

from django.db import models

from projects.leads.choices import Channel, MatchedBy, Matter, TicketKind
from projects.leads.querysets import IsOpen, TicketPartQuerySet, TicketQuerySet
from projects.ledger.models import Building, Project, Unit
from registry.accounts.models import Organisation, Person
from registry.kernel.periods import SHANGHAI, shanghai_day
from registry.kernel.tickets import TicketState, TimeClass
from registry.store.fields import EncryptedField, IndexField
from registry.store.scoping import TenantModel


class Ticket(TenantModel):
    """One ticket. Clear text of the caller, what was said and where stands nowhere but in sealed columns.

    `project`, `building` and `unit` repeat the last match; `state`, `holder` and `due_at` the last stretch of its life.
    `repeats` is the first ticket of the same caller about the same cause: both count as tickets, once as demand.
    """

    scope_path = "project"
    personal_fields = (
        "caller_name", "caller_name_masked", "caller_name_index", "caller_phone", "caller_phone_masked",
        "caller_phone_index", "text", "address",
    )  # fmt: skip
    objects: ClassVar[Any] = TicketQuerySet.as_manager()

    number = models.CharField("工单编号", max_length=40, unique=True)
    channel = models.CharField("来源", max_length=10, choices=Channel, default=Channel.HOTLINE)
    received_at = models.DateTimeField("来电时间")
    caller_name = EncryptedField("来电人", null=True)
    caller_name_masked = models.CharField(max_length=80, blank=True)
    caller_name_index = IndexField(null=True)
    caller_phone = EncryptedField("来电号码", null=True)
    caller_phone_masked = models.CharField(max_length=20, blank=True)
    caller_phone_index = IndexField(null=True)
    text = EncryptedField("诉求内容")
    address = EncryptedField("诉求地址", null=True)
    district_code = models.CharField("区", max_length=6, blank=True)
    township_code = models.CharField("街道、乡镇", max_length=9, blank=True)
    kind = models.CharField("诉求类型", max_length=10, choices=TicketKind, blank=True)
    category = models.CharField("诉求分类", max_length=60, blank=True, help_text="as its sender classes it")
    time_class = models.CharField("办理时限", max_length=4, choices=[(each.value, each.label) for each in TimeClass])
    matter = models.CharField("是否本事项", max_length=10, choices=Matter, default=Matter.UNKNOWN)
    matter_rule = models.CharField("认定依据", max_length=300, blank=True, help_text="the rule or the person's reason")
    project = models.ForeignKey(Project, on_delete=models.PROTECT, null=True, related_name="tickets")
    building = models.ForeignKey(Building, on_delete=models.PROTECT, null=True, related_name="tickets")
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, null=True, related_name="tickets")
    repeats = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="repeated_by")
    state = models.CharField("状态", max_length=10, choices=[(each.value, each.label) for each in TicketState])
    holder = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="held_tickets")
    round = models.PositiveSmallIntegerField("轮次", default=1, help_text="one more each time it was not solved")
    due_at = models.DateTimeField("办理期限")
    recorded_at = models.DateTimeField("登记时间")
    act_id = models.BigIntegerField()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=~models.Q(number=""), name="ticket_has_a_number"),
            models.CheckConstraint(
                condition=~models.Q(matter="other") | ~models.Q(matter_rule=""), name="other_matter_says_why"
            ),
            models.CheckConstraint(
                condition=models.Q(project__isnull=False) | models.Q(building__isnull=True, unit__isnull=True),
                name="ticket_of_a_building_has_its_project",
            ),
        ]
        indexes = [
            models.Index(fields=["holder", "state", "due_at"], name="ticket_by_holder"),
            models.Index(fields=["project", "received_at"], name="ticket_by_project"),
            models.Index(fields=["district_code", "state", "due_at"], name="ticket_by_district"),
            models.Index(fields=["township_code", "state", "due_at"], name="ticket_by_township"),
            models.Index(fields=["state", "due_at"], name="ticket_by_due"),
            models.Index(IsOpen("state"), "due_at", "id", name="open_ticket_by_due"),
            models.Index(fields=["due_at", "id"], name="ticket_by_due_day"),
            models.Index(fields=["-received_at", "-id"], name="ticket_by_newest"),
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def due_words(self) -> str:
        """By when it is to be answered, as people say it: a moment for a class of hours, else the last day."""
        if TimeClass(self.time_class).workdays:
            return shanghai_day(self.due_at - timedelta(seconds=1)).isoformat()
        return f"{self.due_at.astimezone(SHANGHAI):%Y-%m-%d %H:%M}"


class TicketMatch(TenantModel):
    """One decision what a ticket is about, by a rule or a person: never overwritten, the last one stands.

    No project: it was unmatched. A person's decision is never overturned by a rule.
    """

    scope_path = "project"
    objects: ClassVar[Any] = TicketPartQuerySet.as_manager()

    ticket = models.ForeignKey(Ticket, on_delete=models.PROTECT, related_name="matches")
    project = models.ForeignKey(Project, on_delete=models.PROTECT, null=True, related_name="+")
    building = models.ForeignKey(Building, on_delete=models.PROTECT, null=True, related_name="+")
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, null=True, related_name="+")
    matched_by = models.CharField("认定方式", max_length=10, choices=MatchedBy)
    person = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="+")
    reason = models.CharField("理由", max_length=300)
    recorded_at = models.DateTimeField()
    act_id = models.BigIntegerField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(matched_by="rule", person__isnull=True)
                | models.Q(matched_by="person", person__isnull=False),
                name="match_by_a_person_names_the_person",
            ),
            models.CheckConstraint(condition=~models.Q(reason=""), name="match_says_why"),
        ]
        indexes = [models.Index(fields=["ticket", "-id"], name="match_by_ticket")]

    def __str__(self) -> str:
        return f"{self.ticket_id} {self.project_id}"
