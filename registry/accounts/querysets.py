"""Filters of the accounts' tables. Who may see which accounts is decided here and nowhere else."""

from datetime import date
from typing import Any, Final, Self

from django.db import models

from registry.kernel.authority import Actor, Role
from registry.store.guard import GuardedQuerySet

WHOLE_CITY: Final = frozenset({Role.CITY, Role.AUDITOR, Role.SYSTEM_ADMIN, Role.SECURITY_ADMIN})
OF_AN_AREA: Final = frozenset({Role.DISTRICT, Role.TOWNSHIP})
ADMINISTRATORS: Final = frozenset({Role.SYSTEM_ADMIN, Role.SECURITY_ADMIN})
NOTHING: Final = models.Q(pk__in=[])


def sees_whole_city(actor: Actor) -> bool:
    """Return whether the actor's accounts are those of the whole city."""
    return actor.is_system or actor.role in WHOLE_CITY


def organisations_within(actor: Actor, prefix: str = "") -> models.Q:
    """Return the filter of organisations in the actor's reach: the city, its area, or its own only."""
    if sees_whole_city(actor):
        return models.Q()
    if actor.role in OF_AN_AREA:
        return models.Q(**{f"{prefix}area_code__startswith": actor.area_code}) if actor.area_code else NOTHING
    if actor.organisation_id is None:
        return NOTHING
    return models.Q(**{f"{prefix}pk": actor.organisation_id})


class OrganisationQuerySet(GuardedQuerySet):
    """Organisations. Their names are public: pickers list them all; `visible_to` is about their accounts."""

    def visible_to(self, actor: Actor) -> Self:
        """Keep the organisations whose accounts the actor may see."""
        return self.filter(organisations_within(actor))

    def in_use(self) -> Self:
        """Keep the organisations that still exist."""
        return self.filter(is_active=True)


class PersonQuerySet(GuardedQuerySet):
    """People. The sign-in framework looks them up by natural key."""

    def get_by_natural_key(self, username: str | None) -> Any:
        """Return the person of a sign-in name."""
        return self.get(username=username)

    def visible_to(self, actor: Actor) -> Self:
        """Keep the people whose organisation, of account or of assignment, is in the actor's reach."""
        if sees_whole_city(actor):
            return self
        seated = self.model.objects.filter(organisations_within(actor, "assignments__organisation__"))
        return self.filter(organisations_within(actor, "organisation__") | models.Q(pk__in=seated.values("pk")))


class AssignmentQuerySet(GuardedQuerySet):
    """Assignments: half-open in time."""

    def visible_to(self, actor: Actor) -> Self:
        """Keep the assignments at organisations in the actor's reach."""
        return self.filter(organisations_within(actor, "organisation__"))

    def in_force(self, on: date) -> Self:
        """Keep the assignments in force on a day."""
        return self.filter(starts__lte=on).filter(models.Q(ends__isnull=True) | models.Q(ends__gt=on))

    def not_over(self, on: date) -> Self:
        """Keep the assignments in force on a day or later."""
        return self.filter(models.Q(ends__isnull=True) | models.Q(ends__gt=on))


class ApprovalQuerySet(GuardedQuerySet):
    """Acts that wait, or waited, for a second person."""

    def visible_to(self, actor: Actor) -> Self:
        """Keep what lies in the actor's reach, and what the actor proposed.

        Administrators see the matters of the system, none of a project: the ledger is not theirs to read.
        """
        own = models.Q(proposed_by_id=actor.person_id) if actor.person_id is not None else NOTHING
        if not actor.is_system and actor.role in ADMINISTRATORS:
            return self.filter(own | models.Q(project_key__isnull=True))
        if sees_whole_city(actor):
            return self
        if actor.role in OF_AN_AREA and actor.area_code:
            return self.filter(own | models.Q(area_code__startswith=actor.area_code))
        return self.filter(own)

    def decidable_by(self, actor: Actor, kinds: list[str]) -> Self:
        """Keep what waits, is of these kinds and in reach, and was proposed by somebody else."""
        waiting = self.visible_to(actor).filter(status="waiting", kind__in=kinds)
        return waiting if actor.person_id is None else waiting.exclude(proposed_by_id=actor.person_id)


class InboxQuerySet(GuardedQuerySet):
    """Things that wait for somebody."""

    def waiting_for(self, actor: Actor) -> Self:
        """Keep what waits for the person, its organisation, or its role in its area."""
        role, nobody = str(actor.role), models.Q(person__isnull=True)
        mine = nobody & models.Q(organisation__isnull=True, role=role, area_code=actor.area_code)
        if actor.organisation_id is not None:
            mine |= nobody & models.Q(organisation_id=actor.organisation_id, role__in=["", role])
        if actor.person_id is not None:
            mine |= models.Q(person_id=actor.person_id)
        items = self.filter(mine, done_at__isnull=True)
        if actor.person_id is not None:
            items = items.exclude(not_for_id=actor.person_id)
        if actor.role == Role.DEVELOPER:
            items = items.filter(
                models.Q(project_key__isnull=True) | models.Q(project_key__in=sorted(actor.project_ids))
            )
        return items
