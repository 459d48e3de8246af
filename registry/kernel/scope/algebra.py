"""Scopes: unions of terms, closed under the Boolean operations relative to the units of a project."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from registry.kernel.errors import DomainError
from registry.kernel.scope.clauses import ANY, Clause, Term
from registry.kernel.scope.columns import BuildingColumns, UnitFacts, union
from registry.kernel.scope.data import read_term, sequence, term_data
from registry.kernel.scope.words import describe_term
from registry.kernel.stages import Feature


@dataclass(frozen=True)
class Scope:
    """A union of terms. `|`, `&`, `-` and `complement` are closed; equality of meaning is equality of masks."""

    terms: tuple[Term, ...] = field(default_factory=tuple)

    def matches(self, unit: UnitFacts) -> bool:
        """Return whether a unit is in the scope."""
        return any(term.matches(unit) for term in self.terms)

    def matching_term(self, unit: UnitFacts) -> Term | None:
        """Return the first term that caught a unit."""
        return next((term for term in self.terms if term.matches(unit)), None)

    def mask(self, building: BuildingColumns) -> int:
        """Return the units of a building that are in the scope."""
        return union(term.mask(building) for term in self.terms)

    def __or__(self, other: "Scope") -> "Scope":
        return Scope(tuple(dict.fromkeys((*self.terms, *other.terms))))

    def __and__(self, other: "Scope") -> "Scope":
        terms = []
        for term in self.terms:
            for two in other.terms:
                clause = term.clause & two.clause
                if not clause.is_empty:
                    terms.append(Term(clause, tuple(dict.fromkeys((*term.minus, *two.minus)))))
        return Scope(tuple(dict.fromkeys(terms)))

    def complement(self) -> "Scope":
        """Return the units of the project that are not in the scope."""
        result = EVERYTHING
        for term in self.terms:
            outside = Scope((Term(ANY, (term.clause,)), *(Term(term.clause & clause) for clause in term.minus)))
            result = result & outside
        return result

    def __sub__(self, other: "Scope") -> "Scope":
        if all(not term.minus for term in other.terms):
            minus = tuple(term.clause for term in other.terms)
            return Scope(tuple(Term(t.clause, tuple(dict.fromkeys((*t.minus, *minus)))) for t in self.terms))
        return self & other.complement()

    def to_data(self) -> list[dict[str, Any]]:
        """Return the scope as JSON-ready data, in a stable order."""
        return [term_data(term) for term in self.terms]

    @classmethod
    def from_data(cls, data: Any) -> "Scope":
        """Read a scope from data; raises DomainError if it is none."""
        try:
            return cls(tuple(read_term(term) for term in sequence(data)))
        except (KeyError, TypeError, ValueError, AttributeError) as error:
            raise DomainError("范围的格式不对。请在页面上重新选择范围。", code="scope_format", field="scope") from error

    def describe(self, buildings: Mapping[int, str], units: Mapping[int, str] | None = None) -> str:
        """Read the scope back in Chinese: 9—12号楼，商业，有夹层，除S04。"""
        if not self.terms:
            return "没有任何户"
        return "；".join(describe_term(term, buildings, units or {}) for term in self.terms)


EVERYTHING: Final = Scope((Term(ANY),))
NOTHING: Final = Scope()


def scope_of(**named: Any) -> Scope:
    """Make a scope of one clause: scope_of(uses={Use.RETAIL}, features=Feature.MEZZANINE)."""
    features = named.pop("features", Feature(0))
    return Scope((Term(Clause(features=features, **{name: frozenset(value) for name, value in named.items()})),))
