"""The docs are true: files and functions that they name exist, and what they say to type can be typed."""

import ast
import re
from pathlib import Path

import pytest
from django.core.management import get_commands, load_command_class

from documents.reference.services import TABLES
from tests.architecture.source import tracked_files
from tests.conftest import ROOT

TOUR = ROOT / "docs" / "tour.md"
PATH = re.compile(
    r"`((?:registry|projects|commitments|documents|templates|tests|fixtures|deploy)(?:/[\w-]+)*(?:\.\w+)?)`"
)
RECIPES = (*sorted((ROOT / "docs" / "howto").glob("*.md")), ROOT / "docs" / "production.md", ROOT / "README.md")
FENCE = re.compile(r"^```(python)?\n(.*?)^```$", re.MULTILINE | re.DOTALL)
TYPED = re.compile(r"manage\.py ([a-z_]+)((?: [^\s`|&#]+)*)")
QUOTED = re.compile(r"`([^`\n]+)`")
NAME = re.compile(r"[A-Za-z_]\w{2,}[A-Za-z0-9](?![\w…])")
ELSEWHERE = {"do_something", "pdftoppm", "sqlmigrate", "systemctl", "journalctl"}  # of the example, of the machine
INVENTED = {"fixtures/reference/NAME.json", "registry.service"}
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


def test_the_tour_has_ten_stops_and_fifteen_answers_and_names_what_exists() -> None:
    text = TOUR.read_text(encoding="utf-8")

    assert re.findall(r"^(\d+)\. \*\*", text, re.MULTILINE) == [str(n) for n in range(1, 11)]
    assert len(re.findall(r"^\| (?!question|---)", text, re.MULTILINE)) == 15
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


@pytest.mark.parametrize("path", RECIPES, ids=lambda path: path.name)
def test_a_recipe_names_what_exists(path: Path) -> None:
    assert set(missing_in(path.read_text(encoding="utf-8"))) - INVENTED == set()


@pytest.fixture(scope="module")
def spoken() -> set[str]:
    """Every name that the code, the templates or the names of the files have."""
    names: set[str] = set()
    for path in tracked_files():
        names |= set(NAME.findall(str(path.relative_to(ROOT))))
        if path.suffix in {".py", ".html", ".sh", ".toml"} or path.name == "Makefile":
            names |= set(NAME.findall(path.read_text(encoding="utf-8")))
    return names


@pytest.mark.parametrize("path", RECIPES, ids=lambda path: path.name)
def test_a_recipe_speaks_of_names_that_there_are(path: Path, spoken: set[str]) -> None:
    quoted = {name for text in QUOTED.findall(path.read_text(encoding="utf-8")) for name in NAME.findall(text)}

    assert quoted - spoken - ELSEWHERE == set()


@pytest.mark.parametrize("path", RECIPES, ids=lambda path: path.name)
def test_the_python_of_a_recipe_is_python(path: Path) -> None:
    for language, text in FENCE.findall(path.read_text(encoding="utf-8")):
        if language:
            ast.parse(text.replace(", …)", ", **rest)").replace("…", "..."))


@pytest.mark.parametrize("path", RECIPES, ids=lambda path: path.name)
def test_a_command_can_be_typed_as_it_stands(path: Path) -> None:
    """Each line of a fence, and each command that a sentence names, by the command's own parser."""
    text = path.read_text(encoding="utf-8")
    fences = "\n".join(body for _, body in FENCE.findall(text))
    for name, words in TYPED.findall(text):
        assert name in get_commands(), f"no command {name}"
        parser = load_command_class(str(get_commands()[name]), name).create_parser("manage.py", name)
        known = {option for action in parser._actions for option in action.option_strings}
        assert {word for word in words.split() if word.startswith("--")} <= known, f"{name}{words}"
    for name, words in TYPED.findall(fences):
        load_command_class(str(get_commands()[name]), name).create_parser("manage.py", name).parse_args(words.split())


def test_every_decision_has_a_number_of_its_own() -> None:
    numbers = [path.name[:4] for path in (ROOT / "docs" / "adr").glob("*.md")]
    titles = [path.read_text(encoding="utf-8").split(".", 1)[0] for path in (ROOT / "docs" / "adr").glob("*.md")]

    assert sorted(numbers) == [f"{n:04}" for n in range(1, len(numbers) + 1)]
    assert sorted(titles) == sorted(f"# {int(number)}" for number in numbers)


def test_the_tables_that_recipes_send_to_are_called_so() -> None:
    named = {
        name
        for path in RECIPES
        for name in re.findall(r"基础数据 → ([\u4e00-\u9fff]+)", path.read_text(encoding="utf-8"))
    }

    assert named
    assert named <= {table.label for table in TABLES.values()}


def test_the_standard_of_papers_names_tests_that_are_there() -> None:
    text = (ROOT / "docs" / "gbt9704.md").read_text(encoding="utf-8")
    sources = "".join(path.read_text(encoding="utf-8") for path in (ROOT / "tests" / "documents").rglob("test_*.py"))

    named = set(re.findall(r"`(test_[a-z0-9_]+)`", text))
    assert len(named) >= 20
    assert {name for name in named if f"def {name}(" not in sources} == set()
