"""Who sees a ticket: those who handle it. A developer's staff never does, whatever project it is matched to.

A ticket bears the data of whoever rang. City and audit see all; a district and a township those of their projects and,
while a ticket has none, those of their area; every other organ those that lie with it.
"""

from typing import Any, Self

from django.db import connections, models

from registry.kernel.authority import Actor, Role
from registry.kernel.tickets import OPEN
from registry.store.scoping import CITY, TenantQuerySet

NEVER = frozenset({Role.DEVELOPER, Role.SYSTEM_ADMIN, Role.SECURITY_ADMIN})


class IsOpen(models.Func):
    """Whether a state is one that is not done yet: as the index says it, for SQLite knows it by its text."""

    template = "CASE WHEN %(expressions)s IN ('waiting', 'in_hand', 'returned', 'answered') THEN 1 ELSE 0 END"
    output_field = models.IntegerField()


class TicketQuerySet(TenantQuerySet):
    """Tickets; `visible_to` is the first call on it."""

    def visible_to(self, actor: Actor) -> Self:
        """Keep the tickets that the actor may see."""
        if actor.is_system or actor.role in CITY:
            return self.all()
        if actor.role in NEVER:
            return self.none()
        mine = models.Q(pk__in=[])
        if actor.organisation_id is not None:
            executors = self._of("executors").filter(organisation_id=actor.organisation_id)
            mine |= models.Q(holder_id=actor.organisation_id) | models.Q(pk__in=executors.values("ticket"))
        area = {Role.DISTRICT: "district_code", Role.TOWNSHIP: "township_code"}.get(actor.role)
        if area and actor.area_code:
            mine |= models.Q(project__isnull=True, **{area: actor.area_code})
            mine |= models.Q(**{f"project__{area}": actor.area_code})
        return self.filter(mine)

    def still_open(self) -> Self:
        """Keep the tickets that are not done, by the index of those."""
        return self.alias(is_open=IsOpen("state")).filter(is_open=1)

    def numbered(self, prefix: str) -> Self:
        """Keep the tickets whose number begins so, as written or in capitals, by the index of numbers."""
        chosen = models.Q(pk__in=[])
        for text in {prefix, prefix.upper()}:
            begins = models.Q(number__startswith=text, number__gte=text)
            if connections[self.db].vendor == "sqlite":  # LIKE uses no index there; texts stand by their code points
                begins &= models.Q(number__lt=f"{text}\U0010ffff")
            chosen |= begins
        return self.filter(chosen)

    def of_holder(self, organisation_id: int | None) -> Self:
        """Keep the open tickets that lie with an organisation: it holds them, or takes part in them still."""
        running = self._of("executors").filter(organisation_id=organisation_id, ended_at__isnull=True)
        held = self.model._default_manager.filter(holder_id=organisation_id, state__in=OPEN).order_by()
        return self.filter(models.Q(pk__in=held.values("pk")) | models.Q(pk__in=running.values("ticket")))

    def _of(self, name: str) -> Any:
        related: Any = self.model._meta.get_field(name).related_model
        return related.objects


class TicketPartQuerySet(TenantQuerySet):
    """Rows of tickets: whoever sees the ticket sees them, and nobody else."""

    def visible_to(self, actor: Actor) -> Self:
        """Keep the rows of the tickets that the actor may see."""
        tickets: Any = self.model._meta.get_field("ticket").related_model
        return self.filter(ticket__in=tickets.objects.visible_to(actor).order_by().values("pk"))
