"""A list of 7,899 homes through the whole intake: read under guard, staged, previewed, written, undone."""

from datetime import date

from django.db import transaction

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
from tests.benchmarks.measure import Result, timed

HOMES = 7_899
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


def run() -> list[Result]:
    """Seconds to the preview, to the commit, and back."""
    with database():
        load_reference()
        project = new_project("CY-7899")
        content = unit_list(project.code)
        sessions: list[ImportSession] = []

        def preview() -> None:
            session = stage_upload(actor=ACTOR, project=project, content=content, file_name="清册.xlsx")
            preview_page(session, "added")
            error_kinds(session)
            warned_count(session)
            sessions.append(session)

        previewed = timed(preview)
        if sessions[-1].added != HOMES:
            raise AssertionError(f"staged {sessions[-1].added}: {sessions[-1].file_error}")

        def commit_and_forget() -> None:
            with transaction.atomic():
                commit_session(actor=ACTOR, session=sessions[-1], placed_on=DAY)
                transaction.set_rollback(True)

        written = timed(commit_and_forget)
        session = commit_session(actor=ACTOR, session=sessions[-1], placed_on=DAY)
        undone = timed(lambda: undo_session(actor=ACTOR, session=session, reason="测速"), rounds=1)
    return [
        Result("7,899 rows: intake to preview", previewed, "s", 6),
        Result("7,899 rows: commit", written, "s", 3),
        Result("7,899 rows: undo", undone, "s", 6),
    ]
