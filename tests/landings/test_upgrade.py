"""A filled installation of each landing goes forward: not a row, not a seal, not a table is lost on the way.

A landing is what its own code laid: one project with blockers, a letter, moves, a paper, lists taken in, a closed
month; with the leaf migrations of that code, test keys and the sealed archive. `lay.py` makes the next one.
"""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection

from tests.architecture.source import ROOT
from tests.landings.upgrade import read

# What the first start after an upgrade records: acts sealed and rows kept (from before them), rows bound, figures
# counted anew.
FIRST_START = {"9c35e0f": 4, "39f2a33": 2}
LANDINGS = sorted(Path(__file__).parent.glob("*.json.gz"))


def server() -> Any:
    """A connection of our own to the server's maintenance database."""
    import psycopg

    given = connection.settings_dict
    return psycopg.connect(
        host=given["HOST"], port=given["PORT"], user=given["USER"], password=given["PASSWORD"], dbname="postgres",
        autocommit=True,
    )  # fmt: skip


@pytest.fixture(scope="module", params=LANDINGS, ids=lambda path: path.name.split(".")[0])
def landing(request: pytest.FixtureRequest) -> Path:
    path: Path = request.param
    return path


@pytest.fixture(scope="module")
def empty_database(landing: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The URL of an empty database on the engine under test, one for each landing."""
    if connection.vendor == "sqlite":
        yield f"sqlite:///{tmp_path_factory.mktemp('landing') / 'landing.sqlite3'}"
        return
    given, name = connection.settings_dict, f"landing_{uuid4().hex[:12]}"
    with server() as own:
        own.execute(f'CREATE DATABASE "{name}" TEMPLATE template0')
    yield f"postgres://{given['USER']}:{given['PASSWORD']}@{given['HOST']}:{given['PORT']}/{name}"
    with server() as own:
        own.execute(f'DROP DATABASE "{name}" WITH (FORCE)')


@pytest.fixture(scope="module")
def upgraded(landing: Path, empty_database: str, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """What the upgrade told, step by step."""
    data = tmp_path_factory.mktemp("data")
    keys = {"DATA_DIR": str(data), "KEY_FILE": str(data / "keys" / "registry.keys"), "DATABASE_URL": empty_database}
    done = subprocess.run(
        [sys.executable, "-m", "tests.landings.upgrade", landing],
        cwd=ROOT, env={**os.environ, **keys}, capture_output=True, text=True, check=False, timeout=300,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    told: dict[str, Any] = json.loads(done.stdout)
    return told


def test_a_landing_is_small_and_holds_what_it_should(landing: Path) -> None:
    laid = {name: len(table["rows"]) for name, table in read(landing)["tables"].items()}

    assert landing.stat().st_size <= 500_000
    assert laid["ledger_project"] == laid["documents_monthclose"] == laid["documents_paper"] == 1
    assert laid["gates_blocker"] == 2
    assert laid["commitments_letter"] == 1
    assert laid["documents_importsession"] == 2
    assert laid["ledger_move"] > 50


def test_what_was_inserted_is_there(landing: Path, upgraded: dict[str, Any]) -> None:
    laid = {name: len(table["rows"]) for name, table in read(landing)["tables"].items()}

    assert {name: upgraded["landed"]["counts"][name] for name in laid} == laid


@pytest.mark.parametrize("part", ["counts", "digests", "schema"])
def test_the_houses_move_out_of_documents_in_the_state_alone(part: str, upgraded: dict[str, Any]) -> None:
    assert upgraded["moved"][part] == upgraded["landed"][part]


def test_every_row_of_the_landing_is_kept_up_to_today(landing: Path, upgraded: dict[str, Any]) -> None:
    names = read(landing)["tables"]

    assert {name: upgraded["today"]["counts"][name] for name in names} == {
        name: upgraded["landed"]["counts"][name] for name in names
    }
    assert upgraded["today"]["digests"] == upgraded["landed"]["digests"]


def _is_of_the_other_engine(invariant: dict[str, Any]) -> bool:
    """Whether all that is told are rows whose JSON stands as text on SQLite, where the landing was laid.

    A snapshot of a personal JSON column is made of its stored text, which PostgreSQL writes its own way. No
    installation changes its engine; this landing does.
    """
    told = [str(violation) for violation in invariant["violations"]]
    return (
        connection.vendor == "postgresql" and invariant["code"] == "I42" and all("stagedrow" in words for words in told)
    )


def test_the_books_hold_after_the_upgrade(upgraded: dict[str, Any]) -> None:
    found = [
        invariant
        for invariant in upgraded["ledger"]["invariants"]
        if invariant["violations"] and not _is_of_the_other_engine(invariant)
    ]

    assert found == []
    assert {"I7", "I8", "I9", "I11", "I13", "I14"} <= {one["code"] for one in upgraded["ledger"]["invariants"]}


def test_the_trail_is_the_one_that_was_sealed(landing: Path, upgraded: dict[str, Any]) -> None:
    table = read(landing)["tables"]["audit_chainhead"]
    heads = [dict(zip(table["columns"], row, strict=True)) for row in table["rows"]]

    assert upgraded["audit"]["faults"] == []
    found = {head["chain"]: (head["seq"], head["hash"]) for head in upgraded["audit"]["heads"]}
    assert {chain: head for chain, head in found.items() if chain} == {
        head["chain"]: (head["seq"], head["hash"]) for head in heads if head["chain"]
    }
    system = [head["seq"] for head in heads if head["chain"] == 0]
    assert found[0][0] == sum(system) + FIRST_START[landing.name.split(".")[0]]
