"""Leverage: which blockers, resolved together, clear the most units (一子落满盘活).

Units are never looked at one by one: those of a building are split by masks into groups that the same blockers stand
in the way of (a signature). A set of blockers frees exactly the units whose signature lies within the set.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from itertools import combinations
from typing import Final

from registry.kernel.gates.facts import ProjectFacts, Standings
from registry.kernel.gates.grouped import BuildingGates, compute_gates, reliefs_in_force, shut_and_fault
from registry.kernel.scope import BuildingColumns
from registry.kernel.scope.columns import union
from registry.kernel.stages import Part, Standing

WIDEST: Final = 3  # blockers in a set put together from smaller ones; what one unit waits for may be more
WIDE_KEPT: Final = 100


@dataclass(frozen=True, order=True)
class Freed:
    """How many units: homes, and the others apart."""

    homes: int = 0
    others: int = 0

    def __add__(self, other: "Freed") -> "Freed":
        return Freed(self.homes + other.homes, self.others + other.others)

    def __bool__(self) -> bool:
        return bool(self.homes or self.others)


Signature = frozenset[int]
Signatures = Mapping[Signature, Freed]


@dataclass(frozen=True)
class Move:
    """A set of blockers to resolve: what that frees, what was spent on it, and what else it takes.

    `needs` is said of a single blocker that frees nothing alone; `together` of one that frees more in a set: the rest
    of the set that frees most, with `freed_together` by the whole of it.
    """

    blockers: tuple[int, ...]
    freed: Freed
    days: int = 0
    needs: tuple[int, ...] = ()
    together: tuple[int, ...] = ()
    freed_together: Freed = Freed()


def signatures(facts: ProjectFacts, *, on: date) -> dict[Signature, Freed]:
    """Count the units that are not cleared by the exact set of blockers that stand in their way.

    A blocker stands in the way of a unit if its gate is in the building's plan and not passed for the unit, and the
    blocker is live there and not lifted. Units held or excluded are counted nowhere.
    """
    table = compute_gates(facts, on=on)
    reliefs = reliefs_in_force(facts, on=on)
    freed: dict[Signature, Freed] = {}
    for columns, standings, _ in facts.states(on):
        gates = table.buildings[columns.id]
        shut = _counted(columns, standings) & ~gates.cleared
        if not shut:
            continue
        barriers = []
        for blocker in table.blockers:
            if blocker.gate in gates.plan:
                held, _ = shut_and_fault(blocker, columns, reliefs.get(blocker.id, ()))
                barriers.append((blocker.id, held & ~gates.passed[blocker.gate]))
        _count_groups(freed, gates, _groups(shut, barriers))
    return freed


def _counted(columns: BuildingColumns, standings: Standings) -> int:
    left = (Standing.HELD, Standing.EXCLUDED, None)
    if not any(standing in standings for standing in left):
        return columns.everything
    return union(1 << n for n, standing in enumerate(standings) if standing not in left)


def _groups(units: int, barriers: Iterable[tuple[int, int]]) -> dict[Signature, int]:
    """Split a mask by who stands in the way: each barrier cuts each group in two at most."""
    groups: dict[Signature, int] = {frozenset(): units}
    for key, held in barriers:
        if not held & units:
            continue
        cut: dict[Signature, int] = {}
        for signature, mask in groups.items():
            if mask & held:
                cut[signature | {key}] = mask & held
            if mask & ~held:
                cut[signature] = mask & ~held
        groups = cut
    return groups


def _count_groups(found: dict[Signature, Freed], gates: BuildingGates, groups: Mapping[Signature, int]) -> None:
    homes = gates.columns.part_mask(Part.DWELLING)
    for signature, mask in groups.items():
        counted = Freed((mask & homes).bit_count(), (mask & ~homes).bit_count())
        found[signature] = found.get(signature, Freed()) + counted


def frees(blockers: Collection[int], found: Signatures) -> Freed:
    """Count the units that become cleared if these blockers alone were resolved."""
    wanted = frozenset(blockers)
    if 2 ** len(wanted) < len(found):
        subsets = (
            frozenset(combination) for size in range(1, len(wanted) + 1) for combination in combinations(wanted, size)
        )
        return sum((found[subset] for subset in subsets if subset in found), Freed())
    return sum((count for signature, count in found.items() if signature <= wanted), Freed())


def joined_sets(found: Signatures) -> set[Signature]:
    """Return the sets of two or more that free more than their parts do, however they are parted.

    These are unions of signatures that hang together, up to `WIDEST` blockers: each signature of two or three, and
    each union of two pairs that share a blocker. Beside them, what single units wait for where that is more: of those
    signatures the `WIDE_KEPT` with most units, and for each blocker the best it stands in.
    """
    pairs: dict[int, list[Signature]] = defaultdict(list)
    for one in found:
        if len(one) == WIDEST - 1:
            for key in one:
                pairs[key].append(one)
    unions = {one | other for sharing in pairs.values() for one, other in combinations(sharing, 2)}
    small = {one for one in found if 1 < len(one) <= WIDEST}
    return small | unions | _wide(found)


def _wide(found: Signatures) -> set[Signature]:
    """The signatures wider than any set put together that are worth listing."""
    wide = sorted(
        (one for one in found if len(one) > WIDEST), key=lambda one: (*_worth(found[one], len(one)), sorted(one))
    )
    best: dict[int, Signature] = {}
    for one in wide:
        for key in one:
            best.setdefault(key, one)
    return {*wide[:WIDE_KEPT], *best.values()}


def rank(found: Signatures, numbers: Mapping[int, str], days: Mapping[int, int]) -> list[Move]:
    """Order what could be resolved, best first (see `order_of`): every joined set, every open blocker.

    `numbers` has every open blocker of the project, `days` the working days that organisations spent on each.
    """
    worth = {one: frees(one, found) for one in joined_sets(found)}
    around: dict[int, list[tuple[Freed, Signature]]] = defaultdict(list)
    for one, freed in worth.items():
        for key in one:
            around[key].append((freed, one))
    moves = [_move(one, freed, numbers, days) for one, freed in worth.items()]
    alone = [_move(frozenset({key}), frees({key}, found), numbers, days) for key in numbers]
    moves += [_single(move, around[move.blockers[0]], numbers) for move in alone]
    return sorted(moves, key=lambda move: order_of(move, numbers))


Order = tuple[tuple[int, int, int, int], int, list[str]]


def order_of(move: Move, numbers: Mapping[int, str]) -> Order:
    """Return the sort key of a move: worth, then the longer work spent, then the numbers.

    Homes count first; of equal homes the smaller set goes first, then the one with more other units. Where no home is
    freed, the other units count first.
    """
    return _worth(move.freed, len(move.blockers)), -move.days, [numbers[key] for key in move.blockers]


def _worth(freed: Freed, size: int) -> tuple[int, int, int, int]:
    return -freed.homes, 0 if freed.homes else -freed.others, size, -freed.others


def _move(blockers: Signature, freed: Freed, numbers: Mapping[int, str], days: Mapping[int, int]) -> Move:
    return Move(_named(blockers, numbers), freed, sum(days.get(key, 0) for key in blockers))


def _single(move: Move, around: list[tuple[Freed, Signature]], numbers: Mapping[int, str]) -> Move:
    """A blocker alone, with the best of the sets around it; if it frees nothing, with the smallest that it needs."""
    if not around:
        return move
    ordered = [(_worth(freed, len(one)), _named(one, numbers), freed) for freed, one in around]
    _, best, most = min(ordered, key=lambda one: (one[0], [numbers[key] for key in one[1]]))
    _, nearest, _ = min(ordered, key=lambda one: (len(one[1]), one[0], [numbers[key] for key in one[1]]))
    (own,) = move.blockers
    return replace(
        move,
        needs=() if move.freed else tuple(key for key in nearest if key != own),
        together=tuple(key for key in best if key != own),
        freed_together=most,
    )


def _named(blockers: Signature, numbers: Mapping[int, str]) -> tuple[int, ...]:
    return tuple(sorted(blockers, key=lambda key: (numbers[key], key)))
