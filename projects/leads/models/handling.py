"""How a ticket is handled: its life in stretches, each with one state and one organisation that answers for it."""

from typing import Any, ClassVar

from django.db import models

from projects.leads.models.tickets import Ticket
from projects.leads.querysets import TicketPartQuerySet
from registry.accounts.models import Organisation
from registry.kernel.tickets import TicketState
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
