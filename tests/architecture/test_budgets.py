"""Sizes of files and functions: goals, and a ratchet that only turns one way."""

import ast
import json
import statistics
from pathlib import Path

import pytest

from tests.architecture.source import Source, files_of_tests, functions, sources

FILE_LIMIT = 400
FUNCTION_LIMIT = 80
GOALS = {"file median": 80, "file p90": 250, "function median": 9, "function p90": 30, "functions over 50, %": 2.0}
RATCHET_FILE = Path(__file__).with_name("ratchet.json")

# Files that are one table from top to bottom, with the reason. Nothing else belongs here.
LONG_FILES: dict[str, str] = {}
LONG_FUNCTIONS: dict[str, str] = {}


def length(source: Source) -> int:
    return len(source.text.splitlines())


def function_lengths(files: tuple[Source, ...]) -> dict[str, int]:
    """Lines of each function, from `def` to its last line; the docstring is not counted."""
    found = {}
    for source in files:
        for function in functions(source.tree):
            lines = (function.end_lineno or function.lineno) - function.lineno + 1
            first = function.body[0]
            if ast.get_docstring(function, clean=False) is not None:
                lines -= (first.end_lineno or first.lineno) - first.lineno + 1
            found[f"{source.name}::{function.name}"] = lines
    return found


def measured() -> dict[str, float]:
    """The figures that the goals are about, for the product's files."""
    files = [length(source) for source in sources() if length(source) > 0]
    lines = list(function_lengths(sources()).values())
    return {
        "file median": statistics.median(files),
        "file p90": statistics.quantiles(files, n=10)[-1],
        "function median": statistics.median(lines),
        "function p90": statistics.quantiles(lines, n=10)[-1],
        "functions over 50, %": round(100 * sum(1 for n in lines if n > 50) / len(lines), 2),
    }


def test_no_file_is_longer_than_its_limit() -> None:
    long = {s.name: length(s) for s in (*sources(), *files_of_tests()) if length(s) > FILE_LIMIT}

    assert set(long) == set(LONG_FILES), f"split by aggregate or by subject: {long}"


def test_no_function_is_longer_than_its_limit() -> None:
    every = {**function_lengths(sources()), **function_lengths(files_of_tests())}
    long = {name: lines for name, lines in every.items() if lines > FUNCTION_LIMIT}

    assert set(long) == set(LONG_FUNCTIONS), f"a function that long decides more than one thing: {long}"


@pytest.mark.parametrize("figure", GOALS)
def test_sizes_stay_within_the_goal_or_the_ratchet(figure: str) -> None:
    allowed = json.loads(RATCHET_FILE.read_text(encoding="utf-8")) if RATCHET_FILE.exists() else {}

    assert measured()[figure] <= max(GOALS[figure], allowed.get(figure, 0))


def test_the_ratchet_holds_no_slack() -> None:
    """A figure that came down takes its ratchet down with it, and out when the goal is met."""
    allowed = json.loads(RATCHET_FILE.read_text(encoding="utf-8")) if RATCHET_FILE.exists() else {}
    now = measured()

    assert {name for name in allowed if now[name] <= GOALS[name]} == set()
    assert {name for name, limit in allowed.items() if now[name] < limit * 0.9} == set()
