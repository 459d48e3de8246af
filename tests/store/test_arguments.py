"""Paths into the arguments of a service are checked when it is declared."""

from dataclasses import dataclass

import pytest

from registry.store.arguments import UnknownPath, argument_path


@dataclass(frozen=True)
class Inner:
    name: str


class Outer:
    inner: Inner | None = None

    def __init__(self, inner: Inner | None) -> None:
        self.inner = inner


def service(*, outer: Outer, other: int = 7) -> None: ...


def test_a_path_reads_the_argument_and_its_attributes() -> None:
    outer = Outer(Inner("甲"))

    assert argument_path(service, "outer")({"outer": outer}) is outer
    assert argument_path(service, "outer.inner.name")({"outer": outer}) == "甲"
    assert argument_path(service, "outer.inner.name")({"outer": Outer(None)}) is None
    assert argument_path(service, "other")({}) == 7
    assert argument_path(service, "")({"outer": outer}) is None


@pytest.mark.parametrize("path", ["inner", "outer.name"])
def test_a_path_that_is_not_there_is_refused(path: str) -> None:
    with pytest.raises(UnknownPath, match=path):
        argument_path(service, path)
