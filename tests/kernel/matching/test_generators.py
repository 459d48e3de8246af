"""The labelled tickets: the same each time, of every kind, and enough near twins."""

from collections import Counter

import pytest

from tests.kernel.matching.halves import HALVES, Half
from tests.kernel.matching.third_world import ThirdWorld
from tests.kernel.matching.world import World


@pytest.mark.parametrize("half", HALVES, ids=lambda half: half.name)
def test_tickets_are_the_same_each_time_and_of_every_kind(half: Half) -> None:
    tickets = half.tickets(half.world(7), 7, 120)
    assert tickets == half.tickets(half.world(7), 7, 120)
    assert set(Counter(ticket.kind for ticket in tickets)) == {"project", "nobody", "none", "other", "quote"}


def test_world_has_a_hundred_pairs_of_near_twins() -> None:
    world = World(7)
    kinds = Counter(estate.twin_kind for estate in world.estates)
    assert len(world.estates) == 1000
    assert sum(len(estate.names) for estate in world.estates) == 5000
    assert sum(count for kind, count in kinds.items() if kind) // 2 >= 100
    assert set(kinds) == {"", "suffix", "phase", "section", "building", "sound"}


def test_third_world_has_neighbours_of_eight_kinds() -> None:
    kinds = Counter(estate.twin_kind for estate in ThirdWorld(7).estates)
    assert sum(count for kind, count in kinds.items() if kind) // 2 >= 100
    assert set(kinds) == {"", "phase", "section", "group", "yard", "building", "suffix", "within", "sound"}
