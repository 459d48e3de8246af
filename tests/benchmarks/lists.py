"""Lists whose rows are acts, of 1,000 blockers and 1,000 steps on a project of 7,899 homes: tried, then carried out."""

from datetime import date, timedelta

from django.db import transaction

from documents.setup.reference import load_reference
from projects.ledger.models import Project
from projects.progress.services import place_units
from registry.kernel.gates import Gate, StepStatus
from registry.lists.kinds import LISTS
from registry.lists.rows import ListInput, ListRow
from tests.benchmarks.ledger import ACTOR, database, homes, new_project
from tests.benchmarks.measure import Result, timed

HOMES, ROWS, BUILDINGS = 7_899, 1_000, 36


def list_rows(kind: str, code: str) -> list[ListRow]:
    """Rows as the reader gives them, each of one building and a day of its own."""
    rows = []
    for n in range(ROWS):
        day = (date(2020, 2, 1) + timedelta(days=n % 300)).isoformat()
        own = (
            {"type": "P03", "title": f"堵点{n}", "found_on": day}
            if kind == "blockers"
            else {"gate": Gate.LAND_SUPPLY.value, "status": StepStatus.PASSED.value, "document_no": f"文{n}", "organ": "甲",
                  "issued_on": day}
        )  # fmt: skip
        blank = dict.fromkeys(LISTS[kind].columns.names, "")
        rows.append(ListRow(n + 2, {**blank, "project": code, "buildings": str(n % BUILDINGS + 1), **own}))
    return rows


def carry_out(kind: str, project: Project, *, is_trial: bool) -> None:
    """Try a list, or carry it out with the last count of what is ready; taken back either way."""
    with transaction.atomic():
        taken = ListInput(ACTOR, project, list_rows(kind, project.code), {"file": "清单.xlsx"})
        with LISTS[kind].during():
            outcomes = LISTS[kind].carry_out(taken, is_trial=is_trial)
        if {outcome.verdict for outcome in outcomes} != {"added"}:
            raise RuntimeError("the benchmark is wrong")
        transaction.set_rollback(True)


def run() -> list[Result]:
    """Seconds to try and to carry out each list."""
    with database():
        load_reference()
        project = new_project("L-7899")
        place_units(actor=ACTOR, project=project, rows=homes(HOMES, 220), placed_on=date(2020, 1, 2), source="测速")
        results = []
        for kind in ("blockers", "steps"):
            tried = timed(lambda kind=kind: carry_out(kind, project, is_trial=True), rounds=3)
            done = timed(lambda kind=kind: carry_out(kind, project, is_trial=False), rounds=3)
            results += [
                Result(f"a list of {ROWS} {kind}: trial", tried, "s", 3),
                Result(f"a list of {ROWS} {kind}: carried out", done, "s", 5),
            ]
    return results
