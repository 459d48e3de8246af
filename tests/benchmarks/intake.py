"""A list of 7,899 homes through the whole intake: read under guard, staged, previewed, written, undone.

CPU of the process and of the one that reads: on a busy machine seconds by the wall say nothing. How long SQLite's one
writer was held is told beside it.
"""

import resource
from datetime import date

from documents.intake.models import ImportSession
from documents.intake.reading.unit_columns import UNIT_COLUMNS
from documents.intake.selectors.sessions import error_kinds, preview_page, warned_count
from documents.intake.services.sessions import commit_session
from documents.intake.services.take_back_units import undo_session
from documents.intake.services.uploads import stage_upload
from documents.render.template_xlsx import write_template
from documents.setup.reference import load_reference
from registry.kernel.identifiers import synthetic_identity, synthetic_phone
from tests.benchmarks.ledger import ACTOR, database, new_project
from tests.benchmarks.measure import Result, Spent, median_spent, spending

HOMES, ROUNDS = 7_899, 3
GIVEN = "甲乙丙丁戊己庚辛壬癸"
DAY = date(2020, 2, 1)


def unit_list(code: str) -> bytes:
    """A workbook of homes, each with a holder."""
    rows = (
        {
            "project": code,
            "building": f"{n // 220 + 1}号楼",
            "entrance": str(n % 220 // 110 + 1),
            "floor": str(n % 110 // 4 + 1),
            "room": f"{n % 110 // 4 + 1}{n % 4 + 1:02d}",
            "use": "住宅",
            "area": 80 + n % 900 / 100,
            "holder": f"张{GIVEN[n % 10]}{GIVEN[n // 10 % 10]}",
            "identity": synthetic_identity(n),
            "phone": synthetic_phone(n),
            "agreement": f"AZ-{n:05d}",
        }
        for n in range(HOMES)
    )
    return write_template(UNIT_COLUMNS, title="清册", sheet_name="清册", rows=rows)


def of_children() -> float:
    """The CPU of the processes that have read so far."""
    spent = resource.getrusage(resource.RUSAGE_CHILDREN)
    return spent.ru_utime + spent.ru_stime


def round_trip(code: str) -> tuple[Spent, float, Spent, Spent]:
    """Preview a list, write it and take it back, in a project of its own: what each took, and the reading process."""
    project, before = new_project(code), of_children()
    content = unit_list(code)
    with spending() as previewed:
        session: ImportSession = stage_upload(actor=ACTOR, project=project, content=content, file_name="清册.xlsx")
        preview_page(session, "added")
        error_kinds(session)
        warned_count(session)
    read = of_children() - before
    if session.added != HOMES:
        raise AssertionError(f"staged {session.added}: {session.file_error}")
    with spending() as written:
        session = commit_session(actor=ACTOR, session=session, placed_on=DAY)
    with spending() as undone:
        undo_session(actor=ACTOR, session=session, reason="测速")
    return previewed, read, written, undone


def run() -> list[Result]:
    """CPU to the preview, to the commit, and back; one round before, in which modules are loaded."""
    with database():
        load_reference()
        round_trip("CY-0")
        rounds = [round_trip(f"CY-{n}") for n in range(1, ROUNDS + 1)]
    previewed, written, undone = (median_spent([each[at] for each in rounds]) for at in (0, 2, 3))
    read = sorted(each[1] for each in rounds)[len(rounds) // 2]
    return [
        Result("7,899 rows: intake to preview, CPU", previewed.cpu + read, "s", 2.5, f"of it reading {read:.2f} s"),
        Result("7,899 rows: commit, CPU", written.cpu, "s", 1.5, f"writer held {written.held:.2f} s"),
        Result("7,899 rows: undo, CPU", undone.cpu, "s", 1.8, f"writer held {undone.held:.2f} s"),
    ]
