"""The tour names files and functions that exist: a newcomer follows it with an editor."""

import ast
import re
from pathlib import Path

import pytest

from tests.conftest import ROOT

TOUR = ROOT / "docs" / "tour.md"
PATH = re.compile(r"`((?:registry|projects|commitments|documents|templates|tests)(?:/[\w-]+)*(?:\.\w+)?)`")
NAMED = re.compile(r"`([\w/]+\.py)`:\s+`(\w+)`")
LINK = re.compile(r"\]\(([^)#:]+)(?:#[^)]*)?\)")


def names_in(path: Path) -> set[str]:
    """What a module defines at its top."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    defined = {node.name for node in tree.body if isinstance(node, ast.FunctionDef | ast.ClassDef)}
    return defined | {
        target.id
        for node in tree.body
        if isinstance(node, ast.Assign | ast.AnnAssign)
        for target in (node.targets if isinstance(node, ast.Assign) else [node.target])
        if isinstance(target, ast.Name)
    }


def missing_in(text: str) -> list[str]:
    """Paths and names of a text that are not there."""
    paths = [path for path in PATH.findall(text) if not (ROOT / path).exists()]
    names = [
        f"{path}: {name}"
        for path, name in NAMED.findall(text)
        if (ROOT / path).exists() and name not in names_in(ROOT / path)
    ]
    return paths + names


def test_the_tour_has_ten_stops_and_ten_answers_and_names_what_exists() -> None:
    text = TOUR.read_text(encoding="utf-8")

    assert re.findall(r"^(\d+)\. \*\*", text, re.MULTILINE) == [str(n) for n in range(1, 11)]
    assert len(re.findall(r"^\| (?!question|---)", text, re.MULTILINE)) == 10
    assert len(NAMED.findall(text)) >= 12
    assert missing_in(text) == []


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("`registry/nothing`", ["registry/nothing"]),
        ("`registry/store/acts.py`: `nothing`", ["registry/store/acts.py: nothing"]),
        ("`registry/store/acts.py`: `write`", []),
    ],
)
def test_a_name_that_is_not_there_is_found(text: str, expected: list[str]) -> None:
    assert missing_in(text) == expected


@pytest.mark.parametrize(
    "path", sorted((ROOT / "docs").rglob("*.md")), ids=lambda path: path.relative_to(ROOT).as_posix()
)
def test_links_between_pages_of_the_docs_lead_somewhere(path: Path) -> None:
    links = LINK.findall(path.read_text(encoding="utf-8"))

    assert [link for link in links if not (path.parent / link).exists()] == []


def test_every_decision_has_a_number_of_its_own() -> None:
    numbers = [path.name[:4] for path in (ROOT / "docs" / "adr").glob("*.md")]
    titles = [path.read_text(encoding="utf-8").split(".", 1)[0] for path in (ROOT / "docs" / "adr").glob("*.md")]

    assert sorted(numbers) == [f"{n:04}" for n in range(1, len(numbers) + 1)]
    assert sorted(titles) == sorted(f"# {int(number)}" for number in numbers)
