"""`--times`: where the time of a run went, by folder, and which tests took long without being among the giants.

A hint, never a verdict: a machine that others use is slow by no fault of a test, so nothing fails by its time. Seconds
are those of the processors (own and of the processes started), which depend least on who else is at work.
"""

import os
from collections import defaultdict
from collections.abc import Generator, Iterable
from dataclasses import dataclass, field
from pathlib import PurePosixPath
from typing import Any

import pytest

from tests.plugins.selection import GIANTS

LONG = 5.0
_started = pytest.StashKey[float]()
_called = pytest.StashKey[float]()


@dataclass
class Times:
    """Seconds by folder, and by test what its call took."""

    folders: dict[str, list[float]] = field(default_factory=lambda: defaultdict(lambda: [0, 0.0, 0.0, 0.0]))
    calls: dict[str, float] = field(default_factory=dict)

    def add(self, report: pytest.TestReport) -> None:
        """Count one report of a test: its three phases by the clock, its processors' time with the last."""
        sums = self.folders[folder_of(report.nodeid)]
        sums[1 if report.when == "setup" else 2] += report.duration
        if report.when == "teardown":
            spent = dict(report.user_properties)
            sums[0] += 1
            sums[3] += float(spent.get("cpu", 0))
            self.calls[report.nodeid] = float(spent.get("cpu of the call", 0))

    def lines(self) -> Iterable[str]:
        """The table, as docs/testing.md keeps it."""
        yield "| folder | tests | setup, s | call, s | CPU, s |"
        yield "|---|---:|---:|---:|---:|"
        for folder in sorted(self.folders):
            yield _row(folder, self.folders[folder])
        yield _row("sum", [sum(column) for column in zip(*self.folders.values(), strict=True)])

    def unlisted(self) -> Iterable[str]:
        """The long tests that are not among the giants."""
        for test, seconds in sorted(self.calls.items(), key=lambda one: -one[1]):
            if seconds > LONG and name_of(test) not in GIANTS:
                yield f"{seconds:6.1f} s of CPU  {test}"


def folder_of(nodeid: str) -> str:
    """`projects/gates` for a test in tests/projects/gates/test_steps.py."""
    parts = PurePosixPath(nodeid.split("::")[0]).parts[:-1]
    return "/".join(parts[1:] if parts[:1] == ("tests",) else parts) or "."


def name_of(nodeid: str) -> str:
    return nodeid.split("::")[-1].split("[")[0]


def _row(folder: str, sums: list[float]) -> str:
    return f"| {folder} | {sums[0]:.0f} | {sums[1]:.0f} | {sums[2]:.0f} | {sums[3]:.0f} |"


def _processors() -> float:
    spent = os.times()
    return spent.user + spent.system + spent.children_user + spent.children_system


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--times", action="store_true", help="print the sum of times by folder and the long tests")


def pytest_configure(config: pytest.Config) -> None:
    if config.getoption("--times") and not hasattr(config, "workerinput"):
        config.pluginmanager.register(_Printer(), "times-by-folder")


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_runtest_protocol(item: pytest.Item) -> Generator[None, Any, Any]:
    item.stash[_started] = _processors()
    return (yield)


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_runtest_call(item: pytest.Item) -> Generator[None, Any, Any]:
    before = _processors()
    try:
        return (yield)
    finally:
        item.stash[_called] = _processors() - before


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Generator[None, Any, Any]:
    report = yield
    if report.when == "teardown":
        report.user_properties.append(("cpu", _processors() - item.stash[_started]))
        report.user_properties.append(("cpu of the call", item.stash.get(_called, 0.0)))
    return report


class _Printer:
    """In the process that prints: the reports of all workers come here."""

    def __init__(self) -> None:
        self.times = Times()

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        self.times.add(report)

    def pytest_terminal_summary(self, terminalreporter: Any) -> None:
        terminalreporter.section("times by folder")
        for line in self.times.lines():
            terminalreporter.write_line(line)
        for number, line in enumerate(self.times.unlisted()):
            if number == 0:
                terminalreporter.section(f"over {LONG:.0f} s, and not among the giants (a hint, no failure)")
            terminalreporter.write_line(line)
