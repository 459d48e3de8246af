"""Which refusals of the services no test reaches: `make refusals`, or `python -m tests.refusals [tests …]`.

A refusal is a `raise` of a DomainError in a module of services. The module is compiled with a mark before each, so the
tests run at their usual speed; what was not reached by any of them is printed, and the run ends with 1. With
REFUSALS_REACHED=file in the environment a run goes on from what an earlier one reached.
"""

import ast
import importlib
import os
import subprocess
import sys
import tempfile
from importlib.abc import MetaPathFinder
from importlib.machinery import ModuleSpec, PathFinder, SourceFileLoader
from pathlib import Path
from types import CodeType
from typing import Any, Final

ROOT: Final = Path(__file__).resolve().parent.parent
LOG: Final = "REFUSALS_REACHED"
WITHIN: Final = ("registry", "projects", "commitments", "documents")
TESTS: Final = (
    "tests/accounts", "tests/audit", "tests/commitments", "tests/documents", "tests/faults", "tests/jobs", "tests/lists",
    "tests/projects", "tests/store", "tests/web",
)  # fmt: skip
MINUTES: Final = 40
SEEN: set[str] = set()


def is_of_services(module: str) -> bool:
    """Whether a module is of services: `….services` or below."""
    return module.startswith(WITHIN) and "services" in module.split(".")


def reached(place: str) -> None:
    """Note that a refusal is about to be raised."""
    if place not in SEEN:
        SEEN.add(place)
        with open(os.environ[LOG], "a", encoding="utf-8") as log:
            log.write(f"{place}\n")


def raised(node: ast.AST) -> str:
    """The name of what a statement raises: the class of a call, or nothing."""
    called = node.exc.func if isinstance(node, ast.Raise) and isinstance(node.exc, ast.Call) else None
    return called.id if isinstance(called, ast.Name) else ""


class Marks(ast.NodeTransformer):
    """Puts a mark before each `raise Name(…)`."""

    def __init__(self, module: str) -> None:
        self.module = module

    def visit_Raise(self, node: ast.Raise) -> Any:
        if not raised(node):
            return node
        mark = ast.parse(f"__import__('tests.refusals').refusals.reached({f'{self.module}:{node.lineno}'!r})").body[0]
        return [ast.fix_missing_locations(ast.copy_location(mark, node)), node]


class MarkingLoader(SourceFileLoader):
    """Compiles a module with its marks, past any cached code."""

    def get_code(self, fullname: str) -> CodeType:
        path = self.get_filename(fullname)
        tree = Marks(fullname).visit(ast.parse(self.get_data(path), path))
        return compile(ast.fix_missing_locations(tree), path, "exec", dont_inherit=True)


class Finder(MetaPathFinder):
    """Finds modules of services before anybody else does."""

    def find_spec(self, fullname: str, path: Any, target: Any = None) -> ModuleSpec | None:
        if not is_of_services(fullname):
            return None
        spec = PathFinder.find_spec(fullname, path, target)
        if spec is not None and isinstance(spec.loader, SourceFileLoader):
            spec.loader = MarkingLoader(fullname, spec.loader.path)
        return spec


def refusals() -> dict[str, str]:
    """Every refusal by its place: module and line; with the line itself."""
    found = {}
    for path in sorted(p for folder in WITHIN for p in (ROOT / folder).rglob("*.py")):
        module = ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")
        if not is_of_services(module):
            continue
        text = path.read_text(encoding="utf-8")
        names = vars(importlib.import_module(module))
        for node in ast.walk(ast.parse(text)):
            kind = names.get(raised(node))
            if isinstance(kind, type) and issubclass(kind, _domain_error()):
                found[f"{module}:{node.lineno}"] = text.splitlines()[node.lineno - 1].strip()  # type: ignore[attr-defined]
    return found


def _domain_error() -> type:
    return importlib.import_module("registry.kernel.errors").DomainError


def main(tests: list[str]) -> int:
    """Run the tests with marks; print what none of them reached."""
    with tempfile.TemporaryDirectory(prefix="refusals-") as folder:
        log = Path(os.environ.get(LOG) or Path(folder) / "reached")
        log.touch()
        command = [sys.executable, "-m", "pytest", "-q", "-n", "2", "-p", "tests.refusals", *(tests or TESTS)]
        done = subprocess.run(command, cwd=ROOT, env={**os.environ, LOG: str(log)}, timeout=MINUTES * 60, check=False)
        seen = set(log.read_text(encoding="utf-8").split())
    os.environ["DJANGO_SETTINGS_MODULE"] = "tests.settings"
    importlib.import_module("django").setup()
    every = refusals()
    missed = {place: line for place, line in every.items() if place not in seen}
    for place, line in missed.items():
        print(f"not reached  {place}  {line}")
    print(f"{len(every)} refusals, {len(every) - len(missed)} reached")
    return 1 if missed or done.returncode else 0


if LOG in os.environ and __name__ != "__main__":  # as a plugin of pytest, in each of its processes
    sys.meta_path.insert(0, Finder())
if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
