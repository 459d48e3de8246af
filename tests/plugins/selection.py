"""Which tests run where, and in what order.

- `journey`: whatever lies in `journeys/`; asked for by name.
- `once`: lies in a folder of ONCE and asks for no database, or says so itself. It runs in the pass on SQLite only:
  nothing in it could be different on PostgreSQL. A test that asks for the database runs on both, wherever it lies.
- `postgres`: means something on PostgreSQL only.
- The longest first (GIANTS), so that no process is left with a long one at the end.
"""

from collections.abc import Collection, Sequence
from pathlib import Path
from typing import Any

import pytest

ONCE = frozenset({"architecture", "intake", "kernel", "render"})  # names of folders, at any depth
DATABASE = frozenset({"db", "transactional_db", "live_server", "django_db_setup"})
REAL_COMMITS = frozenset({"transactional_db", "live_server"})

# By the name of the function, the longest first: `pytest --times` tells which are missing.
GIANTS: tuple[str, ...] = (
    "test_every_day_of_any_history_is_what_the_rules_say",
    "test_any_history_keeps_every_invariant",
    "test_fifty_damaged_files_through_the_page",
    "test_first_start_second_start_and_a_lost_key_file",
    "test_staging_killed_anywhere_leaves_nothing_then_goes_through",
    "test_a_long_list_is_made_by_a_job_with_the_same_cells",
    "test_no_path_advances_a_held_unit",
    "test_a_path_is_found_when_the_rule_of_the_fault_is_taken_away",
)


def pytest_report_header() -> str:
    return f"registry: tests on {engine()}"


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    items[:], left_out = chosen(items, engine())
    config.hook.pytest_deselected(items=left_out)


def chosen(items: Sequence[Any], engine: str) -> tuple[list[Any], list[Any]]:
    """What runs on an engine, in its order, and what is left out; the marks are set."""
    for item in items:
        if is_once(item.path.parts, asks_for_rows(item)):
            item.add_marker(pytest.mark.once)
        if engine != "postgresql" and item.get_closest_marker("postgres"):
            item.add_marker(pytest.mark.skip(reason="means something on PostgreSQL only; runs in `make test`"))
    kept, left_out = [], []
    for item in items:
        (left_out if engine == "postgresql" and item.get_closest_marker("once") else kept).append(item)
    return sorted(kept, key=turn_of), left_out


def is_once(folders: Sequence[str], asks_for_rows: bool) -> bool:
    """Whether a test can give but one answer on both engines."""
    below = folders[folders.index("tests") + 1 : -1] if "tests" in folders else folders[:-1]
    return not asks_for_rows and not ONCE.isdisjoint(below)


def asks_for_rows(item: pytest.Item) -> bool:
    """Whether a test may touch rows: pytest-django refuses every query of one that does not ask."""
    marked = any(item.get_closest_marker(name) for name in ("django_db", "postgres"))
    return marked or not DATABASE.isdisjoint(fixtures_of(item))


def turn_of(item: pytest.Item) -> tuple[int, int]:
    """Django's order (rows, real commits, neither), and in each part the giants first."""
    name = getattr(item, "originalname", item.name)
    place = GIANTS.index(name) if name in GIANTS else len(GIANTS)
    mark = item.get_closest_marker("django_db")
    commits = bool(mark and mark.kwargs.get("transaction")) or not REAL_COMMITS.isdisjoint(fixtures_of(item))
    return (1 if commits else 0 if asks_for_rows(item) else 2), place


def fixtures_of(item: pytest.Item) -> Collection[str]:
    found: Collection[str] = getattr(item, "fixturenames", ())
    return found


def engine() -> str:
    """The engine of the database, or that there is none."""
    from django.conf import settings

    if not settings.configured:
        return "no database: DJANGO_SETTINGS_MODULE is not set"
    databases: dict[str, Any] = settings.DATABASES
    return Path(str(databases["default"]["ENGINE"]).replace(".", "/")).name
