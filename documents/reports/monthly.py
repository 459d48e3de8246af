"""The monthly report: its sheets, and how a month is computed. Rows are plain data, frozen when the month closes."""

from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any, Final

from documents.reports.changes import CHANGED, MEANT, Scope, bridges_by, changed_rows, sheet_faults
from documents.reports.entries import (
    Closed,
    Counted,
    Entry,
    correction_lines,
    project_entries,
    reckon,
)
from documents.reports.figures import BY_CODE, FIGURES, VERSION
from documents.reports.outlook import OUTLOOK
from documents.reports.parts import Part
from documents.reports.ranking import RANKING, cell_rows, ranking_rows
from documents.reports.selectors.terms import Terms, terms_on
from projects.gates.selectors.overview import Overview, overviews, overviews_on
from projects.gates.selectors.reporting import ProjectLine, project_lines, type_heads, type_labels
from projects.ledger.selectors.counts import Entered, entered_issued
from projects.ledger.selectors.month_facts import month_facts
from registry.kernel.bridge import Term
from registry.kernel.columns import Column
from registry.kernel.gates.rest import Rest
from registry.kernel.periods import Month
from registry.kernel.rates import NO_RATE, Rounding, rate, rate_text
from registry.kernel.tally import Cut

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


def _number(code: str) -> Column:
    if code == "cleared_rate":
        return _percent(code, "打通率", 10, CLEARED_RATE)
    figure = BY_CODE[code]
    if code in EARLIER:
        read = _earlier(code, EARLIER[code])
        return Column(code, figure.label, read, kind="int", width=11, total=True, note=figure.definition)
    return Column(code, figure.label, code, kind="int", width=11, total=True, note=figure.definition)


def _percent(name: str, label: str, width: int, note: str = "") -> Column:
    """A share that is kept as it was printed ("5.06%", "—"), as a number."""
    return Column(name, label, lambda row: percent_of(row.get(name)), kind="rate", width=width, note=note)


def percent_of(text: str | None) -> Decimal | None:
    """Read a share as it was printed."""
    return None if text is None or text == NO_RATE else Decimal(text.rstrip("%").replace(",", "").replace("−", "-"))


def _earlier(name: str, before: str) -> Callable[[Any], int | None]:
    """Read a figure that months frozen before it lack: what they stated in its place, or nothing."""
    return lambda row: row[name] if name in row else row.get(before)


def _later(name: str) -> Callable[[Any], int]:
    """Read a figure that months frozen before it was reported don't have: there was none of it."""
    return lambda row: int(row.get(name, 0))


OLD: Final = "入账时已持旧证的住宅，计入累计，不计入本月发证"
OLD_STOCK: Final = "已发证中入账时就持旧证的住宅"
ADDED: Final = "纳入、拆分、合并、划转、恢复在账和更正，与本月变动一致"
TOTALS: Final = Part(
    "totals",
    "总表",
    (
        Column("name", "单位", "name", width=16),
        Column("projects_opening", "项目期初", "projects_opening", kind="int", width=10, total=True),
        Column("projects_added", "本月新增", "projects_added", kind="int", width=10, total=True, note=ADDED),
        Column("projects_closed", "本月销号", "projects_closed", kind="int", width=10, total=True),
        Column("projects", "项目期末", "projects", kind="int", width=10, total=True),
        _number("unassessed_projects"),
        *(_number(code) for code in HEADLINE),
        Column("issued_month", "本月发证", "issued_month", kind="int", width=10, total=True),
        Column("issued_corrected", "更正", "issued_corrected", kind="int", width=8, total=True),
        Column("issued_entered", "旧证入账", _later("issued_entered"), kind="int", width=10, total=True, note=OLD),
        _number("issued"),
        _percent("issued_rate", "发证率（对应办）", 14),
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
        _percent("issued_rate", "发证率", 10),
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
    is_summed=False,
)
PARTS: Final = (TOTALS, RANKING, *CHANGED, OUTLOOK, LEDGER, TYPES, DEFINITIONS)
NOW: Final = datetime(9999, 1, 1, tzinfo=UTC)  # by which everything recorded is known


@dataclass(frozen=True)
class MonthlyRows:
    """The report's rows by part, with the moment it speaks of, and what does not add up in it.

    Beside the parts, `projects` has the entries of the projects, `lines` those of the corrections, `terms` the settings
    by which the month is counted, `cells` the ranking within classes.
    """

    month: Month
    cut_off_on: date
    rows: Mapping[str, list[dict[str, Any]]]
    version: str = VERSION
    faults: Sequence[str] = ()


def monthly_rows(*, month: Month, known_at: datetime | None, closed: Closed | None) -> MonthlyRows:
    """Compute the report of a month, as known now (None) or at a moment. Constant queries whatever the city's size.

    As known now figures come from tallies, spans and the moves since the close before; as known at a moment from all
    moves. `closed` is the close of the month before: its stocks are the openings.
    """
    cut_off, this = month.last, Cut(month.last, known_at or NOW)
    before = closed or Closed(Cut(month.previous.last, this.known_at))
    facts = month_facts(previous=before.cut, this=this)
    lines = project_lines(on=cut_off, known_at=this.known_at)
    ids = [line.id for line in lines]
    now = _overviews(ids, cut_off, known_at)
    stated = None
    if closed is not None and closed.entries is None:
        stated = overviews(facts.before, on=before.cut.on, known_at=before.cut.known_at)
    reckoned = reckon(facts, now, closed=before, this=this)
    counted = Counted(
        month,
        now,
        _overviews(facts.before, before.cut.on, known_at),
        stated,
        {line.id: (line.issue_code, line.all_issues) for line in lines},
        {line.id: line.occupied for line in lines},
    )
    entries = project_entries(facts, counted, reckoned, closed=before)
    terms = terms_on({entry["district_code"] for entry in entries}, on=cut_off, known_at=known_at)
    entered = entered_issued(before=before.cut.on, on=cut_off, known_at=this.known_at, project_ids=ids)
    flows = {entry["code"]: entry["flow"] for entry in entries}
    corrections = correction_lines(reckoned, facts)
    rows = {
        "ledger": [
            _ledger_row(line, now[line.id], flows[line.code], entered[line.id], terms.rounding) for line in lines
        ],
        "definitions": _definitions(),
        "projects": entries,
        "lines": corrections,
        "followed": [{"from": str(before.followed_from or month)}],
        "terms": [terms.kept()],
        RANKING.code: ranking_rows(entries, terms, month, before.places),
        "cells": cell_rows(entries, terms, month, type_heads()),
        **rows_of(entries, corrections, type_labels(), terms.rounding),
    }
    return MonthlyRows(month, cut_off, rows, faults=[*reckoned.faults, *sheet_faults(rows)])


def _overviews(ids: Iterable[int], on: date, known_at: datetime | None) -> dict[int, Overview]:
    return overviews_on(ids, on=on) if known_at is None else overviews(ids, on=on, known_at=known_at)


def rows_of(
    entries: Sequence[Entry], lines: Sequence[Mapping[str, Any]], labels: Mapping[str, str], rounding: Rounding
) -> dict[str, list[dict[str, Any]]]:
    """Return the sheets that sum up projects, from their entries: the whole, or what a reader may see of it."""
    sums = {"totals": _totals(entries, rounding), "types": _types(entries, labels, rounding)}
    return {**sums, **changed_rows(entries, lines)}


def rounding_of(rows: Mapping[str, Sequence[Mapping[str, Any]]]) -> Rounding:
    """Return how the shares of a month are rounded; months closed before it was a setting: halves up."""
    return Terms.of(rows["terms"][0]).rounding if rows.get("terms") else "half_up"


def part_of(
    rows: Mapping[str, list[dict[str, Any]]], codes: Collection[str], labels: Mapping[str, str]
) -> dict[str, list[dict[str, Any]]]:
    """Return the rows of a month for some of its projects, from its own lines and entries alone."""
    own = {name: [row for row in rows[name] if row["code"] in codes] for name in ("projects", "lines", "ledger")}
    return {**rows, **own, **rows_of(own["projects"], own["lines"], labels, rounding_of(rows))}


def within(rows: Mapping[str, list[dict[str, Any]]], scope: Scope) -> dict[str, list[dict[str, Any]]]:
    """Return the sheets of a scope that are made for one: what changed, and the lines of its projects."""
    entries = [row for row in rows["projects"] if scope.has(row) or scope.has({**row, **row.get("was", {})})]
    here = {entry["code"] for entry in entries if scope.has(entry)}
    lines, ledger = ([row for row in rows[name] if row["code"] in here] for name in ("lines", "ledger"))
    kept = {name: rows[name] for name in ("definitions", "followed", "terms") if name in rows}
    if OUTLOOK.code in rows and not scope.township:
        kept[OUTLOOK.code] = [row for row in rows[OUTLOOK.code] if _is_of(row, scope)]
    return {**kept, "projects": entries, "lines": lines, "ledger": ledger, **changed_rows(entries, lines, scope)}


def _is_of(row: Mapping[str, Any], scope: Scope) -> bool:
    return row["code"] == scope.code if scope.code else row["district_code"] == scope.district


def _definitions() -> list[dict[str, Any]]:
    figures = [{"label": f.label, "unit": f.unit, "definition": f.definition, "version": f.version} for f in FIGURES]
    terms = [
        {"label": f"本月变动：{term.label}", "unit": "个、套", "definition": meaning, "version": VERSION}
        for term, meaning in MEANT.items()
    ]
    return [*figures, *terms]


def _figures(row: Overview, codes: Iterable[str], rounding: Rounding) -> dict[str, Any]:
    return _stated({code: figure.value(row) for code, figure in BY_CODE.items()}, codes, rounding)


def _stated(sums: Mapping[str, int], codes: Iterable[str], rounding: Rounding) -> dict[str, Any]:
    """Return the figures of a line, with the share of the assessed."""
    numbers = {code: sums[code] for code in (*codes, *KEPT) if code != "cleared_rate"}
    share = rate_text(sums["cleared_assessed"], sums["due"] - sums["unassessed"], rounding)
    return {**numbers, "cleared_rate": share}


def total_rates(rows: Sequence[Mapping[str, Any]], rounding: Rounding = "half_up") -> dict[str, Decimal | None]:
    """Return the shares of a sheet's sums; 打通率 only where every row says what was assessed."""
    sums = {name: sum(row.get(name, 0) for row in rows) for name in ("issued", "due", "cleared_assessed", "unassessed")}
    rates = {"issued_rate": rate(sums["issued"], sums["due"], rounding)}
    if all("unassessed" in row for row in rows):
        rates["cleared_rate"] = rate(sums["cleared_assessed"], sums["due"] - sums["unassessed"], rounding)
    return rates


def _summed(entries: Iterable[Entry]) -> Counter[str]:
    """Add up the figures of entries. Not with `+`, which drops what is nought."""
    sums: Counter[str] = Counter()
    for entry in entries:
        sums.update(entry["figures"])
        sums.update(entry["flow"])
    return sums


def _totals(entries: Sequence[Entry], rounding: Rounding) -> list[dict[str, Any]]:
    groups: dict[str, list[Entry]] = defaultdict(list)
    for entry in entries:
        groups[entry["district_code"]].append(entry)
    bridges = bridges_by(entries, lambda place: place["district_code"])
    rows = []
    for code, members in sorted(groups.items()):
        sums, bridge = _summed(members), bridges[code]
        opening, closing = bridge.row(Term.OPENING).projects, bridge.row(Term.CLOSING).projects
        closed = -bridge.row(Term.CLOSED).projects
        rows.append(
            {
                "name": members[-1]["district"],
                "projects_opening": opening,
                "projects_added": closing - opening + closed,
                "projects_closed": closed,
                "projects": closing,
                **_stated(sums, ("unassessed_projects", *HEADLINE, "issued", *REST, "others"), rounding),
                **{name: sums[name] for name in ("issued_month", "issued_corrected", "issued_entered")},
                "issued_rate": rate_text(sums["issued"], sums["due"], rounding),
            }
        )
    return rows


def _ledger_row(
    line: ProjectLine, row: Overview, flow: Mapping[str, int], entered: Entered, rounding: Rounding
) -> dict[str, Any]:
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
        **_figures(row, (*LEDGER_FIGURES, "remaining", "others"), rounding),
        "issued_month": flow["issued_month"],
        "entered": entered.now,
        "issued_rate": rate_text(row.issued, row.due, rounding),
        "letters": line.letters,
        "target_on": line.target_on.isoformat() if line.target_on else None,
        "progress": line.progress,
        "next": line.next,
        "officer": line.officer,
        "issues": list(line.all_issues),
    }


def _types(entries: Sequence[Entry], labels: Mapping[str, str], rounding: Rounding) -> list[dict[str, Any]]:
    standing = [entry for entry in entries if not entry["gone"]]
    by_type: dict[str, list[Entry]] = defaultdict(list)
    for entry in standing:
        by_type[entry["issue"]].append(entry)
    codes = sorted({code for entry in standing for code in (entry["issue"], *entry["issues"])})
    return [
        {
            "code": code or "—",
            "label": labels.get(code or "—") or labels.get(code, "未确定主要问题"),
            "projects": len(by_type[code]),
            **_stated(_summed(by_type[code]), TYPE_FIGURES, rounding),
            "all_projects": sum(code in entry["issues"] for entry in standing),
        }
        for code in codes
    ]
