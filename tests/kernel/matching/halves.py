"""The generators of tickets, each with its world: rules were made on the first, and judged on the others."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any, Final

from tests.kernel.matching import first_generator, second_generator, third_generator
from tests.kernel.matching.third_world import ThirdWorld
from tests.kernel.matching.world import Labelled, World


@dataclass(frozen=True)
class Half:
    """One generator: its world from a seed, and tickets about it from a seed and a count."""

    name: str
    world: Callable[[int], Any]
    tickets: Callable[[Any, int, int], list[Labelled]]


HALVES: Final = (
    Half("first generator", World, first_generator.tickets),
    Half("second generator", partial(World, unseen=True), second_generator.tickets),
    Half("third generator", ThirdWorld, third_generator.tickets),
)
