"""A file comes in: within the day's quota it is read at once, or by a job if that would keep its sender waiting."""

import hashlib
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from django.db import transaction

from documents.intake.models import TAKES_TWO, ImportSession, SessionState
from documents.intake.reading.list_shape import UNITS
from documents.intake.services.quota import require_quota
from documents.intake.services.staging import keep_source
from documents.intake.services.uploads import stage_upload
from projects.ledger.models import Project
from registry.audit.recording import record
from registry.jobs.services import enqueue
from registry.kernel.authority import Actor, Permission
from registry.lists.kinds import ListKind, list_called
from registry.store.acts import Row, current_act, write

JOB: Final = "imports.read"
AT_ONCE: Final = 1_000_000  # bytes of a file that is read while its sender waits: some 10,000 homes


def take_upload(*, actor: Actor, project: Project, content: bytes, file_name: str) -> ImportSession:
    """Stage a unit list at once, or hand a large one to a job: its session then says it is being read."""
    require_quota(actor, len(content))
    if len(content) <= AT_ONCE:
        staged: ImportSession = stage_upload(actor=actor, project=project, content=content, file_name=file_name)
        return staged
    return hand_to_job(actor=actor, project=project, kind=list_called(UNITS), content=content, file_name=file_name)


def hand_to_job(
    *,
    actor: Actor,
    project: Project | None,
    kind: ListKind,
    content: bytes,
    file_name: str,
    params: Mapping[str, Any] | None = None,
) -> ImportSession:
    """Keep an upload and ask for the job that reads it, in one transaction."""
    with transaction.atomic():
        session: ImportSession = receive_upload(
            actor=actor,
            project=project,
            kind=kind,
            content=content,
            file_name=Path(file_name).name,
            params=params or {},
        )
        enqueue(
            actor=actor, kind=JOB, key=f"{JOB}:{session.pk}", params={"session": session.pk},
            project_id=session.project_id, label=f"检查《{session.file_name}》"[:80],
        )  # fmt: skip
    return session


@write(Permission.LIST_STAGE, on="project", once=True)
def receive_upload(
    *, actor: Actor, project: Project | None, kind: ListKind, content: bytes, file_name: str, params: Mapping[str, Any]
) -> ImportSession:
    """Keep an upload, sealed, until a job has read it."""
    actor.require(kind.sent_by)
    act = current_act()
    session: ImportSession = ImportSession.objects.create(
        project=project,
        kind=kind.name,
        file_name=file_name[:200],
        file_sha256=hashlib.sha256(content).hexdigest(),
        file_size=len(content),
        state=SessionState.READING,
        uploaded_by_id=actor.person_id,
        uploaded_at=act.recorded_at,
        act_id=act.id,
        params={**params, TAKES_TWO: kind.takes_two(actor)},
    )
    keep_source(session, content)
    record(
        event="import.received",
        subject=session,
        chain=session.project_id,
        facts={"file": session.file_name},
        rows=[Row.added(session, "file_sha256", "state")],
    )
    return session
