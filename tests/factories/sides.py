"""Watching the acts of a test: a row that was there before the act must say what it was."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.apps import apps
from django.db import connection

from registry.store import acts


def keyed_tables() -> list[str]:
    """The tables whose keys grow: a key above the highest of before is of a row that is new."""
    return sorted({model._meta.db_table for model in apps.get_models() if model._meta.pk.get_internal_type() in KEYS})


KEYS = ("BigAutoField", "AutoField")


def highest_keys() -> dict[str, int]:
    """The highest key of each table. One query."""
    parts = [f"SELECT '{table}', COALESCE(MAX(id), 0) FROM {table}" for table in keyed_tables()]
    with connection.cursor() as cursor:
        cursor.execute(" UNION ALL ".join(parts))
        return dict(cursor.fetchall())


def one_sided(act: acts.Act, before: dict[str, int]) -> list[str]:
    """The rows of an act that were there before it and are told as new, or are told as gone and are still there."""
    return [
        f"{act.service} records {row.table} {row.key} as new: {row.after}"
        for row in act.rows
        if row.before is None and row.key <= before.get(row.table, 0)
    ]


@contextmanager
def watched_rows() -> Iterator[list[str]]:
    """Look at every act inside; gives the faults found."""
    faults: list[str] = []
    opened = acts._open

    @contextmanager
    def watching(*arguments: Any, **more: Any) -> Iterator[acts.Act]:
        before = highest_keys()
        with opened(*arguments, **more) as act:
            yield act
            faults.extend(one_sided(act, before))

    acts._open = watching
    try:
        yield faults
    finally:
        acts._open = opened
