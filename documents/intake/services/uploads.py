"""From an uploaded file to a staged session: read outside the transaction, written inside."""

import hashlib
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from documents.intake.models import ImportSession, SenderMapping, SourceFile
from documents.intake.reading.codes import FileRefused
from documents.intake.reading.list_shape import UNITS
from documents.intake.reading.marked_copy import write_marked_copy
from documents.intake.reading.reader import read_list
from documents.intake.reading.results import Reading
from documents.intake.selectors.sessions import marks_of
from documents.intake.services.sessions import ImportRefused
from documents.intake.services.staging import SOURCE, stage_import
from projects.ledger.models import Project
from registry.audit.recording import record
from registry.kernel.authority import Actor, Permission
from registry.kernel.columns import header_key
from registry.kernel.reasons import ASKED, is_substantial
from registry.lists.kinds import list_called
from registry.store.acts import Row, current_act, write
from registry.store.crypto import decrypt_bytes


def reading_of(actor: Actor, kind: str = UNITS) -> Reading:
    """Return how the actor's organisation writes a kind of list, as corrected by hand before. One query."""
    if actor.organisation_id is None:
        return Reading()
    known = SenderMapping.objects.filter(organisation_id=actor.organisation_id, kind=kind).first()
    return Reading() if known is None else Reading(headers=known.headers, words=known.words)


@contextmanager
def as_file(content: bytes, file_name: str) -> Iterator[Path]:
    """Lay an upload down for a reader, under no name of the sender's; it is gone afterwards."""
    with tempfile.TemporaryDirectory(prefix="intake-") as folder:
        path = Path(folder) / f"upload{Path(file_name).suffix.lower()[:8]}"
        path.write_bytes(content)
        yield path


def stage_file(
    *, actor: Actor, project: Project, path: Path, file_name: str, reading: Reading | None = None
) -> ImportSession:
    """Read a file in a child process and stage what it says. The file is not kept in clear anywhere."""
    actor.require(Permission.IMPORT_STAGE)
    content = path.read_bytes()
    result = read_list(path, expected_project=project.code, file_name=file_name, reading=reading or reading_of(actor))
    return stage_import(
        actor=actor,
        project=project,
        file_name=file_name,
        file_sha256=hashlib.sha256(content).hexdigest(),
        result=result,
        content=content,
    )


def stage_upload(
    *, actor: Actor, project: Project, content: bytes, file_name: str, reading: Reading | None = None
) -> ImportSession:
    """Stage an upload that came as bytes; its temporary copy is removed whatever happens."""
    with as_file(content, file_name) as path:
        name = Path(file_name).name
        return stage_file(actor=actor, project=project, path=path, file_name=name, reading=reading)


def source_of(session: ImportSession) -> bytes:
    """Open the upload of a session, if it is still kept. One query."""
    source = SourceFile.objects.filter(session=session).first()
    if source is None:
        raise ImportRefused("原文件已经销毁，不能再用。请重新上传。", code="source_gone")
    return decrypt_bytes(source.sealed, SOURCE)


def copy_needs_reason(session: ImportSession) -> bool:
    """Return whether the marked copy of a session bears people in clear: its list has columns of theirs."""
    return any(column.personal for column in list_called(session.kind).columns)


def marked_copy(*, actor: Actor, session: ImportSession, reason: str = "") -> bytes:
    """Make the sender's own file with its bad cells marked; that it was handed out, and what for, is on record.

    The copy of a list with people is in clear: refused without a reason of substance.
    """
    if copy_needs_reason(session) and not is_substantial(reason):
        raise ImportRefused(
            f"未填写用途，或过于简单。标注副本里有姓名、证件号码和电话，请写明用途，{ASKED}。", field="reason"
        )
    content = source_of(session)
    columns = list_called(session.kind).columns
    titles = {columns.by_name(name).header: title for name, title in session.mapping.items()}
    try:
        made = write_marked_copy(
            content,
            sheet=session.sheet,
            header_row=session.header_row or 1,
            titles=titles,
            marks=marks_of(session),
        )
    except FileRefused as refusal:
        raise ImportRefused(refusal.message, code="no_copy") from refusal
    note_copy(actor=actor, session=session, reason=reason)
    return made


@write(Permission.LIST_STAGE, on="session")
def note_copy(*, actor: Actor, session: ImportSession, reason: str) -> None:
    """Record that the upload left the house again, in clear, as its marked copy."""
    facts = {"file": session.file_name}
    record(event="import.copied", subject=session, chain=session.project_id, facts=facts, reason=reason.strip())


@write(Permission.LIST_STAGE, on="session")
def save_mapping(
    *,
    actor: Actor,
    session: ImportSession,
    headers: Mapping[str, str],
    words: Mapping[str, Mapping[str, str]],
) -> SenderMapping:
    """Keep which header of the sender's is which column, and what its words mean, for its next file too.

    Refused: a column that does not exist or is given two headers; a required column without a header.
    """
    if actor.organisation_id is None:
        raise ImportRefused("账号没有所在单位，不能保存列的对应。请用单位的账号上传。")
    columns = list_called(session.kind).columns
    known = set(columns.names)
    chosen = [name for name in headers.values() if name]
    if not set(chosen) <= known:
        raise ImportRefused("没有这一列。请从列表里选。")
    twice = next((name for name in chosen if chosen.count(name) > 1), None)
    if twice:
        raise ImportRefused(f"“{columns.by_name(twice).header}”对应了两列。请只留一列，另一列选择“不读取”。")
    lacking = [column.header for column in columns if column.required and column.name not in chosen]
    if lacking:
        raise ImportRefused(f"必填的列未对应：{'、'.join(lacking)}。请选择文件中对应的列。")
    act = current_act()
    mapping, _ = SenderMapping.objects.get_or_create(
        organisation_id=actor.organisation_id, kind=session.kind, defaults={"act_id": act.id}
    )
    before = {"headers": mapping.headers, "words": mapping.words}
    folded = {name: {header_key(word): value for word, value in said.items()} for name, said in words.items()}
    mapping.headers = {**mapping.headers, **headers}
    names = [column.name for column in list_called(session.kind).translatable]
    mapping.words = {name: {**mapping.words.get(name, {}), **folded.get(name, {})} for name in names}
    mapping.act_id = act.id
    mapping.save()

    record(
        event="import.mapped",
        subject=session,
        chain=session.project_id,
        facts={"file": session.file_name, "columns": len(chosen), "words": sum(len(said) for said in words.values())},
        rows=[
            Row.of(
                "documents_sendermapping",
                mapping.id,
                before=before,
                after={"headers": mapping.headers, "words": mapping.words},
            )
        ],
    )
    return mapping
