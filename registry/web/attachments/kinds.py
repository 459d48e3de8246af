"""What may be attached: told by the first bytes, never by the name that the sender gave."""

from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import Final

from registry.kernel.errors import DomainError

LIMIT: Final = 20 * 1024 * 1024
MOST: Final = 20
NAME: Final = 120


class FileKindRefused(DomainError):
    """A file that can't be attached."""


@dataclass(frozen=True)
class FileKind:
    """A kind of file: its endings, its content type, and whether browsers show it safely by themselves."""

    label: str
    endings: tuple[str, ...]
    content_type: str
    is_shown: bool


PDF = FileKind("PDF", (".pdf",), "application/pdf", True)
JPEG = FileKind("JPG", (".jpg", ".jpeg"), "image/jpeg", True)
PNG = FileKind("PNG", (".png",), "image/png", True)
OFD = FileKind("OFD", (".ofd",), "application/ofd", False)
KINDS: Final = (PDF, JPEG, PNG, OFD)
ACCEPT: Final = ",".join(ending for kind in KINDS for ending in kind.endings)
BY_TYPE: Final = {kind.content_type: kind for kind in KINDS}


def kind_of(name: str, content: bytes) -> FileKind:
    """Return the kind of a file; raises FileKindRefused in words for the sender."""
    if not content:
        raise FileKindRefused(f"“{name}”是空文件。请重新扫描或拍照后上传。", field="uploads")
    if len(content) > LIMIT:
        raise FileKindRefused(
            f"“{name}”超过20MB。请分成几个文件，或降低扫描分辨率（300dpi灰度即可）。", field="uploads"
        )
    kind = _by_magic(content)
    if kind is None:
        raise FileKindRefused(f"“{name}”不是PDF、JPG、PNG或OFD。请扫描成PDF，或把照片存成JPG后上传。", field="uploads")
    if PurePosixPath(name.lower()).suffix not in kind.endings:
        raise FileKindRefused(
            f"“{name}”的内容是{kind.label}，和文件名不符。请改成{kind.endings[0]}再上传。", field="uploads"
        )
    return kind


def _by_magic(content: bytes) -> FileKind | None:
    if content.startswith(b"%PDF-"):
        return PDF
    if content.startswith(b"\xff\xd8\xff"):
        return JPEG
    if content.startswith(b"\x89PNG\r\n\x1a\n"):
        return PNG
    if content.startswith(b"PK\x03\x04") and b"OFD.xml" in content[:4096]:
        return OFD
    return None


def clean_name(name: str) -> str:
    """Return a file's own name without folders and control characters, cut so that its ending stays."""
    bare = name.replace("\\", "/").rsplit("/", 1)[-1]
    shown = "".join(character for character in bare if character.isprintable()).strip() or "未命名"
    if len(shown) <= NAME:
        return shown
    ending = PurePosixPath(shown).suffix[:10]
    return shown[: NAME - len(ending)] + ending
