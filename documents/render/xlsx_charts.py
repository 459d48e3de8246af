"""A native chart under the rows of a sheet: columns with numbers, held by cells at both ends so that it prints."""

from dataclasses import dataclass
from typing import Final

from openpyxl.chart import BarChart, Reference
from openpyxl.chart.label import DataLabelList
from openpyxl.drawing.spreadsheet_drawing import AnchorMarker, TwoCellAnchor
from openpyxl.worksheet.worksheet import Worksheet

TALL: Final = 18  # rows


@dataclass(frozen=True)
class Columns:
    """A column chart of a sheet's own rows: which column names them, which holds the numbers (from 1), its title."""

    names: int
    numbers: int
    title: str


def draw_columns(target: Worksheet, chart: Columns, *, first: int, last: int, row: int, width: int) -> None:
    """Hang a chart of rows `first` to `last` over the free rows from `row` on, across `width` columns."""
    drawn = BarChart()
    drawn.type, drawn.style, drawn.title, drawn.legend, drawn.gapWidth = "col", 10, chart.title, None, 60
    drawn.add_data(Reference(target, min_col=chart.numbers, min_row=first, max_row=last), titles_from_data=False)
    drawn.set_categories(Reference(target, min_col=chart.names, min_row=first, max_row=last))
    drawn.dataLabels = DataLabelList()
    drawn.dataLabels.showVal = True
    drawn.dataLabels.showSerName = drawn.dataLabels.showCatName = drawn.dataLabels.showLegendKey = False
    drawn.x_axis.delete, drawn.y_axis.delete = False, True  # each column bears its number
    drawn.y_axis.majorGridlines, drawn.y_axis.scaling.min = None, 0
    drawn.anchor = TwoCellAnchor(
        editAs="twoCell", _from=AnchorMarker(col=0, row=row), to=AnchorMarker(col=width, row=row + TALL)
    )
    target.add_chart(drawn)
