"""Text files (CSV, TSV): the encoding decided strictly, quotes and widths checked, nothing ever guessed into place."""

import csv
import io
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Final, NamedTuple

from documents.intake.reading.codes import FileRefused
from documents.intake.reading.tables import HEADER_ROWS, CellFault, Header, Table, find_header
from registry.kernel.columns import ColumnSet

DELIMITERS: Final = (",", "\t", ";", "|", "，", "；")
OTHER_ENCODINGS: Final = ("big5", "shift_jis", "euc_kr", "utf-16-le", "utf-16-be")
MIXED: Final = "文件里混有两种文字编码（第 {rows} 行）。请在Excel/WPS 中打开核对，另存为 .xlsx 后重新上传。"
END_OF_DOS: Final = b"\x1a"  # old programs of housing offices still close a text with it
UNICODE_MARKS: Final = (b"\xff\xfe", b"\xfe\xff")
AS_TEXT: Final = re.compile('="([^"=]*)"')
FAULT: Final = re.compile(
    r"#(?:N/A|REF!|VALUE!|DIV/0!|NAME\?|NUM!|NULL!|SPILL!|CALC!|GETTING_DATA|#{2,})", re.IGNORECASE
)
NOT_ASCII: Final = re.compile(rb"[\x80-\xff]")
HAN: Final = re.compile("[\u2e80-\u9fff\uff00-\uffef\u3000-\u303f\u2010-\u2030\u00b7]")


class Text(NamedTuple):
    """A decoded file: its text and the encoding that it turned out to have."""

    text: str
    encoding: str


def read_delimited(path: Path, columns: ColumnSet) -> Table:
    """Read a CSV or TSV file. Raises FileRefused."""
    data = path.read_bytes()
    decoded = decode(data)
    if not decoded.text.strip("\ufeff \t\r\n"):
        raise FileRefused("EMPTY_FILE")
    header, delimiter = header_of(decoded.text, columns)
    if header is None:
        if decoded.encoding == "gb18030" and _is_otherwise_readable(data, columns):
            raise FileRefused("ENCODING")
        raise FileRefused("NO_HEADER")
    if decoded.encoding == "gb18030" and (rows := mixed_lines(data)):
        raise FileRefused("ENCODING", MIXED.format(rows="、".join(map(str, rows[:10])) + ("等" if rows[10:] else "")))
    return _take_lines(decoded.text, delimiter, Table("", header, width=len(header.titles)))


def decode(data: bytes) -> Text:
    """Decode bytes as UTF-8, UTF-16 or GB18030, strictly; never by replacement."""
    if data.startswith(UNICODE_MARKS):
        return _decoded(data, "utf-16")
    if b"\x00" in data:
        return _without_mark(data)
    data = data.removesuffix(END_OF_DOS)
    try:
        return Text(data.decode("utf-8-sig"), "utf-8")
    except UnicodeDecodeError:
        return _decoded(data, "gb18030")


def _decoded(data: bytes, encoding: str) -> Text:
    try:
        text = data.decode(encoding)
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise FileRefused("ENCODING", lines=f"（第 {line} 行起）") from error
    if "\x00" in text:
        raise FileRefused("NUL_BYTE")
    return Text(text, encoding)


def _without_mark(data: bytes) -> Text:
    """Take UTF-16 without its mark for what it is: the zero bytes of its commas and digits all lie on one side."""
    even, odd = data[0::2].count(0), data[1::2].count(0)
    if min(even, odd) == 0 and max(even, odd) > len(data) // 16:
        return _decoded(data, "utf-16-le" if odd else "utf-16-be")
    raise FileRefused("NUL_BYTE")


def header_of(text: str, columns: ColumnSet) -> tuple[Header | None, str]:
    """Try each delimiter on the first lines; the one that shows most headers is the file's."""
    best: tuple[Header | None, str] = (None, ",")
    top = "".join(text.splitlines(keepends=True)[: 4 * HEADER_ROWS])
    for delimiter in DELIMITERS:
        lines: list[tuple[int, list[str]]] = []
        try:
            for number, cells in enumerate(csv.reader(io.StringIO(top, newline=""), delimiter=delimiter), start=1):
                lines.append((number, cells))
                if number == HEADER_ROWS:
                    break
        except csv.Error:
            pass  # what was read until then may hold the header; the strict pass will say where quotes break
        header = find_header(lines, columns)
        if header is not None and (best[0] is None or _score(header) > _score(best[0])):
            best = header, delimiter
    return best


def _score(header: Header) -> int:
    return header.match.score + len(header.match.duplicates)


def _is_otherwise_readable(data: bytes, columns: ColumnSet) -> bool:
    for encoding in OTHER_ENCODINGS:
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        if header_of(text, columns)[0] is not None or _is_chinese_header(text):
            return True
    return header_of(data.decode("utf-8", errors="ignore"), columns)[0] is not None


def _is_chinese_header(text: str) -> bool:
    """Tell a header in traditional characters, which no column knows, by words that every list has."""
    first = text[:400]
    return sum(word in first for word in ("項目", "樓", "層", "戶", "用途", "單元", "權利人", "證件", "電話")) >= 3


def mixed_lines(data: bytes) -> list[int]:
    """Return the lines of a GB18030 file that are Chinese in UTF-8: pasted together, wrong throughout."""
    mixed = []
    for number, line in enumerate(data.splitlines(), start=1):
        if len(NOT_ASCII.findall(line)) < 9:
            continue
        try:
            text = line.decode("utf-8")
        except UnicodeDecodeError:
            continue
        if all(HAN.match(character) for character in text if ord(character) > 127):
            mixed.append(number)
    return mixed


def _records(text: str, delimiter: str) -> Iterator[tuple[int, list[str]]]:
    number = 0
    try:
        for cells in csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True):
            number += 1
            yield number, cells
    except csv.Error as error:
        raise FileRefused("UNCLOSED_QUOTE", row=number + 1) from error


def _take_lines(text: str, delimiter: str, table: Table) -> Table:
    blanks = 0
    for number, cells in _records(text, delimiter):
        if number <= table.header.row:
            table.look_above(cells)
            continue
        if any("\n" in cell and cell.count(delimiter) >= 3 for cell in cells):
            raise FileRefused("UNCLOSED_QUOTE", row=number)  # a quote that closed by chance, lines later
        if not table.take(number, [cell_of(cell, table) for cell in cells]):
            blanks += 1
            continue
        if blanks:
            table.warn("BLANK_ROWS_SKIPPED")
        blanks = 0
        table.widths[number] = len(cells)
    return table.close()


def cell_of(text: str, table: Table) -> object:
    """Read a cell: an error value as such, ="0101" (to keep Excel from counting) as the text it means."""
    if FAULT.fullmatch(text.strip()):
        return CellFault(text.strip()[:20])
    if match := AS_TEXT.fullmatch(text.strip()):
        table.warn("NORMALIZED")
        return match[1]
    return text
