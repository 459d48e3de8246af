"""Scopes: which units something concerns. A Boolean algebra relative to the units of a project.

A scope is a union of terms; a term is a clause minus exceptions; a clause names any of building, entrance, floor, use,
feature and unit. Every operation gives such a scope again. On a building a scope is a bit mask over its units, so that
600,000 units are decided in operations on whole buildings.
"""

from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import groupby
from typing import Any, Final, TypeVar

from registry.kernel.errors import DomainError
from registry.kernel.stages import FEATURE_LABELS, Feature, Part, Use, part_of

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
    def _bits(self) -> dict[int, int]:
        return {unit_id: 1 << n for n, unit_id in enumerate(self.unit_ids)}

    def bit(self, unit_id: int) -> int:
        """The bit of a unit; 0 if it is not in the building."""
        return self._bits.get(unit_id, 0)

    def use_mask(self, use: Use) -> int:
        """The units of a use."""
        return self._by_use.get(use, 0)

    def part_mask(self, part: Part | None) -> int:
        """The units of a part; None is the whole building."""
        if part is None:
            return self.everything
        return _union(mask for use, mask in self._by_use.items() if part_of(use) == part)

    def feature_mask(self, features: Feature) -> int:
        """The units that have all of the features."""
        return _union(mask for had, mask in self._by_features.items() if had & features == features)

    def units_of(self, mask: int) -> list[int]:
        """The ids of the units in a mask, in order."""
        found = []
        while mask:
            low = mask & -mask
            found.append(self.unit_ids[low.bit_length() - 1])
            mask ^= low
        return found

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


def _union(masks: Iterable[int]) -> int:
    result = 0
    for mask in masks:
        result |= mask
    return result


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
        """This will tell whether a unit is in the clause."""
        return (
            (self.buildings is None or unit.building in self.buildings)
            and (self.entrances is None or unit.entrance in self.entrances)
            and (self.floors is None or unit.floor in self.floors)
            and (self.uses is None or unit.use in self.uses)
            and unit.features & self.features == self.features
            and (self.units is None or unit.id in self.units)
        )

    def mask(self, building: BuildingColumns) -> int:
        """This will give the units of a building that are in the clause."""
        if self.buildings is not None and building.id not in self.buildings:
            return 0
        result = building.everything
        if self.entrances is not None:
            result &= _union(building._by_entrance.get(one, 0) for one in self.entrances)
        if self.floors is not None:
            result &= _union(building._by_floor.get(one, 0) for one in self.floors)
        if self.uses is not None:
            result &= _union(building._by_use.get(one, 0) for one in self.uses)
        if self.features:
            result &= building.feature_mask(self.features)
        if self.units is not None and result:
            result &= _union(building.bit(one) for one in self.units)
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
        return any(one is not None and not one for one in named)


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
        """This will tell whether a unit is in the term."""
        return self.clause.matches(unit) and not any(one.matches(unit) for one in self.minus)

    def mask(self, building: BuildingColumns) -> int:
        """This will give the units of a building that are in the term."""
        result = self.clause.mask(building)
        for one in self.minus:
            if not result:
                break
            result &= ~one.mask(building)
        return result


@dataclass(frozen=True)
class Scope:
    """A union of terms. `|`, `&`, `-` and `complement` are closed; equality of meaning is equality of masks."""

    terms: tuple[Term, ...] = field(default_factory=tuple)

    def matches(self, unit: UnitFacts) -> bool:
        """This will tell whether a unit is in the scope."""
        return any(term.matches(unit) for term in self.terms)

    def matching_term(self, unit: UnitFacts) -> Term | None:
        """This will give the first term that caught a unit."""
        return next((term for term in self.terms if term.matches(unit)), None)

    def mask(self, building: BuildingColumns) -> int:
        """This will give the units of a building that are in the scope."""
        return _union(term.mask(building) for term in self.terms)

    def __or__(self, other: "Scope") -> "Scope":
        return Scope(tuple(dict.fromkeys((*self.terms, *other.terms))))

    def __and__(self, other: "Scope") -> "Scope":
        terms = []
        for one in self.terms:
            for two in other.terms:
                clause = one.clause & two.clause
                if not clause.is_empty:
                    terms.append(Term(clause, tuple(dict.fromkeys((*one.minus, *two.minus)))))
        return Scope(tuple(dict.fromkeys(terms)))

    def complement(self) -> "Scope":
        """This will give the units of the project that are not in the scope."""
        result = EVERYTHING
        for term in self.terms:
            outside = Scope((Term(ANY, (term.clause,)), *(Term(term.clause & one) for one in term.minus)))
            result = result & outside
        return result

    def __sub__(self, other: "Scope") -> "Scope":
        if all(not term.minus for term in other.terms):
            minus = tuple(term.clause for term in other.terms)
            return Scope(tuple(Term(t.clause, tuple(dict.fromkeys((*t.minus, *minus)))) for t in self.terms))
        return self & other.complement()

    def to_data(self) -> list[dict[str, Any]]:
        """This will give the scope as JSON-ready data, in a stable order."""
        return [
            {"in": _clause_data(term.clause), "out": [_clause_data(one) for one in term.minus]} for term in self.terms
        ]

    @classmethod
    def from_data(cls, data: Any) -> "Scope":
        """This will read a scope from data; raises DomainError if it is none."""
        try:
            return cls(
                tuple(
                    Term(_read_clause(one["in"]), tuple(_read_clause(out) for out in one.get("out", ())))
                    for one in data
                )
            )
        except (KeyError, TypeError, ValueError, AttributeError) as error:
            raise DomainError("范围的格式不对。请在页面上重新选择范围。", code="scope_format", field="scope") from error

    def describe(self, buildings: Mapping[int, str], units: Mapping[int, str] | None = None) -> str:
        """This will read the scope back in Chinese: 9—12号楼，商业，有夹层，除S04。"""
        if not self.terms:
            return "没有任何户"
        return "；".join(_describe_term(term, buildings, units or {}) for term in self.terms)


EVERYTHING: Final = Scope((Term(ANY),))
NOTHING: Final = Scope()


def scope_of(**named: Any) -> Scope:
    """This will make a scope of one clause: scope_of(uses={Use.RETAIL}, features=Feature.MEZZANINE)."""
    features = named.pop("features", Feature(0))
    return Scope((Term(Clause(features=features, **{name: frozenset(value) for name, value in named.items()})),))


def _clause_data(clause: Clause) -> dict[str, Any]:
    data: dict[str, Any] = {}
    for name in ("buildings", "entrances", "floors", "units"):
        value = getattr(clause, name)
        if value is not None:
            data[name] = sorted(value)
    if clause.uses is not None:
        data["uses"] = sorted(use.value for use in clause.uses)
    if clause.features:
        data["features"] = int(clause.features)
    return data


def _read_clause(data: Mapping[str, Any]) -> Clause:
    unknown = set(data) - {"buildings", "entrances", "floors", "units", "uses", "features"}
    if unknown:
        raise ValueError(sorted(unknown))
    return Clause(
        buildings=_numbers(data, "buildings"),
        entrances=_texts(data, "entrances"),
        floors=_texts(data, "floors"),
        uses=frozenset(Use(one) for one in data["uses"]) if "uses" in data else None,
        features=Feature(int(data.get("features", 0))),
        units=_numbers(data, "units"),
    )


def _numbers(data: Mapping[str, Any], name: str) -> frozenset[int] | None:
    return frozenset(int(one) for one in data[name]) if name in data else None


def _texts(data: Mapping[str, Any], name: str) -> frozenset[str] | None:
    return frozenset(str(one) for one in data[name]) if name in data else None


def _describe_term(term: Term, buildings: Mapping[int, str], units: Mapping[int, str]) -> str:
    text = _describe_clause(term.clause, buildings, units) or "全部"
    out = [_describe_clause(one, buildings, units) for one in term.minus]
    return f"{text}，除{'、'.join(out)}" if out else text


def _describe_clause(clause: Clause, buildings: Mapping[int, str], units: Mapping[int, str]) -> str:
    parts = []
    if clause.buildings is not None:
        parts.append(building_names([buildings.get(one, f"#{one}") for one in sorted(clause.buildings)]))
    if clause.entrances is not None:
        parts.append(f"{'、'.join(sorted(clause.entrances))}单元")
    if clause.floors is not None:
        parts.append(f"{'、'.join(sorted(clause.floors))}层")
    if clause.uses is not None:
        parts.append("、".join(use.label for use in Use if use in clause.uses))
    parts += [label for flag, label in FEATURE_LABELS.items() if flag & clause.features]
    if clause.units is not None:
        names = [units[one] for one in sorted(clause.units) if one in units]
        listed = len(names) == len(clause.units) <= 6
        parts.append("、".join(names) if listed else f"所列{len(clause.units)}户")
    return "，".join(parts)


def building_names(names: Sequence[str]) -> str:
    """This will compress runs of numbered buildings: 1、3—5号楼. Names without a number stand as they are."""
    numbers = sorted({int(name[:-2]) for name in names if name.endswith("号楼") and name[:-2].isdigit()})
    others = [name for name in names if not (name.endswith("号楼") and name[:-2].isdigit())]
    runs = []
    for _, group in groupby(enumerate(numbers), key=lambda pair: pair[1] - pair[0]):
        run = [number for _, number in group]
        runs += [f"{run[0]}—{run[-1]}"] if len(run) > 2 else [str(number) for number in run]
    text = f"{'、'.join(runs)}号楼" if runs else ""
    return "、".join(part for part in (text, *others) if part)
