"""A file as a table: its lines as the sender's program shows them, the header found, warnings noted once."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, Final, NamedTuple

from documents.intake.reading.codes import CODES, FileRefused
from registry.kernel.columns import ColumnSet, HeaderMatch

HEADER_ROWS: Final = 15
FEWEST_HEADERS: Final = 3
JOINED_ROWS: Final = 3  # lines that one header may stand on
MOST_ROWS: Final = 120_000
MOST_COLUMNS: Final = 100
BLANK_STOP: Final = 500
CHECKED_BY: Final = "检查"  # the author of the comments of our marked copy
EXPORTED: Final = re.compile("编号(DC[0-9]+)")  # what every sheet that this system writes out has over its header
INVISIBLE: Final = " \t\r\n\u3000\xa0\u2002\u2003\u2009\u200b\u200c\u200d\u200e\u200f\u2060\ufeff\u00ad"
ESCAPE: Final = re.compile("_x([0-9A-Fa-f]{4})_")


@dataclass(frozen=True, slots=True)
class FormulaWithoutValue:
    """A formula that nothing computed."""


@dataclass(frozen=True, slots=True)
class CellFault:
    """An error value (#REF!, #N/A) where a value should stand."""

    text: str


class Line(NamedTuple):
    """One line under the header: its number as the sender sees it, cells by column name, its first cell's text."""

    number: int
    cells: dict[str, Any]
    first: str = ""


@dataclass(frozen=True)
class Header:
    """The header: its row, its titles, and which column stands where."""

    row: int
    titles: Sequence[object]
    match: HeaderMatch


@dataclass
class Table:
    """Lines under a header. `widths` has how many cells a line of a text file has, `width` how many it should have."""

    sheet: str
    header: Header
    rows: list[Line] = field(default_factory=list)
    repeated: list[int] = field(default_factory=list)
    widths: dict[int, int] = field(default_factory=dict)
    warnings: dict[str, None] = field(default_factory=dict)
    width: int = 0
    row_warnings: dict[int, set[str]] = field(default_factory=dict)
    export_no: str = ""
    comments: dict[int, list[str]] = field(default_factory=dict)
    merged: dict[int, dict[str, int]] = field(default_factory=dict)  # where a row's value was laid down from, by column
    untitled: dict[int, None] = field(default_factory=dict)  # positions with content and no title over them
    _untitled_of: dict[int, list[int]] = field(default_factory=dict)  # those without a title, by the width of a line

    def look_above(self, cells: Iterable[Any]) -> None:
        """Look at a line over the header for the number of one of our own exports."""
        for cell in cells:
            if isinstance(cell, str) and (stamp := EXPORTED.search(cell)):
                self.export_no = stamp[1]

    def warn(self, code: str, rows: Iterable[int] = ()) -> None:
        """Note a warning once, and on the rows that it is about."""
        self.warnings[code] = None
        for row in rows:
            self.row_warnings.setdefault(row, set()).add(code)

    @property
    def titles(self) -> list[str]:
        """The header as the sender wrote it; nothing for a column without a title."""
        return [str(title).strip() if title is not None else "" for title in self.header.titles]

    @property
    def untitled_columns(self) -> list[str]:
        """The columns in which something stands, though no title does, by their letters."""
        return [
            f"{letters_of(at)}列" if at < 2 * MOST_COLUMNS else f"{letters_of(at)}列以右"
            for at in sorted(self.untitled)
        ]

    @property
    def mapping(self) -> dict[str, str]:
        """The column names by the headers of the file."""
        return {name: str(self.header.titles[at]) for name, at in self.header.match.positions.items()}

    def take(self, number: int, cells: Sequence[Any]) -> bool:
        """Add a line and say so; a repeated header is set apart, what is blank in every column left out."""
        said = [None if is_blank(cell) else cell for cell in cells]
        width = len(said)
        cells_by_name = {name: said[at] for name, at in self.header.match.positions.items() if at < width}
        for at in self._beside(width):
            if said[at] is not None:
                self.untitled[at] = None
        if not any(cell is not None for cell in cells_by_name.values()):
            return False
        if self._is_header_again(number, said):
            self.repeated.append(number)
            self.warn("TITLE_ROWS_SKIPPED")
            return True
        self.rows.append(
            Line(number, cells_by_name, next((str(cell).strip() for cell in said if cell is not None), ""))
        )
        if len(self.rows) > MOST_ROWS:
            raise FileRefused("TOO_MANY_ROWS")
        return True

    def _beside(self, width: int) -> list[int]:
        """Return the positions of a line of so many cells over which no title stands."""
        titles = self.header.titles
        if width not in self._untitled_of:
            self._untitled_of[width] = [at for at in range(width) if at >= len(titles) or is_blank(titles[at])]
        return self._untitled_of[width]

    def _is_header_again(self, number: int, cells: Sequence[Any]) -> bool:
        """Tell a header that stands again over the next page. Raises FileRefused for one with other columns.

        What is below it would be read under the titles of the first table, one column for another.
        """
        own = self._own_titles
        if sum(type(cell) is str and cell in own for cell in cells) < FEWEST_HEADERS:
            return False
        moved = [at for at, cell in enumerate(cells) if type(cell) is str and cell in own and at not in own[cell]]
        if moved:
            raise FileRefused("OTHER_TABLE", row=number, header=self.header.row)
        return True

    @cached_property
    def _own_titles(self) -> dict[str, set[int]]:
        """Where each title stands, of the columns that are read."""
        titles: dict[str, set[int]] = {}
        for at in self.header.match.positions.values():
            for text in (str(self.header.titles[at]), str(self.header.titles[at]).strip()):
                titles.setdefault(text, set()).add(at)
        return titles

    def close(self) -> "Table":
        """Check the header and note what every kind of file is warned of. Raises FileRefused."""
        match = self.header.match
        seen = {"sheet": self.sheet, "header_row": self.header.row, "titles": self.titles, "mapping": self.mapping}
        if match.duplicates:
            raise FileRefused("DUP_COLUMN", columns="”“".join(match.duplicates)).having_seen(**seen)
        if match.missing:
            columns = "、".join(column.header for column in match.missing)
            page = CODES["OWN_PAGE"].message(number=self.export_no) if self.export_no else ""
            missing = FileRefused("MISSING_COLUMN", columns=columns)
            raise FileRefused("MISSING_COLUMN", f"{missing.message}{page}").having_seen(**seen)
        if not self.rows:
            raise FileRefused("NO_ROWS")
        if self.header.row > 1:
            self.warn("TITLE_ROWS_SKIPPED")
        if match.extra or self.untitled:
            self.warn("EXTRA_COLUMNS")
        return self


def find_header(lines: Iterable[tuple[int, Sequence[object]]], columns: ColumnSet) -> Header | None:
    """Find the header among the first lines: the one line, or two or three joined, that has most of the columns.

    Of equals the fewest lines win, then the first. A line is joined to those over it only if each of its cells stands
    under a title or under nothing: then 权利人 over 姓名 is one title, and the lower line is where the header ends.
    """
    top = [(number, [_title_of(cell) for cell in cells]) for number, cells in _first(lines)]
    best, most = None, FEWEST_HEADERS - 1
    for height in range(1, JOINED_ROWS + 1):
        for last in range(height - 1, len(top)):
            rows = top[last - height + 1 : last + 1]
            if rows[-1][0] - rows[0][0] != height - 1:
                continue  # a blank line parts a title from the header
            titles = rows[0][1] if height == 1 else _joined([cells for _, cells in rows], columns)
            match = columns.match_headers(titles)
            score = match.score + len(match.duplicates)
            if score > most:
                best, most = Header(rows[-1][0], titles, match), score
    if best is not None and any(not is_blank(title) for title in best.titles[MOST_COLUMNS:]):
        raise FileRefused("TOO_MANY_COLS")
    return best


def _first(lines: Iterable[tuple[int, Sequence[object]]]) -> Iterable[tuple[int, Sequence[object]]]:
    for number, cells in lines:
        if number > HEADER_ROWS:
            return
        yield number, cells


def _title_of(cell: object) -> str | None:
    return cell if isinstance(cell, str) else None


def _joined(rows: Sequence[Sequence[str | None]], columns: ColumnSet) -> list[str | None]:
    """Join titles that stand one over another: the lowest that is a column's by itself, else all of them as one.

    面积 over （㎡） is 面积; 建筑面积 over 套内 and 分摊 is neither of them by itself.
    """
    titles: list[str | None] = []
    for at in range(max(len(cells) for cells in rows)):
        parts = dict.fromkeys(
            text.strip() for cells in rows if at < len(cells) and (text := cells[at]) is not None and not is_blank(text)
        )
        said = list(parts)
        known = [text for text in reversed(said) if columns.match_headers([text]).score]
        is_own = bool(known) and (known[0] == said[-1] or not _is_over_several(rows, at))
        titles.append(known[0] if is_own else _under(rows, at, said, columns) or "".join(said) or None)
    return titles


def _under(rows: Sequence[Sequence[str | None]], at: int, said: Sequence[str], columns: ColumnSet) -> str | None:
    """Return the column that a title is together with the one merged over it: 证件 over 类型 and 号码 is 证件号码.

    What is over several stands over the first of them; nothing stands between it and the cell that it is over too.
    """
    if not said:
        return None
    for cells in reversed(rows[:-1]):
        over = next((text for text in reversed(cells[: at + 1]) if not is_blank(text)), None)
        joined = f"{(over or '').strip()}{said[-1]}"
        if over is not None and over.strip() != said[-1] and columns.match_headers([joined]).score:
            return joined
    return None


def _is_over_several(rows: Sequence[Sequence[str | None]], at: int) -> bool:
    """Tell whether the title over a cell is over the next one too: nothing stands beside it, and below something."""
    beside = [cells[at + 1] if at + 1 < len(cells) else None for cells in rows]
    return is_blank(beside[0]) and not is_blank(beside[-1])


def is_blank(value: object) -> bool:
    """Return whether nothing stands in a cell."""
    return value is None or (isinstance(value, str) and not value.strip(INVISIBLE))


def letters_of(at: int) -> str:
    """Return the letters of a column counted from 0: A, Z, AA."""
    letters = ""
    while at >= 0:
        letters, at = chr(ord("A") + at % 26) + letters, at // 26 - 1
    return letters


def unescape(text: str) -> str:
    """Decode Excel's _xHHHH_ escapes, so that what hides in them is judged like any other character."""
    return ESCAPE.sub(lambda match: chr(int(match[1], 16)), text) if "_x" in text else text
