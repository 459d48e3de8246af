"""What undoing keeps: the one shape in which every way back names what it leaves as it is."""

from dataclasses import dataclass


@dataclass(frozen=True)
class KeptRow:
    """A row that undoing leaves as it is, by its key and as people call it, and why."""

    key: int
    label: str
    why: str
