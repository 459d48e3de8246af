"""Who holds a bag of papers or a certificate: a chain of moves from hand to hand, the last of which says the holder.

Owner → office → tax → centre → office → owner. Every step is given by one party and taken by the other; until it is
taken, who gives it holds it still, so at every moment exactly one party does. What may follow what is one table.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Final

from registry.kernel.errors import DomainError


class CustodyRefused(DomainError):
    """A move of a bag or a certificate that the chain does not allow."""


class ItemKind(StrEnum):
    """What is kept."""

    BAG = "bag"
    CERTIFICATE = "certificate"

    @property
    def label(self) -> str:
        """What it is called."""
        return {"bag": "材料袋", "certificate": "证书"}[self.value]


class Party(StrEnum):
    """The part that a holder has in the chain; each but the owner and the maker is an organisation."""

    OWNER = "owner"
    OFFICE = "office"
    TAX = "tax"
    CENTRE = "centre"
    MADE = "made"

    @property
    def label(self) -> str:
        """What it is called where its name does not stand."""
        return _PARTIES[self]

    @property
    def is_organisation(self) -> bool:
        """Whether it is an organisation with accounts of its own."""
        return self in (Party.OFFICE, Party.TAX, Party.CENTRE)


_PARTIES: Final = {
    Party.OWNER: "权利人",
    Party.OFFICE: "驻场服务点",
    Party.TAX: "税务机关",
    Party.CENTRE: "登记中心",
    Party.MADE: "制证",
}
_BETWEEN: Final = frozenset(
    {
        (Party.OFFICE, Party.TAX), (Party.TAX, Party.OFFICE), (Party.OFFICE, Party.CENTRE), (Party.CENTRE, Party.OFFICE),
        (Party.TAX, Party.CENTRE), (Party.CENTRE, Party.TAX), (Party.OFFICE, Party.OFFICE),
    }
)  # fmt: skip
STEPS: Final = {
    ItemKind.BAG: _BETWEEN | {(Party.OWNER, Party.OFFICE), (Party.OFFICE, Party.OWNER)},
    ItemKind.CERTIFICATE: frozenset(
        {
            (Party.MADE, Party.CENTRE), (Party.CENTRE, Party.OFFICE), (Party.OFFICE, Party.CENTRE),
            (Party.OFFICE, Party.OFFICE), (Party.OFFICE, Party.OWNER), (Party.CENTRE, Party.OWNER),
        }
    ),
}  # fmt: skip
SOURCES: Final = {ItemKind.BAG: Party.OWNER, ItemKind.CERTIFICATE: Party.MADE}


@dataclass(frozen=True, slots=True)
class Holder:
    """A party, and which organisation it is; the owner and the maker have no key."""

    party: Party
    organisation: int | None = None

    def __post_init__(self) -> None:
        if self.party.is_organisation is (self.organisation is None):
            raise ValueError(f"{self.party} with organisation {self.organisation}")


@dataclass(frozen=True, slots=True)
class Handing:
    """One move of the chain: from whom to whom, on which day."""

    frm: Holder
    to: Holder
    on: date


def first_holder(kind: ItemKind) -> Holder:
    """Return from whom a chain of this kind begins: the owner brings the papers, a certificate is made."""
    return Holder(SOURCES[kind])


def holder_now(kind: ItemKind, chain: Sequence[Handing]) -> Holder:
    """Return who holds it: the last move says it; before any move, where the chain begins."""
    return chain[-1].to if chain else first_holder(kind)


def require_next(kind: ItemKind, chain: Sequence[Handing], move: Handing, *, name: str = "") -> None:
    """Refuse a move that cannot follow the chain: not from its holder, no step of the table, before the last day.

    `name` says which bag or certificate it is, for the message.
    """
    name = name or kind.label
    holder = holder_now(kind, chain)
    if chain and holder.party is Party.OWNER:
        raise CustodyRefused(f"{name}已交还权利人，不能再移交。请重新收取并另装一袋。", code="with_owner")
    if move.frm != holder:
        raise CustodyRefused(f"{name}现由{holder.party.label}保管，不在移交方手里。请由保管方移交。", code="not_held")
    if move.to == move.frm:
        raise CustodyRefused(f"{name}的移交方和接收方是同一单位，无需移交。", code="same_holder")
    if (move.frm.party, move.to.party) not in STEPS[kind]:
        raise CustodyRefused(
            f"{name}不能由{move.frm.party.label}直接移交{move.to.party.label}。请按办理顺序移交。", code="no_step"
        )
    if chain and move.on < chain[-1].on:
        raise CustodyRefused(f"{name}于{chain[-1].on}才到移交方，移交日期不得早于该日。请核对日期。", code="early")


def chain_faults(kind: ItemKind, chain: Sequence[Handing]) -> Iterator[str]:
    """Say what is wrong with a whole chain: every gap, double holder, step off the table and day out of order."""
    if not chain:
        yield "没有保管记录"
    for at, move in enumerate(chain):
        try:
            require_next(kind, chain[:at], move)
        except CustodyRefused as fault:
            yield f"第{at + 1}次移交：{fault.message}"


@dataclass(frozen=True, slots=True)
class Count:
    """How the lines of a manifest stand: listed, struck by the sender, taken by the receiver; of those taken, given
    back and kept for a stated reason."""

    listed: int
    struck: int = 0
    taken: int = 0
    back: int = 0
    kept: int = 0

    @property
    def waiting(self) -> int:
        """Sent and not taken yet: as long as there is one, the receiver can't sign."""
        return self.listed - self.struck - self.taken

    @property
    def out(self) -> int:
        """Taken and neither given back nor accounted for."""
        return self.taken - self.back - self.kept

    def is_settled(self, *, is_lent: bool) -> bool:
        """Whether nothing is left to do: all taken, and what was lent is back or accounted for."""
        return not self.waiting and self.taken > 0 and not (is_lent and self.out)
