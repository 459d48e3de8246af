"""Sheets that are sorted out of the entries and lines of a month: by status and years, what is left over, promises."""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from typing import Any, Final

from commitments.selectors.promises_then import PromiseThen
from documents.reports.entries import Entry
from documents.reports.parts import Part
from documents.reports.ranking import percent
from registry.kernel.columns import Column
from registry.kernel.gates.rest import Rest
from registry.kernel.periods import Month
from registry.kernel.ranking import UNKNOWN_YEARS, YEARS, years_label
from registry.kernel.rates import Rounding, rate

FEW: Final = 20  # homes left, up to which a project is being swept up (扫尾)
COUNTED: Final = ("due", "cleared_assessed", "registered", "issued", "remaining")
LABELS: Final = ("应办", "已打通", "已首登", "已发证", "剩余")


def _count(name: str, label: str, width: int = 10) -> Column:
    return Column(name, label, lambda row: row.get(name), kind="int", width=width)


AGES: Final = Part(
    "ages",
    "状态与年限",
    (
        Column("by", "分组", "by", width=10),
        Column("label", "类", "label", width=18),
        _count("projects", "项目"),
        *(_count(name, label) for name, label in zip(COUNTED, LABELS, strict=True)),
        Column("issued_rate", "发证率", percent("issued_rate"), kind="rate", width=10),
    ),
    "按状态、按入住年限各为一组，每组相加都等于合计。入住年限：本月所在年份减入住年份。",
    is_summed=False,
)
LEFT_OVER: Final = Part(
    "left_over",
    "余户",
    (
        Column("code", "编号", "code", kind="code", width=12),
        Column("name", "项目", "name", width=20),
        Column("unit", "单位", "unit", width=18),
        Column("remaining", "剩余", "remaining", kind="int", width=9, total=True),
        *(Column(kind.value, kind.label, kind.value, kind="int", width=11, total=True) for kind in Rest),
    ),
    f"已发证而剩余不超过{FEW}套的项目，状态为扫尾；剩余为零才算清零。每户的原因见项目页的户清单。",
)


def _day(name: str, label: str, is_ahead: bool = False) -> Column:
    def read(row: Mapping[str, Any]) -> date | None:
        return date.fromisoformat(row[name]) if row[name] else None

    return Column(name, label, read, kind="date", width=12, is_ahead=is_ahead)


PROMISES: Final = Part(
    "promises",
    "承诺事项台账",
    (
        Column("code", "编号", "code", kind="code", width=12),
        Column("name", "项目", "name", width=18),
        Column("district", "区", "district", width=9),
        Column("number", "承诺书", "number", kind="code", width=20),
        Column("issuer", "承诺单位", "issuer", width=16),
        Column("performer", "整改主体", "performer", width=22),
        Column("verifier", "核验单位", "verifier", width=16),
        Column("end_state", "承诺事项", "end_state", width=32),
        _day("due_on", "期限", is_ahead=True),
        Column("state", "状态", "state", width=16),
        Column("days_late", "逾期（日）", "days_late", kind="int", width=10),
        _day("verified_on", "核验日期"),
        _day("lapsed_on", "失效日期"),
    ),
    "逾期的列在前面，逾期久的在先；承诺书已失效的仍列为逾期，另写失效日期。签署承诺书的单位才是承诺单位。",
    is_summed=False,
)

INSTRUCTIONS: Final = Part(
    "instructions",
    "未办复批示",
    (
        Column("bulletin", "批示于", "bulletin", width=28),
        Column("leader", "批示人", "leader", width=14),
        _day("held_on", "批示日期"),
        Column("text", "批示内容", "text", width=36),
        Column("task", "任务", "task", width=30),
        Column("owner", "责任单位", "owner", width=20),
        _day("due_on", "期限", is_ahead=True),
        Column("days_late", "逾期（日）", "days_late", kind="int", width=10),
    ),
    "领导对以前各期通报、快报的批示，任务尚未核定完成的；期限近的在前。",
    is_summed=False,
)


def age_rows(
    entries: Iterable[Entry], ledger: Iterable[Mapping[str, Any]], month: Month, rounding: Rounding
) -> list[dict[str, Any]]:
    """Return the projects by status, by years since people moved in, and all of them."""
    standing = [entry for entry in entries if not entry["gone"]]
    status = {row["code"]: row["status"] for row in ledger}
    by_status = _grouped(standing, lambda entry: status.get(entry["code"], ""))
    by_years = _grouped(standing, lambda entry: years_label(entry.get("occupied"), month.year))
    order = [*(label for _, label in YEARS), UNKNOWN_YEARS]
    rows = [_age_row("状态", label, own, rounding) for label, own in sorted(by_status.items())]
    rows += [_age_row("入住年限", label, by_years[label], rounding) for label in order if label in by_years]
    return [*rows, _age_row("合计", "", standing, rounding)]


def _grouped(entries: Iterable[Entry], label: Callable[[Entry], str]) -> dict[str, list[Entry]]:
    groups: dict[str, list[Entry]] = defaultdict(list)
    for entry in entries:
        groups[label(entry)].append(entry)
    return groups


def _age_row(by: str, label: str, entries: Sequence[Entry], rounding: Rounding) -> dict[str, Any]:
    sums: Counter[str] = Counter()
    for entry in entries:
        sums.update(entry["figures"])
    share = rate(sums["issued"], sums["due"], rounding) if sums["due"] > 0 else None
    counted = {name: sums[name] for name in COUNTED}
    return {"by": by, "label": label, "projects": len(entries), **counted,
            "issued_rate": None if share is None else str(share)}  # fmt: skip


def left_over_rows(entries: Iterable[Entry]) -> list[dict[str, Any]]:
    """Return the projects that have a few homes left, each class apart."""
    rows = []
    for entry in entries:
        figures = entry["figures"]
        if figures.get("issued", 0) > 0 and 0 < figures["remaining"] <= FEW:
            classes = {kind.value: figures.get(kind.value, 0) for kind in Rest}
            rows.append(
                {"code": entry["code"], "name": entry["name"], "unit": f"{entry['district']}{entry['township']}",
                 "remaining": figures["remaining"], **classes}
            )  # fmt: skip
    return rows


def promise_rows(promises: Iterable[PromiseThen], codes: Iterable[str]) -> list[dict[str, Any]]:
    """Return the promises of some projects as a month keeps them."""
    own = set(codes)
    return [
        {
            "code": line.code, "name": line.project, "district_code": line.district_code, "district": line.district,
            "number": line.number, "issuer": line.issuer, "performer": line.performer, "verifier": line.verifier,
            "end_state": f"{line.item}. {line.end_state}", "due_on": line.due_on.isoformat(), "state": line.state,
            "days_late": line.days_late, "verified_on": line.verified_on and line.verified_on.isoformat(),
            "lapsed_on": line.lapsed_on and line.lapsed_on.isoformat(),
        }
        for line in promises
        if line.code in own
    ]  # fmt: skip


def overdue_by_organ(rows: Iterable[Mapping[str, Any]]) -> list[tuple[str, int]]:
    """Return how many promises are overdue by who made them, the most first."""
    counts = Counter(row["issuer"] for row in rows if row["days_late"] > 0)
    return sorted(counts.items(), key=lambda pair: (-pair[1], pair[0]))
