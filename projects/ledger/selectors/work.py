"""What an organisation has to do in a project: declared by the app that gives the work, in its `ready()`.

Whoever has work in a project sees it (I43), and is not named out of it before the work is done or handed on.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from registry.kernel.registries import Registry

Pairs = Iterable[tuple[int, int]]


@dataclass(frozen=True)
class Work:
    """One kind of work: its words, and who has it open: pairs of project and organisation. One query."""

    name: str
    label: str
    open_in: Callable[[Sequence[int] | None], Pairs]


WORK: Final[Registry[Work]] = Registry()


def declare_work(*kinds: Work) -> None:
    """Add kinds of work."""
    WORK.declare(*kinds)


def work_of(projects: Sequence[int] | None) -> Iterator[tuple[int, int, str]]:
    """Yield project, organisation and what it has to do there, of these projects or of all. One query for each kind."""
    for kind in WORK.values():
        for project, organisation in kind.open_in(projects):
            yield project, organisation, kind.label
