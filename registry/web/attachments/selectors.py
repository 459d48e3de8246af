"""Reading attachments: those of a row, and one of them opened."""

import hashlib
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from django.conf import settings

from registry.kernel.authority import Actor, Permission
from registry.kernel.errors import DomainError, NotFound
from registry.store.crypto import decrypt_bytes
from registry.store.scoping import TenantModel
from registry.web.attachments.kinds import ACCEPT
from registry.web.attachments.subjects import subject_row
from registry.web.models import Attachment


class FileBroken(DomainError):
    """A stored file that is gone or not what it was."""


def attachments_of(row: TenantModel) -> list[Attachment]:
    """List a row's files, the voided last. The caller has checked who sees the row. One query."""
    attachments = Attachment.objects.filter(subject_table=row._meta.db_table, subject_key=row.pk)
    return list(attachments.order_by("voided_at", "id"))


def attachments_of_many(rows: Sequence[TenantModel]) -> dict[int, list[Attachment]]:
    """List the files of rows of one table, by their key; voided ones are left out. One query."""
    by_row: dict[int, list[Attachment]] = {row.pk: [] for row in rows}
    if rows:
        live = Attachment.objects.filter(subject_table=rows[0]._meta.db_table, voided_at__isnull=True)
        for attachment in live.filter(subject_key__in=list(by_row)).order_by("id"):
            by_row[attachment.subject_key].append(attachment)
    return by_row


def attachments_box(actor: Actor, row: TenantModel) -> Mapping[str, Any]:
    """Return what `_components/attachments.html` shows of a row: its files, and whether to add. One query."""
    return {
        "files": attachments_of(row),
        "table": row._meta.db_table,
        "key": row.pk,
        "may_add": actor.can(Permission.ATTACHMENT_ADD),
        "accept": ACCEPT,
    }


def attachment_for(actor: Actor, key: int) -> tuple[Attachment, Any]:
    """Return a file's row and the row it hangs on, to those who may read that. NotFound else. Two queries."""
    attachment = Attachment.objects.filter(pk=key).first()
    if attachment is None:
        raise NotFound("未找到这个附件。")
    return attachment, subject_row(actor, attachment.subject_table, attachment.subject_key)


def place_of(path: str) -> str:
    """Name the place that a stored file is sealed for: a file moved to another's place doesn't open."""
    return f"web_attachment.{path}"


def read_attachment(attachment: Attachment) -> bytes:
    """Open a stored file and prove it by its hash; raises FileBroken."""
    path = Path(settings.FILES_DIR) / attachment.path
    try:
        content = decrypt_bytes(path.read_bytes(), place_of(attachment.path))
    except FileNotFoundError as error:
        raise FileBroken(f"附件“{attachment}”的存档文件不在。请联系系统管理员从备份恢复。") from error
    if hashlib.sha256(content).hexdigest() != attachment.sha256:
        raise FileBroken(f"附件“{attachment}”与登记的校验值不符，不能打开。请联系系统管理员。")
    return content
