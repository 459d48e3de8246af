"""The parts of a workbook: openpyxl reads the book and its styles, the sheets' XML is streamed here.

One pass gives a formula and its stored result together, and what styles, hidden rows and merged ranges say beside. A
sheet's stated dimension is never read: a bomb, or six households, hide behind a false one just as well.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from posixpath import join, normpath
from typing import Any, BinaryIO, Final
from xml.etree.ElementTree import iterparse
from zipfile import ZipFile

from openpyxl.reader.excel import ExcelReader
from openpyxl.styles.numbers import BUILTIN_FORMATS
from openpyxl.styles.stylesheet import apply_stylesheet
from openpyxl.utils.datetime import from_excel, from_ISO8601
from openpyxl.xml.constants import SHARED_STRINGS, SHEET_MAIN_NS

from documents.intake.reading.codes import FileRefused
from documents.intake.reading.tables import MOST_COLUMNS, CellFault, FormulaWithoutValue, is_blank, unescape
from registry.kernel.dates import utc_moment

NAMESPACE: Final = f"{{{SHEET_MAIN_NS}}}"
ROW, CELL, COLUMN = f"{NAMESPACE}row", f"{NAMESPACE}c", f"{NAMESPACE}col"
VALUE, FORMULA, INLINE, RUN = f"{NAMESPACE}v", f"{NAMESPACE}f", f"{NAMESPACE}is", f"{NAMESPACE}t"
PHONETIC, TEXT, STRIKE = f"{NAMESPACE}rPh", f"{NAMESPACE}si", f"{NAMESPACE}strike"
PLACE: Final = re.compile("([A-Z]{1,3})([0-9]{1,7})")
MERGE: Final = re.compile(rb"<(?:\w+:)?mergeCell\s[^>]*?ref=[\"']([A-Z]{1,3})(\d{1,7}):([A-Z]{1,3})(\d{1,7})[\"']")
ZEROS: Final = re.compile("0{2,}")
LAST_ROW: Final = 1_048_576
LOCAL_DATES: Final = frozenset({*range(27, 37), *range(50, 59)})  # dates of East Asian programs: 58 is 2月3日
LOCAL_FORMAT: Final = 'm"月"d"日"'
CHUNK: Final = 1024 * 1024
RELATION: Final = re.compile("<[^>]*Relationship [^>]*>")
TARGET: Final = re.compile("""Target=["']([^"']+)["']""")
COMMENTS_TYPE: Final = "/relationships/comments"
PAINT: Final = re.compile(rb"<(fills|borders|dxfs|tableStyles|colors|cellStyles)\b(?:[^>]*/>|.*?</\1>)", re.DOTALL)
STYLES_SAID: Final = "工作簿的格式（样式）读不出来，内容没有损坏。请在Excel/WPS 中打开，另存为 .xlsx 后重新上传。"
STRICT: Final = b"http://purl.oclc.org/ooxml/spreadsheetml"
STRICT_SAID: Final = "这是“Strict Open XML”格式的工作簿。请在Excel/WPS 中另存为普通的 .xlsx 后重新上传。"


@dataclass(frozen=True)
class Sheet:
    """A worksheet: its name, whether people see it, its part in the archive."""

    title: str
    is_visible: bool
    path: str


@dataclass(frozen=True)
class OpenWorkbook:
    """A workbook: sheets, shared texts, which styles are dates, strike through or pad with zeros, and their formats.

    `local_dates` are those of the dates that only a program of East Asia knows, `struck_texts` the struck shared texts.
    """

    archive: ZipFile
    sheets: tuple[Sheet, ...]
    texts: list[str]
    epoch: Any
    dates: frozenset[int]
    struck: frozenset[int]
    padded: frozenset[int]
    formats: tuple[str, ...] = ()
    local_dates: frozenset[int] = frozenset()
    struck_texts: frozenset[int] = frozenset()

    def source(self, sheet: Sheet) -> Any:
        """Open a sheet's XML."""
        return open_part(self.archive, sheet.path)


@dataclass
class SheetFindings:
    """What a pass over a sheet has seen beside its values."""

    hidden_rows: set[int] = field(default_factory=set)
    hidden_columns: list[tuple[int, int]] = field(default_factory=list)
    struck: set[int] = field(default_factory=set)
    cached: set[int] = field(default_factory=set)
    padded: set[tuple[int, int]] = field(default_factory=set)


def open_book(file: BinaryIO, archive: ZipFile, *, with_texts: bool = True) -> OpenWorkbook:
    """Let openpyxl read the book and its styles, by its parser that takes no entities."""
    _refuse_strict(archive)
    reader = ExcelReader(file, read_only=True, data_only=True, keep_links=False)
    with reader.archive:
        reader.read_manifest()
        reader.read_workbook()
        book: Any = reader.wb
        _apply_styles(reader.archive, book)
        parts = [(sheet, part) for sheet, part in reader.parser.find_sheets() if "chartsheet" not in part.Type]
        if any(part.target not in reader.valid_files for _, part in parts):
            raise ValueError("a sheet is listed and not there")
        sheets = tuple(Sheet(sheet.name, sheet.state == "visible", part.target) for sheet, part in parts)
    styles = list(book._cell_styles)
    formats = {**BUILTIN_FORMATS, **dict.fromkeys(LOCAL_DATES, LOCAL_FORMAT)}
    formats |= {164 + at: code for at, code in enumerate(book._number_formats)}
    local_dates = frozenset(at for at, style in enumerate(styles) if style.numFmtId in LOCAL_DATES)
    texts, struck_texts = _texts(archive, reader.package.find(SHARED_STRINGS)) if with_texts else ([], frozenset())
    return OpenWorkbook(
        archive=archive,
        sheets=sheets,
        texts=texts,
        epoch=book.epoch,
        dates=frozenset(book._date_formats) | frozenset(book._timedelta_formats) | local_dates,
        struck=frozenset(at for at, style in enumerate(styles) if book._fonts[style.fontId].strike),
        padded=frozenset(at for at, style in enumerate(styles) if ZEROS.fullmatch(str(formats.get(style.numFmtId)))),
        formats=tuple(str(formats.get(style.numFmtId, "General")) for style in styles),
        local_dates=local_dates,
        struck_texts=struck_texts,
    )


def _apply_styles(archive: ZipFile, book: Any) -> None:
    """Let openpyxl read the styles; where it stumbles over how cells are painted, read them without that.

    Numbers' formats and struck fonts are all that matters here. Some programs write an empty fill, which is no damage.
    """
    try:
        apply_stylesheet(archive, book)
    except (TypeError, ValueError):
        try:
            apply_stylesheet(_Unpainted(archive), book)
        except (TypeError, ValueError, AttributeError) as error:
            raise FileRefused("CORRUPT", STYLES_SAID) from error


@dataclass(frozen=True)
class _Unpainted:
    """An archive whose parts are read without fills, borders, and what else only paints."""

    archive: ZipFile

    def read(self, name: str) -> bytes:
        """Read a part."""
        return PAINT.sub(b"", self.archive.read(name))


def _refuse_strict(archive: ZipFile) -> None:
    for name in archive.namelist():
        if name.endswith("workbook.xml") and STRICT in archive.open(name).read(4096):
            raise FileRefused("CORRUPT", STRICT_SAID)


def _texts(archive: ZipFile, part: Any) -> tuple[list[str], frozenset[int]]:
    """Read the texts that cells share, each once, and which of them are struck out in part."""
    texts: list[str] = []
    struck: set[int] = set()
    if part is None:
        return texts, frozenset()
    with open_part(archive, part.PartName.removeprefix("/")) as source:
        for _, element in iterparse(source):
            if element.tag == TEXT:
                if _is_struck(element):
                    struck.add(len(texts))
                texts.append(_inline(element) or "")
                element.clear()
    return texts, frozenset(struck)


def _is_struck(text: Any) -> bool:
    """Tell whether a run of a text is struck out; a plain text has no runs."""
    if text is None or len(text) == 0 or (len(text) == 1 and text[0].tag == RUN):
        return False
    return any(mark.get("val") not in ("0", "false") for mark in text.iter(STRIKE))


def open_part(archive: ZipFile, path: str) -> Any:
    """Open a part that the guard has searched for declarations."""
    if not path.lower().endswith(".xml"):
        raise ValueError("a part that the guard has not searched")
    return archive.open(path)


def sheet_rows(book: OpenWorkbook, sheet: Sheet, findings: SheetFindings) -> Iterator[tuple[int, list[Any]]]:
    """Stream the rows: each one's number, and its cells from column A on (none for a blank row)."""
    previous, letters = 0, _Letters()
    with book.source(sheet) as source:
        for _, element in iterparse(source):
            if element.tag == COLUMN and _is_hidden(element, "width"):
                findings.hidden_columns.append((int(element.get("min") or 1), int(element.get("max") or 1)))
            if element.tag != ROW:
                continue
            number = int(element.get("r") or previous + 1)
            if not previous < number <= LAST_ROW:
                raise ValueError("rows out of order")
            previous = number
            cells = _cells(book, element, number, findings, letters)
            if cells and _is_hidden(element, "ht"):
                findings.hidden_rows.add(number)
            element.clear()
            yield number, cells


def _is_hidden(element: Any, size: str) -> bool:
    return element.get("hidden") in ("1", "true") or element.get(size) in ("0", "0.0")


def _cells(book: OpenWorkbook, row: Any, number: int, findings: SheetFindings, letters: "_Letters") -> list[Any]:
    cells: list[Any] = []
    at = -1
    for element in row:
        if element.tag != CELL:
            continue
        place = element.get("r")
        at = letters.index(place, number) if place else at + 1
        value = _value(book, element, number, at, findings) if len(element) else None
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
        match = PLACE.fullmatch(place)
        if match is None or int(match[2]) != row:
            raise ValueError("a cell in another row")
        return self[match[1]]

    def __missing__(self, letters: str) -> int:
        total = 0
        for letter in letters:
            total = total * 26 + ord(letter) - 64
        self[letters] = total - 1
        return total - 1


def _value(book: OpenWorkbook, element: Any, row: int, at: int, findings: SheetFindings) -> Any:
    kind, style = element.get("t", "n"), int(element.get("s") or 0)
    is_struck = style in book.struck
    if kind == "inlineStr":
        text = element.find(INLINE)
        value: Any = _inline(text)
        is_struck = is_struck or _is_struck(text)
    else:
        text = element.findtext(VALUE)
        value = _typed(book, text, kind, style)
        is_struck = is_struck or (kind == "s" and text is not None and int(text) in book.struck_texts)
    if (value is None or len(element) > 1) and element.find(FORMULA) is not None:
        if value is None:
            return "" if kind == "str" and element.find(VALUE) is not None else FormulaWithoutValue()
        findings.cached.add(row)
    if value is not None and is_struck:
        findings.struck.add(row)
    if style in book.padded and isinstance(value, int | float):
        findings.padded.add((row, at))
    return value


def _typed(book: OpenWorkbook, text: str | None, kind: str, style: int) -> Any:
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
    """Read a date cell of ISO form, its zone kept; what is none stays text."""
    try:
        return utc_moment(text) or from_ISO8601(text)
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


def merges_of(book: OpenWorkbook, sheet: Sheet) -> Iterator[tuple[int, int, int]]:
    """Find merged ranges of several rows: first row, last row, column. They stand below the rows."""
    tail, letters = b"", _Letters()
    with book.source(sheet) as source:
        while chunk := source.read(CHUNK):
            window = tail + chunk
            end = 0
            for match in MERGE.finditer(window):
                end = match.end()
                left, top, _, bottom = (part.decode() for part in match.groups())
                if int(top) < int(bottom):
                    yield int(top), int(bottom), letters[left]
            tail = window[max(end, len(window) - 200) :]


def comments_of(book: OpenWorkbook, sheet: Sheet) -> Iterator[tuple[int, int, str, str]]:
    """Find the comments of a sheet's cells: row, column, author, text. None if it has no part of them."""
    folder, _, name = sheet.path.rpartition("/")
    relations = f"{folder}/_rels/{name}.rels"
    if relations not in book.archive.namelist():
        return
    with book.archive.open(relations) as source:  # searched, never parsed
        links = RELATION.findall(source.read(CHUNK).decode("utf-8", "replace"))
    named = [match[1] for link in links if COMMENTS_TYPE in link and (match := TARGET.search(link))]
    targets = [normpath(join(f"/{folder}", path)).lstrip("/") for path in named]
    letters = _Letters()
    for target in targets if set(targets) <= set(book.archive.namelist()) else ():
        authors: list[str] = []
        with open_part(book.archive, target) as source:
            for _, element in iterparse(source):
                if element.tag == f"{NAMESPACE}author":
                    authors.append(element.text or "")
                elif element.tag == f"{NAMESPACE}comment" and (place := PLACE.fullmatch(element.get("ref", ""))):
                    text = "".join(run.text or "" for run in element.iter(RUN)).strip()
                    at = int(element.get("authorId", "0"))
                    yield int(place[2]), letters[place[1]], authors[at] if at < len(authors) else "", text
