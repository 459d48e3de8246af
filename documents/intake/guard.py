"""The guard: what a file is, and whether it may be parsed at all. Counts bytes really inflated, before any parser."""

import re
import stat
import zipfile
import zlib
from pathlib import Path
from typing import Final, Literal

from documents.intake.codes import FileRefused

MOST_BYTES: Final = 20 * 1024 * 1024
MOST_ENTRIES: Final = 200
MOST_PART: Final = 300 * 1024 * 1024
MOST_TOTAL: Final = 400 * 1024 * 1024
RATIO_FROM: Final = 32 * 1024 * 1024
MOST_RATIO: Final = 200
CHUNK: Final = 1024 * 1024
ENTITY: Final = re.compile(rb"<!\s*(?:DOCTYPE|ENTITY)", re.IGNORECASE)
Format = Literal["xlsx", "csv"]


def inspect_file(path: Path) -> Format:
    """This will say what a file is, or raise FileRefused with the reason. Reads at most 400 MB of inflated data."""
    size = path.stat().st_size
    if size == 0:
        raise FileRefused("EMPTY_FILE")
    if size > MOST_BYTES:
        raise FileRefused("ZIP_BOMB", "文件超过 20 MB。请按楼栋拆成几个文件。")
    with path.open("rb") as file:
        head = file.read(4096)
    if head.startswith(b"PK\x03\x04"):
        guard_archive(path)
        return "xlsx"
    if head.startswith(b"PK"):
        raise FileRefused("CORRUPT")
    if head.startswith(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"):
        raise FileRefused("ENCRYPTED" if _is_encrypted(path) else "OLD_XLS")
    if re.match(rb"\s*(?:\xef\xbb\xbf)?\s*<(?:!doctype|html|table|\?xml|meta|head)", head, re.IGNORECASE):
        raise FileRefused("HTML_AS_XLS")
    if head.startswith((b"%PDF", b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"Rar!", b"7z\xbc\xaf", b"\x1f\x8b")):
        raise FileRefused("NOT_A_SPREADSHEET")
    return "csv"


def _is_encrypted(path: Path) -> bool:
    data = path.read_bytes()
    return "EncryptedPackage".encode("utf-16-le") in data or "EncryptionInfo".encode("utf-16-le") in data


def guard_archive(path: Path) -> None:
    """This will refuse an archive that lies about itself, inflates too far, or hides more than a workbook."""
    try:
        with zipfile.ZipFile(path) as archive:
            entries = archive.infolist()
            _guard_names(entries)
            _guard_overlap(entries, path.stat().st_size)
            total = 0
            for entry in entries:
                total += _inflate(archive, entry, total)
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, OSError, ValueError, RuntimeError) as error:
        raise FileRefused("CORRUPT") from error
    names = {entry.filename for entry in entries}
    if any("vbaProject" in name for name in names):
        raise FileRefused("MACRO")
    if "[Content_Types].xml" not in names or not any(name.endswith("workbook.xml") for name in names):
        raise FileRefused("NOT_A_SPREADSHEET")


def _guard_names(entries: list[zipfile.ZipInfo]) -> None:
    if len(entries) > MOST_ENTRIES:
        raise FileRefused("TOO_MANY_ENTRIES")
    names = [entry.filename.lower() for entry in entries]
    if len(set(names)) != len(names):
        raise FileRefused("DUP_ENTRY")
    for entry in entries:
        parts = entry.filename.replace("\\", "/").split("/")
        is_link = stat.S_ISLNK(entry.external_attr >> 16)
        if ".." in parts or parts[0] == "" or ":" in parts[0] or is_link:
            raise FileRefused("ZIP_SLIP")


def _guard_overlap(entries: list[zipfile.ZipInfo], size: int) -> None:
    end = 0
    for entry in sorted(entries, key=lambda one: one.header_offset):
        start = entry.header_offset
        if start < end or start + entry.compress_size > size:
            raise FileRefused("ZIP_OVERLAP")
        end = start + 30 + len(entry.filename.encode()) + entry.compress_size


def _inflate(archive: zipfile.ZipFile, entry: zipfile.ZipInfo, before: int) -> int:
    done, tail = 0, b""
    is_xml = entry.filename.lower().endswith((".xml", ".rels"))
    with archive.open(entry) as part:
        while chunk := part.read(CHUNK):
            done += len(chunk)
            too_dense = done > RATIO_FROM and done > MOST_RATIO * max(1, entry.compress_size)
            if done > MOST_PART or before + done > MOST_TOTAL or too_dense:
                raise FileRefused("ZIP_BOMB")
            if is_xml:
                window = (tail + chunk).replace(b"\x00", b"")
                if ENTITY.search(window):
                    raise FileRefused("XML_ENTITY")
                tail = chunk[-32:]
            if b"macroEnabled" in chunk and entry.filename == "[Content_Types].xml":
                raise FileRefused("MACRO")
    return done
