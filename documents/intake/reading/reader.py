"""The one door for lists of every kind: guard, then a child process with limits, then typed rows."""

import errno
import json
import logging
import secrets
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from dataclasses import asdict, replace
from pathlib import Path, PurePosixPath, PureWindowsPath
from typing import Any, Final, NamedTuple

from documents.intake.reading.across import Across, across_from_data, read_across_in_place
from documents.intake.reading.codes import CODES, FileRefused
from documents.intake.reading.delimited import read_delimited
from documents.intake.reading.file_guard import inspect_file
from documents.intake.reading.list_rows import list_rows
from documents.intake.reading.list_shape import UNIT_SHAPE, UNITS, ListShape
from documents.intake.reading.results import Normalised, Reading, ReadResult, RowError, UnitRow
from documents.intake.reading.sender_mapping import with_sender_columns
from documents.intake.reading.sheets import read_workbook
from documents.intake.reading.tables import Table, is_blank
from documents.intake.reading.unit_rows import unit_rows
from registry.kernel.cell_words import is_not_stated
from registry.kernel.columns import ColumnSet
from registry.lists.columns import PROJECT
from registry.lists.rows import ListRow

log = logging.getLogger(__name__)
DISK_FULL: Final = frozenset({errno.ENOSPC, errno.EDQUOT})
WALL_SECONDS: Final = 90.0
ROOT: Final = Path(__file__).resolve().parents[3]
SLOW: Final = "文件读取超时，未作任何处理。请另存为.xlsx或拆分为多个文件后上传。"
CPU_SPENT: Final = (-24, -9)  # SIGXCPU at the limit, SIGKILL a little above it
NO_BOOK: Final = "文件扩展名与内容不符，不是表格文件。请上传.xlsx或.csv文件。"
BOOKS: Final = (".xlsx", ".xlsm", ".xls", ".xlsb", ".et", ".ods")


class Wanted(NamedTuple):
    """Whose rows a file should have: one project's (none expected if empty), or those of every project known."""

    project: str
    known: Mapping[str, str] | None = None


def read_list(
    path: Path,
    *,
    expected_project: str,
    file_name: str,
    shape: ListShape = UNIT_SHAPE,
    reading: Reading | None = None,
    wall_seconds: float = WALL_SECONDS,
) -> ReadResult:
    """Read a list: every error of every row, or why the whole file is refused. Never raises for a file.

    The guard runs here, before any parser; the parsers run in a child process with bounded memory and time. An empty
    `expected_project` expects none.
    """
    across = _refused_or_read(path, shape, Wanted(expected_project), reading or Reading(), wall_seconds)
    return _named(across.rest, path, file_name)


def read_across(
    path: Path, *, known: Mapping[str, str], file_name: str, shape: ListShape, reading: Reading | None = None
) -> Across:
    """Read a list of several projects, each by its rules; `known` has their codes by every word that names one.

    As `read_list`, it never raises for a file: one refused as a whole has nothing but its rest.
    """
    across = _refused_or_read(path, shape, Wanted("", known), reading or Reading(), WALL_SECONDS)
    return replace(across, rest=_named(across.rest, path, file_name))


def _named(result: ReadResult, path: Path, file_name: str) -> ReadResult:
    """Judge a result by what the file is called, too."""
    if result.file_error == "NO_HEADER" and file_name.lower().endswith(BOOKS) and not _is_archive(path):
        result = ReadResult(file_error="NOT_A_SPREADSHEET", message=NO_BOOK)
    if {PurePosixPath(file_name).name, PureWindowsPath(file_name).name} != {file_name}:
        result = replace(result, warnings=[*result.warnings, "PATH_IGNORED"])
    return result


def _refused_or_read(path: Path, shape: ListShape, wanted: Wanted, reading: Reading, wall_seconds: float) -> Across:
    try:
        inspect_file(path)
        return _in_child(path, shape, wanted, reading, wall_seconds)
    except FileRefused as refusal:
        return Across(refused(refusal))
    except OSError as fault:
        if fault.errno in DISK_FULL:
            raise  # no fault of the file's
        return Across(ReadResult(file_error="CORRUPT", message=CODES["CORRUPT"].message()))


def _is_archive(path: Path) -> bool:
    with path.open("rb") as file:
        return file.read(2) == b"PK"


def refused(refusal: FileRefused) -> ReadResult:
    """Return the result of a file refused as a whole, with what had been seen of it."""
    return ReadResult(file_error=refusal.code, message=refusal.message, **refusal.seen)


def _in_child(path: Path, shape: ListShape, wanted: Wanted, reading: Reading, wall_seconds: float) -> Across:
    said = (asdict(reading), shape.to_data(), wanted._asdict())
    asked = [json.dumps(each, ensure_ascii=True) for each in said]
    command = [sys.executable, "-m", "documents.intake.reading.reader_process", str(path.resolve())]
    with tempfile.TemporaryDirectory(prefix="intake-child-") as folder:
        try:
            done = subprocess.run(
                command,
                cwd=folder,
                input="\n".join(asked).encode(),
                capture_output=True,
                timeout=wall_seconds,
                check=False,
                env={"PYTHONPATH": str(ROOT), "LC_ALL": "C.UTF-8", "TMPDIR": folder},
            )
        except subprocess.TimeoutExpired as error:
            raise FileRefused("CORRUPT", SLOW) from error
    if done.returncode < 0:  # a library was killed or fell over what it was given
        raise FileRefused("CORRUPT", SLOW if done.returncode in CPU_SPENT else "")
    try:
        if done.returncode == 0:
            return across_from_data(json.loads(done.stdout), from_data)
    except (ValueError, KeyError, TypeError):
        pass
    raise _our_fault(done)


def _our_fault(done: "subprocess.CompletedProcess[bytes]") -> FileRefused:
    """Log where our own code fell, under a number that the sender can quote; nothing of the file is in it."""
    try:
        said = json.loads(done.stderr.splitlines()[-1])
        where = f"{said['class']} at {' < '.join(reversed(said['frames']))}"
    except (ValueError, KeyError, TypeError, IndexError):
        where = f"exit {done.returncode} without a word"
    number = secrets.token_hex(4).upper()
    log.error("a reader of lists fell, number %s: %s", number, where)
    return FileRefused("OUR_FAULT", number=number)


def read_as_wanted(path: Path, wanted: Wanted, reading: Reading, shape: ListShape) -> Across:
    """Read a guarded file of one project or of several in this process. Raises FileRefused."""
    if wanted.known is None:
        return Across(read_in_place(path, wanted.project, reading, shape))
    return read_across_in_place(path, wanted.known, reading, shape)


def read_in_place(
    path: Path, expected_project: str, reading: Reading | None = None, shape: ListShape = UNIT_SHAPE
) -> ReadResult:
    """Read a guarded file in this process: what the child runs. Raises FileRefused."""
    how = reading or Reading()
    columns = _asked(with_sender_columns(shape.columns, how.headers), expected_project)
    is_book = inspect_file(path) == "xlsx"
    if shape.name == UNITS:
        table = read_workbook(path, columns, how.sheet) if is_book else read_delimited(path, columns)
        fill_project(table, expected_project)
        fill_building(table)
        return unit_rows(table, expected_project=expected_project, words=how.words)
    try:
        table = read_workbook(path, columns, how.sheet) if is_book else read_delimited(path, columns)
    except FileRefused as refusal:
        if refusal.code != "NO_HEADER":
            raise
        needed = "、".join(column.header for column in shape.columns if column.required)
        raise FileRefused("NO_HEADER", f"前15行里找不到表头。请用模板的表头（{needed}等）。") from refusal
    fill_project(table, expected_project)
    return list_rows(table, shape, expected_project=expected_project, words=how.words)


def _asked(columns: ColumnSet, expected_project: str) -> ColumnSet:
    """Ask for no column of the project inside a project: one that is not there is filled in."""
    if not expected_project:
        return columns
    return ColumnSet(
        tuple(replace(column, required=column.required and column.name != PROJECT.name) for column in columns)
    )


def fill_project(table: Table, expected_project: str) -> None:
    """Fill in the project of a list sent inside one, if it has no such column or nothing in it, and say so."""
    if expected_project and all(_names_none(line.cells.get(PROJECT.name)) for line in table.rows):
        for line in table.rows:
            line.cells[PROJECT.name] = expected_project
        table.warn("PROJECT_FILLED")


def _names_none(cell: object) -> bool:
    return is_blank(cell) or (isinstance(cell, str) and is_not_stated(cell.strip()))


def fill_building(table: Table) -> None:
    """Fill in the building of a sheet that is called by it and has no such column, and say so."""
    if "building" not in table.header.match.positions:
        for line in table.rows:
            line.cells["building"] = table.sheet.strip()
        table.warn("BUILDING_FILLED")


def to_data(result: ReadResult) -> dict[str, Any]:
    """Return a result as JSON-ready data, for the pipe between child and parent."""
    return {
        "rows_present": result.rows_present,
        "rows": [row.to_data() for row in result.rows],
        "is_units": any(isinstance(row, UnitRow) for row in result.rows),
        "errors": [[error.row, error.column, error.code, error.message] for error in result.errors],
        "skipped": list(result.skipped),
        "warnings": list(result.warnings),
        "shown": {str(row): dict(cells) for row, cells in result.shown.items()},
        "file_error": result.file_error,
        "message": result.message,
        "sheet": result.sheet,
        "header_row": result.header_row,
        "mapping": dict(result.mapping),
        "titles": list(result.titles),
        "sheets": list(result.sheets),
        "row_warnings": {str(row): list(codes) for row, codes in result.row_warnings.items()},
        "texts": {str(row): dict(texts) for row, texts in result.texts.items()},
        "normalised": [list(change) for change in result.normalised],
        "export_no": result.export_no,
        "untitled": list(result.untitled),
        "doubtful": [row.to_data() for row in result.doubtful],
    }


def from_data(data: dict[str, Any]) -> ReadResult:
    """Read a result back."""
    row_of = UnitRow.from_data if data["is_units"] else ListRow.from_data
    return ReadResult(
        rows_present=data["rows_present"],
        rows=[row_of(row) for row in data["rows"]],
        errors=[RowError(*error) for error in data["errors"]],
        skipped=[(row, reason) for row, reason in data["skipped"]],
        warnings=data["warnings"],
        shown={int(row): cells for row, cells in data["shown"].items()},
        file_error=data["file_error"],
        message=data["message"],
        sheet=data["sheet"],
        header_row=data["header_row"],
        mapping=data["mapping"],
        titles=data["titles"],
        sheets=data["sheets"],
        row_warnings={int(row): codes for row, codes in data["row_warnings"].items()},
        texts={int(row): texts for row, texts in data["texts"].items()},
        normalised=[Normalised(*change) for change in data["normalised"]],
        export_no=data["export_no"],
        untitled=data["untitled"],
        doubtful=[UnitRow.from_data(row) for row in data["doubtful"]],
    )
