"""A file as a table: header found, cells with what the sender's program thought of them, and warnings."""

import csv
import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time
from pathlib import Path
from typing import Any, Final

import openpyxl
from openpyxl.utils.exceptions import InvalidFileException

from documents.intake.codes import FileRefused
from registry.kernel.columns import ColumnSet, HeaderMatch

HEADER_ROWS: Final = 15
MOST_ROWS: Final = 50_000
MOST_COLUMNS: Final = 100
BLANK_STOP: Final = 500
FORMULA: Final = "\0formula"


@dataclass
class Table:
    """Rows under a header: (row number as the sender sees it, cells by column name)."""

    sheet: str
    header_row: int
    match: HeaderMatch
    rows: list[tuple[int, dict[str, Any]]]
    widths: dict[int, int] = field(default_factory=dict)
    warnings: dict[str, None] = field(default_factory=dict)
    width: int = 0

    def warn(self, code: str) -> None:
        """This will note a warning once."""
        self.warnings[code] = None


@dataclass(frozen=True)
class FormulaWithoutValue:
    """A formula that nothing computed."""


def read_workbook(path: Path, columns: ColumnSet) -> Table:
    """This will read the one visible sheet that looks like the list. Raises FileRefused."""
    try:
        plain = openpyxl.load_workbook(path, data_only=False, keep_links=True)
    except (
        InvalidFileException,
        KeyError,
        ValueError,
        TypeError,
        AttributeError,
        IndexError,
        OSError,
        SyntaxError,
    ) as error:
        raise FileRefused("CORRUPT") from error
    visible = [sheet for sheet in plain.worksheets if sheet.sheet_state == "visible"]
    if not visible:
        raise FileRefused("NO_SHEET")
    found = [(sheet, *place) for sheet in visible if (place := _header_of(sheet, columns)) is not None]
    if not found:
        if all(sheet.max_row <= 1 and sheet.max_column <= 1 for sheet in visible):
            raise FileRefused("NO_ROWS", "工作表是空的。请填好后再传。")
        raise FileRefused("NO_HEADER")
    complete = [one for one in found if not one[2].missing] or found
    if len(complete) > 1:
        names = "".join(f"「{sheet.title}」" for sheet, _, _ in complete)
        raise FileRefused("AMBIGUOUS_SHEET", f"有{len(complete)}张表都像清册：{names}。请只留一张，或把其他的隐藏。")
    sheet, header_row, match = complete[0]
    table = Table(sheet.title, header_row, match, [], width=max(match.positions.values(), default=0) + 1)
    values = openpyxl.load_workbook(path, data_only=True)[sheet.title] if _has_formula(sheet) else None
    _read_rows(sheet, values, table)
    _sheet_warnings(plain, visible, sheet, table)
    return table


def _header_of(sheet: Any, columns: ColumnSet) -> tuple[int, HeaderMatch] | None:
    best: tuple[int, HeaderMatch] | None = None
    for number, cells in enumerate(sheet.iter_rows(max_row=HEADER_ROWS, values_only=True), start=1):
        match = columns.match_headers([cell if isinstance(cell, str) else None for cell in cells])
        if match.score >= 4 and (best is None or match.score > best[1].score):
            best = number, match
    return best


def _has_formula(sheet: Any) -> bool:
    return any(cell.data_type == "f" for row in sheet.iter_rows() for cell in row)


def _read_rows(sheet: Any, values: Any, table: Table) -> None:
    if sheet.max_column > MOST_COLUMNS and any(
        cell.value is not None
        for row in sheet.iter_rows(min_row=table.header_row, max_row=table.header_row)
        for cell in row[MOST_COLUMNS:]
    ):
        raise FileRefused("TOO_MANY_COLS")
    merged = _merged(sheet)
    blanks = 0
    for cells in sheet.iter_rows(min_row=table.header_row + 1, max_col=MOST_COLUMNS):
        number = cells[0].row
        found = {}
        for name, at in table.match.positions.items():
            found[name] = _value(cells[at], values, merged, table) if at < len(cells) else None
        if all(value is None or (isinstance(value, str) and not value.strip()) for value in found.values()):
            blanks += 1
            if blanks >= BLANK_STOP:
                break
            continue
        if blanks and table.rows:
            table.warn("BLANK_ROWS_SKIPPED")
        blanks = 0
        table.rows.append((number, found))
        if len(table.rows) > MOST_ROWS:
            raise FileRefused("TOO_MANY_ROWS")


def _merged(sheet: Any) -> dict[tuple[int, int], Any]:
    filled = {}
    for area in sheet.merged_cells.ranges:
        if area.max_row - area.min_row > MOST_ROWS:
            continue
        first = sheet.cell(area.min_row, area.min_col).value
        for row in range(area.min_row, area.max_row + 1):
            filled[(row, area.min_col)] = first
    return filled


def _value(cell: Any, values: Any, merged: dict[tuple[int, int], Any], table: Table) -> Any:
    value = cell.value
    if value is None and (cell.row, cell.column) in merged:
        table.warn("MERGED_FILLED")
        return merged[(cell.row, cell.column)]
    if getattr(cell, "data_type", "") == "f":
        cached = values.cell(cell.row, cell.column).value if values is not None else None
        if cached is None:
            return FormulaWithoutValue()
        table.warn("FORMULA_CACHED")
        return cached
    if value is not None and cell.font is not None and cell.font.strike:
        table.warn("STRIKETHROUGH")
    return value


def _sheet_warnings(book: Any, visible: Sequence[Any], sheet: Any, table: Table) -> None:
    if table.header_row > 1:
        table.warn("TITLE_ROWS_SKIPPED")
    if table.match.extra:
        table.warn("EXTRA_COLUMNS")
    if len(book.worksheets) > 1:
        table.warn("EXTRA_SHEETS")
    first = {number for number, _ in table.rows}
    if any(size.hidden for number, size in sheet.row_dimensions.items() if number in first):
        table.warn("HIDDEN_ROWS")
    if any(size.hidden for size in sheet.column_dimensions.values()):
        table.warn("HIDDEN_COLUMNS")
    if getattr(book, "_external_links", None):
        table.warn("EXTERNAL_LINKS")


ENCODINGS: Final = ("utf-8-sig", "gb18030")


def read_delimited(path: Path, columns: ColumnSet) -> Table:
    """This will read a CSV or TSV file, its encoding decided strictly. Raises FileRefused."""
    text = decode(path.read_bytes())
    if text.count('"') % 2:
        raise FileRefused("UNCLOSED_QUOTE")
    first = text.split("\n", 1)[0]
    delimiter = "\t" if first.count("\t") > first.count(",") else ","
    try:
        lines = list(csv.reader(io.StringIO(text), delimiter=delimiter, strict=True))
    except csv.Error as error:
        raise FileRefused("UNCLOSED_QUOTE") from error
    header = next(
        (
            (number, match)
            for number, cells in enumerate(lines[:HEADER_ROWS], start=1)
            if (match := columns.match_headers(cells)).score >= 4
        ),
        None,
    )
    if header is None:
        raise FileRefused("NO_HEADER")
    table = Table("", header[0], header[1], [], width=len(lines[header[0] - 1]))
    if header[0] > 1:
        table.warn("TITLE_ROWS_SKIPPED")
    if table.match.extra:
        table.warn("EXTRA_COLUMNS")
    _take_lines(table, enumerate(lines[header[0] :], start=header[0] + 1))
    return table


def _take_lines(table: Table, lines: Iterable[tuple[int, list[str]]]) -> None:
    for number, cells in lines:
        if not any(cell.strip() for cell in cells):
            continue
        table.widths[number] = len(cells)
        table.rows.append(
            (number, {name: cells[at] if at < len(cells) else None for name, at in table.match.positions.items()})
        )
        if len(table.rows) > MOST_ROWS:
            raise FileRefused("TOO_MANY_ROWS")


def decode(data: bytes) -> str:
    """This will decode bytes as UTF-8, UTF-16 with a mark, or GB18030, strictly; never by replacement."""
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        try:
            return data.decode("utf-16")
        except UnicodeDecodeError as error:
            raise FileRefused("ENCODING") from error
    if b"\x00" in data:
        raise FileRefused("NUL_BYTE")
    for encoding in ENCODINGS:
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise FileRefused("ENCODING")


def is_date(value: Any) -> bool:
    """This will tell whether the sender's program made a date of a cell."""
    return isinstance(value, date | datetime | time)
