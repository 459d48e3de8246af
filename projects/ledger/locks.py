"""Locks on projects and units, in the one order of `registry.store.locks`: projects by id, then units by id.

Whoever writes what stands in a project locks the project first, even if it changes one unit: a project is the unit of
exclusion of the ledger, and its acts follow each other.
"""

from collections.abc import Collection
from typing import TYPE_CHECKING, Final

from django.db.models import Q

from projects.ledger.models import IN_THE_BOOKS, Project, Unit
from registry.kernel.errors import Refused
from registry.store import locks

if TYPE_CHECKING:
    from django.db.models import QuerySet

PORTION: Final = 5000  # keys in one statement


def lock_project(key: int) -> Project:
    """Lock a project and read it anew. One query."""
    return locks.for_update(Project.objects.all()).get(pk=key)


def lock_projects(*keys: int) -> dict[int, Project]:
    """Lock several projects by id, whatever order they are named in: two merges never wait for each other."""
    rows = locks.for_update(Project.objects.filter(pk__in=keys)).order_by("id")
    return {project.pk: project for project in rows}


def require_stayed(now: int, locked: int) -> None:
    """Refuse a row that went to another project while its project was waited for: the lock held is not its own."""
    if now != locked:
        raise Refused("这条记录刚随合并或拆分转到另一个项目。请刷新页面，到现在的项目办理。", code="moved_away")


def lock_unit(unit: Unit) -> Unit:
    """Lock the project of a unit, then the unit, and read it anew. Two queries."""
    project = lock_project(unit.building.project_id)
    current = locks.for_update(Unit.objects.select_related("building")).get(pk=unit.pk)
    require_stayed(current.building.project_id, project.pk)
    return current


def lock_units(
    project: Project | None, keys: Collection[int] | None = None, *, also_retired: bool = False
) -> list[Unit]:
    """Lock units with their buildings, by id, after the project: of a project (None: wherever they stand now).

    Units out of the books are left out, unless asked for. A query for each 5,000 keys; without keys, one.
    """
    return _units(locks.for_update(Unit.objects.filter(Q() if also_retired else IN_THE_BOOKS)), project, keys)


def units_by_key(project: Project, keys: Collection[int]) -> list[Unit]:
    """Return the same units unlocked, to say what an act on them would do. A query for each 5,000 keys."""
    return _units(Unit.objects.all(), project, keys)


def _units(rows: "QuerySet[Unit]", project: Project | None, keys: Collection[int] | None) -> list[Unit]:
    if project is not None:
        rows = rows.filter(building__project=project)
    rows = rows.select_related("building").order_by("id")
    if keys is None:
        return list(rows)
    ordered = sorted(set(keys))
    return [
        unit
        for start in range(0, len(ordered), PORTION)
        for unit in rows.filter(id__in=ordered[start : start + PORTION])
    ]
