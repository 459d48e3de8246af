"""Tenancy in one place: which rows an actor may see at all.

A row is visible if, and only if, one of these holds for the project it hangs on:
- the actor's reach is the city (city task force, auditor) or the actor is the system;
- the actor's reach is a district and the project lies in it;
- the actor's reach is a township and the project lies in it;
- the actor's reach is its participation: the project lies in its area, and its organisation takes part in it: it is
  named so, or organs of its kind see every project of their area (a dated rule) and it is not named out of this one;
- the actor's reach is its own projects (a developer's staff): the project is one of them while assigned.
"""

from collections.abc import Callable
from typing import Any, ClassVar, Self

from django.db import models

from registry.kernel.authority import Actor, Role
from registry.store.guard import GuardedModel, GuardedQuerySet

CITY = frozenset({Role.CITY, Role.AUDITOR})
PARTICIPANT = frozenset({Role.DEPARTMENT, Role.REGISTRATION_CENTRE, Role.TAX})
Stated = Callable[[int | None, bool], models.QuerySet[Any]]

_stated: list[Stated] = []


def declare_participation(stated: Stated) -> None:
    """Name what returns the keys of the projects that an organisation is named into or out of (the ledger, at start).

    It returns a query, not its answer: scope stays one condition of one statement.
    """
    _stated[:] = [stated]


def scope_filter(actor: Actor, path: str) -> models.Q | None:
    """Return the filter of an actor over a model that reaches its project by `path`; None means nothing."""
    prefix = f"{path}__" if path else ""
    if actor.is_system or actor.role in CITY:
        return models.Q()
    if actor.role == Role.DISTRICT and actor.area_code:
        return models.Q(**{f"{prefix}district_code": actor.area_code})
    if actor.role == Role.TOWNSHIP and actor.area_code:
        return models.Q(**{f"{prefix}township_code": actor.area_code})
    if actor.role in PARTICIPANT:
        area = models.Q(**{f"{prefix}district_code": actor.area_code}) if actor.area_code else models.Q()
        key = f"{prefix}id__in"
        if actor.sees_area:
            return area & ~models.Q(**{key: _stated[0](actor.organisation_id, False)})
        return area & models.Q(**{key: _stated[0](actor.organisation_id, True)})
    if actor.role == Role.DEVELOPER:
        return models.Q(**{f"{prefix}id__in": sorted(actor.project_ids)})
    return None


class TenantQuerySet(GuardedQuerySet):
    """A queryset that knows tenancy; `visible_to` is the first call on it."""

    def visible_to(self, actor: Actor) -> Self:
        """Keep the rows that the actor may see."""
        wanted = scope_filter(actor, self.model.scope_path)
        return self.none() if wanted is None else self.filter(wanted)


class TenantModel(GuardedModel):
    """A model that belongs to a project; `scope_path` is the lookup path to it ("" for the project itself)."""

    scope_path: ClassVar[str]

    objects: ClassVar[Any] = TenantQuerySet.as_manager()

    class Meta:
        abstract = True


def is_visible(subject: models.Model, actor: Actor) -> bool:
    """Return whether the actor may see the row. One query."""
    if actor.is_system:
        return True
    return bool(type(subject)._default_manager.visible_to(actor).filter(pk=subject.pk).exists())  # type: ignore[attr-defined]
