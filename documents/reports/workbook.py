"""The monthly workbook: the same rows and columns as the page, a sheet for each part that the month has."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from documents.render.xlsx import Sheet, write_workbook
from documents.reports.monthly import LEDGER, PARTS, TOTALS, rounding_of, total_rates
from documents.reports.parts import Part
from registry.kernel.periods import Month
from registry.kernel.rates import Rounding


def monthly_workbook(*, month: Month, cut_off_on: date, rows: Mapping[str, list[dict[str, Any]]], stamp: str) -> bytes:
    """Write the report's rows as a workbook; the same rows give the same bytes."""
    return write_workbook([_sheet(part, month, cut_off_on, rows, stamp) for part in PARTS if part.code in rows])


def _sheet(part: Part, month: Month, cut_off_on: date, sheets: Mapping[str, list[dict[str, Any]]], stamp: str) -> Sheet:
    rows = sheets[part.code]
    return Sheet(
        title=f"历史遗留项目不动产登记问题化解工作{part.title}（{month.label}）",
        name=part.title,
        columns=part.columns,
        rows=[_dated(row) for row in rows],
        heading=((f"统计截止：{cut_off_on.year}年{cut_off_on.month}月{cut_off_on.day}日24时", stamp),),
        totals=_totals(rows, part, rounding_of(sheets)) if part.is_summed else None,
        notes=(part.note,) if part.note else (),
        paper="A3" if part in (LEDGER, TOTALS) else "A4",
        frozen=2 if part is LEDGER else 1,
    )


def _dated(row: dict[str, Any]) -> dict[str, Any]:
    target = row.get("target_on")
    return {**row, "target_on": date.fromisoformat(target)} if target else row


def _totals(rows: list[dict[str, Any]], part: Part, rounding: Rounding) -> dict[str, Any]:
    first = part.columns[0].name
    cells: dict[str, Any] = {first: "合计"}
    names = {column.name for column in part.columns}
    return cells | {name: text for name, text in total_rates(rows, rounding).items() if name in names}
