"""What is known of projects and of a ticket, as the matcher takes it, and what it answers."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final


@dataclass(frozen=True, slots=True)
class AddressRange:
    """Numbers of a road that belong to a project, the last one too."""

    road: str
    low: int
    high: int


@dataclass(frozen=True, slots=True)
class KnownProject:
    """A project by every name; `other_numbers` are numbers on the wall that are not the registered ones."""

    key: int
    names: tuple[str, ...]
    buildings: tuple[str, ...] = ()
    other_numbers: Mapping[str, str] = field(default_factory=dict)
    addresses: tuple[AddressRange, ...] = ()
    township: str = ""
    district: str = ""
    developer: str = ""


@dataclass(frozen=True, slots=True)
class TicketText:
    """What a ticket says; the township is the one in its own field, where there is one."""

    text: str
    address: str = ""
    township: str = ""
    category: str = ""


class Verdict(StrEnum):
    """What the matcher makes of a ticket. Only ACCEPT needs no person."""

    ACCEPT = "accept"
    PROPOSE = "propose"
    NONE = "none"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class Candidate:
    """A project that a ticket may be about: points of the name and of the numbers apart, and why, in Chinese."""

    project: int
    name_points: int
    place_points: int
    reasons: tuple[str, ...]
    doubts: tuple[str, ...] = ()
    proofs: int = 0
    building: str = ""
    written: str = ""  # the name as the ticket writes it, where that is another spelling

    @property
    def score(self) -> int:
        return self.name_points + self.place_points


@dataclass(frozen=True, slots=True)
class Match:
    """The answer: the first candidates, best first, the gap between the first two, and the reason of the verdict."""

    verdict: Verdict
    reason: str
    candidates: tuple[Candidate, ...] = ()
    gap: int = 0
    building: str = ""
    entrance: str = ""
    room: str = ""
    quoted: str = ""
    unknown: str = ""  # what is shaped like a name, where no known one stands
    is_sure: bool = False  # of OTHER: another matter is named, or the certificate is there

    @property
    def project(self) -> int | None:
        return self.candidates[0].project if self.candidates else None


SHOWN: Final = 5
