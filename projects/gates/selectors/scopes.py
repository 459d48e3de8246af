"""What a scope catches: counts and samples for the builder and for refusals."""

from dataclasses import dataclass

from projects.gates.selectors.reckoning import columns_of
from projects.ledger.models import Building, Project, Unit
from registry.kernel.scope import BuildingColumns, Scope
from registry.kernel.stages import Use


@dataclass(frozen=True)
class ScopeCount:
    """How many units a scope catches: all, by use, by building, and the first few by name."""

    units: int
    dwellings: int
    by_use: dict[str, int]
    by_building: dict[int, int]
    sample: str


def scope_count(
    *, project_id: int, scope: Scope, columns: tuple[BuildingColumns, ...] | None = None, is_named: bool = True
) -> ScopeCount:
    """Count the units of a project that a scope catches, and name the first few if asked. Constant queries."""
    if columns is None:
        columns = columns_of(project_id)
    by_use = dict.fromkeys((use.label for use in Use), 0)
    by_building: dict[int, int] = {}
    first: list[int] = []
    for building in columns:
        mask = scope.mask(building)
        if mask:
            by_building[building.id] = mask.bit_count()
            for use in Use:
                by_use[use.label] += (mask & building.use_mask(use)).bit_count()
            if len(first) < 3:
                first += building.units_of(mask)[: 3 - len(first)]
    total = sum(by_building.values())
    return ScopeCount(
        units=total,
        dwellings=by_use[Use.DWELLING.label],
        by_use={label: count for label, count in by_use.items() if count},
        by_building=by_building,
        sample=_sample(first, total) if is_named and first else "",
    )


def _sample(keys: list[int], total: int) -> str:
    units = Unit.objects.filter(id__in=keys).select_related("building").order_by("id")
    names = "、".join(f"{unit.building}{unit}" for unit in units)
    return f"{names}等" if total > len(keys) else names


@dataclass(frozen=True)
class ScopePreview:
    """What a scope and its at-fault part catch, in words and numbers."""

    words: str
    caught: ScopeCount
    fault_words: str
    fault: ScopeCount
    outside: int


def describe_scopes(project: Project, scope: Scope, fault: Scope) -> ScopePreview:
    """Preview a blocker's scopes. Ten queries."""
    columns = columns_of(project.id)
    names = dict(Building.objects.filter(project=project).values_list("id", "name"))
    return ScopePreview(
        words=scope.describe(names),
        caught=scope_count(project_id=project.id, scope=scope, columns=columns),
        fault_words=fault.describe(names) if fault.terms else "没有",
        fault=scope_count(project_id=project.id, scope=fault, columns=columns),
        outside=scope_count(project_id=project.id, scope=fault - scope, columns=columns).units,
    )
