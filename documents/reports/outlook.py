"""The sheet of the forecast (清零预测): of the city, each district, each project that has something left.

Pace, gates and ceiling come from the selectors of the apps that count; when nothing is left is simulated
(`kernel/simulation.py`). 挂账 homes are left out: they can't be issued. The same month gives the same runs.
"""

import math
import random
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from itertools import pairwise
from typing import Any, Final

from documents.reports.entries import Entry, bridge_of
from documents.reports.parts import Part
from documents.reports.ranking import percent
from documents.reports.selectors.terms import Terms
from projects.ledger.selectors.paces import Pace
from registry.kernel.bridge import CHAIN, Term
from registry.kernel.columns import Column
from registry.kernel.forecast import Forecast, Outlook, StageFlow, forecast, summed, under
from registry.kernel.gates.rest import Rest
from registry.kernel.periods import Month, months_between
from registry.kernel.simulation import Binding, Outstanding

CITY, DISTRICT, PROJECT = "city", "district", "project"
LEVELS: Final = {CITY: "合计", DISTRICT: "区", PROJECT: "项目"}
BINDINGS: Final = {
    Binding.PACE: "发证进度", Binding.GATES: "堵点解除的日期", Binding.CAPACITY: "每月办证能力",
}  # fmt: skip
VERDICTS: Final = {
    Outlook.DONE: "已清零", Outlook.ON_TRACK: "可以如期", Outlook.AT_RISK: "尚不确定", Outlook.NOT_REACHED: "不能如期",
    Outlook.STALLED: "近期未发证，不能如期", Outlook.PAST_DUE: "已过目标日期", Outlook.NO_TARGET: "未定目标日期",
}  # fmt: skip
STAGES: Final = {"accepted": "受理", "recorded": "登簿", "printed": "缮证", "issued": "发证"}
LATER: Final = "10年以后"
TOO_FEW: Final = "不足3个月，不测"
HISTORY: Final = 24  # months of pace that are read


def _pace(name: str, label: str, width: int = 14) -> Column:
    return Column(name, label, percent(name), kind="area", width=width)


def _day(name: str) -> Callable[[Any], date | str]:
    """A day of the band as a day; beyond ten years, or with too few months, in words."""
    return lambda row: date.fromisoformat(row[name]) if row.get(name) else LATER if row["is_told"] else "—"


OUTLOOK: Final = Part(
    "outlook",
    "清零预测",
    (
        Column("name", "单位、项目", "name", width=20),
        Column("level", "层级", lambda row: LEVELS[row["level"]], width=7),
        Column("left", "待办结", "left", kind="int", width=9),
        _pace("mean", "首批发证以来月均", 18),
        _pace("recent", "近30日折合月均", 16),
        Column("slowest", "最慢环节", "slowest", width=26),
        Column("target_on", "目标日期", lambda row: row["target_on"] and date.fromisoformat(row["target_on"]),
               kind="date", width=12, is_ahead=True),
        _pace("needed", "如期每月需", 12),
        Column("p10", "最早（10%）", _day("p10"), kind="date", width=13, is_ahead=True),
        Column("p50", "居中（50%）", _day("p50"), kind="date", width=13, is_ahead=True),
        Column("p90", "最迟（90%）", _day("p90"), kind="date", width=13, is_ahead=True),
        Column("verdict", "结论", lambda row: VERDICTS[Outlook(row["outlook"])], width=20),
        Column("binding", "主要制约", lambda row: BINDINGS[Binding(row["binding"])] if row["binding"] else "—", width=16),
    ),
    "待办结＝剩余－挂账。最早、居中、最迟：按首批发证以来各月的进度推演200次，有一成、五成、九成在这天前清零，不是承诺的日期。"
    "受三样限制：发证进度，堵点解除的日期（承接单位的期限），每月办证能力（按设置）；“主要制约”是其中最紧的。"
    "目标日期：项目的计划清零日期；区和合计取已定的项目中最迟的。",
    is_summed=False,
)  # fmt: skip


@dataclass(frozen=True)
class Ahead:
    """What is known about the months to come, on a day: of each project its pace, when its gates open, its target."""

    month: Month
    on: date
    paces: Mapping[str, Pace] = field(default_factory=dict)
    opening: Mapping[str, date] = field(default_factory=dict)
    targets: Mapping[str, str | None] = field(default_factory=dict)
    terms: Terms = field(default_factory=Terms)

    @property
    def last(self) -> Month:
        """The last month that is over: one that runs is no pace."""
        this = Month.of(self.on)
        return this if self.on >= this.last else this.previous


def outlook_rows(entries: Sequence[Entry], ahead: Ahead, *, levels: Iterable[str] = LEVELS) -> list[dict[str, Any]]:
    """Return the forecast of all, of each district and of each project that has something left."""
    standing = [entry for entry in entries if not entry["gone"] and _left(entry) > 0]
    by_district: dict[str, list[Entry]] = defaultdict(list)
    for entry in standing:
        by_district[entry["district_code"]].append(entry)
    rows = []
    if CITY in levels:
        rows.append(_row(CITY, "", "合计", standing, ahead, ahead.terms.capacities.get("", 0)))
    for code, own in sorted(by_district.items()):
        capacity = ahead.terms.capacities.get(code, 0)
        if DISTRICT in levels:
            rows.append(_row(DISTRICT, code, own[-1]["district"], own, ahead, capacity))
        if PROJECT in levels:
            rows += [_row(PROJECT, code, entry["name"], [entry], ahead, capacity) for entry in own]
    return rows


def _row(level: str, district: str, name: str, entries: Sequence[Entry], ahead: Ahead, capacity: int) -> dict[str, Any]:
    outstanding = under(summed([_outstanding(entry, ahead) for entry in entries]), capacity)
    code = entries[0]["code"] if level == PROJECT else district
    target = _target(entries, ahead)
    told = forecast(
        outstanding,
        recent=sum(ahead.paces[entry["code"]].recent for entry in entries if entry["code"] in ahead.paces),
        on=ahead.on,
        chance=random.Random(f"{ahead.month} {level} {code}"),
        target_on=target,
        flows=_flows(entries),
    )
    return {"level": level, "code": code, "district_code": district, "name": name, **_told(told, outstanding, ahead.on)}


def _told(told: Forecast, outstanding: Outstanding, on: date) -> dict[str, Any]:
    """The forecast as a month keeps it."""
    days = (told.band.p10, told.band.p50, told.band.p90) if told.band else (None, None, None)
    narrow = told.bottleneck
    lefts = told.zero.left_then if told.zero is not None else ()
    return {
        "on": on.isoformat(),
        "left": told.remaining,
        "mean": _number(told.mean_pace),
        "recent": _number(told.recent_pace),
        "slowest": f"{narrow.label}，待办{narrow.stock:,}套，本月{narrow.passed:,}套" if narrow else "—",
        "target_on": told.target_on.isoformat() if told.target_on else None,
        "needed": None if told.needed_pace is None else _number(told.needed_pace),
        **{name: day and day.isoformat() for name, day in zip(("p10", "p50", "p90"), days, strict=True)},
        "is_told": told.band is not None,
        "outlook": told.outlook.value,
        "binding": told.binding.value if told.binding else "",
        "sentence": told.sentence,
        "issued": list(outstanding.issued),
        "left_then": list(lefts),
    }


def _number(pace: Any) -> str:
    return str(Decimal(pace.numerator * 100 // pace.denominator) / 100)


def _left(entry: Entry) -> int:
    """What can be issued at all: 剩余 less 挂账."""
    figures = entry["figures"]
    return int(figures.get("remaining", 0)) - int(figures.get(Rest.CARRIED.value, 0))


def _outstanding(entry: Entry, ahead: Ahead) -> Outstanding:
    left, opens = _left(entry), ahead.opening.get(entry["code"])
    shut = min(left, entry["figures"].get(Rest.UNCLEARED.value, 0)) if opens is not None else 0
    months = math.ceil(months_between(ahead.on, opens)) if opens is not None and opens > ahead.on else 1
    issued = ahead.paces.get(entry["code"], Pace()).since_first(ahead.last)
    return Outstanding(issued, left - shut, ((months, shut),) if shut else ())


def _target(entries: Sequence[Entry], ahead: Ahead) -> date | None:
    days = [ahead.targets.get(entry["code"]) for entry in entries]
    stated = [date.fromisoformat(day) for day in days if day]
    return max(stated, default=None)


def _flows(entries: Sequence[Entry]) -> list[StageFlow]:
    """What waits before each stage, and what went on to it this month."""
    closings = [bridge_of(entry) for entry in entries]
    flows = []
    for before, stage in pairwise(CHAIN):
        stocks = [bridge.row(Term.CLOSING) for bridge in closings]
        waiting = sum(getattr(stock, before) - getattr(stock, stage) for stock in stocks)
        passed = sum(getattr(bridge.risen, stage) - getattr(bridge.fallen, stage) for bridge in closings)
        flows.append(StageFlow(STAGES[stage], waiting, max(passed, 0)))
    return flows


def course(row: Mapping[str, Any]) -> list[tuple[date, int]]:
    """Return what was left at the end of each month, up to now, from the months issued."""
    on = date.fromisoformat(row["on"])
    last = Month.of(on) if on >= Month.of(on).last else Month.of(on).previous
    left, points = row["left"], []
    for ago, issued in enumerate(reversed(row["issued"])):
        points.append((last.plus(-ago).last, left))
        left += issued
    points.append((last.plus(-len(row["issued"])).last, left))
    points.reverse()
    return points if points[-1][0] >= on else [*points, (on, row["left"])]
