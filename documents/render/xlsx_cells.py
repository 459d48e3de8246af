"""One cell of a workbook: a number, a date, or text that can never become a formula."""

import re
from datetime import date, datetime
from decimal import Decimal

from django.utils.timezone import is_aware, make_naive
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE, WriteOnlyCell
from openpyxl.styles.cell_style import StyleArray
from openpyxl.worksheet.worksheet import Worksheet

from registry.kernel.columns import Column, Value, format_cell

LONGEST = 32_767  # characters in a cell
LARGEST = 10**15  # beyond it Excel rounds silently
EARLIEST = date(1900, 3, 1)  # before it Excel's calendar is wrong by a day or has no number
UNSAFE = re.compile("[\u202a-\u202e\u2066-\u2069\ufffe\uffff\ud800-\udfff]")  # reorder or break what is read
ESCAPE_LIKE = re.compile(r"_(?=x[0-9A-Fa-f]{4}_)")
FORMULA_LIKE = ("=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠")
DAY_AND_TIME = "yyyy-mm-dd hh:mm"


def clean(text: str) -> str:
    """Take from a text what a workbook cannot hold: control characters, direction marks, excess length."""
    kept = UNSAFE.sub("", ILLEGAL_CHARACTERS_RE.sub("", text.replace("\r\n", "\n")))
    return ESCAPE_LIKE.sub("_x005F_", kept)[:LONGEST]


def cell_value(value: object, column: Column) -> Value:
    """Turn the value of a row into what the cell stores; identifiers stay text, personal data masked."""
    if column.kind == "rate" and isinstance(value, Decimal) and abs(value) < LARGEST:
        return value / 100  # a share is a real percentage
    if column.is_number and not isinstance(value, bool):
        if isinstance(value, int | float) and abs(value) < LARGEST:
            return value
        if isinstance(value, Decimal) and abs(value) < LARGEST:
            return value
    if column.kind == "date" and isinstance(value, date):
        moment = make_naive(value) if isinstance(value, datetime) and is_aware(value) else value
        if (moment.date() if isinstance(moment, datetime) else moment) >= EARLIEST:
            return moment
    return clean(format_cell(value, column.kind if column.kind != "rate" or value is None else "text"))


class Pen:
    """Makes the cells of one sheet. A style is looked up once and then shared by all cells that wear it."""

    def __init__(self, sheet: Worksheet) -> None:
        self.sheet = sheet
        self._styles: dict[tuple[str, str], StyleArray] = {}

    def write(self, value: Value, style: str) -> WriteOnlyCell:
        """Make a cell of a number, a date, or a text that no program takes for a formula."""
        if isinstance(value, str):
            return self._text(value, style)
        cell = WriteOnlyCell(self.sheet, value)
        cell._style = self._style(style, "moment" if isinstance(value, datetime) else "")
        return cell

    def _text(self, text: str, style: str) -> WriteOnlyCell:
        cell = WriteOnlyCell(self.sheet)
        cell._style = self._style(style, "formula-like" if text.startswith(FORMULA_LIKE) else "")
        if text:
            cell._value = text  # the public setter would read "=1+1" as a formula
            cell.data_type = "s"
        return cell

    def _style(self, name: str, variant: str) -> StyleArray:
        if (name, variant) not in self._styles:
            cell = WriteOnlyCell(self.sheet)
            cell.style = name
            if variant == "formula-like":
                cell.quotePrefix = True  # stays text when someone edits it
            elif variant == "moment":
                cell.number_format = DAY_AND_TIME
            self._styles[name, variant] = cell._style
        return self._styles[name, variant]
