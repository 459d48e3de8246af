"""The guard: what a file is, and whether it may be parsed at all. Counts bytes really inflated, before any parser."""

import html
import re
import stat
import struct
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO, Final, Literal, NamedTuple

from documents.intake.reading.codes import FileRefused
from documents.intake.reading.legacy_xls import refuse_legacy

MEGABYTE: Final = 1024 * 1024
MOST_BYTES: Final = 20 * MEGABYTE
NOT_SENT: Final = "文件超过20 MB，没有上传。请按楼栋或项目拆成几个文件。"  # by its announced size
MOST_ENTRIES: Final = 200
MOST_PART: Final = 300 * MEGABYTE
MOST_TOTAL: Final = 400 * MEGABYTE
RATIO_FROM: Final = 32 * MEGABYTE
MOST_RATIO: Final = 200
DEFLATE_MOST: Final = 1032
CHUNK: Final = 256 * 1024
OVERLAP: Final = 64  # the longest thing looked for, in four-byte characters, lies wholly in a chunk and its neighbour
ENTITY: Final = re.compile(rb"<!(?:DOCTYPE|ENTITY)", re.IGNORECASE)
DECLARED: Final = re.compile(rb"^<\?xml[^>]*?encoding\s*=\s*[\"']([A-Za-z0-9._-]+)", re.IGNORECASE)
ENCODINGS: Final = frozenset({b"utf-8", b"utf8", b"utf-16", b"us-ascii", b"ascii", b"iso-8859-1"})
UNREAD: Final = ("xl/media/", "xl/embeddings/", "docprops/thumbnail", "xl/printersettings/")
CENTRAL: Final = b"PK\x01\x02"
BOOK: Final = (b"spreadsheetml.sheet.main", b"spreadsheetml.template.main", b"ms-excel.sheet", b"ms-excel.template")
TYPES: Final = "[Content_Types].xml"
Format = Literal["xlsx", "csv"]


class Limits(NamedTuple):
    """How much a file may hold: its own bytes, what one of its parts and all of them inflate to; what to say beyond."""

    size: int
    part: int
    total: int
    too_large: str


CITY: Final = Limits(400 * MEGABYTE, 3072 * MEGABYTE, 4096 * MEGABYTE, "文件超过 400 MB。请按区拆成几个文件。")


def _limits() -> Limits:
    """What an upload may hold; read when asked."""
    return Limits(MOST_BYTES, MOST_PART, MOST_TOTAL, "文件超过 20 MB。请按楼栋拆成几个文件。")


def inspect_file(path: Path, limits: Limits | None = None) -> Format:
    """Say what a file is, or raise FileRefused with the reason. Inflates 400 MB at most, keeps nothing.

    `limits` other than those of an upload are for files that an operator laid on the machine.
    """
    most = limits or _limits()
    size = path.stat().st_size
    if size == 0:
        raise FileRefused("EMPTY_FILE")
    with path.open("rb") as file:
        head = file.read(4096)
    is_archive = head.startswith(b"PK")
    if size > most.size:
        raise FileRefused("ZIP_BOMB" if is_archive else "TOO_MANY_ROWS", most.too_large)
    if is_archive:
        guard_archive(path, most)
        return "xlsx"
    refuse_legacy(head, path.read_bytes())
    return "csv"


def guard_archive(path: Path, limits: Limits | None = None) -> None:
    """Refuse an archive that lies about itself, inflates too far, or hides more than a workbook."""
    most = limits or _limits()
    if path.read_bytes().count(CENTRAL) > 20 * MOST_ENTRIES:
        raise FileRefused("TOO_MANY_ENTRIES")
    try:
        with zipfile.ZipFile(path) as archive:
            entries, directory = archive.infolist(), archive.start_dir
        _guard_names(entries)
        with path.open("rb") as file:
            starts = _guard_places(file, entries, directory)
            types = _guard_contents(file, entries, starts, most)
    except (zipfile.BadZipFile, zlib.error, struct.error, EOFError, NotImplementedError, OSError, ValueError) as error:
        raise FileRefused("CORRUPT") from error
    _guard_kind(entries, types)


def _guard_names(entries: list[zipfile.ZipInfo]) -> None:
    if len(entries) > MOST_ENTRIES:
        raise FileRefused("TOO_MANY_ENTRIES")
    if any(entry.flag_bits & 0x1 for entry in entries):
        raise FileRefused("ENCRYPTED")
    for entry in entries:
        parts = entry.orig_filename.replace("\\", "/").split("/")
        is_link = stat.S_ISLNK(entry.external_attr >> 16)
        if ".." in parts or parts[0] == "" or ":" in parts[0] or "\x00" in entry.orig_filename or is_link:
            raise FileRefused("ZIP_SLIP")
    names = {_settled(entry.filename) for entry in entries}
    if len(names) != len(entries):
        raise FileRefused("DUP_ENTRY")


def _settled(name: str) -> str:
    """Return what two spellings of a name share: ./xl//a.xml and XL\\a.xml are xl/a.xml to one program or another."""
    return "/".join(part for part in name.replace("\\", "/").lower().split("/") if part not in ("", "."))


def _guard_places(file: BinaryIO, entries: list[zipfile.ZipInfo], directory: int) -> dict[str, int]:
    """Return where each entry's data begin; no two entries, and no entry and the directory, may share a byte."""
    starts, end = {}, 0
    for entry in sorted(entries, key=lambda member: member.header_offset):
        if entry.header_offset < end:
            raise FileRefused("ZIP_OVERLAP")
        file.seek(entry.header_offset)
        magic, *_, name_length, extra_length = struct.unpack("<4s5H3I2H", file.read(30))
        name = file.read(name_length)
        if magic != b"PK\x03\x04" or name.replace(b"\\", b"/") not in _spellings(entry):
            raise FileRefused("CORRUPT")
        starts[entry.filename] = entry.header_offset + 30 + name_length + extra_length
        end = starts[entry.filename] + entry.compress_size
        if end > directory:
            raise FileRefused("ZIP_OVERLAP")
    return starts


def _spellings(entry: zipfile.ZipInfo) -> set[bytes]:
    name = entry.orig_filename.replace("\\", "/")
    return {name.encode(encoding, errors="replace") for encoding in ("utf-8", "cp437")}


def _guard_contents(file: BinaryIO, entries: list[zipfile.ZipInfo], starts: dict[str, int], most: Limits) -> bytes:
    """Inflate every entry, keeping nothing but the list of content types, which is returned."""
    stated = [entry.file_size for entry in entries if entry.file_size <= DEFLATE_MOST * entry.compress_size]
    if max(stated, default=0) > most.part or sum(stated) > most.total:
        raise FileRefused("ZIP_BOMB")  # by its own words; what states less, or the impossible, is inflated and counted
    total, types = 0, bytearray()
    for entry in entries:
        done, check, tail = 0, 0, b""
        name = entry.filename.lower()
        is_read = name.endswith((".xml", ".rels")) or not name.startswith(UNREAD)
        for chunk in _inflated(file, entry, starts[entry.filename]):
            done += len(chunk)
            too_dense = done > RATIO_FROM and done > MOST_RATIO * max(1, entry.compress_size)
            if done > most.part or total + done > most.total or too_dense:
                raise FileRefused("ZIP_BOMB")
            check = zlib.crc32(chunk, check)
            if is_read:
                _guard_markup(tail + chunk, is_start=done == len(chunk))
                tail = chunk[-OVERLAP:]
            if entry.filename == TYPES and len(types) < MEGABYTE:
                types += chunk
        if done != entry.file_size or check != entry.CRC:
            raise FileRefused("CORRUPT")
        total += done
    return bytes(types).replace(b"\x00", b"")


def _inflated(file: BinaryIO, entry: zipfile.ZipInfo, start: int) -> Iterator[bytes]:
    """Yield what an entry really holds, whatever its header says of its size."""
    if entry.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        raise FileRefused("CORRUPT")
    file.seek(start)
    left = entry.compress_size
    inflater = zlib.decompressobj(-15) if entry.compress_type == zipfile.ZIP_DEFLATED else None
    while left and not (inflater and inflater.eof):
        data = file.read(min(CHUNK, left))
        if not data:
            raise FileRefused("CORRUPT")
        left -= len(data)
        if inflater is None:
            yield data
            continue
        while data and not inflater.eof:
            yield inflater.decompress(data, CHUNK)
            data = inflater.unconsumed_tail
    if inflater is not None:
        while rest := inflater.decompress(b"", CHUNK):
            yield rest
        if not inflater.eof:
            raise FileRefused("CORRUPT")


def _guard_markup(chunk: bytes, *, is_start: bool) -> None:
    window = chunk.replace(b"\x00", b"") if b"\x00" in chunk else chunk
    if ENTITY.search(window):
        raise FileRefused("XML_ENTITY")
    if is_start:
        declared = DECLARED.match(window.lstrip(b"\xef\xbb\xbf\xff\xfe \t\r\n")[:200])
        if declared and declared[1].lower() not in ENCODINGS:
            raise FileRefused("XML_ENTITY")
        if window.startswith(b"\x4c\x6f\xa7\x94"):  # <?xml in EBCDIC
            raise FileRefused("XML_ENTITY")


def _guard_kind(entries: list[zipfile.ZipInfo], types: bytes) -> None:
    names = {entry.filename.replace("\\", "/").lower() for entry in entries}
    if any("vbaproject" in name or name.startswith("xl/macrosheets/") for name in names):
        raise FileRefused("MACRO")
    if "xl/workbook.bin" in names or "mimetype" in names:  # .xlsb is called macroEnabled whether it has macros or not
        raise FileRefused("NOT_A_SPREADSHEET", "不支持.xlsb、.ods格式。请另存为 .xlsx 后重新上传。")
    types = html.unescape(types.decode("latin-1")).encode("utf-8")
    if any(mark in types for mark in (b"macroEnabled", b"vbaProject", b"intlmacrosheet", b"ms-excel.macrosheet")):
        raise FileRefused("MACRO")
    if not any(mark in types for mark in BOOK):
        raise FileRefused("NOT_A_SPREADSHEET")
