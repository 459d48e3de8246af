"""The units of a building, column by column: sets of them are bit masks, so whole buildings are decided at once."""

from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TypeVar

from registry.kernel.stages import Feature, Part, Use, part_of

K = TypeVar("K", bound=Hashable)


@dataclass(frozen=True)
class UnitFacts:
    """What a scope asks of a unit."""

    id: int
    building: int
    entrance: str
    floor: str
    use: Use
    features: Feature = Feature.NONE


@dataclass(frozen=True)
class BuildingColumns:
    """The units of a building, column by column, in one order; masks are integers with one bit a unit."""

    id: int
    unit_ids: tuple[int, ...]
    entrances: tuple[str, ...]
    floors: tuple[str, ...]
    uses: tuple[Use, ...]
    features: tuple[Feature, ...]

    @cached_property
    def everything(self) -> int:
        """All units of the building."""
        return (1 << len(self.unit_ids)) - 1

    @cached_property
    def _by_entrance(self) -> dict[str, int]:
        return _masks(self.entrances)

    @cached_property
    def _by_floor(self) -> dict[str, int]:
        return _masks(self.floors)

    @cached_property
    def _by_use(self) -> dict[Use, int]:
        return _masks(self.uses)

    @cached_property
    def _by_features(self) -> dict[Feature, int]:
        return _masks(self.features)

    @cached_property
    def _places(self) -> dict[int, int]:
        return {unit_id: n for n, unit_id in enumerate(self.unit_ids)}

    @property
    def present_uses(self) -> tuple[Use, ...]:
        """The uses that the building has, in the order of first appearance."""
        return tuple(self._by_use)

    def bit(self, unit_id: int) -> int:
        """The bit of a unit; 0 if it is not in the building."""
        place = self._places.get(unit_id)
        return 0 if place is None else 1 << place

    def unit(self, unit_id: int) -> UnitFacts:
        """One unit; KeyError if it is not in the building."""
        n = self._places[unit_id]
        return UnitFacts(unit_id, self.id, self.entrances[n], self.floors[n], self.uses[n], self.features[n])

    def use_mask(self, use: Use) -> int:
        """The units of a use."""
        return self._by_use.get(use, 0)

    def part_mask(self, part: Part | None) -> int:
        """The units of a part; None is the whole building."""
        if part is None:
            return self.everything
        return union(mask for use, mask in self._by_use.items() if part_of(use) == part)

    def feature_mask(self, features: Feature) -> int:
        """The units that have all of the features."""
        return union(mask for had, mask in self._by_features.items() if had & features == features)

    def units_of(self, mask: int) -> list[int]:
        """The ids of the units in a mask, in order."""
        unit_ids = []
        while mask:
            low = mask & -mask
            unit_ids.append(self.unit_ids[low.bit_length() - 1])
            mask ^= low
        return unit_ids

    def facts(self) -> list[UnitFacts]:
        """The units one by one."""
        rows = zip(self.unit_ids, self.entrances, self.floors, self.uses, self.features, strict=True)
        return [UnitFacts(key, self.id, entrance, floor, use, had) for key, entrance, floor, use, had in rows]


def _masks(values: Sequence[K]) -> dict[K, int]:
    if len(set(values)) == 1:
        return {values[0]: (1 << len(values)) - 1}
    places: dict[K, bytearray] = {}
    size = len(values) // 8 + 1
    for n, value in enumerate(values):
        places.setdefault(value, bytearray(size))[n >> 3] |= 1 << (n & 7)
    return {value: int.from_bytes(bits, "little") for value, bits in places.items()}


def union(masks: Iterable[int]) -> int:
    """Join masks."""
    result = 0
    for mask in masks:
        result |= mask
    return result
