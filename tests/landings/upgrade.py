"""An operator's upgrade, as a process of its own: the rows of a landing, then the migrations of today.

usage: python -m tests.landings.upgrade LANDING.json.gz, on the empty database of DATABASE_URL, with DATA_DIR and
KEY_FILE in an empty folder. What the database held and how it was built is told as JSON after each step.
"""

import base64
import gzip
import hashlib
import io
import json
import os
import sys
from contextlib import suppress
from pathlib import Path
from typing import Any

BUILT_OF = "SELECT tbl_name, type, name, sql FROM sqlite_master WHERE name NOT LIKE 'sqlite_%' ORDER BY 1, 2, 3"
COLUMNS = """
    SELECT table_name, column_name, data_type, character_maximum_length, is_nullable, column_default, is_identity
    FROM information_schema.columns WHERE table_schema = 'public' ORDER BY 1, 2
"""
CONSTRAINTS = """
    SELECT conrelid::regclass::text, conname, pg_get_constraintdef(oid)
    FROM pg_constraint WHERE connamespace = 'public'::regnamespace ORDER BY 1, 2
"""
INDEXES = "SELECT tablename, indexname, indexdef FROM pg_indexes WHERE schemaname = 'public' ORDER BY 1, 2"
SEQUENCES = "SELECT sequencename, data_type::text FROM pg_sequences WHERE schemaname = 'public' ORDER BY 1"
SCHEMA = {"sqlite": (BUILT_OF,), "postgresql": (COLUMNS, CONSTRAINTS, INDEXES, SEQUENCES)}


NO_MORE = {("ledger_building", "plan")}  # columns that no act ever wrote, taken away since: null in every row


def read(path: Path) -> dict[str, Any]:
    """Read a landing: its code, leaf migrations, test keys, archived files, and rows by table."""
    landing: dict[str, Any] = json.loads(gzip.decompress(path.read_bytes()))
    return landing


def lay_files(landing: dict[str, Any]) -> None:
    """Lay the key file and the archive beside the database."""
    key_file = Path(os.environ["KEY_FILE"])
    key_file.parent.mkdir(parents=True, exist_ok=True)
    key_file.write_text(json.dumps(landing["keys"]), encoding="utf-8")
    key_file.chmod(0o600)
    for name, content in landing["files"].items():
        path = Path(os.environ["DATA_DIR"]) / "files" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(base64.b64decode(content))


def migrate_to(targets: list[tuple[str, str]]) -> None:
    """Migrate to these migrations and what they stand on, nothing else."""
    from django.db import connection
    from django.db.migrations.executor import MigrationExecutor

    MigrationExecutor(connection).migrate(targets)


def value_of(value: Any, kind: str, vendor: str) -> Any:
    """A value of the landing as the database takes it; moments are kept in UTC."""
    if value is None or kind not in ("moment", "bytes"):
        return value
    if kind == "bytes":
        return base64.b64decode(value)
    return value if vendor == "sqlite" else f"{value}+00:00"


def lay_rows(landing: dict[str, Any]) -> None:
    """Insert the rows by SQL: no model of today has a say."""
    from django.db import connection, transaction

    quote = connection.ops.quote_name
    with connection.constraint_checks_disabled(), transaction.atomic(), connection.cursor() as cursor:
        for name, table in landing["tables"].items():
            columns, kinds = table["columns"], table["kinds"]
            names, marks = ", ".join(map(quote, columns)), ", ".join(["%s"] * len(columns))
            cursor.executemany(
                f"INSERT INTO {quote(name)} ({names}) VALUES ({marks})",
                [
                    [value_of(v, kinds.get(c, ""), connection.vendor) for c, v in zip(columns, row, strict=True)]
                    for row in table["rows"]
                ],
            )
            if connection.vendor == "postgresql" and "id" in columns:  # numbers run on where the landing stopped
                cursor.execute(
                    "SELECT setval(pg_get_serial_sequence(%s, 'id'), %s)", [name, max(r[0] for r in table["rows"])]
                )
        cursor.execute(
            "UPDATE django_migrations SET applied = %s", ["2020-01-01 00:00:00+00:00"]
        )  # long before its rows
    connection.check_constraints()


def counts() -> dict[str, int]:
    """How many rows each table holds; Django's own book of migrations grows and is left out."""
    from django.db import connection

    with connection.cursor() as cursor:
        names = sorted(set(connection.introspection.table_names(cursor)) - {"django_migrations"})
        found = {}
        for name in names:
            cursor.execute(f"SELECT count(*) FROM {connection.ops.quote_name(name)}")
            found[name] = cursor.fetchone()[0]
    return found


def digests(landing: dict[str, Any]) -> dict[str, str]:
    """A hash of the rows of each table of the landing, over the columns that it had and that were written."""
    from django.db import connection

    quote, found = connection.ops.quote_name, {}
    with connection.cursor() as cursor:
        for name, table in landing["tables"].items():
            gone = [n for n, column in enumerate(table["columns"]) if (name, column) in NO_MORE]
            assert not [row for row in table["rows"] if any(row[n] is not None for n in gone)], "it was written"
            columns = ", ".join(quote(column) for column in table["columns"] if (name, column) not in NO_MORE)
            cursor.execute(f"SELECT {columns} FROM {quote(name)} ORDER BY {quote(table['columns'][0])}")
            rows = [
                [bytes(value) if isinstance(value, memoryview) else value for value in row] for row in cursor.fetchall()
            ]
            found[name] = hashlib.sha256(repr(rows).encode()).hexdigest()
    return found


def schema() -> list[list[str]]:
    """How the database is built, as it says itself."""
    from django.db import connection

    found = []
    with connection.cursor() as cursor:
        for query in SCHEMA[connection.vendor]:
            cursor.execute(query)
            found += [[str(part) for part in row] for row in cursor.fetchall()]
    return found


def state(landing: dict[str, Any]) -> dict[str, Any]:
    """Everything that a move of the state alone leaves as it is."""
    return {"counts": counts(), "digests": digests(landing), "schema": schema()}


def called(*command: str) -> dict[str, Any]:
    """Run a command that answers in JSON."""
    from django.core.management import call_command

    out = io.StringIO()
    with suppress(SystemExit):  # the answer says what is wrong
        call_command(*command, "--json", stdout=out)
    answer: dict[str, Any] = json.loads(out.getvalue())
    return answer


def last_move() -> tuple[str, str]:
    """The last migration by which a house left documents."""
    folder = Path(__file__).resolve().parents[2] / "documents" / "migrations"
    return "documents", max(path.stem for path in folder.glob("*_move_out.py"))


def main() -> None:
    """Lay the landing, go forward, tell."""
    landing = read(Path(sys.argv[1]))
    lay_files(landing)
    os.environ["DJANGO_SETTINGS_MODULE"] = "registry.settings"
    import django

    django.setup()
    from django.core.management import call_command

    migrate_to([(app, name) for app, name in landing["leaves"]])
    lay_rows(landing)
    told = {"landed": state(landing)}
    migrate_to([last_move()])
    told["moved"] = state(landing)
    call_command("migrate", verbosity=0, interactive=False)
    told["today"] = state(landing)
    call_command("seal_audit", stdout=io.StringIO())
    call_command("recount_figures", stdout=io.StringIO())
    told["ledger"], told["audit"] = called("check_ledger"), called("verify_audit")
    print(json.dumps(told, ensure_ascii=False))


if __name__ == "__main__":
    main()
