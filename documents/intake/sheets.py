"""Workbooks: openpyxl opens the book, its sheets are streamed here with an eye for what their values hide.

One pass gives a formula and its stored result together. A sheet's stated dimension is never believed: a bomb, or six
households, hide behind a false one just as well.
"""

import re
import warnings
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, BinaryIO, Final
from xml.etree.ElementTree import ParseError, iterparse
from zipfile import BadZipFile, ZipFile

from openpyxl.reader.excel import ExcelReader
from openpyxl.styles.numbers import BUILTIN_FORMATS
from openpyxl.styles.stylesheet import apply_stylesheet
from openpyxl.utils.datetime import from_excel, from_ISO8601
from openpyxl.xml.constants import SHARED_STRINGS, SHEET_MAIN_NS

from documents.intake.codes import FileRefused
from documents.intake.tables import (
    BLANK_STOP,
    HEADER_ROWS,
    MOST_COLUMNS,
    CellFault,
    FormulaWithoutValue,
    Header,
    Table,
    find_header,
    is_blank,
    unescape,
)
from registry.kernel.columns import ColumnSet

NAMESPACE: Final = f"{{{SHEET_MAIN_NS}}}"
ROW, CELL, COLUMN = f"{NAMESPACE}row", f"{NAMESPACE}c", f"{NAMESPACE}col"
VALUE, FORMULA, INLINE, RUN = f"{NAMESPACE}v", f"{NAMESPACE}f", f"{NAMESPACE}is", f"{NAMESPACE}t"
PHONETIC, TEXT = f"{NAMESPACE}rPh", f"{NAMESPACE}si"
PLACE: Final = re.compile("([A-Z]{1,3})([0-9]{1,7})")
MERGE: Final = re.compile(rb"<(?:\w+:)?mergeCell\s[^>]*?ref=[\"']([A-Z]{1,3})(\d{1,7}):([A-Z]{1,3})(\d{1,7})[\"']")
ZEROS: Final = re.compile("0{2,}")
LAST_ROW: Final = 1_048_576
CHUNK: Final = 1024 * 1024
BROKEN: Final = (
    ValueError, KeyError, TypeError, AttributeError, IndexError, SyntaxError, OSError, EOFError, BadZipFile,
    OverflowError, NotImplementedError, RecursionError, UnicodeError, ParseError,
)  # fmt: skip


@dataclass(frozen=True)
class Sheet:
    """A worksheet: its name, whether people see it, its part in the archive."""

    title: str
    is_visible: bool
    path: str


@dataclass(frozen=True)
class Book:
    """A workbook: sheets, shared texts, and which styles are dates, strike through or pad with zeros."""

    archive: ZipFile
    sheets: tuple[Sheet, ...]
    texts: list[str]
    epoch: Any
    dates: frozenset[int]
    struck: frozenset[int]
    padded: frozenset[int]

    def source(self, sheet: Sheet) -> Any:
        """This will open a sheet's XML."""
        return _opened(self.archive, sheet.path)


@dataclass
class Found:
    """What a pass over a sheet has seen beside its values."""

    hidden_rows: set[int] = field(default_factory=set)
    hidden_columns: list[tuple[int, int]] = field(default_factory=list)
    struck: set[int] = field(default_factory=set)
    cached: set[int] = field(default_factory=set)
    padded: set[tuple[int, int]] = field(default_factory=set)


def read_workbook(path: Path, columns: ColumnSet) -> Table:
    """This will read the one visible sheet that looks like the list. Raises FileRefused."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # openpyxl speaks of what it leaves out; the guard and the codes speak of it
        try:
            with path.open("rb") as file, ZipFile(file) as archive:
                return _chosen(_book(file, archive), columns)
        except BROKEN as error:
            raise FileRefused("CORRUPT") from error


def _book(file: BinaryIO, archive: ZipFile) -> Book:
    """Let openpyxl read the book and its styles, by its parser that takes no entities; texts are read here."""
    reader = ExcelReader(file, read_only=True, data_only=True, keep_links=False)
    with reader.archive:
        reader.read_manifest()
        reader.read_workbook()
        book: Any = reader.wb
        apply_stylesheet(reader.archive, book)
        sheets = tuple(
            Sheet(sheet.name, sheet.state == "visible", part.target)
            for sheet, part in reader.parser.find_sheets()
            if part.target in reader.valid_files and "chartsheet" not in part.Type
        )
    styles = list(book._cell_styles)
    formats = {**BUILTIN_FORMATS, **{164 + at: code for at, code in enumerate(book._number_formats)}}
    return Book(
        archive=archive,
        sheets=sheets,
        texts=_texts(archive, reader.package.find(SHARED_STRINGS)),
        epoch=book.epoch,
        dates=frozenset(book._date_formats) | frozenset(book._timedelta_formats),
        struck=frozenset(at for at, style in enumerate(styles) if book._fonts[style.fontId].strike),
        padded=frozenset(at for at, style in enumerate(styles) if ZEROS.fullmatch(str(formats.get(style.numFmtId)))),
    )


def _texts(archive: ZipFile, part: Any) -> list[str]:
    """Read the texts that cells share, each once."""
    if part is None:
        return []
    texts = []
    with _opened(archive, part.PartName.removeprefix("/")) as source:
        for _, element in iterparse(source):
            if element.tag == TEXT:
                texts.append(_inline(element) or "")
                element.clear()
    return texts


def _opened(archive: ZipFile, path: str) -> Any:
    """Open a part that the guard has searched for declarations."""
    if not path.lower().endswith(".xml"):
        raise ValueError("a part that the guard has not searched")
    return archive.open(path)


def _chosen(book: Book, columns: ColumnSet) -> Table:
    visible = [sheet for sheet in book.sheets if sheet.is_visible]
    if not visible:
        raise FileRefused("NO_SHEET")
    found = [(sheet, header) for sheet in visible if (header := _header_of(book, sheet, columns)) is not None]
    if not found:
        raise FileRefused("NO_HEADER")
    complete = [one for one in found if not one[1].match.missing] or found
    filled = [one for one in complete if _has_rows(book, *one)] or complete[:1]
    if len(filled) > 1:
        names = "".join(f"「{sheet.title}」" for sheet, _ in filled)
        count = "两" if len(filled) == 2 else len(filled)
        raise FileRefused("AMBIGUOUS_SHEET", count=count, sheets=names)
    sheet, header = filled[0]
    table = _read(book, sheet, Table(sheet.title, header), columns)
    others = [other for other in book.sheets if other is not sheet]
    if any(True for other in others for _ in _lines(book, other, Found())):
        table.warn("EXTRA_SHEETS")
    if any(name.startswith("xl/externalLinks/") for name in book.archive.namelist()):
        table.warn("EXTERNAL_LINKS")
    return table.close()


def _header_of(book: Book, sheet: Sheet, columns: ColumnSet) -> Header | None:
    """Find the header; a title merged over several rows stands in each of them, as it does for the eye."""
    lines: dict[int, list[Any]] = {}
    for number, cells in _lines(book, sheet, Found()):
        if number > HEADER_ROWS:
            break
        lines[number] = cells
    for top, bottom, at in _merges(book, sheet):
        title = lines[top][at] if top in lines and at < len(lines[top]) else None
        for number in range(top + 1, min(bottom, HEADER_ROWS) + 1):
            if title is not None and number in lines:
                lines[number].extend([None] * (at + 1 - len(lines[number])))
                lines[number][at] = title if is_blank(lines[number][at]) else lines[number][at]
    return find_header(sorted(lines.items()), columns)


def _has_rows(book: Book, sheet: Sheet, header: Header) -> bool:
    return any(number > header.row for number, _ in _lines(book, sheet, Found()))


def _read(book: Book, sheet: Sheet, table: Table, columns: ColumnSet) -> Table:
    found, last = Found(), table.header.row
    positions = table.header.match.positions
    for number, cells in _lines(book, sheet, found):
        if number <= table.header.row:
            continue
        blanks = number - last - 1
        if blanks > BLANK_STOP:
            if sum(at < len(cells) and not is_blank(cells[at]) for at in positions.values()) > len(positions) // 2:
                raise FileRefused(
                    "TOO_MANY_ROWS",
                    f"第 {last} 行以下空了{blanks}行，第 {number} 行又有内容。请删去中间的空白行后再传。",
                )
            table.warn("BLANK_ROWS_SKIPPED")
            break
        if not table.take(number, cells):
            continue
        if blanks:
            table.warn("BLANK_ROWS_SKIPPED")
        last = number
    _fill_merged(book, sheet, table)
    _note(table, found, columns)
    return table


def _fill_merged(book: Book, sheet: Sheet, table: Table) -> None:
    """Give each row of a merged range the value that is shown for it; beyond the range nothing is filled."""
    by_column: dict[int, list[tuple[int, int]]] = defaultdict(list)
    for top, bottom, at in _merges(book, sheet):
        if top > table.header.row:
            by_column[at].append((top, bottom))
    for name, at in table.header.match.positions.items():
        ranges = sorted(by_column[at])
        value, bottom = None, 0
        for line in table.rows:
            while ranges and ranges[0][0] <= line.number:
                top, bottom = ranges.pop(0)
                value = line.cells.get(name) if top == line.number else None
            if line.number <= bottom and not is_blank(value) and is_blank(line.cells.get(name)):
                line.cells[name] = value
                table.warn("MERGED_FILLED")


def _note(table: Table, found: Found, columns: ColumnSet) -> None:
    numbers = {line.number for line in table.rows}
    positions = table.header.match.positions
    width = max(positions.values()) + 1
    if found.hidden_rows & numbers:
        table.warn("HIDDEN_ROWS")
    if any(first <= width for first, _ in found.hidden_columns):
        table.warn("HIDDEN_COLUMNS")
    if found.struck & numbers:
        table.warn("STRIKETHROUGH")
    if found.cached & numbers:
        table.warn("FORMULA_CACHED")
    coded = {at for name, at in positions.items() if columns.by_name(name).kind == "code"}
    if any(number in numbers and at in coded for number, at in found.padded):
        table.warn("LEADING_ZERO_SUSPECT")


def _lines(book: Book, sheet: Sheet, found: Found) -> Iterator[tuple[int, list[Any]]]:
    """Stream the lines that hold anything, each with its number and its cells from column A on."""
    previous, letters = 0, _Letters()
    with book.source(sheet) as source:
        for _, element in iterparse(source):
            if element.tag == COLUMN and _is_hidden(element, "width"):
                found.hidden_columns.append((int(element.get("min") or 1), int(element.get("max") or 1)))
            if element.tag != ROW:
                continue
            number = int(element.get("r") or previous + 1)
            if not previous < number <= LAST_ROW:
                raise ValueError("rows out of order")
            previous = number
            cells = _cells(book, element, number, found, letters)
            if cells and _is_hidden(element, "ht"):
                found.hidden_rows.add(number)
            element.clear()
            if cells:
                yield number, cells


def _is_hidden(element: Any, size: str) -> bool:
    return element.get("hidden") in ("1", "true") or element.get(size) in ("0", "0.0")


def _cells(book: Book, row: Any, number: int, found: Found, letters: "_Letters") -> list[Any]:
    cells: list[Any] = []
    at = -1
    for element in row:
        if element.tag != CELL:
            continue
        place = element.get("r")
        at = letters.index(place, number) if place else at + 1
        value = _value(book, element, number, at, found) if len(element) else None
        if value is None or at >= 2 * MOST_COLUMNS:
            if is_blank(value):
                continue
            at = 2 * MOST_COLUMNS  # far out: its presence counts, its place does not
        if at < len(cells) and cells[at] is not None and at < 2 * MOST_COLUMNS:
            raise ValueError("two cells in one place")
        cells.extend([None] * (at + 1 - len(cells)))
        cells[at] = value
    return cells


class _Letters(dict[str, int]):
    """The positions of column letters, counted from 0 and remembered."""

    def index(self, place: str, row: int) -> int:
        found = PLACE.fullmatch(place)
        if found is None or int(found[2]) != row:
            raise ValueError("a cell in another row")
        return self[found[1]]

    def __missing__(self, letters: str) -> int:
        total = 0
        for letter in letters:
            total = total * 26 + ord(letter) - 64
        self[letters] = total - 1
        return total - 1


def _value(book: Book, element: Any, row: int, at: int, found: Found) -> Any:
    kind, style = element.get("t", "n"), int(element.get("s") or 0)
    if kind == "inlineStr":
        value: Any = _inline(element.find(INLINE))
    else:
        value = _typed(book, element.findtext(VALUE), kind, style)
    if element.find(FORMULA) is not None:
        if value is None:
            return "" if kind == "str" and element.find(VALUE) is not None else FormulaWithoutValue()
        found.cached.add(row)
    if value is not None and style in book.struck:
        found.struck.add(row)
    if style in book.padded and isinstance(value, int | float):
        found.padded.add((row, at))
    return value


def _typed(book: Book, text: str | None, kind: str, style: int) -> Any:
    if text is None or (text == "" and kind != "str"):
        return None
    if kind == "s":
        index = int(text)
        if index < 0:
            raise ValueError("no such shared text")
        return book.texts[index] or None
    if kind == "str":
        return unescape(text) or None
    if kind == "b":
        return text.strip() in ("1", "true")
    if kind == "e":
        return CellFault(text[:20])
    if kind == "d":
        return _from_iso(text)
    number = float(text)
    value = int(text) if text.lstrip("-").isdigit() else number
    if style in book.dates:
        try:
            return from_excel(value, book.epoch)
        except (ValueError, OverflowError):
            return value  # a number that is no date is judged as the number it is
    return value


def _from_iso(text: str) -> Any:
    """Read a date cell of ISO form; what is none stays text."""
    try:
        return from_ISO8601(text)
    except ValueError:
        return text


def _inline(element: Any) -> str | None:
    """Join the runs of an inline text, without the reading aids of East Asian input."""
    if element is None:
        return None
    parts = []
    for child in element:
        if child.tag == RUN:
            parts.append(child.text or "")
        elif child.tag != PHONETIC:
            parts.extend(run.text or "" for run in child.iter(RUN))
    return unescape("".join(parts)) or None


def _merges(book: Book, sheet: Sheet) -> Iterator[tuple[int, int, int]]:
    """Find merged ranges of several rows: first row, last row, position of the column. They stand after the rows."""
    tail, letters = b"", _Letters()
    with book.source(sheet) as source:
        while chunk := source.read(CHUNK):
            window = tail + chunk
            end = 0
            for found in MERGE.finditer(window):
                end = found.end()
                left, top, _, bottom = (part.decode() for part in found.groups())
                if int(top) < int(bottom):
                    yield int(top), int(bottom), letters[left]
            tail = window[max(end, len(window) - 200) :]
