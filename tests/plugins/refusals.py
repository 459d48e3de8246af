"""Every refusal of a service is raised by a test: a whole run on SQLite names those that none reached, and fails.

A refusal is a `raise` of a DomainError in a module of services. Each process notes where a DomainError is made (one
look at the caller's frame), the workers hand their places to the process that prints, and that one holds them against
the source. A run of a part judges nothing; `--refusals` prints what the part left (`make refusals`). What is known to
wait for its test stands in `refusals.txt`, which may only grow shorter.
"""

import ast
import importlib
import sys
from collections.abc import Collection, Iterator
from pathlib import Path
from types import FrameType
from typing import Any, Final

import pytest

from registry.kernel.errors import DomainError
from tests.plugins.selection import engine

ROOT: Final = Path(__file__).resolve().parents[2]
WITHIN: Final = ("registry", "projects", "commitments", "documents")
SENT: Final = "refusals"  # from a worker
WHOLE: Final = "not journey"  # the marker expression of pyproject.toml
WAITING: Final = Path(__file__).with_suffix(".txt")
SEEN: set[str] = set()
_missed = pytest.StashKey[list[str]]()


def is_of_services(module: str) -> bool:
    """Whether a module is of services: `….services` or below."""
    return module.startswith(WITHIN) and "services" in module.split(".")


def watch() -> None:
    """Note from now on where refusals are made."""
    plain = DomainError.__init__

    def noted(self: DomainError, *args: Any, **kwargs: Any) -> None:
        SEEN.add(place_of(self, sys._getframe(1)))
        plain(self, *args, **kwargs)

    DomainError.__init__ = noted  # type: ignore[method-assign]


def place_of(made: object, frame: FrameType | None) -> str:
    """The module and line that made a refusal, past the `__init__` of its own class."""
    while frame is not None and frame.f_code.co_name == "__init__" and frame.f_locals.get("self") is made:
        frame = frame.f_back
    return f"{frame.f_globals.get('__name__', '')}:{frame.f_lineno}" if frame is not None else ""


def refusals_in(text: str, module: str, names: dict[str, Any]) -> Iterator[tuple[str, str]]:
    """Each refusal in a module's text: its place, and the line itself."""
    lines = text.splitlines()
    for node in ast.walk(ast.parse(text)):
        called = node.exc.func if isinstance(node, ast.Raise) and isinstance(node.exc, ast.Call) else None
        kind = names.get(called.id) if isinstance(called, ast.Name) else None
        if called is not None and isinstance(kind, type) and issubclass(kind, DomainError):
            yield f"{module}:{called.lineno}", lines[called.lineno - 1].strip()


def refusals() -> dict[str, str]:
    """Every refusal of the services."""
    every: dict[str, str] = {}
    for path in sorted(p for folder in WITHIN for p in (ROOT / folder).rglob("*.py")):
        module = ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")
        if is_of_services(module):
            names = vars(importlib.import_module(module))
            every.update(refusals_in(path.read_text(encoding="utf-8"), module, names))
    return every


def named(place: str, line: str) -> str:
    """A refusal by its module and its line's text: what it is called in refusals.txt, wherever the line stands now."""
    return f"{place.partition(':')[0]}  {line}"


def waiting() -> set[str]:
    """The refusals known to wait for a test."""
    return set(WAITING.read_text(encoding="utf-8").splitlines())


def missed(every: dict[str, str], seen: Collection[str], known: Collection[str] = ()) -> list[str]:
    """The refusals that nothing reached, each with its line, but for those that are known."""
    left = [(place, line) for place, line in every.items() if place not in seen and named(place, line) not in known]
    return [f"{place}  {line}" for place, line in left]


def is_whole(config: pytest.Config) -> bool:
    """Whether a run is asked for every test: no paths, no words, nothing left out, no early end."""
    options = config.option
    narrowed = "keyword deselect ignore ignore_glob lf failedfirst stepwise maxfail collectonly".split()
    return (
        config.args_source is pytest.Config.ArgsSource.TESTPATHS
        and options.markexpr == WHOLE
        and not any(getattr(options, name, None) for name in narrowed)
    )


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--refusals", action="store_true", help="name refusals of services not reached by this run")


def pytest_configure(config: pytest.Config) -> None:
    watch()


@pytest.hookimpl(optionalhook=True)
def pytest_testnodedown(node: Any, error: Any) -> None:
    SEEN.update(getattr(node, "workeroutput", {}).get(SENT, ()))


@pytest.hookimpl(trylast=True)
def pytest_sessionfinish(session: pytest.Session) -> None:
    config = session.config
    if hasattr(config, "workeroutput"):
        config.workeroutput[SENT] = sorted(place for place in SEEN if is_of_services(place.partition(":")[0]))
        return
    if session.shouldstop or session.shouldfail or not session.testscollected:
        return
    judged = is_whole(config) and engine() == "sqlite3"
    if judged or config.getoption("--refusals"):
        known = () if config.getoption("--refusals") else waiting()
        config.stash[_missed] = left = missed(refusals(), SEEN, known)
        if left and session.exitstatus == pytest.ExitCode.OK:
            session.exitstatus = pytest.ExitCode.TESTS_FAILED


def pytest_terminal_summary(terminalreporter: Any, config: pytest.Config) -> None:
    left = config.stash.get(_missed, None)
    if left:
        terminalreporter.section("refusals of services that no test reached: add a test for each")
        for line in left:
            terminalreporter.write_line(line)
