"""The list of a project's blockers: its columns, and each row as the words of `raise_blocker`."""

from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any, Final

from documents.intake.cells import as_text
from documents.intake.codes import FileRefused
from documents.intake.delimited import read_delimited
from documents.intake.guard import inspect_file
from documents.intake.row_work import split_list
from documents.intake.sheets import read_workbook
from documents.intake.stage_rows import day_of
from documents.intake.unit_columns import USES
from registry.kernel.columns import Choice, Column, ColumnSet
from registry.kernel.errors import DomainError
from registry.kernel.names import building_number
from registry.kernel.stages import Feature, Use

FAULTS: Final = (Choice("MEZZANINE", "有夹层", ("夹层",)), Choice("ALTERED_USE", "擅改用途", ("改变用途",)))
BLOCKER_COLUMNS: Final = ColumnSet(
    (
        Column("project", "项目编号", kind="code", width=12, required=True, synonyms=("项目代码", "项目编码")),
        Column("type", "堵点类型", kind="code", width=10, required=True, synonyms=("堵点编码", "类型"), note="如 P03"),
        Column("title", "事由", width=30, note="不填按类型的名称"),
        Column("buildings", "涉及楼栋", width=20, synonyms=("楼栋",), note="用、隔开；不填是全部楼栋"),
        Column("uses", "涉及用途", width=20, synonyms=("用途",), note="用、隔开；不填是全部用途", choices=USES),
        Column("fault", "过错特征", width=14, synonyms=("过错",), note="有这一特征的户有过错", choices=FAULTS),
        Column("found_on", "发现日期", kind="date", width=12, required=True, synonyms=("日期",)),
        Column("cause", "成因", width=30),
    )
)  # fmt: skip


@dataclass(frozen=True)
class BlockerRow:
    """One row: what it states, or what is wrong with it."""

    row: int
    type: str = ""
    title: str = ""
    buildings: tuple[str, ...] = ()
    uses: frozenset[Use] = frozenset()
    fault: Feature = field(default=Feature.NONE)
    found_on: date | None = None
    cause: str = ""
    error: str = ""


def read_blocker_list(path: Path, *, expected_project: str) -> list[BlockerRow]:
    """This will read a list of blockers. Raises DomainError with the reason if the whole file is refused."""
    try:
        kind = inspect_file(path)
        table = (read_workbook if kind == "xlsx" else read_delimited)(path, BLOCKER_COLUMNS)
    except FileRefused as refusal:
        raise DomainError(refusal.message, code=refusal.code) from refusal
    return [_row(line.number, line.cells, expected_project) for line in table.rows]


def _row(number: int, cells: dict[str, Any], expected: str) -> BlockerRow:
    try:
        texts = {name: as_text(cells.get(name)).strip() for name in BLOCKER_COLUMNS.names if name != "found_on"}
        if texts["project"].upper() != expected.upper():
            raise DomainError(f"「项目编号」不是本项目（{expected}）。请删去这一行，或到所属项目下导入。")
        if not texts["type"]:
            raise DomainError("「堵点类型」没有填。请填编码，如 P03。")
        found_on = day_of(cells.get("found_on"), "发现日期")
        if not found_on:
            raise DomainError("「发现日期」没有填。请填实际发现的日期。")
        uses = BLOCKER_COLUMNS.by_name("uses")
        fault = Feature.NONE
        for word in split_list(texts["fault"]):
            fault |= Feature[BLOCKER_COLUMNS.by_name("fault").coerce(word)]
        return BlockerRow(
            number,
            texts["type"].upper(),
            texts["title"][:120],
            tuple(building_number(word) for word in split_list(texts["buildings"])),
            frozenset(Use(uses.coerce(word)) for word in split_list(texts["uses"])),
            fault,
            date.fromisoformat(found_on),
            texts["cause"],
        )
    except DomainError as error:
        return BlockerRow(number, error=error.message)
