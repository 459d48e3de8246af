"""Locking rows for the open act, in the one order that all acts keep, so that no two wait for each other for good.

    month gate → projects by id → approval or session → units by id → other rows → counter row → head of the chain

An approval and a session come after their project: what resolves a blocker holds its project and then ends the
proposals about it, and whoever approves one of them must not hold it while it waits for that project.
The gate is taken by `@write`, projects and units by `projects.ledger.locks`, the head by `registry.audit.recording`;
everything else goes through here. A row is read anew under its lock: what the caller holds may be old. On SQLite one
writer has the database (BEGIN IMMEDIATE), and a lock is the read alone.
"""

from typing import Any, TypeVar

from django.db import models

M = TypeVar("M", bound=models.Model)


def for_update(rows: models.QuerySet[M]) -> models.QuerySet[M]:
    """Make a query lock the rows that it reads, and none that it joins. The one place that does."""
    return rows.select_for_update(of=("self",))


def lock(row: M, *related: str) -> M:
    """Lock a row and read it anew, its `related` rows with it. One query."""
    rows: models.QuerySet[M] = for_update(type(row)._default_manager.all())
    return (rows.select_related(*related) if related else rows).get(pk=row.pk)


def lock_rows(rows: models.QuerySet[M]) -> list[M]:
    """Lock the rows of an ordered query and read them. One query."""
    return list(for_update(rows))


def lock_where(model: type[M], **key: Any) -> M | None:
    """Lock the one row that has these values, if there is one. One query."""
    return for_update(model._default_manager.filter(**key)).first()


def lock_one(model: type[M], **key: Any) -> M:
    """Lock the one row that has these values, a counter or a line of a table; raises if there is none. One query."""
    return for_update(model._default_manager.all()).get(**key)
