"""Terms as JSON-ready data and back, strictly: what is no term raises, nothing is guessed."""

from collections.abc import Mapping, Sequence
from typing import Any, Final, TypeVar

from registry.kernel.scope.clauses import Clause, Term
from registry.kernel.stages import FEATURE_LABELS, Feature, Use

V = TypeVar("V", int, str)
ALL_FEATURES: Final = Feature(sum(FEATURE_LABELS))


def term_data(term: Term) -> dict[str, Any]:
    """Return a term as data, in a stable order; what is not named is left out."""
    return {"in": _clause_data(term.clause), "out": [_clause_data(clause) for clause in term.minus]}


def read_term(data: Any) -> Term:
    """Read a term; raises KeyError, TypeError, ValueError or AttributeError if the data are none."""
    _refuse_unknown(data, {"in", "out"})
    return Term(_read_clause(data["in"]), tuple(_read_clause(clause) for clause in sequence(data.get("out", ()))))


def sequence(data: Any) -> Sequence[Any]:
    """Return a list as it is; raises TypeError for a text or a mapping, which can be walked through too."""
    if not isinstance(data, list | tuple):
        raise TypeError(data)
    return data


def _refuse_unknown(data: Mapping[str, Any], known: set[str]) -> None:
    unknown = set(data) - known
    if unknown:
        raise ValueError(sorted(unknown))


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
    _refuse_unknown(data, {"buildings", "entrances", "floors", "units", "uses", "features"})
    return Clause(
        buildings=_numbers(data, "buildings"),
        entrances=_texts(data, "entrances"),
        floors=_texts(data, "floors"),
        uses=frozenset(Use(use) for use in _listed(data["uses"], str)) if "uses" in data else None,
        features=_features(data.get("features", 0)),
        units=_numbers(data, "units"),
    )


def _numbers(data: Mapping[str, Any], name: str) -> frozenset[int] | None:
    return frozenset(_listed(data[name], int)) if name in data else None


def _texts(data: Mapping[str, Any], name: str) -> frozenset[str] | None:
    return frozenset(_listed(data[name], str)) if name in data else None


def _listed(values: Any, kind: type[V]) -> list[V]:
    # True is a number too, and 1.0 equals 1: neither is what was meant.
    if not all(type(value) is kind for value in sequence(values)):
        raise TypeError(values)
    return list(values)


def _features(value: Any) -> Feature:
    if type(value) is not int or value & ~int(ALL_FEATURES):
        raise ValueError(value)
    return Feature(value)
