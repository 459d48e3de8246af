"""Reading the source as text and as syntax trees, for the tests of the architecture."""

import ast
import re
import shutil
import subprocess
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
PACKAGES = ("registry", "projects", "commitments", "documents")
APPS = (
    "registry.store", "registry.lists", "registry.audit", "registry.accounts", "registry.jobs", "registry.web",
    "projects.ledger", "projects.gates", "projects.progress", "projects.casework", "projects.office",
    "projects.leads",
    "commitments", "documents.intake", "documents.papers", "documents.reports", "documents.exports",
)  # fmt: skip


@dataclass(frozen=True)
class Source:
    """One Python file of the product."""

    path: Path

    @property
    def name(self) -> str:
        """The path from the root, as a person writes it."""
        return self.path.relative_to(ROOT).as_posix()

    @property
    def module(self) -> str:
        """The dotted name."""
        return self.name.removesuffix(".py").removesuffix("/__init__").replace("/", ".")

    @property
    def text(self) -> str:
        return self.path.read_text(encoding="utf-8")

    @property
    def tree(self) -> ast.Module:
        return _parse(self.path)

    def is_in(self, *folders: str) -> bool:
        """Whether the file lies in one of the folders, or is one of the files, named."""
        return any(self.name == folder or self.name.startswith(folder.rstrip("/") + "/") for folder in folders)


@cache
def _parse(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"), filename=str(path))


@cache
def sources() -> tuple[Source, ...]:
    """Every Python file of the product, migrations left out."""
    found = [path for package in PACKAGES for path in sorted((ROOT / package).rglob("*.py"))]
    return tuple(Source(path) for path in found if "migrations" not in path.parts)


@cache
def files_of_tests() -> tuple[Source, ...]:
    """Every Python file of the tests."""
    return tuple(Source(path) for path in sorted((ROOT / "tests").rglob("*.py")))


def calls(tree: ast.AST) -> Iterator[ast.Call]:
    """Every call in a tree."""
    return (node for node in ast.walk(tree) if isinstance(node, ast.Call))


def functions(tree: ast.AST) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    """Every function in a tree, methods and inner ones too."""
    return (node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef))


def called_name(call: ast.Call) -> str:
    """The last part of what is called: `record` for `audit.record(…)`."""
    match call.func:
        case ast.Name(id=name) | ast.Attribute(attr=name):
            return name
    return ""


def keyword(call: ast.Call, name: str) -> ast.expr | None:
    """The expression given for a keyword argument."""
    return next((given.value for given in call.keywords if given.arg == name), None)


@cache
def pyproject() -> dict[str, Any]:
    """pyproject.toml as data."""
    return tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))


def contracts() -> dict[str, dict[str, Any]]:
    """The import contracts by id."""
    return {contract["id"]: contract for contract in pyproject()["tool"]["importlinter"]["contracts"]}


@cache
def app_order() -> dict[str, int]:
    """The place of each app in the one order, the kernel lowest; read from the import contract, not said twice.

    Siblings share a place.
    """
    layers = contracts()["order"]["layers"]
    return {name: place for place, layer in enumerate(reversed(layers)) for name in re.findall(r"[\w.]+", layer)}


@cache
def tracked_files() -> tuple[Path, ...]:
    """The files that are, or would be, committed."""
    git = shutil.which("git")
    if git and (ROOT / ".git").exists():
        listed = subprocess.run(
            [git, "-C", ROOT, "-c", f"safe.directory={ROOT}", "ls-files", "-co", "--exclude-standard", "-z"],
            capture_output=True, check=True, text=True,
        ).stdout.split("\0")  # fmt: skip
        return tuple(ROOT / name for name in listed if name and (ROOT / name).is_file())
    skipped = {".venv", "var", ".git", "__pycache__", ".mypy_cache", ".ruff_cache", ".pytest_cache"}
    return tuple(path for path in ROOT.rglob("*") if path.is_file() and not skipped & set(path.parts))
