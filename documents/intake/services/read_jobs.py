"""The job that reads a kept upload: a unit list, a list of acts with its trial, or a file of several projects."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor, TimeoutError
from typing import Any, Final, TypeVar

from django.db import transaction

from documents.intake.models import ACROSS, ImportSession, SessionState
from documents.intake.reading.list_shape import ListShape
from documents.intake.reading.reader import read_list
from documents.intake.reading.results import ReadResult
from documents.intake.services.across import divide_received, read_parts, stage_part
from documents.intake.services.list_sessions import stage_received_rows, tried_beside
from documents.intake.services.staging import stage_received
from documents.intake.services.uploads import as_file, reading_of, source_of
from projects.ledger.selectors.projects import codes_by_word
from registry.accounts.selectors import actor_by_key
from registry.jobs.lease import Lease
from registry.kernel.authority import Actor
from registry.lists.kinds import list_called
from registry.store.clock import database_now, shanghai_day

T = TypeVar("T")

BEAT_SECONDS: Final = 8.0
READING: Final = "读取、检查"
BESIDE: Final = "与台账逐行核对"


def read_received(lease: Lease) -> dict[str, Any]:
    """Read a kept upload and stage it; the asker's rights are read anew. A session read already stays so."""
    session = ImportSession.objects.select_related("project").get(pk=lease.job.params["session"])
    if session.state != SessionState.READING:
        return {"session": session.pk}
    actor = actor_by_key(person_key=lease.job.person_key, on=shanghai_day(database_now()))
    if session.params.get(ACROSS):
        _divide(lease, session, actor)
    else:
        _stage(lease, session, actor)
    return {"session": session.pk}


def _stage(lease: Lease, session: ImportSession, actor: Actor) -> None:
    kind, name = list_called(session.kind), session.file_name
    code = session.project.code if session.project is not None else ""
    content, reading = source_of(session), reading_of(actor, kind.name)

    def read() -> ReadResult:
        with as_file(content, name) as path:
            return read_list(path, expected_project=code, file_name=name, shape=ListShape.of(kind), reading=reading)

    result = _while_beating(lease, READING, read)
    with transaction.atomic():
        lease.beat(done=0, checkpoint={}, stage=BESIDE, total=result.rows_present)
    if kind.is_placed:
        with transaction.atomic():
            stage_received(actor=actor, session=session, result=result)
            lease.beat(done=result.rows_present, checkpoint={}, stage=BESIDE)
        return
    results = [] if result.file_error else tried_beside(actor, session.project, kind, result, session.params)
    with transaction.atomic():
        stage_received_rows(actor=actor, session=session, result=result, results=results)
        lease.beat(done=result.rows_present, checkpoint={}, stage=BESIDE)


def _divide(lease: Lease, session: ImportSession, actor: Actor) -> None:
    """Stage part by part, each in a transaction of its own; a job taken over goes on with those that are not there."""
    kind, content = list_called(session.kind), source_of(session)
    known, reading = codes_by_word(actor), reading_of(actor, kind.name)
    across = _while_beating(lease, READING, lambda: read_parts(kind, content, session.file_name, known, reading))
    there, done = set(session.parts.values_list("project__code", flat=True)), 0
    for code, result in across.parts.items():
        with transaction.atomic():
            if code not in there:
                stage_part(actor=actor, whole=session, kind=kind, code=code, result=result)
            done += result.rows_present
            lease.beat(done=done, checkpoint={}, stage=BESIDE, total=across.rows_present)
    with transaction.atomic():
        divide_received(actor=actor, session=session, across=across)
        lease.beat(done=across.rows_present, checkpoint={}, stage=BESIDE)


def _while_beating(lease: Lease, stage: str, work: Callable[[], T]) -> T:
    """Do what takes long without the database, telling the lease meanwhile that someone is at it."""
    with ThreadPoolExecutor(max_workers=1) as pool:
        future = pool.submit(work)
        while True:
            with transaction.atomic():
                lease.beat(done=0, checkpoint={}, stage=stage)
            try:
                return future.result(timeout=BEAT_SECONDS)
            except TimeoutError:
                continue
