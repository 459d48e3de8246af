"""What touches rows runs on both engines; what cannot differ runs once; the giants begin."""

import re
from pathlib import Path
from typing import Any

import pytest

from tests.architecture.source import ROOT
from tests.plugins.selection import GIANTS, ONCE, chosen


class Item:
    """As much of a collected test as the selection looks at."""

    def __init__(self, path: str, *fixtures: str, name: str = "test_it", marks: tuple[Any, ...] = ()) -> None:
        self.path, self.name, self.fixturenames = ROOT / path, name, fixtures
        self.marks = {mark.name: mark for mark in marks}

    def get_closest_marker(self, name: str) -> Any:
        return self.marks.get(name)

    def add_marker(self, decorator: Any) -> None:
        self.marks[decorator.name] = decorator.mark


ROWS = pytest.mark.django_db.mark
COMMITS = pytest.mark.django_db(transaction=True).mark
ONLY_POSTGRES = pytest.mark.postgres.mark


@pytest.mark.parametrize(
    ("item", "runs"),
    [
        (Item("tests/kernel/test_scope.py"), False),
        (Item("tests/kernel/test_scope.py", "tmp_path", "monkeypatch"), False),
        (Item("tests/documents/intake/test_cells.py"), False),
        (Item("tests/documents/intake/readers/test_cells.py"), False),
        (Item("tests/documents/intake/test_cells.py", "db", "cast"), True),
        (Item("tests/documents/intake/test_cells.py", "transactional_db"), True),
        (Item("tests/architecture/test_models.py", marks=(ROWS,)), True),
        (Item("tests/render/test_pdf.py", marks=(ONLY_POSTGRES,)), True),
        (Item("tests/projects/gates/test_steps.py"), True),
        (Item("tests/projects/gates/test_steps.py", "db"), True),
        (Item("tests/test_kernel.py"), True),
        (Item("tests/web/test_serve.py", marks=(pytest.mark.once.mark,)), False),
    ],
    ids=lambda value: f"{value.path.relative_to(ROOT)}:{value.fixturenames}" if isinstance(value, Item) else "",
)
def test_postgresql_is_spared_only_what_lies_in_a_folder_of_once_and_asks_for_no_rows(item: Item, runs: bool) -> None:
    kept, left_out = chosen([item], "postgresql")
    assert (kept, left_out) == (([item], []) if runs else ([], [item]))

    assert chosen([item], "sqlite3") == ([item], [])


@pytest.mark.parametrize(("engine", "skipped"), [("sqlite3", True), ("postgresql", False)])
def test_what_means_something_on_postgresql_only_is_skipped_elsewhere(engine: str, skipped: bool) -> None:
    item = Item("tests/store/test_locks.py", "db", marks=(ONLY_POSTGRES,))

    [kept], _ = chosen([item], engine)

    assert ("skip" in kept.marks) is skipped


def test_rows_come_first_then_real_commits_and_in_each_the_giants() -> None:
    where = "tests/projects/test_any.py"
    plain, rows, commits = Item(where), Item(where, "db"), Item(where, "db", marks=(COMMITS,))
    live = Item(where, "live_server")
    second, first = (Item(where, "db", name=name) for name in (GIANTS[1], GIANTS[0]))

    kept, _ = chosen([plain, commits, live, rows, second, first], "sqlite3")

    assert kept == [first, second, rows, commits, live, plain]


def test_this_run_has_nothing_marked_once_that_may_touch_rows(request: pytest.FixtureRequest) -> None:
    marked = [item for item in request.session.items if item.get_closest_marker("once")]

    assert [item.nodeid for item in marked if "db" in getattr(item, "fixturenames", ())] == []


def test_each_giant_and_each_folder_is_there() -> None:
    files = sorted((ROOT / "tests").rglob("test_*.py"))
    named = [
        name
        for path in files
        for name in re.findall(r"^def (test_\w+)", path.read_text(encoding="utf-8"), re.MULTILINE)
    ]
    folders = {part for path in files for part in Path(path.relative_to(ROOT)).parts[1:-1]}

    assert {giant: named.count(giant) for giant in GIANTS} == dict.fromkeys(GIANTS, 1)
    assert folders >= ONCE
