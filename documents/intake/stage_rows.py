"""Lists that move homes along (accepted, recorded, printed, taxed): which home, and when if the list says so.

Read under the same guard as unit lists, in a child process of its own.
"""

import json
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any, Final

from documents.intake.cells import as_code, as_place_text
from documents.intake.child import bound
from documents.intake.codes import CODES, FileRefused
from documents.intake.delimited import read_delimited
from documents.intake.guard import inspect_file
from documents.intake.sheets import read_workbook
from registry.kernel.columns import Column, ColumnSet
from registry.kernel.errors import DomainError
from registry.kernel.identifiers import check_unit_code
from registry.kernel.names import building_number, clean_code, entrance_number, room_number

STAGE_COLUMNS: Final = ColumnSet(
    (
        Column("project", "项目编号", kind="code", width=12, required=True, synonyms=("项目代码", "项目编码")),
        Column("building", "楼栋(幢号)", width=12, required=True, synonyms=("楼栋", "幢号", "楼号", "楼栋号", "栋号"),
               note="如 9号楼"),
        Column("entrance", "单元号", width=8, synonyms=("单元", "门栋"), note="没有单元的不填"),
        Column("room", "户号(房号)", kind="code", width=12, required=True, note="文本",
               synonyms=("户号", "房号", "室号", "房间号", "门牌号")),
        Column("unit_code", "不动产单元号", kind="code", width=32, note="填了就核对", synonyms=("不动产单元代码",)),
        Column("on", "办理日期", kind="date", width=12, note="不填按上传时填的日期",
               synonyms=("日期", "受理日期", "登簿日期", "缮证日期", "完税日期", "核定日期", "缴存日期")),
    )
)  # fmt: skip
ROOT: Final = Path(__file__).resolve().parents[2]
WALL_SECONDS: Final = 90


@dataclass(frozen=True)
class StageLine:
    """One line: the home it names and its day, or what is wrong with it."""

    row: int
    building: str = ""
    entrance: str = ""
    room: str = ""
    unit_code: str = ""
    on: str = ""
    error: str = ""


def read_stage_list(path: Path, *, expected_project: str) -> list[StageLine]:
    """This will read a list in a child process. Raises DomainError with the reason if the whole file is refused."""
    try:
        inspect_file(path)
        done = subprocess.run(
            [sys.executable, "-m", "documents.intake.stage_rows", str(path.resolve()), expected_project],
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
    return [StageLine(**line) for line in found["lines"]]


def lines_here(path: Path, expected_project: str) -> list[StageLine]:
    """This will read a guarded list in this process. Raises FileRefused."""
    kind = inspect_file(path)
    table = (read_workbook if kind == "xlsx" else read_delimited)(path, STAGE_COLUMNS)
    lines = [_line(line.number, line.cells) for line in table.rows]
    foreign = [line.number for line in table.rows if _is_foreign(line.cells.get("project"), expected_project)]
    if foreign:
        rows = "、".join(map(str, foreign[:20]))
        raise FileRefused("FOREIGN_PROJECT", rows=rows, project=expected_project)
    return _without_repeated(lines)


def _is_foreign(cell: Any, expected: str) -> bool:
    return clean_code(str(cell or "")).upper() != clean_code(expected).upper()


def _line(number: int, cells: dict[str, Any]) -> StageLine:
    try:
        room = room_number(as_place_text(cells.get("room")).strip())
        building = building_number(as_place_text(cells.get("building")).strip())
        if not room or not building:
            return StageLine(number, error="楼栋或户号没有填。请补上。")
        code = as_code(cells.get("unit_code"), "UNITCODE_PRECISION_LOST")
        return StageLine(
            number,
            building,
            entrance_number(as_place_text(cells.get("entrance")).strip()) or "",
            room,
            check_unit_code(code) if code else "",
            day_of(cells.get("on"), "办理日期"),
        )
    except DomainError as error:
        return StageLine(number, error=error.message)


def day_of(value: Any, header: str) -> str:
    """This will read a day as people write it, as ISO text; nothing for nothing."""
    if value is None or value == "":
        return ""
    if isinstance(value, datetime):
        return value.date().isoformat()
    if isinstance(value, date):
        return value.isoformat()
    text = str(value).strip()
    for old, new in (("年", "-"), ("月", "-"), ("日", ""), ("/", "-"), (".", "-")):
        text = text.replace(old, new)
    try:
        year, month, day = (int(part) for part in text.split("-"))
        return date(year, month, day).isoformat()
    except ValueError as error:
        raise DomainError(f"「{header}」“{str(value)[:20]}”不是日期。请写成 2022-03-07。") from error


def _without_repeated(lines: Sequence[StageLine]) -> list[StageLine]:
    first: dict[tuple[str, str, str], int] = {}
    found = []
    for line in lines:
        place = (line.building, line.entrance, line.room)
        before = first.setdefault(place, line.row) if not line.error else line.row
        again = f"与第 {before} 行是同一户。请只留一行。"
        found.append(line if before == line.row else StageLine(line.row, *place, error=again))
    return found


def main(path: str, expected_project: str) -> None:
    """Read one list under limits and print what it says."""
    bound()
    try:
        said: dict[str, Any] = {"lines": [asdict(line) for line in lines_here(Path(path), expected_project)]}
    except FileRefused as refusal:
        said = {"code": refusal.code, "message": refusal.message}
    json.dump(said, sys.stdout)


if __name__ == "__main__":
    main(*sys.argv[1:])
