"""Workbooks that print like a ledger: heavy, thin and closing rule, heads that repeat, numbers that are numbers.

Rows are written as they come, so a long sheet needs little memory. What a cell may hold is in `xlsx_cells`, how it
looks in `xlsx_styles`, how the file is made the same each time in `xlsx_file`.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Literal

from openpyxl.utils import get_column_letter
from openpyxl.worksheet.page import PageMargins
from openpyxl.worksheet.properties import PageSetupProperties
from openpyxl.worksheet.worksheet import Worksheet

from documents.render import xlsx_styles as styles
from documents.render.text_layout import width
from documents.render.xlsx_cells import Pen, cell_value, clean
from documents.render.xlsx_charts import Columns, draw_columns
from documents.render.xlsx_file import PAPER_SIZES, XLSX, new_workbook, rows_of, save
from registry.kernel.columns import Column, Value
from registry.kernel.errors import DomainError

__all__ = ["XLSX", "Sheet", "write_workbook"]

MOST_ROWS = 1_048_000
LINE_HEIGHT = 15.0
FORBIDDEN_IN_NAMES = re.compile(r"[\[\]:*?/\\]")
Heading = str | tuple[str, str]


@dataclass(frozen=True)
class Sheet:
    """One sheet: what stands above the table, the table, what stands below.

    `heading` lines are texts, or pairs set left and right. `bands` group the heads: (label, number of columns), an
    empty label groups nothing. `totals`: sums of the columns marked `total`, with further cells by column name
    (a rate, say); None for no such row. `frozen` columns stay in sight. `watermark` is printed on every page.
    """

    title: str
    columns: Sequence[Column]
    rows: Iterable[object]
    heading: Sequence[Heading] = ()
    totals: Mapping[str, object] | None = field(default_factory=dict)
    notes: Sequence[str] = ()
    bands: Sequence[tuple[str, int]] = ()
    name: str = ""
    paper: Literal["A4", "A3"] = "A4"
    portrait: bool = False
    frozen: int = 0
    filters: bool = False
    watermark: str = ""
    chart: Columns | None = None

    def __post_init__(self) -> None:
        if self.bands and sum(count for _, count in self.bands) != len(self.columns):
            raise ValueError(f"sheet {self.title}: the bands do not cover the columns")


def write_workbook(sheets: Iterable[Sheet]) -> bytes:
    """Write the sheets as one workbook; the same sheets give the same bytes."""
    workbook = new_workbook()
    taken: set[str] = set()
    for sheet in sheets:
        name = _free_name(sheet.name or sheet.title, taken)
        _Page(workbook.create_sheet(name), sheet).write()
    return save(workbook)


def _free_name(wanted: str, taken: set[str]) -> str:
    """Excel wants names of at most 31 characters, some forbidden, each once whatever its case."""
    base = FORBIDDEN_IN_NAMES.sub(" ", clean(wanted)).strip(" '")[:31] or "表"
    name, number = base, 1
    while name.casefold() in taken:
        number += 1
        name = f"{base[:27]}（{number}）"
    taken.add(name.casefold())
    return name


class _Page:
    """One sheet in the making: where the rows stand, and each part in its turn."""

    def __init__(self, target: Worksheet, sheet: Sheet) -> None:
        self.target, self.sheet, self.pen = target, sheet, Pen(target)
        self.columns = list(sheet.columns)
        self.row = 0
        self.head_first = 2 + len(sheet.heading)
        self.head_last = self.head_first + bool(sheet.bands)
        self.sums: dict[str, int | Decimal] = {column.name: 0 for column in self.columns if column.total}

    def write(self) -> None:
        """Write the sheet from top to bottom."""
        self._set_up()
        with rows_of(self.target):
            self._write_heading()
            self._write_heads()
            body_first = self.row + 1
            for row in self.sheet.rows:
                self._write_row(row)
            body_last = self.row
            if self.sheet.totals is not None and (self.sums or self.sheet.totals):
                self._write_totals(self.sheet.totals)
            self._write_notes()
            if self.sheet.chart is not None and body_last >= body_first:
                wide = len(self.columns)
                draw_columns(
                    self.target, self.sheet.chart, first=body_first, last=body_last, row=self.row + 1, width=wide
                )

    def _set_up(self) -> None:
        target, sheet = self.target, self.sheet
        for at, column in enumerate(self.columns, start=1):
            target.column_dimensions[get_column_letter(at)].width = column.characters + 1
        target.sheet_view.showGridLines = False
        target.freeze_panes = f"{get_column_letter(sheet.frozen + 1)}{self.head_last + 1}"
        target.print_title_rows = f"{self.head_first}:{self.head_last}"
        target.sheet_format.defaultRowHeight, target.sheet_format.customHeight = 18, True
        target.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
        target.page_setup.orientation = "portrait" if sheet.portrait else "landscape"
        target.page_setup.paperSize = PAPER_SIZES[sheet.paper]
        target.page_setup.fitToWidth, target.page_setup.fitToHeight = 1, 0
        target.page_margins = PageMargins(left=0.59, right=0.59, top=0.71, bottom=0.71, header=0.31, footer=0.39)
        target.print_options.horizontalCentered = True
        target.oddFooter.center.text = "第&P页，共&N页"
        if sheet.watermark:
            said = clean(sheet.watermark).replace("&", "&&")  # & alone is a code there
            target.oddHeader.center.text = target.oddFooter.left.text = said

    def _append(self, cells: Sequence[tuple[Value, str]], height: float = 0) -> None:
        self.row += 1
        if self.row > MOST_ROWS:
            raise DomainError("一张表最多104.8万行，本表超出，未生成。请按区或按项目分开导出。", code="too_many_rows")
        if height:
            self.target.row_dimensions[self.row].height = height
        self.target.append([self.pen.write(value, style) for value, style in cells])

    def _merge(self, first: int, last: int) -> None:
        if last > first:
            self.target.merged_cells.add(f"{get_column_letter(first)}{self.row}:{get_column_letter(last)}{self.row}")

    def _across(self, text: str, style: str, height: float) -> None:
        self._append([(clean(text), style)] + [("", style)] * (len(self.columns) - 1), height)
        self._merge(1, len(self.columns))

    def _write_heading(self) -> None:
        self._across(self.sheet.title, styles.TITLE, 36)
        for line in self.sheet.heading:
            if isinstance(line, str) or len(self.columns) < 2:
                self._line_of_heading(line if isinstance(line, str) else "　".join(line))
            else:
                self._write_pair(*line)

    def _line_of_heading(self, text: str) -> None:
        """A sentence may take several lines: it stands across the sheet, over the table."""
        lines = _lines(text, sum(column.characters + 1 for column in self.columns))
        self._across(text, styles.HEADING if lines == 1 else styles.NOTE, 18 if lines == 1 else lines * LINE_HEIGHT + 3)

    def _write_pair(self, left: str, right: str) -> None:
        count = len(self.columns)
        middle = self._column_at(width(left) / max(width(left) + width(right), 1))
        first = [(clean(left), styles.HEADING)] + [("", styles.HEADING)] * (middle - 1)
        second = [(clean(right), styles.HEADING_RIGHT)] + [("", styles.HEADING_RIGHT)] * (count - middle - 1)
        self._append(first + second, 18)
        self._merge(1, middle)
        self._merge(middle + 1, count)

    def _column_at(self, share: float) -> int:
        """Find the column after which about that share of the sheet's width lies, keeping one on either side."""
        whole, passed = sum(column.characters for column in self.columns), 0
        for at, column in enumerate(self.columns[:-1], start=1):
            passed += column.characters
            if passed >= whole * share:
                return at
        return len(self.columns) - 1

    def _write_heads(self) -> None:
        if self.sheet.bands:
            self._write_bands()
        cells: list[tuple[Value, str]] = [
            (clean(column.header), styles.head_style(column.kind, "组内" if self.sheet.bands else ""))
            for column in self.columns
        ]
        lines = max(_lines(column.header, column.characters) for column in self.columns)
        self._append(cells, max(22, lines * LINE_HEIGHT + 6))
        if self.sheet.filters:
            self.target.auto_filter.ref = f"A{self.row}:{get_column_letter(len(self.columns))}{self.row}"

    def _write_bands(self) -> None:
        spread = [label for label, count in self.sheet.bands for _ in range(count)]
        self._append([(clean(label), styles.BAND if label else styles.NO_BAND) for label in spread], 20)
        first = 1
        for label, count in self.sheet.bands:
            if label:
                self._merge(first, first + count - 1)
            first += count

    def _write_row(self, row: object) -> None:
        cells: list[tuple[Value, str]] = []
        tallest = 1
        for column in self.columns:
            value = column.read(row)
            if column.total:
                self.sums[column.name] += value or 0
            shown = cell_value(value, column)
            if isinstance(shown, str):
                tallest = max(tallest, _lines(shown, column.characters))
            cells.append((shown, styles.body_style(column.kind)))
        self._append(cells, tallest * LINE_HEIGHT + 3 if tallest > 1 else 0)

    def _write_totals(self, given: Mapping[str, object]) -> None:
        cells: list[tuple[Value, str]] = []
        known = {**self.sums, **given}
        for at, column in enumerate(self.columns):
            if column.name in known:
                cells.append((cell_value(known[column.name], column), styles.total_style(column.kind)))
            else:
                cells.append(("合计" if at == self._label_at(known) else "", styles.TOTAL_LABEL))
        self._append(cells, 20)

    def _label_at(self, known: Mapping[str, object]) -> int:
        """The first column without a number of its own bears the word 合计, a text column before others."""
        free = [at for at, column in enumerate(self.columns) if column.name not in known]
        return next((at for at in free if not self.columns[at].is_number), free[0] if free else -1)

    def _write_notes(self) -> None:
        self._append([("", styles.RULE)] * len(self.columns), 6)
        room = sum(column.characters + 1 for column in self.columns)
        for note in self.sheet.notes:
            self._across(note, styles.NOTE, _lines(note, room) * LINE_HEIGHT + 3)


def _lines(text: str, characters: int) -> int:
    """Estimate the lines of a text in a column so many half-width characters wide."""
    room = max(characters / 2, 1)
    return sum(max(1, -(-int(width(part) * 2) // int(room * 2))) for part in _parts(text))


def _parts(text: str) -> Iterator[str]:
    yield from text.split("\n") if "\n" in text else (text,)
