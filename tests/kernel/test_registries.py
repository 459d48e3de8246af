"""Things are declared once under one name, and found in the order of their declaration."""

from dataclasses import dataclass

import pytest

from registry.kernel.registries import DeclaredTwice, Registry


@dataclass(frozen=True)
class Thing:
    name: str
    text: str = ""


def test_things_are_found_by_name_in_the_order_of_declaration() -> None:
    things: Registry[Thing] = Registry()

    things.declare(Thing("b"), Thing("a"))
    things.declare(Thing("c"))

    assert list(things) == ["b", "a", "c"]
    assert things["a"] == Thing("a")
    assert (len(things), "d" in things, things.get("d")) == (3, False, None)


def test_the_same_thing_again_changes_nothing() -> None:
    things: Registry[Thing] = Registry()

    things.declare(Thing("a", "one"))
    things.declare(Thing("a", "one"))

    assert list(things.values()) == [Thing("a", "one")]


def test_another_thing_of_the_name_is_refused() -> None:
    things: Registry[Thing] = Registry()
    things.declare(Thing("a", "one"))

    with pytest.raises(DeclaredTwice, match="a"):
        things.declare(Thing("a", "two"))

    assert things["a"].text == "one"
