"""Reading the sealed archive of papers: each file against its hash."""

import hashlib
from pathlib import Path
from typing import Final

from django.conf import settings

from documents.papers.models import Paper
from documents.papers.powers import PaperRefused
from registry.store.crypto import decrypt_bytes

PLACE: Final = "file"
PDF: Final = b"%PDF"


def content_of(path: str) -> bytes:
    """Open a sealed file. Raises FileNotFoundError, SealBroken. Files from before are sealed as text."""
    data = decrypt_bytes((Path(settings.FILES_DIR) / path).read_bytes(), PLACE)
    return data if data.startswith(PDF) else bytes.fromhex(data.decode())


def read_pdf(paper: Paper) -> bytes:
    """Open the archived file of a paper and prove it by its hash."""
    if not paper.pdf_hash:
        raise PaperRefused(f"{paper.number}已编号，正在排版存档。请稍后再打开。", code="not_archived")
    try:
        data = content_of(paper.pdf_path)
    except FileNotFoundError as error:
        raise PaperRefused(f"{paper.number}的存档文件不在。请联系系统管理员从备份恢复。") from error
    if hashlib.sha256(data).hexdigest() != paper.pdf_hash:
        raise PaperRefused(f"{paper.number}的存档与登记的校验值不符，不能打开。请联系系统管理员。")
    return data
