"""Things declared by name when the apps are loaded, so that lower parts find what upper ones add."""

from collections.abc import Iterator, Mapping
from typing import Protocol, TypeVar


class Named(Protocol):
    """What a registry holds: it says its own name."""

    @property
    def name(self) -> str: ...


T = TypeVar("T", bound=Named)


class DeclaredTwice(RuntimeError):
    """Two different things are declared under one name."""


class Registry(Mapping[str, T]):
    """Things by their name, in the order in which they were declared."""

    def __init__(self) -> None:
        self._declared: dict[str, T] = {}

    def declare(self, *things: T) -> None:
        """Add things; the same one again changes nothing, another of its name is a fault of the program."""
        for thing in things:
            if self._declared.setdefault(thing.name, thing) != thing:
                raise DeclaredTwice(thing.name)

    def __getitem__(self, name: str) -> T:
        return self._declared[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._declared)

    def __len__(self) -> int:
        return len(self._declared)
