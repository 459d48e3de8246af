"""The times of a run are summed by folder, from the reports of every process."""

from typing import Any

import pytest

from tests.plugins.selection import GIANTS
from tests.plugins.times import Times, folder_of


def reports(test: str, setup: float, call: float, cpu: float, cpu_of_call: float) -> list[Any]:
    """The three reports of a test, as they come from a worker."""
    phases = {"setup": setup, "call": call, "teardown": 0.5}
    made = [
        pytest.TestReport(test, ("", 0, ""), {}, "passed", None, when, duration=duration)  # type: ignore[arg-type]
        for when, duration in phases.items()
    ]
    made[-1].user_properties = [("cpu", cpu), ("cpu of the call", cpu_of_call)]
    return made


@pytest.mark.parametrize(
    ("test", "folder"),
    [
        ("tests/projects/gates/test_steps.py::test_a", "projects/gates"),
        ("tests/documents/test_backup.py::test_a[x/y]", "documents"),
        ("tests/test_a.py::test_a", "."),
        ("kernel/test_scope.py::test_a", "kernel"),
    ],
)
def test_a_test_belongs_to_its_folder(test: str, folder: str) -> None:
    assert folder_of(test) == folder


def test_sums_stand_by_folder_with_the_sum_of_all() -> None:
    times = Times()
    for test, setup in (("tests/kernel/test_a.py::test_a", 1), ("tests/kernel/test_b.py::test_b", 2)):
        for report in reports(test, setup, 10, 3, 2):
            times.add(report)
    for report in reports("tests/audit/test_a.py::test_a", 4, 40, 5, 4):
        times.add(report)

    assert list(times.lines())[2:] == [
        "| audit | 1 | 4 | 40 | 5 |",
        "| kernel | 2 | 3 | 21 | 6 |",
        "| sum | 3 | 7 | 62 | 11 |",
    ]


def test_long_tests_that_are_no_giants_are_named_longest_first() -> None:
    times = Times()
    for name, seconds in (("test_a[1]", 6), ("test_b", 9), ("test_c", 4.9), (f"{GIANTS[0]}[1]", 60)):
        for report in reports(f"tests/kernel/test_a.py::{name}", 0, 0, 70, seconds):
            times.add(report)

    assert [line.split("::")[1] for line in times.unlisted()] == ["test_b", "test_a[1]"]
