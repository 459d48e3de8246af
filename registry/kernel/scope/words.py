"""Scopes in Chinese: 9—12号楼，商业，有夹层，除9号楼S04."""

from collections.abc import Iterable, Mapping, Sequence
from itertools import groupby

from registry.kernel.scope.clauses import Clause, Term
from registry.kernel.stages import FEATURE_LABELS, Use


def describe_term(term: Term, buildings: Mapping[int, str], units: Mapping[int, str]) -> str:
    """Read a term back; what has no name is counted, never shown by its key."""
    text = _describe_clause(term.clause, buildings, units) or "全部"
    out = [_describe_clause(clause, buildings, units) or "全部" for clause in term.minus]
    if len(out) > 1:
        out = [f"“{words}”" if "，" in words else words for words in out]
    return f"{text}，除{'、'.join(out)}" if out else text


def _describe_clause(clause: Clause, buildings: Mapping[int, str], units: Mapping[int, str]) -> str:
    if clause.is_empty:
        return "没有任何户"
    parts = []
    if clause.buildings is not None:
        known = [buildings[building] for building in sorted(clause.buildings) if building in buildings]
        is_known = len(known) == len(clause.buildings)
        parts.append(building_names(known) if is_known else f"所列{len(clause.buildings)}栋楼")
    if clause.entrances is not None:
        parts.append(_numbered(clause.entrances, "单元"))
    if clause.floors is not None:
        parts.append(_numbered(clause.floors, "层"))
    if clause.uses is not None:
        parts.append("、".join(use.label for use in Use if use in clause.uses))
    parts += [label for flag, label in FEATURE_LABELS.items() if flag & clause.features]
    if clause.units is not None:
        names = [units[unit] for unit in sorted(clause.units) if unit in units]
        is_listed = len(names) == len(clause.units) <= 6
        parts.append("、".join(names) if is_listed else f"所列{len(clause.units)}户")
    return "，".join(parts)


def building_names(names: Sequence[str]) -> str:
    """Compress runs of numbered buildings: 1、3—5号楼. Names without a number stand as they are."""
    numbers = {int(name[:-2]) for name in names if name.endswith("号楼") and name[:-2].isdecimal()}
    others = [name for name in names if not (name.endswith("号楼") and name[:-2].isdecimal())]
    text = f"{_runs(numbers)}号楼" if numbers else ""
    return "、".join(part for part in (text, *others) if part)


def _numbered(names: Iterable[str], noun: str) -> str:
    """Entrances or floors: runs of numbers compressed, others (1夹, B1) as they are, the unnamed said in words."""
    found = set(names)
    numbers = {int(name) for name in found if name.isdecimal()}
    others = sorted(f"{name}{noun}" for name in found if name and not name.isdecimal())
    text = f"{_runs(numbers)}{noun}" if numbers else ""
    unnamed = f"未标{noun}" if "" in found else ""
    return "、".join(part for part in (text, *others, unnamed) if part)


def _runs(numbers: Iterable[int]) -> str:
    """Numbers in order, runs of three or more as a range: 1、2、5—7."""
    runs = []
    for _, group in groupby(enumerate(sorted(numbers)), key=lambda pair: pair[1] - pair[0]):
        run = [number for _, number in group]
        runs += [f"{run[0]}—{run[-1]}"] if len(run) > 2 else [str(number) for number in run]
    return "、".join(runs)
