"""The project list: its columns, and each row as the words of `take_in_project`."""

from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any, Final

from documents.intake.cells import as_text
from documents.intake.codes import FileRefused
from documents.intake.delimited import read_delimited
from documents.intake.guard import inspect_file
from documents.intake.sheets import read_workbook
from registry.kernel.columns import Choice, Column, ColumnSet
from registry.kernel.errors import DomainError
from registry.kernel.identifiers import DistrictCode
from registry.kernel.stages import HousingType

TYPES: Final = tuple(Choice(one.value, one.label) for one in HousingType)
PROJECT_COLUMNS: Final = ColumnSet(
    (
        Column("code", "项目编号", kind="code", width=12, required=True),
        Column("name", "项目名称", width=24, required=True),
        Column("district_code", "区代码", kind="code", width=9, required=True),
        Column("district_name", "区", width=10, required=True),
        Column("township_code", "街道乡镇代码", kind="code", width=12, required=True),
        Column("township_name", "街道乡镇", width=14, required=True),
        Column("housing_type", "房屋类型", width=12, required=True, choices=TYPES),
        Column("location", "坐落", width=28),
        Column("taken_in_on", "纳入日期", kind="date", width=12, required=True),
        Column("officer", "责任人", width=12),
    )
)


@dataclass(frozen=True)
class ProjectRow:
    """One row: the words of the service, or what is wrong with it."""

    row: int
    words: dict[str, Any]
    error: str = ""


def read_project_list(path: Path) -> list[ProjectRow]:
    """This will read a project list. Raises DomainError with the reason if the whole file is refused."""
    try:
        kind = inspect_file(path)
        table = (read_workbook if kind == "xlsx" else read_delimited)(path, PROJECT_COLUMNS)
    except FileRefused as refusal:
        raise DomainError(refusal.message, code=refusal.code) from refusal
    return [_row(line.number, line.cells) for line in table.rows]


def _row(number: int, cells: dict[str, Any]) -> ProjectRow:
    try:
        texts = {name: as_text(value).strip() for name, value in cells.items()}
        for column in PROJECT_COLUMNS:
            if column.required and not texts.get(column.name):
                raise DomainError(f"「{column.header}」没有填。")
        words: dict[str, Any] = {name: text for name, text in texts.items() if text}
        words["housing_type"] = PROJECT_COLUMNS.by_name("housing_type").coerce(texts["housing_type"])
        words["district_code"] = DistrictCode.parse(texts["district_code"]).format()
        words["township_code"] = DistrictCode.parse(texts["township_code"]).format()
        words["taken_in_on"] = _day(cells["taken_in_on"])
        return ProjectRow(number, words)
    except DomainError as error:
        return ProjectRow(number, {}, error.message)


def _day(value: Any) -> date:
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, date):
        return value
    try:
        return date.fromisoformat(str(value).strip().replace("/", "-"))
    except ValueError as error:
        raise DomainError("「纳入日期」不是日期，请写成 2022-03-07。") from error
