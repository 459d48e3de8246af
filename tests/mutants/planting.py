"""What a planted bug is, and where it goes: a function, class or constant by its name, wherever its file stands now."""

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

PACKAGES: Final = ("registry", "projects", "commitments", "documents")
PLAIN: Final = (".html", ".css", ".json")


class NotPlanted(Exception):
    """The table and the code have parted: no such place, or more than one."""


@dataclass(frozen=True)
class Bug:
    """One bug: in `where` the text `old` becomes `new`, and one of `tests` must fail.

    `where` is a function, `Class.method`, class or constant; `module.name` with the end of its module's name where two
    share theirs; or a template by the end of its path, in which `old` is a regular expression. `tests` are functions by
    name, or files by the end of their path: neither cares where they stand. `postgres` is for what SQLite hides.
    """

    where: str
    old: str
    new: str
    tests: str
    postgres: bool = False

    def __str__(self) -> str:
        return f"{self.where}: {_short(self.old)} → {_short(self.new) or 'nothing'}"


@dataclass(frozen=True)
class Planted:
    """A file with the bug in it, and what it was."""

    path: Path
    before: str
    after: str


def planted(bug: Bug, root: Path) -> Planted:
    """Find the one place of a bug. Raises NotPlanted if there is none or more than one."""
    found = list(_in_templates(bug, root) if bug.where.endswith(PLAIN) else _in_code(bug, root))
    if len(found) != 1:
        places = ", ".join(str(one.path.relative_to(root)) for one in found) or "no place"
        raise NotPlanted(f"{bug}: {places}")
    return found[0]


def _in_templates(bug: Bug, root: Path) -> Iterator[Planted]:
    for path in root.rglob(f"*{Path(bug.where).suffix}"):
        if path.as_posix().endswith(f"/{bug.where}") and ".venv" not in path.parts:
            text = path.read_text(encoding="utf-8")
            for place in re.finditer(bug.old, text, re.DOTALL):
                yield Planted(path, text, text[: place.start()] + place.expand(bug.new) + text[place.end() :])


def _in_code(bug: Bug, root: Path) -> Iterator[Planted]:
    names = bug.where.split(".")
    for path in sorted(p for package in PACKAGES for p in (root / package).rglob("*.py")):
        text = path.read_text(encoding="utf-8")
        if bug.old not in text or names[-1] not in text:
            continue
        module = ".".join(path.relative_to(root).with_suffix("").parts).removesuffix(".__init__")
        lines = text.splitlines(keepends=True)
        for name, first, last in _places(ast.parse(text)):
            full = f"{module}.{name}"
            if full != bug.where and not full.endswith(f".{bug.where}"):
                continue
            before, body, after = "".join(lines[:first]), "".join(lines[first:last]), "".join(lines[last:])
            if body.count(bug.old) == 1:
                yield Planted(path, text, before + body.replace(bug.old, bug.new) + after)


def _places(tree: ast.Module) -> Iterator[tuple[str, int, int]]:
    """Names with their first and last line: functions, classes, methods, constants of a module or class."""
    for node in tree.body:
        yield from _named(node, "")
        if isinstance(node, ast.ClassDef):
            for inner in node.body:
                yield from _named(inner, f"{node.name}.")


def _named(node: ast.stmt, above: str) -> Iterator[tuple[str, int, int]]:
    end = node.end_lineno or node.lineno
    if isinstance(node, ast.FunctionDef | ast.ClassDef):
        first = min([node.lineno, *(one.lineno for one in node.decorator_list)])
        yield f"{above}{node.name}", first - 1, end
    elif isinstance(node, ast.Assign | ast.AnnAssign):
        targets = node.targets if isinstance(node, ast.Assign) else [node.target]
        for target in targets:
            if isinstance(target, ast.Name):
                yield f"{above}{target.id}", node.lineno - 1, end


def tests_of(bug: Bug, root: Path) -> list[str]:
    """The tests of a bug as pytest wants them. Raises NotPlanted for a name that no test has."""
    wanted = []
    for word in bug.tests.split():
        found = list(_files(word, root) if word.endswith(".py") else _functions(word, root))
        if not found:
            raise NotPlanted(f"{bug}: no test {word}")
        wanted += found
    return wanted


def _files(word: str, root: Path) -> Iterator[str]:
    for path in sorted((root / "tests").rglob("test_*.py")):
        if path.as_posix().endswith(f"/{word}"):
            yield path.relative_to(root).as_posix()


def _functions(word: str, root: Path) -> Iterator[str]:
    for path in sorted((root / "tests").rglob("test_*.py")):
        if re.search(rf"^def {word}\(", path.read_text(encoding="utf-8"), re.MULTILINE):
            yield f"{path.relative_to(root).as_posix()}::{word}"


def _short(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= 60 else f"{line[:57]}…"
