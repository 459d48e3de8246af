"""The template is made once, by one process, and never serves another state of the migrations."""

import threading
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from django.contrib.contenttypes.models import ContentType
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from tests.plugins.template import PREFIX, copy_file, key_of


class Maker:
    """Writes a template, and counts how often it was asked; `within` runs while it does."""

    def __init__(self, content: str, within: Any = None) -> None:
        self.content, self.within, self.times = content, within, 0

    def __call__(self, path: Path) -> None:
        self.times += 1
        if self.within is not None:
            self.within()
        assert not path.exists(), "what was left half made is cleared away"
        path.write_text(self.content)


def names(cache: Path) -> set[str]:
    return {path.name for path in cache.iterdir()}


def test_who_comes_second_copies(tmp_path: Path) -> None:
    make = Maker("migrated")
    for name in ("one", "two"):
        copy_file(tmp_path / "cache", "k1", tmp_path / name, make=make)

    assert make.times == 1
    assert [(tmp_path / name).read_text() for name in ("one", "two")] == ["migrated", "migrated"]


def test_two_at_once_make_one(tmp_path: Path) -> None:
    both = threading.Barrier(2, timeout=0.3)  # broken by time: the other does not come in

    def wait() -> None:
        with pytest.raises(threading.BrokenBarrierError):
            both.wait()

    make = Maker("migrated", within=wait)
    threads = [
        threading.Thread(target=copy_file, args=(tmp_path / "cache", "k1", tmp_path / name), kwargs={"make": make})
        for name in ("one", "two")
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert make.times == 1
    assert [(tmp_path / name).read_text() for name in ("one", "two")] == ["migrated", "migrated"]


def test_other_migrations_make_another_and_throw_the_old_away(tmp_path: Path) -> None:
    copy_file(tmp_path / "cache", "k1", tmp_path / "one", make=Maker("old"))
    copy_file(tmp_path / "cache", "k2", tmp_path / "one", make=Maker("new"))

    assert (tmp_path / "one").read_text() == "new"
    assert names(tmp_path / "cache") == {"lock", f"{PREFIX}k2.sqlite3"}


def test_migrating_that_fails_leaves_no_template(tmp_path: Path) -> None:
    def fail(path: Path) -> None:
        for ending in ("", "-wal"):
            path.with_name(path.name + ending).write_text("half")
        raise RuntimeError("no migration")

    with pytest.raises(RuntimeError, match="no migration"):
        copy_file(tmp_path / "cache", "k1", tmp_path / "one", make=fail)
    assert not (tmp_path / "one").exists()

    copy_file(tmp_path / "cache", "k1", tmp_path / "one", make=Maker("whole"))
    assert (tmp_path / "one").read_text() == "whole"
    assert names(tmp_path / "cache") == {"lock", f"{PREFIX}k1.sqlite3"}


def test_the_key_follows_the_migrations(tmp_path: Path) -> None:
    app: Any = SimpleNamespace(path=str(tmp_path), label="app", get_models=list)
    (tmp_path / "migrations").mkdir()
    keys = {key_of([app])}
    for name, text in (("0001_a.py", "a"), ("0001_a.py", "b"), ("0002_b.py", "a")):
        (tmp_path / "migrations" / name).write_text(text)
        keys.add(key_of([app]))

    assert len(keys) == 4
    assert key_of([app]) == key_of([app])
    assert key_of([app]) != key_of([app], engine="another")


@pytest.mark.django_db
def test_the_database_that_is_served_is_migrated_to_the_end() -> None:
    executor = MigrationExecutor(connection)

    assert executor.migration_plan(executor.loader.graph.leaf_nodes()) == []
    assert ContentType.objects.filter(app_label="ledger", model="unit").exists()
