"""Builders of files such as people send: workbooks, text files, and archives with one thing wrong in them."""

import io
import re
import struct
import zipfile
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

import openpyxl

from documents.intake.reading.unit_rows import UNIT_COLUMNS
from registry.kernel.identifiers import synthetic_identity, synthetic_phone

PROJECT = "CY-0001"
HEADERS = UNIT_COLUMNS.headers
NAMES = UNIT_COLUMNS.names
Edit = Callable[[Any], None]
Row = dict[str, Any]


def home(n: int, **changes: Any) -> Row:
    """A good row: the n-th home of building 9, its holder invented."""
    good = {
        "project": PROJECT,
        "building": "9号楼",
        "entrance": "1",
        "floor": str(n),
        "room": f"{n}01",
        "unit_code": f"110105012038GB00005F0009{n:04d}",
        "use": "住宅",
        "area": 76.5,
        "holder": f"张小{'一二三四五六七八九'[n % 9]}",
        "identity_kind": "居民身份证",
        "identity": synthetic_identity(n),
        "phone": synthetic_phone(n),
        "agreement": f"AZ-{n:04d}",
        "remark": "",
        "certificate_no": "",
        "issued_on": "",
    }
    return good | changes


def homes(count: int = 3, **changed: Row) -> list[Row]:
    """Good rows; `r2={...}` changes the first, which stands in row 2 of the file."""
    return [home(n, **changed.get(f"r{n + 1}", {})) for n in range(1, count + 1)]


def workbook(
    rows: Iterable[Row] | None = None,
    *,
    headers: Sequence[Any] = HEADERS,
    above: Sequence[Sequence[Any]] = (),
    edit: Edit | None = None,
    names: Sequence[str] = NAMES,
) -> bytes:
    """A workbook of one sheet; `above` stands over the header, `edit` gets the sheet last."""
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = "清册"
    for line in (*above, headers):
        sheet.append(list(line))
    for row in homes() if rows is None else rows:
        sheet.append([row.get(name) if row.get(name) != "" else None for name in names])
    if edit is not None:
        edit(sheet)
    return saved(book)


def saved(book: Any) -> bytes:
    """The bytes of a workbook."""
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def literal(place: str, text: str) -> Edit:
    """An edit that writes a text which openpyxl would take for a formula."""

    def edit(sheet: Any) -> None:
        sheet[place].value = text
        sheet[place].data_type = "s"

    return edit


def put(values: Mapping[str, Any]) -> Edit:
    """An edit that puts values into cells."""

    def edit(sheet: Any) -> None:
        for place, value in values.items():
            sheet[place].value = value

    return edit


def styled(place: str, **styles: Any) -> Edit:
    """An edit that sets attributes of a cell."""

    def edit(sheet: Any) -> None:
        for name, value in styles.items():
            setattr(sheet[place], name, value)

    return edit


def hidden(*, row: int = 0, column: str = "") -> Edit:
    """An edit that hides a row or a column."""

    def edit(sheet: Any) -> None:
        if row:
            sheet.row_dimensions[row].hidden = True
        if column:
            sheet.column_dimensions[column].hidden = True

    return edit


def with_sheet(title: str, *values: Any) -> Edit:
    """An edit that adds a sheet to the workbook."""

    def edit(sheet: Any) -> None:
        other = sheet.parent.create_sheet(title)
        if values:
            other.append(list(values))

    return edit


def shared(content: bytes) -> bytes:
    """A workbook whose texts stand in the table of shared texts, as Excel writes them."""
    parts = parts_of(content)
    texts: list[str] = []

    def move(found: re.Match[str]) -> str:
        texts.append(found[2])
        return f'<c{found[1]}t="s"><v>{len(texts) - 1}</v></c>'

    sheet = re.sub(
        r'<c((?:\s[rs]="\w+")*\s)t="inlineStr"><is>(<t[^>]*>[^<]*</t>)</is></c>',
        move,
        parts["xl/worksheets/sheet1.xml"].decode(),
    )
    table = "".join(f"<si>{text}</si>" for text in texts)
    space = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    kind = "application/vnd.openxmlformats-officedocument.spreadsheetml.sharedStrings+xml"
    part = f'<Override PartName="/xl/sharedStrings.xml" ContentType="{kind}"/>'
    types = parts["[Content_Types].xml"].decode()
    if kind not in types:
        types = types.replace("</Types>", part + "</Types>")
    return archive_of(
        parts
        | {
            "[Content_Types].xml": types.encode(),
            "xl/worksheets/sheet1.xml": sheet.encode(),
            "xl/sharedStrings.xml": f'<sst xmlns="{space}">{table}</sst>'.encode(),
        }
    )


def parts_of(content: bytes) -> dict[str, bytes]:
    """The parts of an archive by name."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def archive_of(parts: Mapping[str, bytes] | Iterable[tuple[str, bytes]]) -> bytes:
    """An archive of parts; pairs may repeat a name."""
    stream = io.BytesIO()
    pairs = parts.items() if isinstance(parts, Mapping) else parts
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in pairs:
            archive.writestr(zipfile.ZipInfo(name), data, zipfile.ZIP_DEFLATED)
    return stream.getvalue()


def with_parts(content: bytes, **parts: bytes) -> bytes:
    """A workbook with more parts, or other ones: names are given with __ for /."""
    return archive_of(parts_of(content) | {name.replace("__", "/"): data for name, data in parts.items()})


def changed_part(content: bytes, name: str, change: Callable[[str], str]) -> bytes:
    """A workbook with one part rewritten as text."""
    parts = parts_of(content)
    return archive_of(parts | {name: change(parts[name].decode()).encode()})


def changed_sheet(content: bytes, pattern: str, replacement: str, count: int = 1) -> bytes:
    """A workbook with the XML of its first sheet changed by a pattern, which must be found."""

    def change(text: str) -> str:
        changed, found = re.subn(pattern, replacement, text, count=count)
        assert found, f"nothing in the sheet is like {pattern}"
        return changed

    return changed_part(content, "xl/worksheets/sheet1.xml", change)


def with_formula(place: str, cached: str | None, kind: str = "") -> bytes:
    """A workbook with a formula in one cell of row 3 and the result that was stored with it."""
    content = workbook(edit=put({place: "=1+1"}))
    attribute = f' t="{kind}"' if kind else ""
    value = "" if cached is None else f"<v>{cached}</v>"
    return changed_sheet(
        content,
        rf'<c r="{place}"([^>]*?)><f>1\+1</f><v ?/?>(?:</v>)?</c>',
        rf'<c r="{place}"{attribute}><f>1+1</f>{value}</c>',
    )


def text_file(rows: Iterable[Row] | None = None, *, delimiter: str = ",", header: Sequence[str] = HEADERS) -> str:
    """A text file without quotes."""
    chosen = homes() if rows is None else rows
    lines = [delimiter.join(header), *(delimiter.join(str(row[name]) for name in NAMES) for row in chosen)]
    return "\r\n".join(lines) + "\r\n"


def overlapping(content: bytes) -> bytes:
    """An archive whose directory names a second entry that lies in the first one's data."""
    data = bytearray(content)
    end = data.rindex(b"PK\x05\x06")
    count, size, start = struct.unpack_from("<HII", data, end + 10)
    first = bytes(data[start : start + 46 + sum(struct.unpack_from("<HHH", data, start + 28))])
    name_length = struct.unpack_from("<H", first, 28)[0]
    twin = bytearray(first)
    twin[46 : 46 + name_length] = b"xl/x" + first[50 : 46 + name_length]
    tail = bytearray(data[end:])
    struct.pack_into("<HHII", tail, 8, count + 1, count + 1, size + len(twin), start)
    return bytes(data[:end]) + bytes(twin) + bytes(tail)


def encrypted(content: bytes) -> bytes:
    """An archive that claims of each entry that it is encrypted."""
    data = bytearray(content)
    for magic, at in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        start = data.find(magic)
        while start >= 0:
            data[start + at] |= 1
            start = data.find(magic, start + 4)
    return bytes(data)


def lying(content: bytes, name: str, size: int) -> bytes:
    """An archive that states another inflated size of one entry."""
    data = bytearray(content)
    for magic, name_at, size_at in ((b"PK\x03\x04", 30, 22), (b"PK\x01\x02", 46, 24)):
        start = data.find(magic)
        while start >= 0:
            if data[start + name_at : start + name_at + len(name)] == name.encode():
                struct.pack_into("<I", data, start + size_at, size)
            start = data.find(magic, start + 4)
    return bytes(data)


def compound(*streams: str) -> bytes:
    """An OLE file that holds streams of these names, as far as a reader of its directory sees."""
    names = b"".join(stream.encode("utf-16-le").ljust(128, b"\x00") for stream in streams)
    return b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 504 + names.ljust(1024, b"\x00")
