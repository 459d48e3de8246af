"""One file of several projects: divided into a session of each, every one of the ordinary kind with all its rules."""

import hashlib
from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any, Final

from django.db import transaction

from documents.intake.models import ACROSS, ROWS, ImportSession, SessionState
from documents.intake.reading.across import Across
from documents.intake.reading.list_shape import UNITS, ListShape
from documents.intake.reading.reader import read_across
from documents.intake.reading.results import Reading, ReadResult
from documents.intake.services.list_sessions import carry_out_session, stage_list_rows, tried_beside
from documents.intake.services.quota import require_quota
from documents.intake.services.receiving import AT_ONCE, hand_to_job
from documents.intake.services.sessions import commit_session, submit_session
from documents.intake.services.staging import (
    StagedTuple,
    code_words,
    create_session,
    normalised_by_row,
    stage_import,
    taken_over,
    write_staged_rows,
)
from documents.intake.services.uploads import as_file, reading_of
from projects.ledger.selectors.projects import codes_by_word, project_by_code
from projects.progress.lists import STAGES
from registry.kernel.authority import Actor, Permission
from registry.kernel.errors import DomainError
from registry.lists.kinds import ListKind, list_called
from registry.store.acts import within_act, write
from registry.store.once import once

KINDS: Final = (STAGES, UNITS)


def take_across(
    *,
    actor: Actor,
    kind: ListKind,
    content: bytes,
    file_name: str,
    params: Mapping[str, Any] | None = None,
    reading: Reading | None = None,
) -> ImportSession:
    """Divide a file at once, in one transaction, or hand a large one to a job."""
    actor.require(kind.sent_by)
    require_quota(actor, len(content))
    name = Path(file_name).name
    said = {**(params or {}), "file": name, ACROSS: True}
    if len(content) > AT_ONCE:
        return hand_to_job(actor=actor, project=None, kind=kind, content=content, file_name=name, params=said)
    across = read_parts(kind, content, name, codes_by_word(actor), reading or reading_of(actor, kind.name))
    with transaction.atomic():
        whole: ImportSession = divide_file(
            actor=actor, kind=kind, file_name=name, content=content, across=across, params=said
        )
        if not whole.parts.exists():  # else the form was sent twice
            for code, result in across.parts.items():
                stage_part(actor=actor, whole=whole, kind=kind, code=code, result=result)
    return whole


def read_parts(kind: ListKind, content: bytes, file_name: str, known: Mapping[str, str], reading: Reading) -> Across:
    """Read a file of several projects, each row for the project that it names among those known. No query."""
    with as_file(content, file_name) as path:
        return read_across(path, known=known, file_name=file_name, shape=ListShape.of(kind), reading=reading)


def stage_part(*, actor: Actor, whole: ImportSession, kind: ListKind, code: str, result: ReadResult) -> ImportSession:
    """Stage what a file says of one project, by the act of an upload to that project."""
    project = project_by_code(actor, code)
    what: dict[str, Any] = {"actor": actor, "project": project, "file_name": whole.file_name, "result": result}
    with once(""):  # the key of the form is for the whole, and each part is an act of its own
        if kind.is_placed:
            staged: ImportSession = stage_import(file_sha256=whole.file_sha256, whole=whole, **what)
            return staged
        said = {name: value for name, value in whole.params.items() if name not in (ACROSS, ROWS)}
        tried = tried_beside(actor, project, kind, result, said)
        part: ImportSession = stage_list_rows(kind=kind, found=tried, content=b"", params=said, whole=whole, **what)
        return part


@write(Permission.LIST_STAGE, once=True)
def divide_file(
    *, actor: Actor, kind: ListKind, file_name: str, content: bytes, across: Across, params: Mapping[str, Any]
) -> ImportSession:
    """Keep a file of several projects with the rows that are of none, each refused with all its faults."""
    actor.require(kind.sent_by)
    digest = hashlib.sha256(content).hexdigest()
    session = create_session(
        actor=actor, project=None, kind=kind.name, file_name=file_name, file_sha256=digest, result=across.rest
    )
    session.params, session.file_size = {**params, **session.params}, len(content)
    return _divided(session, across, content)


@write(Permission.LIST_STAGE, on="session")
def divide_received(*, actor: Actor, session: ImportSession, across: Across) -> ImportSession:
    """Close the reading of a large file whose parts a job has staged."""
    return _divided(taken_over(actor, session, across.rest), across, b"")


@within_act
def _divided(session: ImportSession, across: Across, content: bytes) -> ImportSession:
    session.params = {**session.params, ROWS: across.rows_present}
    if not across.rest.file_error:
        session.state = SessionState.DIVIDED
    return write_staged_rows(session, result=across.rest, staged=_rows_of_none(across.rest), content=content)


def _rows_of_none(rest: ReadResult) -> list[StagedTuple]:
    faults: dict[int, list[dict[str, str]]] = defaultdict(list)
    for error in rest.errors:
        faults[error.row].append({"column": error.column, "code": error.code, "message": error.message})
    changed = normalised_by_row(rest)
    staged: list[StagedTuple] = [
        (
            row, "refused", None, dict(rest.shown.get(row, {})), None, [], wrong,
            code_words(rest.row_warnings.get(row, ())), code_words(dict.fromkeys(each["code"] for each in wrong)),
            " ".join(rest.shown.get(row, {}).values())[:120], "", [], changed.get(row, []),
        )
        for row, wrong in faults.items()
    ]  # fmt: skip
    for row, reason in rest.skipped:
        skipped = [{"column": "", "code": "", "message": reason}]
        staged.append((row, "skipped", None, {}, None, [], skipped, "", "", reason, "", [], []))
    return sorted(staged, key=lambda row: row[0])


def is_clean(part: ImportSession) -> bool:
    """Tell whether the whole of a part can be written as it stands: nothing refused, something to write."""
    return part.state == SessionState.STAGED and not part.refused and bool(part.added + part.changed)


def write_clean_parts(
    *, actor: Actor, parts: Sequence[ImportSession], placed_on: date, without: bool = True
) -> list[tuple[ImportSession, str]]:
    """Write each clean part in a transaction of its own, or hand it to the second person whom it takes.

    Returns the parts that were refused meanwhile, each with the reason: the others are written all the same.
    """
    refused = []
    for part in (part for part in parts if is_clean(part)):
        kind = list_called(part.kind)
        try:
            with once(""):  # one button, several acts
                if part.takes_two or kind.takes_two(actor):
                    submit_session(actor=actor, session=part, without=without)
                elif kind.is_placed:
                    commit_session(actor=actor, session=part, placed_on=placed_on, without=without)
                else:
                    carry_out_session(actor=actor, session=part)
        except DomainError as refusal:
            refused.append((part, refusal.message))
    return refused
