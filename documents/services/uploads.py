"""From an uploaded file to a staged session: read outside the transaction, written inside."""

import hashlib
import tempfile
from pathlib import Path

from documents.intake.reader import read_unit_list
from documents.models import ImportSession
from documents.services.imports import stage_import
from projects.ledger.models import Project
from registry.kernel.authority import Actor, Permission


def stage_file(*, actor: Actor, project: Project, path: Path, file_name: str) -> ImportSession:
    """This will read a file in a child process and stage what it says. The file is not kept in clear anywhere."""
    actor.require(Permission.IMPORT_STAGE)
    digest = hashlib.sha256(path.read_bytes()).hexdigest()
    result = read_unit_list(path, expected_project=project.code, file_name=file_name)
    return stage_import(actor=actor, project=project, file_name=file_name, file_sha256=digest, result=result)


def stage_upload(*, actor: Actor, project: Project, content: bytes, file_name: str) -> ImportSession:
    """This will stage an upload that came as bytes; its temporary copy is removed whatever happens."""
    with tempfile.TemporaryDirectory(prefix="intake-") as folder:
        path = Path(folder) / f"upload{Path(file_name).suffix.lower()[:8]}"
        path.write_bytes(content)
        return stage_file(actor=actor, project=project, path=path, file_name=Path(file_name).name)
