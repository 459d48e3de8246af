"""Raising and resolving a blocker of 7,899 homes: the whole act, spans, marks and record included."""

from datetime import date

from django.db import transaction

from documents.setup.reference import load_reference
from projects.gates.models import BlockerType
from projects.gates.services import raise_blocker, resolve_blocker
from projects.progress.services import place_units
from registry.kernel.scope import EVERYTHING, NOTHING
from tests.benchmarks.ledger import ACTOR, database, homes, new_project
from tests.benchmarks.measure import Result, timed

HOMES = 7_899
BUDGET = 1.0


def run() -> list[Result]:
    """Raise and resolve, each in a transaction that is rolled back; the resolved one is raised before."""
    with database():
        load_reference()
        project = new_project("B-7899")
        place_units(actor=ACTOR, project=project, rows=homes(HOMES, 220), placed_on=date(2020, 1, 2), source="测速")
        words = {"project": project, "type": BlockerType.objects.get(code="P03"), "at_fault": NOTHING}

        def put() -> None:
            with transaction.atomic():
                blocker = raise_blocker(
                    actor=ACTOR, scope=EVERYTHING, found_on=date(2020, 2, 1), title="另一处", **words
                )
                if blocker.units_caught != HOMES:
                    raise RuntimeError("the benchmark is wrong")
                transaction.set_rollback(True)

        standing = raise_blocker(actor=ACTOR, scope=EVERYTHING, found_on=date(2020, 2, 1), title="", **words)

        def solve() -> None:
            with transaction.atomic():
                resolve_blocker(actor=ACTOR, blocker=standing, resolved_on=date(2021, 2, 1), resolution="测速")
                transaction.set_rollback(True)

        return [
            Result(f"raising a blocker of {HOMES} homes", timed(put), "s", BUDGET),
            Result(f"resolving a blocker of {HOMES} homes", timed(solve), "s", BUDGET),
        ]
