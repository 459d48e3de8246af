"""Reading a list of buildings, steps, blockers or letters: in a child process, under the guard, all errors of a row."""

import json
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, Final

from documents.intake.cells import as_text
from documents.intake.child import bound
from documents.intake.codes import CODES, FileRefused
from documents.intake.delimited import read_delimited
from documents.intake.guard import inspect_file
from documents.intake.list_columns import COLUMNS, SEVERAL
from documents.intake.row_work import split_list
from documents.intake.sheets import read_workbook
from documents.intake.stage_rows import ROOT, WALL_SECONDS, day_of
from registry.kernel.columns import Column
from registry.kernel.errors import DomainError
from registry.kernel.names import clean_code

MOST_ROWS: Final = 1000
LONGEST: Final = 500


@dataclass(frozen=True)
class ListLine:
    """One row: its texts by column (days as ISO text, choices as their codes), and all that is wrong with it."""

    row: int
    texts: Mapping[str, str]
    errors: tuple[str, ...] = field(default=())


def read_list(path: Path, kind: str, *, expected_project: str) -> list[ListLine]:
    """This will read a list in a child process; an empty `expected_project` expects none.

    Raises DomainError with the reason if the whole file is refused.
    """
    try:
        inspect_file(path)
        done = subprocess.run(
            [sys.executable, "-m", "documents.intake.list_rows", str(path.resolve()), kind, expected_project],
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=WALL_SECONDS,
            check=False,
            env={"PYTHONPATH": str(ROOT), "LC_ALL": "C.UTF-8"},
        )
        found = json.loads(done.stdout) if done.returncode == 0 else {"code": "CORRUPT"}
    except FileRefused as refusal:
        raise DomainError(refusal.message, code=refusal.code) from refusal
    except (subprocess.TimeoutExpired, ValueError) as error:
        raise DomainError(CODES["CORRUPT"].message, code="CORRUPT") from error
    if "code" in found:
        raise DomainError(found.get("message") or CODES[found["code"]].message, code=found["code"])
    lines = [ListLine(one["row"], one["texts"], tuple(one["errors"])) for one in found["lines"]]
    if len(lines) > MOST_ROWS:
        raise DomainError(f"清单有{len(lines)}行，一次最多{MOST_ROWS}行。请分成几份上传。", code="TOO_MANY_ROWS")
    return lines


def lines_here(path: Path, kind: str, expected_project: str) -> list[ListLine]:
    """This will read a guarded list in this process. Raises FileRefused."""
    table = (read_workbook if inspect_file(path) == "xlsx" else read_delimited)(path, COLUMNS[kind])
    wanted = clean_code(expected_project).upper()
    foreign = [line.number for line in table.rows if wanted and _folded(line.cells.get("project")) != wanted]
    if foreign:
        rows = "、".join(map(str, foreign[:20]))
        raise FileRefused("FOREIGN_PROJECT", rows=rows, project=expected_project)
    return [_line(line.number, kind, line.cells) for line in table.rows]


def _folded(cell: Any) -> str:
    return clean_code(str(cell or "")).upper()


def _line(number: int, kind: str, cells: Mapping[str, Any]) -> ListLine:
    texts: dict[str, str] = {}
    errors: list[str] = []
    for column in COLUMNS[kind]:
        try:
            texts[column.name] = _text(kind, column, cells.get(column.name))
        except DomainError as error:
            errors.append(_placed(column.header, error.message))
            continue
        if column.required and not texts[column.name]:
            errors.append(f"「{column.header}」没有填。请补上。")
    return ListLine(number, texts, tuple(errors))


def _placed(header: str, message: str) -> str:
    return message if f"「{header}」" in message else f"「{header}」{message}"


def _text(kind: str, column: Column, value: Any) -> str:
    if column.kind == "date":
        return day_of(value, column.header)
    text = as_text(value).strip()
    if len(text) > LONGEST:
        raise DomainError(f"超过{LONGEST}个字。请写短一些。")
    if not column.choices or not text:
        return text
    if (kind, column.name) in SEVERAL:
        return "、".join(column.coerce(word) for word in split_list(text))
    return column.coerce(text)


def main(path: str, kind: str, expected_project: str) -> None:
    """Read one list under limits and print what it says."""
    bound()
    try:
        said: dict[str, Any] = {"lines": [asdict(line) for line in lines_here(Path(path), kind, expected_project)]}
    except FileRefused as refusal:
        said = {"code": refusal.code, "message": refusal.message}
    json.dump(said, sys.stdout)


if __name__ == "__main__":
    main(*sys.argv[1:])
