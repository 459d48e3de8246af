"""The monthly workbook: a cover, then the rows and columns of the page, a sheet for each part that the month has."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, Final

from documents.render.xlsx import Sheet, write_workbook
from documents.render.xlsx_charts import Columns
from documents.reports.bulletin import issued_by_month
from documents.reports.changes import CORRECTED
from documents.reports.layouts import HEADLINE, LEDGER, PARTS, REST, TOTALS, TOWNS
from documents.reports.monthly import rounding_of, total_rates
from documents.reports.outlook import OUTLOOK
from documents.reports.parts import Part
from documents.reports.sheets import PROMISES
from registry.kernel.columns import Column
from registry.kernel.periods import Month
from registry.kernel.rates import Rounding

Rows = Mapping[str, list[dict[str, Any]]]
WIDE: Final = (LEDGER, TOTALS, OUTLOOK, PROMISES, CORRECTED)  # beyond what A4 holds at a size that can be read
NUMBERED: Final = (LEDGER, CORRECTED, PROMISES)  # lines that are spoken of by their number
ANNEX: Final = "项目台账（附）"
ORDINAL: Final = Column("ordinal", "序号", "ordinal", kind="int", width=6)
IN_TOTALS: Final = (
    "name", "projects_opening", "projects_added", "projects_closed", "projects", "unassessed_projects", *HEADLINE,
    "issued_month", "issued_corrected", "issued_entered", "issued", "issued_rate", "remaining", "check",
)  # fmt: skip
IN_REST: Final = ("name", *REST, "others", "check")
IN_LEDGER: Final = {
    "code": 11,
    "name": 18,
    "district": 8,
    "township": 12,
    "issue": 18,
    "status": 8,
    "due": 8,
    "registered": 8,
    "issued": 8,
    "issued_month": 8,
    "issued_rate": 9,
    "remaining": 8,
    "letters": 16,
    "target_on": 12,
    "progress": 30,
    "next": 30,
    "officer": 8,
}  # what a meeting asks; every field stands in the annex
ALWAYS: Final = ("ordinal", "code", "name")  # by which a line of the projects is spoken of
BY_MONTH: Final = "各月发证"
MONTHS: Final = (
    Column("month", "月份", "month", width=50),
    Column("issued", "发证（套）", "issued", kind="int", width=42),
)
SIGNATURES: Final = "填报人：　　　　　　审核人：　　　　　　负责人（签字）：　　　　　　"
COVER: Final = (
    Column("label", "指标", "label", width=22),
    Column("number", "数", "number", kind="int", width=12),
    Column("share", "比率", "share", kind="rate", width=10),
    Column("change", "较上月", "change", kind="int", width=11),
    Column("note", "说明", "note", width=40),
)


@dataclass(frozen=True)
class Cover:
    """The first sheet: what is read in ten seconds, and who reports it."""

    rows: Sequence[Mapping[str, Any]] = ()
    sentences: Sequence[str] = ()
    unit: str = ""


def monthly_workbook(
    *, month: Month, cut_off_on: date, rows: Rows, stamp: str, cover: Cover | None = None, chosen: Sequence[str] = ()
) -> bytes:
    """Write the report's rows as a workbook; the same rows give the same bytes.

    `chosen` names the columns that a recipient is given of the projects: no other column of them leaves, not in an
    annex either.
    """
    page = cover or Cover()
    heading = (
        (f"填报单位：{page.unit}", f"统计截止：{cut_off_on.year}年{cut_off_on.month}月{cut_off_on.day}日24时"),
        ("单位：套、个、%", stamp),
    )
    parts = [part for part in PARTS if part.code in rows and part is not TOWNS]
    sheets = [sheet for part in parts for sheet in _printed(_sheet(part, month, rows, heading), part, chosen)]
    if cover is None:
        return write_workbook(sheets)
    sheets += _months(month, rows, heading)
    return write_workbook([_cover(page, month, heading, [sheet.name for sheet in sheets]), *_annexed(sheets)])


def _printed(sheet: Sheet, part: Part, chosen: Sequence[str]) -> list[Sheet]:
    """Return the sheets of a part as they print: one that is too wide is parted, or has an annex with every column."""
    if part is TOTALS:
        rest = replace(sheet, columns=_chosen(sheet.columns, dict.fromkeys(IN_REST, 0)), name="剩余分类", paper="A4")
        return [replace(sheet, columns=_chosen(sheet.columns, dict.fromkeys(IN_TOTALS, 8))), rest]
    if part is LEDGER and chosen:
        own = [column for column in sheet.columns if column.name in chosen or column.name in ALWAYS]
        widths = {column.name: IN_LEDGER.get(column.name, column.width) for column in own}
        return [replace(sheet, columns=_chosen(own, widths), frozen=3)]
    if part is LEDGER:
        annex = replace(sheet, name=ANNEX, title=f"{sheet.title}（附）")
        return [replace(sheet, columns=(ORDINAL, *_chosen(sheet.columns, IN_LEDGER)), frozen=2), annex]
    return [sheet]


def _months(month: Month, rows: Rows, heading: Sequence[tuple[str, str]]) -> list[Sheet]:
    """Return what was issued month by month as known at this close, with its chart; none without the entries."""
    if "projects" not in rows:
        return []
    issued = [
        {"month": Month.parse(name).label, "issued": count} for name, count in issued_by_month(rows["projects"]).items()
    ]
    return [
        Sheet(
            title=f"{month.label}历史遗留项目不动产登记{BY_MONTH}", name=BY_MONTH, columns=MONTHS, rows=issued, heading=heading,
            totals=None, notes=("自首次逐项留存的月份起，近12个月；以前月份按本月所知，修订见修订表。", SIGNATURES), portrait=True,
            chart=Columns(1, 2, f"{BY_MONTH}（套）"),
        )
    ]  # fmt: skip


def _annexed(sheets: Sequence[Sheet]) -> list[Sheet]:
    return sorted(sheets, key=lambda sheet: sheet.name == ANNEX)


def _chosen(columns: Sequence[Column], widths: Mapping[str, int]) -> tuple[Column, ...]:
    """Return some columns in their order, numbers and named texts as narrow as the print asks."""
    by_name = {column.name: column for column in columns}
    chosen = (by_name[name] for name in widths if name in by_name)
    return tuple(
        replace(column, width=widths[column.name] if widths[column.name] and (column.is_number or widths is IN_LEDGER)
                else column.width)
        for column in chosen
    )  # fmt: skip


def _cover(page: Cover, month: Month, heading: Sequence[tuple[str, str]], titles: Sequence[str]) -> Sheet:
    return Sheet(
        title=f"{month.label}历史遗留项目不动产登记情况",
        name="首页",
        columns=COVER,
        rows=page.rows,
        heading=(*heading, *page.sentences),
        totals=None,
        notes=(f"本册各表：{'、'.join(titles)}。", SIGNATURES),
        portrait=True,
    )


def _sheet(part: Part, month: Month, sheets: Rows, heading: Sequence[tuple[str, str]]) -> Sheet:
    rows = [_dated(row) for row in sheets[part.code]]
    is_numbered = part in NUMBERED
    if is_numbered:
        rows = [{**row, "ordinal": number} for number, row in enumerate(rows, start=1)]
    return Sheet(
        title=f"{month.label}历史遗留项目不动产登记{part.title}",
        name=part.title,
        columns=(ORDINAL, *part.columns) if is_numbered else part.columns,
        rows=_with_towns(rows, sheets.get(TOWNS.code, ())) if part is TOTALS else rows,
        heading=heading,
        totals=_totals(rows, part, rounding_of(sheets)) if part.is_summed else None,
        notes=(*((part.note,) if part.note else ()), SIGNATURES),
        paper="A3" if part in WIDE else "A4",
        frozen=3 if part is LEDGER else 1,
    )


def _with_towns(districts: Sequence[dict[str, Any]], towns: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """Put under each district its townships; the sums at the foot are of the districts alone."""
    lines = []
    for district in districts:
        lines.append(district)
        own = [town for town in towns if town["district_code"] == district.get("district_code")]
        lines += [{**town, "name": f"　{town['name']}"} for town in own]
    return lines


def _dated(row: dict[str, Any]) -> dict[str, Any]:
    target = row.get("target_on")
    return {**row, "target_on": date.fromisoformat(target)} if target and "level" not in row else row


def _totals(rows: list[dict[str, Any]], part: Part, rounding: Rounding) -> dict[str, Any]:
    """Return the last row: sums as values, made of the lines that add up, and the shares of them."""
    cells: dict[str, Any] = {
        column.name: sum(column.read(row) or 0 for row in rows) for column in part.columns if column.total
    }
    cells[part.columns[0].name] = "合计"
    names = {column.name for column in part.columns}
    return cells | {name: share for name, share in total_rates(rows, rounding).items() if name in names}
