"""The marked copy: the sender's own file, its bad cells filled and each with a comment, to be mended and sent again.

Runs in a child process of its own: bounded like the reader, the file on standard input, the copy on standard output.
Formulas come out as the values they had, because a library that writes them anew forgets what they gave.
"""

import csv
import io
import json
import subprocess
import sys
from collections import defaultdict
from collections.abc import Mapping, Sequence
from itertools import islice
from pathlib import Path
from typing import Any, Final

import openpyxl
from openpyxl.comments import Comment
from openpyxl.styles import PatternFill
from openpyxl.utils import get_column_letter

from documents.intake.reading.codes import FileRefused
from documents.intake.reading.delimited import DELIMITERS, decode
from documents.intake.reading.reader_process import limit_process
from documents.intake.reading.tables import CHECKED_BY, JOINED_ROWS

RED: Final = PatternFill("solid", fgColor="F8D7DA")
WALL_SECONDS: Final = 90
ROOT: Final = Path(__file__).resolve().parents[3]
WIDE, LINE_HEIGHT, LINE_LENGTH = 320, 22, 22
Marks = Sequence[tuple[int, str, str]]


def write_marked_copy(content: bytes, *, sheet: str, header_row: int, titles: Mapping[str, str], marks: Marks) -> bytes:
    """Return the marked workbook. `titles` has the file's title by our header, `marks` row, header, message.

    Raises FileRefused if the copy can't be made within bounds.
    """
    said = {"sheet": sheet, "header_row": header_row, "titles": dict(titles), "marks": [list(mark) for mark in marks]}
    try:
        done = subprocess.run(
            [sys.executable, "-m", "documents.intake.reading.marked_copy"],
            input=json.dumps(said).encode() + b"\n" + content,
            capture_output=True,
            timeout=WALL_SECONDS,
            check=False,
            env={"PYTHONPATH": str(ROOT), "LC_ALL": "C.UTF-8"},
        )
    except subprocess.TimeoutExpired as error:
        raise FileRefused("CORRUPT", "标注副本没有做成：文件太大。请按页面上的清单改原文件。") from error
    if done.returncode != 0 or not done.stdout:
        raise FileRefused("CORRUPT", "标注副本没有做成。请按页面上的清单改原文件。")
    return done.stdout


def mark_in_process(content: bytes, said: Mapping[str, Any]) -> bytes:
    """Mark a workbook, or a text file turned into one, in this process."""
    if content.startswith(b"PK"):
        book = openpyxl.load_workbook(io.BytesIO(content), data_only=True, keep_links=False)
        sheet = book[said["sheet"]] if said["sheet"] in book.sheetnames else book.worksheets[0]
    else:
        book = openpyxl.Workbook()
        sheet = book.active
        sheet.title = "清册"
        _lay_text(sheet, content, said)
    _mark(sheet, said)
    out = io.BytesIO()
    book.active = book.worksheets.index(sheet)
    book.save(out)
    return out.getvalue()


def _lay_text(sheet: Any, content: bytes, said: Mapping[str, Any]) -> None:
    """Lay the lines of a text file as text, all of it: a workbook then changes no number of it."""
    text = decode(content).text
    titles = {str(title).strip() for title in said["titles"].values()}
    delimiter = max(DELIMITERS, key=lambda mark: len(titles & _header_at(said["header_row"], text, mark)))
    for number, cells in enumerate(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter), start=1):
        for at, value in enumerate(cells, start=1):
            if value:
                cell = sheet.cell(number, at, "".join(c if c.isprintable() or c in "\t\n" else "�" for c in value))
                cell.data_type, cell.number_format = "s", "@"


def _header_at(row: int, text: str, delimiter: str) -> set[str]:
    """The titles in a row, if this is what parts the cells of the file."""
    lines = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    return {cell.strip() for cell in next(islice(lines, row - 1, None), [])}


def _mark(sheet: Any, said: Mapping[str, Any]) -> None:
    columns = {
        str(cell.value).strip(): cell.column
        for row in range(max(1, said["header_row"] - JOINED_ROWS + 1), said["header_row"] + 1)
        for cell in sheet[row]
        if cell.value is not None and str(cell.value).strip()
    }
    by_cell: dict[tuple[int, int], list[str]] = defaultdict(list)
    for row, header, message in said["marks"]:
        by_cell[(row, columns.get(said["titles"].get(header, header), 1))].append(message)
    for merged in list(sheet.merged_cells.ranges):  # only the first cell of a range can bear a comment
        for row, column in [place for place in by_cell if f"{get_column_letter(place[1])}{place[0]}" in merged]:
            if (row, column) != (merged.min_row, merged.min_col):
                by_cell[(merged.min_row, merged.min_col)] += by_cell.pop((row, column))
    for (row, column), messages in by_cell.items():
        cell = sheet.cell(row, column)
        cell.fill = RED
        comment = Comment("\n".join(messages), CHECKED_BY)
        lines = sum(1 + len(message) // LINE_LENGTH for message in messages)
        comment.width, comment.height = WIDE, 20 + LINE_HEIGHT * lines
        cell.comment = comment


def main() -> None:
    """Mark the file on standard input under limits."""
    limit_process(files=64 * 1024**2)
    said, _, content = sys.stdin.buffer.read().partition(b"\n")
    sys.stdout.buffer.write(mark_in_process(content, json.loads(said)))


if __name__ == "__main__":
    main()
