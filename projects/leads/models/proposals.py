"""What the matcher makes of a ticket that nobody decided on."""

from typing import Any, ClassVar

from django.db import models

from projects.leads.models.tickets import Ticket
from projects.leads.querysets import TicketPartQuerySet
from projects.ledger.models import Project
from registry.store.scoping import TenantModel


class TicketProposal(TenantModel):
    """The candidates of a ticket by the names known at `version`: proposed anew once a name changes.

    It decides nothing: what a ticket is about stands in its matches, and none of a person is overturned by it.
    """

    is_trailed = False  # counted anew from the words of the ticket and the names known: I75

    scope_path = "ticket__project"
    objects: ClassVar[Any] = TicketPartQuerySet.as_manager()

    ticket = models.OneToOneField(Ticket, on_delete=models.PROTECT, related_name="proposal")
    version = models.CharField(max_length=120, help_text="of the names and numbers that were known")
    verdict = models.CharField(max_length=10)
    reason = models.CharField("理由", max_length=300)
    project = models.ForeignKey(Project, on_delete=models.PROTECT, null=True, related_name="+")
    gap = models.IntegerField("领先第二候选")
    answer = models.JSONField(help_text="the match whole: candidates with points and reasons, numbers of the home")
    proposed_at = models.DateTimeField("提出时间")
    act_id = models.BigIntegerField()

    def __str__(self) -> str:
        return f"{self.ticket_id} {self.verdict}"
