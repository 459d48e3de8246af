"""The one door for unit lists: guard, then a child process with limits, then typed rows."""

import json
import subprocess
import sys
from dataclasses import replace
from pathlib import Path, PurePosixPath, PureWindowsPath
from typing import Any, Final

from documents.intake.codes import CODES, FileRefused
from documents.intake.guard import inspect_file
from documents.intake.results import ReadResult, RowError, UnitRow
from documents.intake.tables import read_delimited, read_workbook
from documents.intake.unit_rows import UNIT_COLUMNS, unit_rows

WALL_SECONDS: Final = 90
ROOT: Final = Path(__file__).resolve().parents[2]


def read_unit_list(path: Path, *, expected_project: str, file_name: str) -> ReadResult:
    """This will read a unit list: every error of every row, or why the whole file is refused. Never raises for a file.

    The guard runs here, before any parser; the parsers run in a child process with bounded memory and time.
    """
    try:
        inspect_file(path)
        result = _in_child(path, expected_project)
    except FileRefused as refusal:
        result = ReadResult(file_error=refusal.code, message=refusal.message)
    if file_name not in (PurePosixPath(file_name).name, PureWindowsPath(file_name).name):
        result = replace(result, warnings=[*result.warnings, "PATH_IGNORED"])
    return result


def _in_child(path: Path, expected_project: str) -> ReadResult:
    command = [sys.executable, "-m", "documents.intake.child", str(path), expected_project]
    try:
        done = subprocess.run(
            command,
            cwd=ROOT,
            capture_output=True,
            timeout=WALL_SECONDS,
            check=False,
            env={"PYTHONPATH": str(ROOT), "LC_ALL": "C.UTF-8"},
        )
    except subprocess.TimeoutExpired as error:
        raise FileRefused(
            "CORRUPT", "文件读了太久也没有读完，未作任何处理。请另存为 .xlsx、拆成几个文件后再传。"
        ) from error
    if done.returncode != 0:
        raise FileRefused("CORRUPT")
    return from_data(json.loads(done.stdout))


def read_here(path: Path, expected_project: str) -> ReadResult:
    """This will read a guarded file in this process: what the child runs. Raises FileRefused."""
    kind = inspect_file(path)
    table = read_workbook(path, UNIT_COLUMNS) if kind == "xlsx" else read_delimited(path, UNIT_COLUMNS)
    if table.match.duplicates:
        raise FileRefused("DUP_COLUMN", f"表头「{'、'.join(table.match.duplicates)}」出现了不止一次。请留一列。")
    if table.match.missing:
        missing = "、".join(column.header for column in table.match.missing)
        raise FileRefused("MISSING_COLUMN", f"缺少列：{missing}。请用模板的表头补上。")
    if not table.rows:
        raise FileRefused("NO_ROWS")
    return unit_rows(table, expected_project=expected_project)


def to_data(result: ReadResult) -> dict[str, Any]:
    """This will give a result as JSON-ready data, for the pipe between child and parent."""
    return {
        "rows_present": result.rows_present,
        "rows": [row.to_data() for row in result.rows],
        "errors": [[error.row, error.column, error.code, error.message] for error in result.errors],
        "skipped": list(result.skipped),
        "warnings": list(result.warnings),
        "shown": {str(row): cells for row, cells in result.shown.items()},
        "file_error": result.file_error,
        "message": result.message,
        "sheet": result.sheet,
        "header_row": result.header_row,
        "mapping": dict(result.mapping),
    }


def from_data(data: dict[str, Any]) -> ReadResult:
    """This will read a result back."""
    return ReadResult(
        rows_present=data["rows_present"],
        rows=[UnitRow.from_data(row) for row in data["rows"]],
        errors=[RowError(*error) for error in data["errors"]],
        skipped=[(row, reason) for row, reason in data["skipped"]],
        warnings=data["warnings"],
        shown={int(row): cells for row, cells in data["shown"].items()},
        file_error=data["file_error"],
        message=data["message"] or (CODES[data["file_error"]].message if data["file_error"] else ""),
        sheet=data["sheet"],
        header_row=data["header_row"],
        mapping=data["mapping"],
    )
