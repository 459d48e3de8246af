"""A refusal that no test reaches is named after a whole run, and after no other."""

import sys
from types import SimpleNamespace
from typing import Any

import pytest

from registry.kernel.errors import DomainError, Refused
from registry.store.guard import UnguardedWrite
from tests.plugins.refusals import SEEN, WHOLE, is_whole, missed, named, place_of, refusals, refusals_in, waiting

SOURCE = """
def act(given):
    if given:
        raise Refused(
            "没有填原因。", field="reason",
        )
    raise UnguardedWrite("no refusal")
"""


def test_refusals_are_read_from_the_source_by_their_class() -> None:
    names = {"Refused": Refused, "UnguardedWrite": UnguardedWrite}

    assert dict(refusals_in(SOURCE, "a.services.b", names)) == {"a.services.b:4": "raise Refused("}


def test_the_line_noted_is_the_line_read() -> None:
    names: dict[str, Any] = {"Refused": Refused, "UnguardedWrite": UnguardedWrite, "__name__": "a.services.b"}
    exec(compile(SOURCE, "b.py", "exec"), names)

    with pytest.raises(Refused):
        names["act"](given=True)

    assert "a.services.b:4" in SEEN


class Own(DomainError):
    """A refusal that makes its own message."""

    def __init__(self) -> None:
        super().__init__("不行。")
        self.place = place_of(self, sys._getframe())


def test_the_caller_is_meant_not_the_class_of_the_refusal() -> None:
    assert Own().place == f"{__name__}:{sys._getframe().f_lineno}"


def test_a_new_refusal_without_a_test_is_named_and_a_known_one_waits() -> None:
    every = {"a.services:4": "raise Refused(一)", "a.services:9": "raise Refused(二)"}

    assert missed(every, {"a.services:4"}) == ["a.services:9  raise Refused(二)"]
    assert missed(every, set(every)) == []
    assert missed(every, (), {"a.services  raise Refused(二)"}) == ["a.services:4  raise Refused(一)"]


def test_what_waits_is_still_there_and_a_service_refuses_in_hundreds_of_places() -> None:
    there = {named(place, line) for place, line in refusals().items()}

    assert waiting() <= there
    assert len(there) > 400
    assert any(line.startswith("registry.accounts.services.people  ") for line in there)


@pytest.mark.parametrize(
    ("options", "source", "whole"),
    [
        ({}, "TESTPATHS", True),
        ({}, "ARGS", False),
        ({"keyword": "scope"}, "TESTPATHS", False),
        ({"markexpr": "journey"}, "TESTPATHS", False),
        ({"maxfail": 1}, "TESTPATHS", False),
        ({"lf": True}, "TESTPATHS", False),
        ({"collectonly": True}, "TESTPATHS", False),
    ],
)
def test_only_a_whole_run_is_judged(options: dict[str, Any], source: str, whole: bool) -> None:
    given = SimpleNamespace(
        option=SimpleNamespace(**{"markexpr": WHOLE, **options}), args_source=pytest.Config.ArgsSource[source]
    )

    assert is_whole(given) is whole  # type: ignore[arg-type]
