"""Calls to those who rang, once their building is open."""

from typing import Any, ClassVar

from django.db import models

from projects.leads.models.tickets import Ticket
from projects.leads.querysets import TicketPartQuerySet
from registry.accounts.models import Organisation
from registry.store.fields import EncryptedField
from registry.store.scoping import TenantModel


class OpeningCall(TenantModel):
    """One call to a caller whose building has opened: reached and told, or not."""

    scope_path = "ticket__project"
    personal_fields = ("text",)
    objects: ClassVar[Any] = TicketPartQuerySet.as_manager()

    ticket = models.ForeignKey(Ticket, on_delete=models.PROTECT, related_name="opening_calls")
    called_at = models.DateTimeField("告知时间")
    is_reached = models.BooleanField("接通")
    text = EncryptedField("告知情况")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, null=True, related_name="+")
    act_id = models.BigIntegerField()

    def __str__(self) -> str:
        return f"{self.ticket_id} {self.called_at}"
