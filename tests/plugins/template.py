"""One process migrates, the others copy: a database is made once per state of the migrations.

SQLite: a file under .pytest_cache, kept between runs. PostgreSQL: a database of the cluster, copied by
`CREATE DATABASE … TEMPLATE`. Who comes second waits; what was left half made is made anew; what other migrations made
is thrown away.
"""

import fcntl
import hashlib
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import django
from django.apps import AppConfig, apps

PREFIX = "registry_migrated_"
LOCK = 8_230_417  # of the cluster, taken while a template is looked for, made and copied
FIELDS = Path(__file__).resolve().parents[2] / "registry" / "store" / "fields.py"  # migrations ask it for column types


def key_of(configs: list[AppConfig] | None = None, engine: str = "") -> str:
    """A hash of all that a migrated database depends on: migrations, column types, names of models, versions."""
    digest = hashlib.sha256(f"{django.VERSION} {engine}".encode())
    for config in configs if configs is not None else apps.get_app_configs():
        for path in sorted((Path(config.path) / "migrations").glob("*.py")):
            digest.update(f"{config.label}/{path.name}".encode())
            digest.update(path.read_bytes())
        for model in config.get_models():  # `migrate` ends by laying content types and permissions
            meta = model._meta
            digest.update(
                f"{meta.label} {meta.verbose_name_raw} {meta.default_permissions} {meta.permissions}".encode()
            )
    digest.update(FIELDS.read_bytes())
    return digest.hexdigest()[:16]


def serve_database(connection: Any, cache: Path) -> str:
    """Make the test database a copy of the template, point the connection to it, return the name it had before."""
    before, wanted = connection.settings_dict["NAME"], connection.creation._get_test_db_name()
    connection.close()
    key = key_of(engine=connection.vendor)
    if connection.vendor == "sqlite":
        Path(wanted).unlink(missing_ok=True)
        copy_file(cache, key, Path(wanted), make=lambda path: _migrate(connection, str(path)))
    else:
        _copy_database(connection, PREFIX + key, wanted)
    _point(connection, wanted)
    return str(before)


def copy_file(cache: Path, key: str, to: Path, *, make: Callable[[Path], None]) -> None:
    """Copy the template of a key; `make` it first where there is none."""
    cache.mkdir(parents=True, exist_ok=True)
    template, fresh = cache / f"{PREFIX}{key}.sqlite3", cache / "fresh.sqlite3"
    with _alone(cache / "lock"):
        if not template.exists():
            _remove(fresh)
            make(fresh)
            for other in cache.glob(f"{PREFIX}*"):
                other.unlink()
            fresh.replace(template)
        shutil.copyfile(template, to)


@contextmanager
def _alone(lock: Path) -> Iterator[None]:
    """One process at a time; a killed one lets go."""
    with lock.open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def _remove(file: Path) -> None:
    for path in file.parent.glob(f"{file.name}*"):  # with -wal and -shm
        path.unlink()


def _copy_database(connection: Any, template: str, wanted: str) -> None:
    quote = connection.ops.quote_name
    with connection.creation._nodb_cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock(%s)", [LOCK])  # until this connection ends
        cursor.execute("SELECT datname FROM pg_database WHERE datname LIKE %s", [PREFIX + "%"])
        there = {name for (name,) in cursor.fetchall()}
        if template not in there:
            fresh = f"{PREFIX}fresh"
            _migrate(connection, fresh)
            for other in there - {fresh}:
                cursor.execute(f"DROP DATABASE {quote(other)}")
            cursor.execute(f"ALTER DATABASE {quote(fresh)} RENAME TO {quote(template)}")
        cursor.execute(f"DROP DATABASE IF EXISTS {quote(wanted)}")
        cursor.execute(f"CREATE DATABASE {quote(wanted)} TEMPLATE {quote(template)}")


def _migrate(connection: Any, name: str) -> None:
    """Make a database of a name by the migrations, as Django makes a test database."""
    before, test = connection.settings_dict["NAME"], connection.settings_dict["TEST"]
    wanted, test["NAME"] = test["NAME"], name
    try:
        connection.creation.create_test_db(verbosity=0, autoclobber=True, serialize=False)
    finally:
        test["NAME"] = wanted
        connection.close()  # SQLite folds its log into the file, PostgreSQL lets the database be copied
        _point(connection, before)


def _point(connection: Any, name: str) -> None:
    """As Django's `create_test_db` does: other threads make their connections from the settings."""
    from django.conf import settings

    connection.close()
    settings.DATABASES[connection.alias]["NAME"] = name
    connection.settings_dict["NAME"] = name
