"""Rows are locked through the files of locks, so that the one order of locks can be read and kept."""

import ast

from tests.architecture.source import called_name, calls, sources

MAKERS = {
    "select_for_update": ("registry/store/locks.py", "registry/audit/recording.py"),
    "for_update": ("registry/store/locks.py", "projects/ledger/locks.py"),
}


def locks_in(tree: ast.AST) -> list[tuple[str, int]]:
    """The locks that a file spells itself, with their lines."""
    return [(called_name(call), call.lineno) for call in calls(tree) if called_name(call) in MAKERS]


def test_rows_are_locked_through_the_files_of_locks() -> None:
    found = [
        f"{source.name}:{line} {name}"
        for source in sources()
        for name, line in locks_in(source.tree)
        if not source.is_in(*MAKERS[name])
    ]

    assert found == []


def test_the_search_for_locks_sees_them() -> None:
    text = "Unit.objects.filter(pk=1).select_for_update()\nlocks.for_update(Unit.objects.all())\nlock(unit)\n"

    assert locks_in(ast.parse(text)) == [("select_for_update", 1), ("for_update", 2)]
    assert {name for source in sources() for name, _ in locks_in(source.tree)} == set(MAKERS)
