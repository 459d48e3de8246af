"""Scopes: which units something concerns. A Boolean algebra relative to the units of a project.

A scope is a union of terms; a term is a clause minus exceptions; a clause names any of building, entrance, floor, use,
feature and unit. Every operation gives such a scope again. On a building a scope is a bit mask over its units, so that
600,000 units are decided in operations on whole buildings.
"""

from registry.kernel.scope.algebra import EVERYTHING, NOTHING, Scope, scope_of
from registry.kernel.scope.clauses import ANY, Clause, Term
from registry.kernel.scope.columns import BuildingColumns, UnitFacts
from registry.kernel.scope.words import building_names

__all__ = [
    "ANY",
    "EVERYTHING",
    "NOTHING",
    "BuildingColumns",
    "Clause",
    "Scope",
    "Term",
    "UnitFacts",
    "building_names",
    "scope_of",
]
