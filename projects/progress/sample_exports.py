"""The check sheet of a sample: what is looked at on site, with room for what is found."""

from collections.abc import Iterable
from datetime import date
from typing import Any, Final

from projects.progress.selectors.sampling import homes_of, sample_by_code
from registry.kernel.authority import Actor, Permission
from registry.kernel.columns import Column
from registry.kernel.periods import Month
from registry.lists.exports import ExportList, Words


def _homes(actor: Actor, words: Words, on: date) -> Iterable[Any]:
    return homes_of(actor, sample_by_code(words.get("sample", "")))


def _filters(actor: Actor, words: Words) -> list[tuple[str, str]]:
    sample = sample_by_code(words.get("sample", ""))
    return [("抽查", sample.code), ("发证月份", Month.parse(sample.month).label), ("种子", str(sample.seed))]


EXPORTS: Final = (
    ExportList(
        "sample",
        "发证抽查核查表",
        Permission.REPORT_READ,
        (
            Column("ordinal", "序号", kind="int", width=6),
            Column("code", "项目编号", "unit.building.project.code", kind="code", width=12),
            Column("project", "项目", "unit.building.project.name", width=20),
            Column("unit", "户", lambda row: f"{row.unit.building}{row.unit}", width=24),
            Column("claimed_on", "发证日期", kind="date"),
            Column("claimed_by", "登记单位", width=18),
            Column("result", "核查结果", lambda row: row.get_result_display(), width=12),
            Column("finding", "核查情况", width=28),
            Column("checked_on", "核查日期", kind="date"),
            Column("checker", "核查人签字", lambda row: "", width=14),
        ),
        _homes,
        _filters,
    ),
)
