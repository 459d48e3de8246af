"""Lists whose rows are acts, of 1,000 blockers and 1,000 steps on a project of 7,899 homes: tried, then carried out.

CPU of the process, and how long SQLite's one writer was held; a project of its own for each round, so that every round
is the first of its project. Bare: the same rows laid by `bulk_create`, nothing checked, counted or recorded.
"""

from datetime import date, timedelta

from django.db import transaction

from documents.intake.models import ImportSession
from documents.intake.reading.results import ReadResult
from documents.intake.services.list_sessions import carry_out_session, stage_list_rows, tried_beside
from documents.setup.reference import load_reference
from projects.gates.models import Blocker, BlockerType, BlockerVersion
from projects.ledger.models import Project
from projects.progress.services import place_units
from registry.kernel.gates import Gate, StepStatus
from registry.lists.kinds import LISTS
from registry.lists.rows import ListRow
from registry.store.clock import database_now
from registry.store.guard import fixture_writes
from tests.benchmarks.ledger import ACTOR, database, homes, new_project
from tests.benchmarks.measure import Result, Spent, median_spent, spending

HOMES, ROWS, BUILDINGS, ROUNDS = 7_899, 1_000, 36, 3


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


def tried_and_carried_out(kind: str, project: Project) -> tuple[Spent, Spent]:
    """Try a list as its upload does, then carry the staged session out."""
    listed, result = LISTS[kind], ReadResult(rows_present=ROWS, rows=list_rows(kind, project.code))
    with spending() as trial:
        tried = tried_beside(ACTOR, project, listed, result, {"file": "清单.xlsx"})
    session = stage_list_rows(
        actor=ACTOR, project=project, kind=listed, file_name="清单.xlsx", result=result, found=tried, content=b"x",
        params={"file": "清单.xlsx"},
    )  # fmt: skip
    with spending() as done:
        written: ImportSession = carry_out_session(actor=ACTOR, session=session)
    if (written.added, written.state) != (ROWS, "committed"):
        raise RuntimeError("the benchmark is wrong")
    return trial, done


def bare(project: Project) -> Spent:
    """The same number of blockers and their versions by `bulk_create`, nothing else; taken back."""
    of_type, now = BlockerType.objects.get(code="P03"), database_now()
    with spending() as spent, transaction.atomic():
        with fixture_writes():
            laid = Blocker.objects.bulk_create(
                Blocker(
                    project=project, number=f"P03-9{n:04d}", type=of_type, gate=of_type.gate, title=f"堵点{n}",
                    found_on=date(2020, 2, 1), recorded_at=now, act_id=0,
                )
                for n in range(ROWS)
            )  # fmt: skip
            BlockerVersion.objects.bulk_create(
                BlockerVersion(
                    blocker=each, scope=[], at_fault=[], effective_on=date(2020, 2, 1), recorded_at=now, act_id=0
                )
                for each in laid
            )
        transaction.set_rollback(True)
    return spent


def run() -> list[Result]:
    """CPU to try and to carry out each list, and how long the writer was held."""
    spent: dict[str, list[tuple[Spent, Spent]]] = {"steps": [], "blockers": []}
    base: list[Spent] = []
    with database():
        load_reference()
        for n in range(ROUNDS):
            project = new_project(f"L-{n}")
            place_units(actor=ACTOR, project=project, rows=homes(HOMES, 220), placed_on=date(2020, 1, 2), source="测速")
            base.append(bare(project))
            for kind, each in spent.items():
                each.append(tried_and_carried_out(kind, project))
    least = median_spent(base).cpu
    results = []
    for kind, rounds in spent.items():
        trial, done = (median_spent([each[at] for each in rounds]) for at in (0, 1))
        note = f"{done.statements:.0f} statements; {done.cpu / least:.0f}× the bare bulk_create of 1,000 blockers"
        results += [
            Result(f"a list of {ROWS} {kind}: trial, CPU", trial.cpu, "s", 3),
            Result(f"a list of {ROWS} {kind}: trial, writer held", trial.held, "s", 2),
            Result(f"a list of {ROWS} {kind}: carried out, CPU", done.cpu, "s", 5, note),
            Result(f"a list of {ROWS} {kind}: carried out, writer held", done.held, "s", 2),
        ]
    return results
