"""The houses took their tables over from documents: an installation of before goes on with every row and table."""

from typing import Any

import pytest
from django.apps import apps
from django.db import connection
from django.db.migrations import SeparateDatabaseAndState
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.loader import MigrationLoader

from tests.documents.intake.services.lists import listed, written
from tests.factories.accounts import lay_cast
from tests.factories.projects import lay_estate

HOUSES = ("papers", "reports", "exports", "intake")
LEFT = "0004_list_sessions"  # the last migration of documents that made tables
TABLES = {
    "papers": {"documents_numberseries", "documents_paper"},
    "reports": {"documents_monthclose"},
    "exports": {"documents_exportfile"},
    "intake": {
        "documents_importsession",
        "documents_sendermapping",
        "documents_sourcefile",
        "documents_stagedrow",
    },
}  # fmt: skip


def schema() -> list[Any]:
    """The tables that documents made, as the database knows them."""
    asked = (
        "SELECT name, sql FROM sqlite_master WHERE name LIKE 'documents_%%' ORDER BY name"
        if connection.vendor == "sqlite"
        else "SELECT table_name, column_name, data_type, is_nullable FROM information_schema.columns "
        "WHERE table_name LIKE 'documents_%%' ORDER BY table_name, ordinal_position"
    )
    with connection.cursor() as cursor:
        cursor.execute(asked)
        return list(cursor.fetchall())


def counts() -> dict[str, int]:
    found = {}
    with connection.cursor() as cursor:
        for table in sorted(set().union(*TABLES.values())):
            cursor.execute(f"SELECT COUNT(*) FROM {table}")
            found[table] = cursor.fetchone()[0]
    return found


def migrate(*targets: tuple[str, str | None]) -> None:
    MigrationExecutor(connection).migrate(list(targets))


@pytest.mark.parametrize("house", HOUSES)
def test_tables_keep_the_names_that_acts_hold(house: str) -> None:
    assert {model._meta.db_table for model in apps.get_app_config(house).get_models()} == TABLES[house]


def test_documents_has_no_model_left() -> None:
    assert list(apps.get_app_config("documents").get_models()) == []


def test_the_moves_hold_no_operation_on_the_database() -> None:
    loader = MigrationLoader(None)
    moves = [key for key in loader.graph.nodes if key[0] in HOUSES or (key[0] == "documents" and key[1] > LEFT)]
    operations = [operation for key in moves for operation in loader.graph.nodes[key].operations]

    assert len(moves) == 2 * len(HOUSES)
    assert all(isinstance(one, SeparateDatabaseAndState) and not one.database_operations for one in operations)


@pytest.mark.django_db(transaction=True)
def test_a_filled_installation_of_before_goes_on_with_every_row() -> None:
    estate = lay_estate(lay_cast())
    written(estate, listed(estate))
    before = (schema(), counts())
    assert before[1]["documents_importsession"] == 1
    assert before[1]["documents_stagedrow"] > 1

    try:
        migrate(("documents", LEFT), *((house, None) for house in HOUSES))
        assert (schema(), counts()) == before
    finally:
        migrate(*MigrationExecutor(connection).loader.graph.leaf_nodes())

    assert (schema(), counts()) == before
