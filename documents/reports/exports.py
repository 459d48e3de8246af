"""The list of closed months as a workbook."""

from collections.abc import Iterable
from datetime import date
from typing import Any, Final

from documents.reports.selectors.reports import closed_months
from registry.kernel.authority import Actor, Permission
from registry.kernel.columns import Column
from registry.kernel.periods import Month
from registry.lists.exports import ExportList, Words, no_filters


def _months(actor: Actor, words: Words, on: date) -> Iterable[Any]:
    return closed_months()


EXPORTS: Final = (
    ExportList(
        "months",
        "已结账的月份",
        Permission.REPORT_READ,
        (
            Column("month", "月份", lambda row: Month.parse(row.month).label, width=14),
            Column("cut_off_on", "统计截止", kind="date"),
            Column("closed_at", "结账时间", kind="date", width=18),
            Column("closed_by", "结账人", lambda row: str(row.closed_by or "系统"), width=14),
            Column("version", "口径", "figures_version", kind="code", width=14),
            Column("hash", "校验", "rows_hash", kind="code", width=68),
        ),
        _months,
        no_filters,
    ),
)
