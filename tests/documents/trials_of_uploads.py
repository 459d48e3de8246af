"""What the trials of documents do with files that come in: read at once or by a job, of one project or of several."""

from documents.intake.models import ImportSession
from documents.intake.reading.across import Across
from documents.intake.reading.list_shape import UNITS
from documents.intake.reading.reader import read_list
from documents.intake.reading.results import ReadResult
from documents.intake.services.across import divide_file, divide_received
from documents.intake.services.list_sessions import stage_list_rows, stage_received_rows
from documents.intake.services.receiving import receive_upload
from documents.intake.services.staging import stage_import, stage_received
from documents.intake.services.uploads import as_file
from registry.lists.kinds import LISTS
from tests.documents.intake.reading.files import workbook
from tests.documents.intake.services.lists import DAY, listed
from tests.factories.projects import Estate, on_day
from tests.factories.trials import Prepared

NAME = "清册.xlsx"


def read(estate: Estate) -> tuple[bytes, ReadResult]:
    """A unit list and what its reader says."""
    content = workbook(listed(estate))
    with as_file(content, NAME) as path:
        return content, read_list(path, expected_project=estate.project.code, file_name=NAME)


def stage(estate: Estate) -> Prepared:
    content, result = read(estate)
    return lambda actor: stage_import(
        actor=actor, project=estate.project, file_name=NAME, file_sha256="0" * 64, result=result, content=content
    )


def receive(estate: Estate) -> Prepared:
    return lambda actor: receive_upload(
        actor=actor, project=estate.project, kind=LISTS[UNITS], content=b"PK", file_name=NAME, params={}
    )


def stage_later(estate: Estate) -> Prepared:
    content, result = read(estate)
    with on_day(DAY):
        session = receive_upload(
            actor=estate.cast.district.actor, project=estate.project, kind=LISTS[UNITS], content=content,
            file_name=NAME, params={},
        )  # fmt: skip
    return lambda actor: stage_received(actor=actor, session=session, result=result)


def received(estate: Estate, *, is_across: bool) -> ImportSession:
    """A list of acts, or a file of several projects, that a job is about to read."""
    with on_day(DAY):
        session: ImportSession = receive_upload(
            actor=estate.cast.district.actor, project=None if is_across else estate.project,
            kind=LISTS[UNITS if is_across else "buildings"], content=b"PK", file_name=NAME, params={},
        )  # fmt: skip
    return session


def stage_other_later(estate: Estate) -> Prepared:
    session = received(estate, is_across=False)
    return lambda actor: stage_received_rows(actor=actor, session=session, result=ReadResult(), results=[])


def divide(estate: Estate) -> Prepared:
    return lambda actor: divide_file(
        actor=actor, kind=LISTS[UNITS], file_name=NAME, content=b"PK", across=Across(ReadResult()), params={}
    )


def divide_later(estate: Estate) -> Prepared:
    session = received(estate, is_across=True)
    return lambda actor: divide_received(actor=actor, session=session, across=Across(ReadResult()))


def stage_other(estate: Estate) -> Prepared:
    return lambda actor: stage_list_rows(
        actor=actor, project=estate.project, kind=LISTS["buildings"], file_name=NAME, result=ReadResult(), found=[],
        content=b"PK", params={},
    )  # fmt: skip
