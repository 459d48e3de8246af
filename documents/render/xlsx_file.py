"""Writing an openpyxl workbook so that equal content gives equal bytes and nothing touches a temporary file."""

import io
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from openpyxl import Workbook
from openpyxl.drawing.spreadsheet_drawing import SpreadsheetDrawing
from openpyxl.worksheet._writer import WorksheetWriter
from openpyxl.worksheet.worksheet import Worksheet
from openpyxl.writer.excel import ExcelWriter

from documents.render import xlsx_styles

# A workbook says its as-of in words; a clock here would change its bytes.
MADE_ON = datetime(2000, 1, 1)  # noqa: DTZ001  # openpyxl takes naive moments
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
PAPER_SIZES = {"A3": 8, "A4": 9}


class _SteadyZip(ZipFile):
    """An archive whose entries bear no clock."""

    def writestr(self, zinfo_or_arcname: str | ZipInfo, data: Any, *args: Any, **more: Any) -> None:
        entry = zinfo_or_arcname
        if isinstance(entry, str):
            entry = ZipInfo(entry, (1980, 1, 1, 0, 0, 0))
            entry.compress_type = ZIP_DEFLATED
        super().writestr(entry, data, *args, **more)


class _Writer(ExcelWriter):
    """openpyxl's writer, taking the sheets from memory instead of from files."""

    def write_worksheet(self, ws: Worksheet) -> None:
        ws._drawing = SpreadsheetDrawing()
        ws._drawing.charts, ws._drawing.images = ws._charts, ws._images
        ws._rels = ws._writer._rels
        self._archive.writestr(ws.path[1:], ws._writer.out.getvalue())
        self.manifest.append(ws)


def new_workbook() -> Workbook:
    """Open an empty workbook that streams its rows, with all styles."""
    workbook = Workbook(write_only=True)
    workbook.properties.creator = "registry"
    workbook.properties.created = workbook.properties.modified = MADE_ON
    xlsx_styles.register(workbook)
    return workbook


@contextmanager
def rows_of(sheet: Worksheet) -> Iterator[None]:
    """Hold a sheet open for its rows, in memory; columns, panes and page set-up must be laid before."""
    sheet._writer = WorksheetWriter(sheet, io.BytesIO())
    sheet._writer.write_top()
    try:
        yield
    finally:
        sheet.close()


def save(workbook: Workbook) -> bytes:
    """Return the bytes of a workbook whose sheets are all written."""
    out = io.BytesIO()
    _Writer(workbook, _SteadyZip(out, "w", ZIP_DEFLATED)).save()
    return out.getvalue()
