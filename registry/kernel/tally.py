"""The progress ledger's double entry: every move takes units from one account and puts them into another.

Either side may be nowhere (opening, retirement). So for every building, track, day and known-at moment the stages sum
to the units, in whatever order the moves come. How a month's figures lead to the next is `kernel.bridge`.
"""

from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import NamedTuple, TypeVar

from registry.kernel.errors import DomainError

Key = TypeVar("Key", bound=Hashable)


class Account(NamedTuple):
    """Where a unit stands: its building, use and standing, and its stage on one track (values of `kernel.stages`)."""

    building: int
    use: str
    standing: str
    track: str
    stage: str


class Posting(NamedTuple):
    """One side of a move."""

    account: Account
    amount: int
    occurred_on: date
    recorded_at: datetime


Balances = dict[Account, int]


@dataclass(frozen=True, slots=True)
class MoveFact:
    """A fact about one unit, or about several at once: from one account to another on a day, recorded at a moment.

    A change of use, standing or building is a move too. `key` names the stored move, so that a correction can be
    shown with its cause.
    """

    frm: Account | None
    to: Account | None
    occurred_on: date
    recorded_at: datetime
    units: int = 1
    key: int = 0

    def __post_init__(self) -> None:
        if self.frm == self.to:
            raise DomainError("移动前后相同，没有变化。请核对后重选阶段。", code="MOVE_NOWHERE")
        if self.frm and self.to and self.frm.track != self.to.track:
            raise DomainError("一次移动只能在同一条线（办证、契税、维修资金）内。请分开登记。", code="MOVE_TRACK")
        if self.units < 1:
            raise DomainError("移动的户数至少为1。请核对。", code="MOVE_UNITS")


def postings(move: MoveFact) -> tuple[Posting, ...]:
    """Return the sides of a move: −n on the account left, +n on the account reached."""
    sides = ((move.frm, -move.units), (move.to, move.units))
    return tuple(
        Posting(account, amount, move.occurred_on, move.recorded_at) for account, amount in sides if account is not None
    )


def apply(balances: Balances, move: MoveFact) -> None:
    """Post a move into running balances; an account that comes to zero disappears."""
    for posting in postings(move):
        balance = balances.get(posting.account, 0) + posting.amount
        if balance:
            balances[posting.account] = balance
        else:
            del balances[posting.account]


def balances_of(moves: Iterable[MoveFact], *, on: date | None = None, known_at: datetime | None = None) -> Balances:
    """Return the balances at the end of a day, by what was recorded up to and at a moment; without them, of all."""
    balances: Balances = {}
    for move in moves:
        if (on is None or move.occurred_on <= on) and (known_at is None or move.recorded_at <= known_at):
            apply(balances, move)
    return balances


def reversal(move: MoveFact, *, recorded_at: datetime, key: int = 0) -> MoveFact:
    """Return the move that takes one back as of its own day, known from now on: nothing is ever deleted."""
    return replace(move, frm=move.to, to=move.frm, recorded_at=recorded_at, key=key)


def regroup(balances: Mapping[Account, int], key: Callable[[Account], Key]) -> dict[Key, int]:
    """Return the balances summed by anything an account knows; sums that are zero stay out."""
    sums: dict[Key, int] = {}
    for account, balance in balances.items():
        group = key(account)
        sums[group] = sums.get(group, 0) + balance
    return {group: total for group, total in sums.items() if total}


def at_or_beyond(counts: Mapping[str, int], order: Sequence[str]) -> dict[str, int]:
    """Return, for each stage in order, the units that stand there or further on: what a stage column prints."""
    reached, counted = 0, {}
    for stage in reversed(order):
        reached += counts.get(stage, 0)
        counted[stage] = reached
    return {stage: counted[stage] for stage in order}


@dataclass(frozen=True, slots=True)
class Imbalance:
    """A building whose stages on a track do not sum to its units."""

    building: int
    track: str
    expected: int
    found: int


def imbalances(balances: Mapping[Account, int], units: Mapping[tuple[int, str], int]) -> tuple[Imbalance, ...]:
    """Return where conservation is broken; `units` says for each (building, track) how many there must be."""
    found = regroup(balances, lambda account: (account.building, account.track))
    return tuple(
        Imbalance(building, track, units.get((building, track), 0), found.get((building, track), 0))
        for building, track in sorted({*found, *units})
        if units.get((building, track), 0) != found.get((building, track), 0)
    )


def negatives(balances: Mapping[Account, int]) -> tuple[Account, ...]:
    """Return the accounts that hold less than nothing: a unit left a place where it was not."""
    return tuple(sorted(account for account, balance in balances.items() if balance < 0))


@dataclass(frozen=True, slots=True)
class Cut:
    """What a closed month knew: its last day, and the moment it was frozen."""

    on: date
    known_at: datetime
