"""What lies on desks, by kind: what it asks, and the events that take it off. Each app declares its own in `ready()`.

A thing outlives none of its events: whoever records one of them settles its source in the same act.
"""

from dataclasses import dataclass
from typing import Final

from registry.kernel.registries import Registry


@dataclass(frozen=True)
class InboxKind:
    """A kind of thing on desks: how its source begins ("NAME:key"), what it asks, the events that close it."""

    name: str
    verbs: tuple[str, ...]
    closed_by: tuple[str, ...]

    def __post_init__(self) -> None:
        if not self.closed_by or not self.verbs:
            raise ValueError(f"{self.name} would lie on a desk for ever, or asks nothing")


INBOX_KINDS: Final[Registry[InboxKind]] = Registry()


def declare_inbox(*kinds: InboxKind) -> None:
    """Add the kinds of things that an app lays on desks."""
    INBOX_KINDS.declare(*kinds)


def inbox_kind(source: str) -> InboxKind:
    """Return the kind of a source: the longest name that it begins with. KeyError: nobody declared it."""
    names = [name for name in INBOX_KINDS if source.startswith(f"{name}:")]
    return INBOX_KINDS[max(names, key=len, default=source)]
