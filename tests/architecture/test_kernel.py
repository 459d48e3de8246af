"""The kernel is pure: the standard library and itself, no clock, no input or output."""

import ast
import sys

import pytest

from tests.architecture.source import Source, calls, sources

KERNEL = [source for source in sources() if source.is_in("registry/kernel")]
IMPURE = {"os", "io", "pathlib", "shutil", "socket", "subprocess", "sqlite3", "time", "random", "secrets", "threading",
          "logging", "tempfile", "urllib", "http", "asyncio", "sys"}  # fmt: skip
ARITHMETIC = {"rapidfuzz"}  # distances of strings: no file, no clock, no network (ADR 40)
CLOCKS = {"today", "now", "utcnow", "localdate", "localtime"}
READS_A_CLOCK = ("admin", "views", "jobs", "management", "middleware", "access")


def imported(tree: ast.Module) -> set[str]:
    """The modules that a file imports."""
    names = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            names.add(node.module)
    return names


@pytest.mark.parametrize("source", KERNEL, ids=lambda source: source.name)
def test_kernel_imports_the_standard_library_and_itself(source: Source) -> None:
    foreign = {
        name
        for name in imported(source.tree)
        if not name.startswith("registry.kernel") and name.split(".")[0] not in {*sys.stdlib_module_names, *ARITHMETIC}
    }

    assert foreign == set()
    assert {name.split(".")[0] for name in imported(source.tree)} & IMPURE == set()


def clock_readings(source: Source) -> list[str]:
    """The places where a file reads the clock of the machine."""
    found = []
    for call in calls(source.tree):
        match call.func:
            case ast.Attribute(attr=name, value=ast.Name(id="date" | "datetime" | "timezone" | "dt")) if name in CLOCKS:
                found.append(f"{source.name}:{call.lineno} {ast.unparse(call.func)}()")
            case ast.Attribute(attr="time" | "time_ns", value=ast.Name(id="time")):
                found.append(f"{source.name}:{call.lineno} {ast.unparse(call.func)}()")
    return found


def reads_a_clock(source: Source) -> bool:
    """Views, jobs and commands may ask for the time, the clock of the ledger is one; everything below is told it."""
    return (
        source.name == "registry/store/clock.py"
        or source.is_in("registry/jobs", "registry/web", "documents/reference")
        or any(part.removesuffix(".py") in READS_A_CLOCK for part in source.path.parts)
    )


def test_no_clock_is_read_below_views_jobs_and_commands() -> None:
    found = [place for source in sources() if not reads_a_clock(source) for place in clock_readings(source)]

    assert found == [], "pass `on` or `now`; within an act ask current_act().today"


def test_the_environment_is_read_in_one_file() -> None:
    allowed = (
        "registry/env.py",
        "registry/wsgi.py",
        "registry/command_line.py",
        "registry/web/management",
        "documents/render",
    )
    found = [
        f"{source.name}:{node.lineno}"
        for source in sources()
        if not source.is_in(*allowed)
        for node in ast.walk(source.tree)
        if isinstance(node, ast.Attribute) and node.attr in {"environ", "getenv"}
    ]

    assert found == []
