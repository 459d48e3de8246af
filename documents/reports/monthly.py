"""The monthly report: 总表, 项目台账, 按主要问题, 口径说明. Rows are plain data, frozen when the month closes."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final

from documents.reports.figures import BY_CODE, FIGURES, VERSION
from projects.gates.selectors.overview import Overview, overviews, summed
from projects.gates.selectors.reporting import ProjectLine, project_lines, type_labels
from projects.ledger.selectors.counts import Entered, entered_issued
from registry.kernel.authority import Actor
from registry.kernel.columns import Column
from registry.kernel.gates.rest import Rest
from registry.kernel.periods import Month
from registry.kernel.rates import NO_RATE, rate_text

ASSESSED: Final = ("unassessed", "cleared_assessed", "cleared_rate")  # since version 2022-2
HEADLINE: Final = (
    "involved", "excluded", "due", *ASSESSED, "registered", "collected", "accepted", "recorded",
)  # fmt: skip
KEPT: Final = (
    "cleared",
    "ready_not_issued",
    "blocked",
)  # frozen by earlier versions, computed on so that those months can be made again
LEDGER_FIGURES: Final = ("due", *ASSESSED, "registered", "collected", "issued")
TYPE_FIGURES: Final = ("due", *ASSESSED, "registered", "issued", "remaining")
REST: Final = ("remaining", *(rest.value for rest in Rest))  # since version 2022-3 in classes that sum to it


EARLIER: Final = {
    "unassessed_projects": "",
    "unassessed": "",
    "cleared_assessed": "cleared",
    **{rest.value: "" for rest in Rest if rest not in (Rest.CARRIED, Rest.HELD)},
    Rest.DOABLE.value: "ready_not_issued",
}
CLEARED_RATE: Final = "已打通÷（应办－未研判）"


@dataclass(frozen=True)
class Part:
    """One sheet of the report: its title, its columns, its note."""

    code: str
    title: str
    columns: tuple[Column, ...]
    note: str = ""


def _number(code: str) -> Column:
    if code == "cleared_rate":
        return Column(code, "打通率", lambda row: row.get("cleared_rate", NO_RATE), width=10, note=CLEARED_RATE)
    figure = BY_CODE[code]
    if code in EARLIER:
        read = _earlier(code, EARLIER[code])
        return Column(code, figure.label, read, kind="int", width=11, total=True, note=figure.definition)
    return Column(code, figure.label, code, kind="int", width=11, total=True, note=figure.definition)


def _earlier(name: str, before: str) -> Callable[[Any], int | None]:
    """Read a figure that months frozen before it lack: what they stated in its place, or nothing."""
    return lambda row: row[name] if name in row else row.get(before)


def _later(name: str) -> Callable[[Any], int]:
    """Read a figure that months frozen before it was reported don't have: there was none of it."""
    return lambda row: int(row.get(name, 0))


OLD: Final = "入账时已持旧证的住宅，计入累计，不计入本月发证"
OLD_STOCK: Final = "已发证中入账时就持旧证的住宅"
TOTALS: Final = Part(
    "totals",
    "总表",
    (
        Column("name", "单位", "name", width=16),
        Column("projects_opening", "项目期初", "projects_opening", kind="int", width=10, total=True),
        Column("projects_added", "本月新增", "projects_added", kind="int", width=10, total=True),
        Column("projects_closed", "本月销号", "projects_closed", kind="int", width=10, total=True),
        Column("projects", "项目期末", "projects", kind="int", width=10, total=True),
        _number("unassessed_projects"),
        *(_number(code) for code in HEADLINE),
        Column("issued_month", "本月发证", "issued_month", kind="int", width=10, total=True),
        Column("issued_corrected", "更正", "issued_corrected", kind="int", width=8, total=True),
        Column("issued_entered", "旧证入账", _later("issued_entered"), kind="int", width=10, total=True, note=OLD),
        _number("issued"),
        Column("issued_rate", "发证率（对应办）", "issued_rate", width=14),
        *(_number(code) for code in REST),
        _number("others"),
    ),
    "单位：个、套、%。商业、配套等以间计，不并入套数。上月已发证＋本月发证＋更正＋旧证入账＝已发证。"
    "剩余＝挂账＋暂缓＋剩余未研判＋未打通＋已打通待首登＋暂停受理＋户级堵点＋可办未办。",
)
LEDGER: Final = Part(
    "ledger",
    "项目台账",
    (
        Column("code", "编号", "code", kind="code", width=12),
        Column("name", "项目名称", "name", width=20),
        Column("district", "区", "district", width=9),
        Column("township", "街道、乡镇", "township", width=14),
        Column("housing_type", "房屋类型", "housing_type", width=11),
        Column("developer", "开发建设单位", "developer", width=24),
        Column("issue", "主要问题", "issue", width=20),
        Column("status", "状态", "status", width=8),
        Column("buildings", "楼栋", "buildings", kind="int", width=7, total=True),
        *(_number(code) for code in (*LEDGER_FIGURES, "remaining", "others")),
        Column("issued_month", "本月发证", "issued_month", kind="int", width=10, total=True),
        Column("entered", "其中旧证", _later("entered"), kind="int", width=10, total=True, note=OLD_STOCK),
        Column("issued_rate", "发证率", "issued_rate", width=10),
        Column("letters", "承诺、决定", "letters", width=18),
        Column("target_on", "计划清零", "target_on", kind="date", width=12),
        Column("progress", "本月进展", "progress", width=36),
        Column("next", "下步措施", "next", width=36),
        Column("officer", "责任人", "officer", width=10),
    ),
)
TYPES: Final = Part(
    "types",
    "按主要问题",
    (
        Column("code", "编码", "code", kind="code", width=8),
        Column("label", "主要问题", "label", width=28),
        Column("projects", "项目", "projects", kind="int", width=8, total=True),
        *(_number(code) for code in TYPE_FIGURES),
        Column("all_projects", "涉及该问题的项目（个，有重复）", "all_projects", kind="int", width=16),
    ),
    "按主要问题合计等于总表；最后一列按全部问题计，同一项目可能重复。",
)
DEFINITIONS: Final = Part(
    "definitions",
    "口径说明",
    (
        Column("label", "指标", "label", width=22),
        Column("unit", "单位", "unit", width=8),
        Column("definition", "口径", "definition", width=70),
        Column("version", "版本", "version", width=10),
    ),
)
PARTS: Final = (TOTALS, LEDGER, TYPES, DEFINITIONS)


@dataclass(frozen=True)
class MonthlyRows:
    """The report's rows by part, with the moment it speaks of."""

    month: Month
    cut_off_on: date
    known_at: datetime
    rows: Mapping[str, list[dict[str, Any]]]
    version: str = VERSION


def monthly_rows(
    *, month: Month, known_at: datetime, previous: Mapping[str, Mapping[str, int]], reader: Actor | None = None
) -> MonthlyRows:
    """Compute the report of a month as known at a moment. Constant queries whatever the city's size.

    A reader's report is of the projects that they may see; without a reader it is the whole.

    `previous` is, by project code, what last month's frozen report stated (issued, and of it entered with an old
    certificate): months are bridged by it. Without a frozen month before, this month's flow is what occurred in it.
    A home that came in issued is in no month's flow: what was stated, issued, corrected and entered sum to the stock.
    """
    cut_off = month.last
    lines = project_lines(on=cut_off, known_at=known_at, reader=reader)
    ids = [line.id for line in lines]
    now = overviews(ids, on=cut_off, known_at=known_at)
    before = overviews(ids, on=month.previous.last, known_at=known_at, placed_on=cut_off)
    entered = entered_issued(before=month.previous.last, on=cut_off, known_at=known_at, project_ids=ids)
    flows = {line.id: _flow(line, now[line.id], before[line.id], entered[line.id], previous) for line in lines}
    return MonthlyRows(
        month,
        cut_off,
        known_at,
        {
            "totals": _totals(month, lines, now, flows),
            "ledger": [_ledger_row(line, now[line.id], flows[line.id]) for line in lines],
            "types": _types(lines, now),
            "definitions": [
                {"label": f.label, "unit": f.unit, "definition": f.definition, "version": f.version} for f in FIGURES
            ],
        },
    )


@dataclass(frozen=True)
class Flow:
    """What a month did to the issued homes of a project: moved in the month, corrections of months before, and homes
    that entered with an old certificate; of those, how many there are in all.
    """

    issued: int
    corrected: int
    entered: int
    entered_stock: int


def _flow(
    line: ProjectLine, now: Overview, before: Overview, entered: Entered, previous: Mapping[str, Mapping[str, int]]
) -> Flow:
    moved_now, moved_before = now.issued - entered.now, before.issued - entered.before
    before_that = [previous[code] for code in (line.code, *line.absorbed) if code in previous]
    stated = (
        {name: sum(report[name] for report in before_that) for name in ("issued", "entered")} if before_that else None
    )
    known = stated["entered"] if stated is not None else 0 if previous else entered.before
    return Flow(
        issued=moved_now - moved_before,
        corrected=moved_before - (stated["issued"] - stated["entered"]) if stated is not None else 0,
        entered=entered.now - known,
        entered_stock=entered.now,
    )


def _figures(row: Overview, codes: Iterable[str]) -> dict[str, Any]:
    numbers = {code: BY_CODE[code].value(row) for code in (*codes, *KEPT) if code != "cleared_rate"}
    return {**numbers, "cleared_rate": rate_text(row.cleared_assessed, row.assessed)}


def total_rates(rows: Sequence[Mapping[str, Any]]) -> dict[str, str]:
    """Return the shares of a sheet's sums; 打通率 only where every row says what was assessed."""
    sums = {name: sum(row.get(name, 0) for row in rows) for name in ("issued", "due", "cleared_assessed", "unassessed")}
    rates = {"issued_rate": rate_text(sums["issued"], sums["due"])}
    if all("unassessed" in row for row in rows):
        rates["cleared_rate"] = rate_text(sums["cleared_assessed"], sums["due"] - sums["unassessed"])
    return rates


def _totals(
    month: Month, lines: Sequence[ProjectLine], now: Mapping[int, Overview], flows: Mapping[int, Flow]
) -> list[dict[str, Any]]:
    groups: dict[tuple[str, str], list[ProjectLine]] = defaultdict(list)
    for line in lines:
        groups[(line.district_code, line.district)].append(line)
    rows = []
    for (_, name), members in sorted(groups.items()):
        total = summed(now[line.id] for line in members)
        opening = [
            line for line in members if line.taken_in_on < month.first and not line.was_closed_before(month.first)
        ]
        rows.append(
            {
                "name": name,
                "projects_opening": len(opening),
                "projects_added": sum(line.taken_in_on >= month.first for line in members),
                "projects_closed": sum(line.is_closed_within(month.first, month.last) for line in members),
                "projects": sum(not line.was_closed_before(month.next.first) for line in members),
                **_figures(total, ("unassessed_projects", *HEADLINE, "issued", *REST, "others")),
                "issued_month": sum(flows[line.id].issued for line in members),
                "issued_corrected": sum(flows[line.id].corrected for line in members),
                "issued_entered": sum(flows[line.id].entered for line in members),
                "issued_rate": rate_text(total.issued, total.due),
            }
        )
    return rows


def _ledger_row(line: ProjectLine, row: Overview, flow: Flow) -> dict[str, Any]:
    return {
        "code": line.code,
        "name": line.name,
        "district": line.district,
        "township": line.township,
        "housing_type": line.housing_type,
        "developer": line.developer,
        "issue": line.issue,
        "status": line.status,
        "buildings": line.buildings,
        **_figures(row, (*LEDGER_FIGURES, "remaining", "others")),
        "issued_month": flow.issued,
        "entered": flow.entered_stock,
        "issued_rate": rate_text(row.issued, row.due),
        "letters": line.letters,
        "target_on": line.target_on.isoformat() if line.target_on else None,
        "progress": line.progress,
        "next": line.next,
        "officer": line.officer,
        "issues": list(line.all_issues),
    }


def _types(lines: Sequence[ProjectLine], now: Mapping[int, Overview]) -> list[dict[str, Any]]:
    labels = type_labels()
    by_type: dict[str, list[ProjectLine]] = defaultdict(list)
    for line in lines:
        by_type[line.issue_code].append(line)
    codes = sorted({code for line in lines for code in (line.issue_code, *line.all_issues)})
    return [
        {
            "code": code or "—",
            "label": labels.get(code, "未确定主要问题"),
            "projects": len(by_type[code]),
            **_figures(summed(now[line.id] for line in by_type[code]), TYPE_FIGURES),
            "all_projects": sum(code in line.all_issues for line in lines),
        }
        for code in codes
    ]
