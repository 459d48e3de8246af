"""Clauses and terms: what a unit must be to be in a scope."""

from collections.abc import Hashable
from dataclasses import dataclass
from typing import Final, TypeVar

from registry.kernel.scope.columns import BuildingColumns, UnitFacts, union
from registry.kernel.stages import Feature, Use

K = TypeVar("K", bound=Hashable)


@dataclass(frozen=True)
class Clause:
    """What a unit must be: each named attribute must hold; None (or no feature) means any."""

    buildings: frozenset[int] | None = None
    entrances: frozenset[str] | None = None
    floors: frozenset[str] | None = None
    uses: frozenset[Use] | None = None
    features: Feature = Feature.NONE
    units: frozenset[int] | None = None

    def matches(self, unit: UnitFacts) -> bool:
        """Return whether a unit is in the clause."""
        return (
            (self.buildings is None or unit.building in self.buildings)
            and (self.entrances is None or unit.entrance in self.entrances)
            and (self.floors is None or unit.floor in self.floors)
            and (self.uses is None or unit.use in self.uses)
            and unit.features & self.features == self.features
            and (self.units is None or unit.id in self.units)
        )

    def mask(self, building: BuildingColumns) -> int:
        """Return the units of a building that are in the clause."""
        if self.buildings is not None and building.id not in self.buildings:
            return 0
        result = building.everything
        if self.entrances is not None:
            result &= union(building._by_entrance.get(entrance, 0) for entrance in self.entrances)
        if self.floors is not None:
            result &= union(building._by_floor.get(floor, 0) for floor in self.floors)
        if self.uses is not None:
            result &= union(building._by_use.get(use, 0) for use in self.uses)
        if self.features:
            result &= building.feature_mask(self.features)
        if self.units is not None and result:
            # A list of units may be long, a building is not: walk the shorter.
            is_long = len(self.units) > len(building.unit_ids)
            named = (unit for unit in building.unit_ids if unit in self.units) if is_long else self.units
            result &= union(building.bit(unit) for unit in named)
        return result

    def __and__(self, other: "Clause") -> "Clause":
        return Clause(
            _both(self.buildings, other.buildings),
            _both(self.entrances, other.entrances),
            _both(self.floors, other.floors),
            _both(self.uses, other.uses),
            self.features | other.features,
            _both(self.units, other.units),
        )

    @property
    def is_empty(self) -> bool:
        """Whether no unit can be in it, whatever the units are."""
        named = (self.buildings, self.entrances, self.floors, self.uses, self.units)
        return any(wanted is not None and not wanted for wanted in named)


def _both(one: frozenset[K] | None, other: frozenset[K] | None) -> frozenset[K] | None:
    if one is None or other is None:
        return one if other is None else other
    return one & other


ANY: Final = Clause()


@dataclass(frozen=True)
class Term:
    """A clause minus exceptions."""

    clause: Clause
    minus: tuple[Clause, ...] = ()

    def matches(self, unit: UnitFacts) -> bool:
        """Return whether a unit is in the term."""
        return self.clause.matches(unit) and not any(clause.matches(unit) for clause in self.minus)

    def mask(self, building: BuildingColumns) -> int:
        """Return the units of a building that are in the term."""
        result = self.clause.mask(building)
        for clause in self.minus:
            if not result:
                break
            result &= ~clause.mask(building)
        return result
