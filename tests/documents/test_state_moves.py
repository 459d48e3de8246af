"""The houses took their tables over from documents by the state alone; `tests/landings` tries a filled database."""

import pytest
from django.apps import apps
from django.db.migrations import SeparateDatabaseAndState
from django.db.migrations.loader import MigrationLoader

HOUSES = ("papers", "reports", "exports", "intake")
LEFT = "0004_list_sessions"  # the last migration of documents that made tables
TOOK = "0001_initial"  # of each house: what it took over; later ones are its own
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
OWN = {  # made by the house itself, since
    "papers": {"papers_paperbatch", "papers_batchline", "papers_delivery", "papers_outsidepaper", "papers_printer"},
    "reports": {
        "reports_monthdraft",
        "reports_monthcount",
        "reports_bulletin",
        "reports_bulletininstruction",
        "reports_monthrestatement",
        "reports_monthsignature",
        "reports_reportschedule",
        "reports_schedulerun",
        "reports_scheduledelivery",
    },
}


@pytest.mark.parametrize("house", HOUSES)
def test_tables_keep_the_names_that_acts_hold(house: str) -> None:
    assert {model._meta.db_table for model in apps.get_app_config(house).get_models()} == TABLES[house] | OWN.get(
        house, set()
    )


def test_documents_has_no_model_left() -> None:
    assert list(apps.get_app_config("documents").get_models()) == []


def test_the_moves_hold_no_operation_on_the_database() -> None:
    loader = MigrationLoader(None)
    moves = [
        key
        for key in loader.graph.nodes
        if (key[0] in HOUSES and key[1] == TOOK) or (key[0] == "documents" and key[1] > LEFT)
    ]
    operations = [operation for key in moves for operation in loader.graph.nodes[key].operations]

    assert len(moves) == 2 * len(HOUSES)
    assert all(isinstance(one, SeparateDatabaseAndState) and not one.database_operations for one in operations)
