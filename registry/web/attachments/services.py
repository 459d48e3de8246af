"""Attaching files: alone, or inside the act that they prove."""

import hashlib
import secrets
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from django.conf import settings
from django.db.models import QuerySet

from registry.audit.recording import record
from registry.kernel.authority import Actor, Permission
from registry.kernel.errors import DomainError
from registry.store.acts import Row, current_act, within_act, write
from registry.store.crypto import encrypt_bytes
from registry.store.locks import lock
from registry.store.scoping import TenantModel
from registry.web.attachments.kinds import MOST, clean_name, kind_of
from registry.web.attachments.selectors import place_of
from registry.web.attachments.subjects import SUBJECTS, project_key_of
from registry.web.models import Attachment


class AttachmentRefused(DomainError):
    """A file that can't be attached or voided."""


@dataclass(frozen=True)
class Upload:
    """A file as it came: its name and its content."""

    name: str
    content: bytes


@write(Permission.ATTACHMENT_ADD, on="subject")
def attach(
    *,
    actor: Actor,
    subject: TenantModel,
    uploads: Sequence[Upload],
    note: str = "",
    taken_on: date | None = None,
    place: str = "",
) -> list[Attachment]:
    """Seal files and hang them on a row. All or none; a file that hangs there already is refused by name.

    The files are written before the rows: an act that fails leaves sealed files that no row names, never the reverse.
    """
    act = current_act()
    label = SUBJECTS[subject._meta.db_table].label
    _check(uploads)
    hanging = set(_live(subject).values_list("sha256", flat=True))
    made: list[Attachment] = []
    for upload in uploads:
        name = clean_name(upload.name)
        kind = kind_of(name, upload.content)
        digest = hashlib.sha256(upload.content).hexdigest()
        if digest in hanging:
            raise AttachmentRefused(f"“{name}”已在该{label}的附件中，无需重复上传。请移除后提交。", field="uploads")
        hanging.add(digest)
        attachment = Attachment(
            project_key=project_key_of(subject),
            subject_table=subject._meta.db_table,
            subject_key=subject.pk,
            file_name=name,
            content_type=kind.content_type,
            size=len(upload.content),
            sha256=digest,
            path=_store(upload.content),
            note=note.strip()[:120],
            taken_on=taken_on,
            place=place.strip()[:80],
            uploaded_at=act.recorded_at,
            uploaded_by=act.actor.name,
            uploaded_by_key=act.actor.person_id,
            act_id=act.id,
        )
        attachment.save(force_insert=True)
        made.append(attachment)

    record(
        event="attachment.added",
        subject=subject,
        chain=project_key_of(subject),
        facts={"label": label, "count": len(made), "names": "、".join(one.file_name for one in made)[:300]},
        rows=[Row.added(one, "sha256", "size") for one in made],
    )
    return made


@within_act
def follow_attachments(*, project_keys: Collection[int]) -> int:
    """Let the files of some projects follow the rows they hang on into other projects; how many moved.

    Runs inside the act that moves the rows. Two queries, and one for each table of subjects.
    """
    by_table: dict[str, list[Attachment]] = {}
    for attachment in Attachment.objects.filter(project_key__in=project_keys):
        by_table.setdefault(attachment.subject_table, []).append(attachment)
    moved = []
    for table, files in by_table.items():
        model = SUBJECTS[table].model
        related = [model.scope_path] if model.scope_path else []
        rows = model._default_manager.select_related(*related).in_bulk([file.subject_key for file in files])
        for one in files:
            key = project_key_of(rows[one.subject_key])
            if key != one.project_key:
                one.project_key = key
                moved.append(one)
    Attachment.objects.bulk_update(moved, ["project_key"], batch_size=200)
    return len(moved)


def _check(uploads: Sequence[Upload]) -> None:
    if not uploads:
        raise AttachmentRefused("未选择文件。请选扫描件或照片后再提交。", field="uploads")
    if len(uploads) > MOST:
        raise AttachmentRefused(f"一次最多传{MOST}个文件，选了{len(uploads)}个。请分几次上传。", field="uploads")


def _live(subject: TenantModel) -> QuerySet[Attachment]:
    return Attachment.objects.filter(
        subject_table=subject._meta.db_table, subject_key=subject.pk, voided_at__isnull=True
    )


def _store(content: bytes) -> str:
    """Write a file sealed, under a name of chance, and see it on the disk."""
    name = secrets.token_hex(16)
    relative = f"attachments/{name[:2]}/{name}"
    path = Path(settings.FILES_DIR) / relative
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    path.write_bytes(encrypt_bytes(content, place_of(relative)))
    path.chmod(0o600)
    return relative


@write(Permission.ATTACHMENT_ADD, on="subject")
def void_attachment(*, actor: Actor, subject: TenantModel, attachment: Attachment, reason: str) -> Attachment:
    """Strike a file out with its reason: it stays stored and readable. Only who added it may."""
    current = lock(attachment)
    if (current.subject_table, current.subject_key) != (subject._meta.db_table, subject.pk):
        raise AttachmentRefused("这个附件不属于这条记录。")
    if current.voided_at is not None:
        raise AttachmentRefused(f"附件“{current}”已经作废。")
    if not reason.strip():
        raise AttachmentRefused("未填写作废原因。请写明错误之处。", field="reason")
    if not actor.is_system and actor.person_id != current.uploaded_by_key:
        raise AttachmentRefused(f"附件“{current}”由{current.uploaded_by}上传，只能由本人作废。", code="not_own")
    current.voided_at, current.void_reason = current_act().recorded_at, reason.strip()[:200]
    current.save(update_fields=["voided_at", "void_reason"])

    record(
        event="attachment.voided",
        subject=subject,
        chain=current.project_key,
        facts={"label": SUBJECTS[current.subject_table].label, "name": current.file_name},
        reason=reason,
        rows=[Row.of("web_attachment", current.pk, before={"voided": False}, after={"voided": True})],
    )
    return current
