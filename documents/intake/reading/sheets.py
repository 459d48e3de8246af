"""Workbooks: which sheet is the list, where its header stands, and what its rows hold."""

import re
import traceback
import warnings
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, Final
from xml.etree.ElementTree import ParseError
from zipfile import BadZipFile, ZipFile

from documents.intake.reading.codes import FileRefused
from documents.intake.reading.sheet_xml import (
    OpenWorkbook,
    Sheet,
    SheetFindings,
    comments_of,
    merges_of,
    open_book,
    sheet_rows,
)
from documents.intake.reading.tables import (
    BLANK_STOP,
    CHECKED_BY,
    EXPORTED,
    HEADER_ROWS,
    Header,
    Table,
    find_header,
    is_blank,
)
from registry.kernel.columns import ColumnSet

GUIDE, CHOICES, GUIDE_HEADER = "填写说明", "选项", "列名"  # of documents.render.template_xlsx
OF_BUILDING: Final = re.compile(
    r"\s*第?[0-9０-９一二三四五六七八九十百A-Za-zＡ-Ｚ]{1,6}\s*(?:号楼|楼|号|栋|幢|座|#|＃)\s*"
)
FEWEST_FILLED: Final = 3  # cells of a line far below that make a row of it, and no stray mark
LOOKED_ON: Final = 20_000  # blank rows that are looked through for rows below them, before the end is taken as reached
OURS: Final = (
    str(Path(__file__).resolve().parents[3] / "documents"),
    str(Path(__file__).resolve().parents[3] / "registry"),
)
DOOR: Final = "sheet_xml.py"  # it reads what programs wrote, and falls where they wrote nonsense
BROKEN: Final = (
    ValueError, KeyError, TypeError, AttributeError, IndexError, SyntaxError, OSError, EOFError, BadZipFile,
    OverflowError, NotImplementedError, RecursionError, UnicodeError, ParseError,
)  # fmt: skip


def read_workbook(path: Path, columns: ColumnSet, sheet: str = "") -> Table:
    """Read the one visible sheet that looks like the list, or the one chosen. Raises FileRefused."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # openpyxl speaks of what it leaves out; the guard and the codes speak of it
        try:
            with path.open("rb") as file, ZipFile(file) as archive:
                return _chosen(open_book(file, archive), columns, sheet)
        except BROKEN as error:
            if is_our_own(error):
                raise
            raise FileRefused("CORRUPT") from error


def is_our_own(error: BaseException) -> bool:
    """Tell a fault of our own code from a file that can't be read: where it fell is neither a library nor the door."""
    *_, last = traceback.extract_tb(error.__traceback__)
    return last.filename.startswith(OURS) and not last.filename.endswith(DOOR)


def _chosen(book: OpenWorkbook, columns: ColumnSet, wanted: str) -> Table:
    visible = [sheet for sheet in book.sheets if sheet.is_visible]
    visible = [sheet for sheet in visible if sheet.title == wanted] or visible
    hidden = [sheet for sheet in book.sheets if not sheet.is_visible]
    if not visible:
        raise FileRefused("NO_SHEET")
    candidates = [
        (sheet, header)
        for sheet in visible
        if (header := _header_of(book, sheet, _columns_of(sheet, columns))) is not None
    ]
    if not candidates:
        if number := _export_no(book, visible):
            raise FileRefused("OWN_PAGE", number=number)
        listed = [sheet.title for sheet in hidden if _header_of(book, sheet, columns) is not None]
        if listed:
            raise FileRefused("HIDDEN_SHEET", sheets="".join(f"“{title}”" for title in listed))
        raise FileRefused("NO_HEADER")
    complete = [candidate for candidate in candidates if not candidate[1].match.missing] or candidates
    filled = [candidate for candidate in complete if _has_rows(book, *candidate)] or complete[:1]
    if len(filled) > 1:
        names = "".join(f"“{sheet.title}”" for sheet, _ in filled)
        count = "两" if len(filled) == 2 else len(filled)
        refusal = FileRefused("AMBIGUOUS_SHEET", count=count, sheets=names)
        raise refusal.having_seen(sheets=[sheet.title for sheet, _ in filled])
    sheet, header = filled[0]
    table = _read(book, sheet, Table(sheet.title, header), columns)
    others = [other for other in book.sheets if other is not sheet and not _is_ours(book, other)]
    if any(cells for other in others for _, cells in sheet_rows(book, other, SheetFindings())):
        table.warn("EXTRA_SHEETS")
    if any(name.startswith("xl/externalLinks/") for name in book.archive.namelist()):
        table.warn("EXTERNAL_LINKS")
    return table.close()


def _columns_of(sheet: Sheet, columns: ColumnSet) -> ColumnSet:
    """Ask a sheet that is called by a building for no column of it: 3号楼 over its homes says it for each."""
    if not OF_BUILDING.fullmatch(sheet.title):
        return columns
    return ColumnSet(
        tuple(replace(column, required=column.required and column.name != "building") for column in columns)
    )


def _is_ours(book: OpenWorkbook, sheet: Sheet) -> bool:
    """Tell the guide and the choices of our own template, which hold nothing of the sender's."""
    if sheet.title == CHOICES:
        return any(one.title == GUIDE and _is_ours(book, one) for one in book.sheets)
    if sheet.title != GUIDE:
        return False
    top = ((number, cells) for number, cells in sheet_rows(book, sheet, SheetFindings()) if cells)
    return any(GUIDE_HEADER in cells for number, cells in top if number <= HEADER_ROWS)


def _header_of(book: OpenWorkbook, sheet: Sheet, columns: ColumnSet) -> Header | None:
    """Find the header; a title merged over several rows stands in each of them, as it does for the eye."""
    lines: dict[int, list[Any]] = {}
    for number, cells in sheet_rows(book, sheet, SheetFindings()):
        if number > HEADER_ROWS:
            break
        if cells:
            lines[number] = cells
    for top, bottom, at in merges_of(book, sheet):
        title = lines[top][at] if top in lines and at < len(lines[top]) else None
        for number in range(top + 1, min(bottom, HEADER_ROWS) + 1):
            if title is not None and number in lines:
                lines[number].extend([None] * (at + 1 - len(lines[number])))
                lines[number][at] = title if is_blank(lines[number][at]) else lines[number][at]
    return find_header(sorted(lines.items()), columns)


def _export_no(book: OpenWorkbook, sheets: Sequence[Sheet]) -> str:
    """Return the number of our own export, of a page that is no list; "" if the file is not ours."""
    for sheet in sheets:
        for number, cells in sheet_rows(book, sheet, SheetFindings()):
            if number > HEADER_ROWS:
                break
            if stamp := next((match for cell in cells if (match := EXPORTED.search(str(cell)))), None):
                return stamp[1]
    return ""


def _has_rows(book: OpenWorkbook, sheet: Sheet, header: Header) -> bool:
    return any(number > header.row and cells for number, cells in sheet_rows(book, sheet, SheetFindings()))


def _read(book: OpenWorkbook, sheet: Sheet, table: Table, columns: ColumnSet) -> Table:
    findings, last = SheetFindings(), table.header.row
    positions = table.header.match.positions
    for number, cells in sheet_rows(book, sheet, findings):
        if number <= table.header.row:
            table.look_above(cells)
            continue
        blanks = number - last - 1
        if not cells and blanks < LOOKED_ON:
            continue
        if blanks > BLANK_STOP:
            if sum(at < len(cells) and not is_blank(cells[at]) for at in positions.values()) >= FEWEST_FILLED:
                raise FileRefused(
                    "TOO_MANY_ROWS",
                    f"第 {last} 行以下空了{blanks}行，第 {number} 行又有内容。请删去中间的空白行后重新上传。",
                )
            table.warn("BLANK_ROWS_SKIPPED")
            break
        if not table.take(number, cells):
            continue
        if blanks:
            table.warn("BLANK_ROWS_SKIPPED")
        last = number
    _fill_merged(book, sheet, table)
    _take_comments(book, sheet, table)
    _note(table, findings, columns)
    return table


def _fill_merged(book: OpenWorkbook, sheet: Sheet, table: Table) -> None:
    """Give each row of a merged range the value that is shown for it; beyond the range nothing is filled."""
    by_column: dict[int, list[tuple[int, int]]] = defaultdict(list)
    for top, bottom, at in merges_of(book, sheet):
        if top > table.header.row:
            by_column[at].append((top, bottom))
    for name, at in table.header.match.positions.items():
        ranges = sorted(by_column[at])
        value, bottom, top = None, 0, 0
        for line in table.rows:
            while ranges and ranges[0][0] <= line.number:
                top, bottom = ranges.pop(0)
                value = line.cells.get(name) if top == line.number else None
            if line.number <= bottom and not is_blank(value) and is_blank(line.cells.get(name)):
                line.cells[name] = value
                table.merged.setdefault(line.number, {})[name] = top
                table.warn("MERGED_FILLED", [line.number])


def _take_comments(book: OpenWorkbook, sheet: Sheet, table: Table) -> None:
    """Keep what people wrote beside the cells of rows; what our own marked copy says is no word of theirs."""
    numbers, titles = {line.number for line in table.rows}, table.titles
    for row, at, author, text in comments_of(book, sheet):
        if row in numbers and text and author != CHECKED_BY:
            title = titles[at] if at < len(titles) else ""
            table.comments.setdefault(row, []).append(f"{title}：{text}" if title else text)
            table.warn("COMMENTED", [row])


def _note(table: Table, findings: SheetFindings, columns: ColumnSet) -> None:
    numbers = {line.number for line in table.rows}
    positions = table.header.match.positions
    width = max(positions.values(), default=-1) + 1  # none: every column is there twice, which is refused below
    if findings.hidden_rows & numbers:
        table.warn("HIDDEN_ROWS", findings.hidden_rows & numbers)
    if any(first <= width for first, _ in findings.hidden_columns):
        table.warn("HIDDEN_COLUMNS")
    if findings.struck & numbers:
        table.warn("STRIKETHROUGH", findings.struck & numbers)
    if findings.cached & numbers:
        table.warn("FORMULA_CACHED", findings.cached & numbers)
    coded = {at for name, at in positions.items() if columns.by_name(name).kind == "code"}
    if any(number in numbers and at in coded for number, at in findings.padded):
        table.warn("LEADING_ZERO_SUSPECT")
