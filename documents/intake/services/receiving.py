"""A file comes in: within the day's quota it is read at once, or by a job if that would keep its sender waiting."""

import hashlib
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor, TimeoutError
from pathlib import Path
from typing import Any, Final, TypeVar

from django.db import transaction

from documents.intake.models import TAKES_TWO, ImportSession, SessionState
from documents.intake.reading.list_shape import UNITS
from documents.intake.reading.reader import read_list
from documents.intake.reading.results import ReadResult
from documents.intake.services.quota import require_quota
from documents.intake.services.staging import keep_source, stage_received
from documents.intake.services.uploads import as_file, reading_of, source_of, stage_upload
from projects.ledger.models import Project
from registry.accounts.selectors import actor_by_key
from registry.audit.recording import record
from registry.jobs.lease import Lease
from registry.jobs.services import enqueue
from registry.kernel.authority import Actor, Permission
from registry.lists.kinds import list_called
from registry.store.acts import Row, current_act, write
from registry.store.clock import database_now, shanghai_day

T = TypeVar("T")

JOB: Final = "imports.read"
AT_ONCE: Final = 1_000_000  # bytes of a file that is read while its sender waits: some 10,000 homes
BEAT_SECONDS: Final = 8.0


def take_upload(*, actor: Actor, project: Project, content: bytes, file_name: str) -> ImportSession:
    """Stage a unit list at once, or hand a large one to a job: its session then says it is being read."""
    require_quota(actor, len(content))
    if len(content) <= AT_ONCE:
        staged: ImportSession = stage_upload(actor=actor, project=project, content=content, file_name=file_name)
        return staged
    with transaction.atomic():
        session: ImportSession = receive_upload(
            actor=actor, project=project, content=content, file_name=Path(file_name).name
        )
        enqueue(
            actor=actor, kind=JOB, key=f"{JOB}:{session.pk}", params={"session": session.pk}, project_id=project.id,
            label=f"检查《{session.file_name}》"[:80],
        )  # fmt: skip
    return session


@write(Permission.IMPORT_STAGE, on="project", once=True)
def receive_upload(*, actor: Actor, project: Project, content: bytes, file_name: str) -> ImportSession:
    """Keep an upload, sealed, until a job has read it."""
    act = current_act()
    session: ImportSession = ImportSession.objects.create(
        project=project,
        kind=UNITS,
        file_name=file_name[:200],
        file_sha256=hashlib.sha256(content).hexdigest(),
        file_size=len(content),
        state=SessionState.READING,
        uploaded_by_id=actor.person_id,
        uploaded_at=act.recorded_at,
        act_id=act.id,
        params={TAKES_TWO: list_called(UNITS).takes_two(actor)},
    )
    keep_source(session, content)
    record(
        event="import.received",
        subject=session,
        chain=project.id,
        facts={"file": session.file_name},
        rows=[Row.added(session, "file_sha256", "state")],
    )
    return session


def read_received(lease: Lease) -> dict[str, Any]:
    """Read a kept upload and stage it; the asker's rights are read anew. A session read already stays so."""
    session = ImportSession.objects.select_related("project").get(pk=lease.job.params["session"])
    if session.state != SessionState.READING or session.project is None:
        return {"session": session.pk}
    actor = actor_by_key(person_key=lease.job.person_key, on=shanghai_day(database_now()))
    content, reading = source_of(session), reading_of(actor)
    code, name = session.project.code, session.file_name

    def read() -> ReadResult:
        with as_file(content, name) as path:
            return read_list(path, expected_project=code, file_name=name, reading=reading)

    result = _while_beating(lease, "读取、检查", read)
    with transaction.atomic():
        lease.beat(done=0, checkpoint={}, stage="与台账逐行核对", total=result.rows_present)
        stage_received(actor=actor, session=session, result=result)
        lease.beat(done=result.rows_present, checkpoint={}, stage="与台账逐行核对")
    return {"session": session.pk}


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
