"""The sheets of what a month changed (本月变动), made from the entries of its projects: of the city or of any part."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from documents.reports.entries import GATED, Entry, add_revisions, bridge_of
from documents.reports.parts import Part
from projects.gates.metrics import BY_CODE
from registry.kernel.bridge import CORRECTIONS, PRINTED, Bridge, Stock, Term
from registry.kernel.columns import Column
from registry.kernel.periods import Month

WHOLE: Final = "合计"
MEANT: Final = {
    Term.OPENING: "上月结账数；尚未结账的，为上月末按今日所知的数",
    Term.TAKEN_IN: "本月决定纳入的项目和住宅，含在账项目新增的户",
    Term.ENTERED: "纳入时已持证的住宅，不计入本月发证",
    Term.SPLIT: "楼栋转出、转入，全市合计为零",
    Term.MERGED: "并入别的项目，全市住宅合计为零",
    Term.TRANSFERRED: "项目改属别的区、街道、乡镇，全市合计为零",
    Term.PARTED: "一户分为几户，几户合为一户",
    Term.USE: "住宅改为其他用途，或其他用途改为住宅",
    Term.PROJECT_EXCLUDED: "整个项目不属于台账范围",
    Term.EXCLUDED: "重复、已拆除、不属于台账范围的住宅；恢复的为负",
    Term.CLOSED: "户仍计入涉及、应办和已发证，在账项目减少",
    Term.REOPENED: "销号后补查出未办的户",
    Term.ISSUED: "本月签收或出证的；本月记错又改回的已相抵",
    Term.RETURNED: "登记机构收回证书，是本月的事，不是更正",
    Term.LATE: "以前月份的事，结账以后才记的",
    Term.ERROR: "以前月份记错，现在改正的",
    Term.CLOSING: "以上各行之和",
}
NUMBERS: Final = (
    ("projects", "在账项目", "个"), ("involved", "涉及", "套"), ("excluded", "核减", "套"), ("due", "应办", "套"),
    ("issued", "已发证", "套"), ("remaining", "剩余", "套"),
)  # fmt: skip


def _signed(name: str, label: str, width: int = 10, **more: Any) -> Column:
    return Column(name, label, name, kind="int", width=width, **more)


def _after(months: int) -> Callable[[Any], int | None]:
    return lambda row: row.get(f"after_{months}")


CHANGES: Final = Part(
    "changes",
    "本月变动",
    (
        Column("term", "项", "term", width=14),
        *(_signed(name, f"{label}（{unit}）", 11) for name, label, unit in NUMBERS),
        Column("meaning", "说明", "meaning", width=40),
    ),
    "只计住宅。每列自上而下相加等于期末；每行涉及－核减＝应办，应办－已发证＝剩余。补记、纠错逐条列在更正明细。",
    is_summed=False,
)
BY_UNIT: Final = (
    ("opening", "期初", (Term.OPENING,)),
    ("taken_in", "纳入", (Term.TAKEN_IN,)),
    ("entered", "旧证入账", (Term.ENTERED,)),
    ("between", "拆并、划转", (Term.SPLIT, Term.MERGED, Term.TRANSFERRED)),
    ("use", "分合户、用途", (Term.PARTED, Term.USE)),
    ("excluded", "核减、恢复", (Term.PROJECT_EXCLUDED, Term.EXCLUDED)),
    ("issued", "发证", (Term.ISSUED,)),
    ("returned", "证书收回", (Term.RETURNED,)),
    ("late", "补记", (Term.LATE,)),
    ("error", "纠错", (Term.ERROR,)),
    ("closing", "期末", (Term.CLOSING,)),
)
UNITS: Final = Part(
    "units",
    "各单位剩余变动",
    (
        Column("unit", "单位", "unit", width=18),
        *(_signed(name, label, 11) for name, label, _ in BY_UNIT),
    ),
    "剩余（住宅，套）本月变动：期初加各项等于期末。街道、乡镇列在所属区之下，各街乡之和等于区，各区之和等于合计。",
    is_summed=False,
)
STOCKED: Final = (
    "projects", "involved", "excluded", "due", "collected", "accepted", "recorded", "printed", "issued", "remaining",
)  # fmt: skip
LABELS: Final = {"projects": "在账项目", "printed": "已缮证"}
STAGES: Final = Part(
    "stages",
    "各项变动",
    (
        Column("label", "指标", "label", width=18),
        Column("unit", "单位", "unit", width=7),
        _signed("opening", "期初", 12),
        _signed("risen", "本月增加", 12),
        _signed("fallen", "本月减少", 12),
        _signed("corrected", "更正", 10),
        _signed("closing", "期末", 12),
    ),
    "期初＋增加－减少＋更正＝期末。打通、首登和剩余的各类由环节推算，增加、减少按项目的净变动计，"
    "应办、剩余按净变动计，其余逐户计；更正是本月才记的以前月份的事。",
    is_summed=False,
)
CORRECTED: Final = Part(
    "corrections",
    "更正明细",
    (
        Column("kind", "类别", "kind", width=8),
        Column("code", "编号", "code", kind="code", width=12),
        Column("name", "项目", "name", width=20),
        Column("unit", "单位", "unit", width=18),
        Column("of", "事项", "of", width=12),
        Column("month", "发生月份", "month", width=11),
        *(_signed(name, label, 9, total=True) for name, label, _ in NUMBERS if name != "due"),
        Column("cause", "原因", "cause", width=36),
        Column("author", "记录人", "author", width=10),
        Column("recorded_on", "记录日期", "recorded_on", width=12),
    ),
    "补记：当时属实，结账以后才记的；纠错：结账时记错，现在改正的。两类分开，不相抵。",
)
LATER: Final = 3
REVISIONS: Final = Part(
    "revisions",
    "修订表",
    (
        Column("month", "发证月份", "month", width=12),
        _signed("stated", "结账时", 11, total=True),
        *(Column(f"after_{n}", f"后{n}月", _after(n), kind="int", width=10) for n in range(1, LATER + 1)),
        _signed("known", "截至本月", 11, total=True),
        _signed("late", "其中补记", 10, total=True),
        _signed("error", "其中纠错", 10, total=True),
        _signed("revised", "累计修订", 10, total=True),
    ),
    "每月的发证数在结账时和以后各次结账时各是多少。结账数不改，修订记在以后月份的更正里；近12个月。",
)
CHANGED: Final = (CHANGES, UNITS, STAGES, CORRECTED, REVISIONS)


@dataclass(frozen=True)
class Scope:
    """A part of the city: a district, a township, a project; empty is everything that the reader may see."""

    district: str = ""
    township: str = ""
    code: str = ""

    def has(self, place: Mapping[str, Any]) -> bool:
        """Whether a place lies in it."""
        return (
            self.district in ("", place["district_code"])
            and self.township in ("", place["township_code"])
            and self.code in ("", place["code"])
        )


EVERYTHING: Final = Scope()


def bridge_in(entries: Iterable[Entry], scope: Scope = EVERYTHING) -> Bridge:
    """Add up the bridges of a scope; what changed its district or township comes over, or leaves, with its opening."""
    return bridges_by(entries, lambda place: scope.has(place)).get(True, Bridge())


def bridges_by(entries: Iterable[Entry], group: Callable[[Mapping[str, Any]], Any]) -> dict[Any, Bridge]:
    """Add up bridges by what a place belongs to; a project that belongs elsewhere than it did is handed over."""
    sums: dict[Any, Bridge] = {}
    for entry in entries:
        bridge = bridge_of(entry)
        now, was = group(entry), group({**entry, **entry.get("was", {})})
        if now != was:
            opening = bridge.rows.pop(Term.OPENING, Stock())
            bridge.add(Term.TRANSFERRED, opening)
            left = sums.setdefault(was, Bridge())
            left.add(Term.OPENING, opening)
            left.add(Term.TRANSFERRED, -opening)
        total = sums.setdefault(now, Bridge())
        total += bridge
    return sums


def change_rows(bridge: Bridge) -> list[dict[str, Any]]:
    """Return the bridge as rows: each printed term, nought as well, so that the form is the same each month."""
    return [
        {
            "code": term.value,
            "term": term.label,
            **{name: getattr(bridge.row(term), name) for name, _, _ in NUMBERS},
            "meaning": MEANT[term],
        }
        for term in PRINTED
    ]


def unit_rows(entries: Sequence[Entry]) -> list[dict[str, Any]]:
    """Return what 剩余 did in each district and, under it, each township, and in all of them."""
    places = [*(entry["was"] for entry in entries if "was" in entry), *entries]
    districts = {place["district_code"]: place["district"] for place in places}
    towns = {(place["district_code"], place["township_code"]): place["township"] for place in places}
    by_district = bridges_by(entries, lambda place: place["district_code"])
    by_town = bridges_by(entries, lambda place: (place["district_code"], place["township_code"]))
    rows = []
    for code, name in sorted(districts.items()):
        rows.append(_unit_row(name, by_district[code], district=code))
        own = sorted((key, town) for key, town in towns.items() if key[0] == code)
        rows += [_unit_row(f"　{town}", by_town[key], district=code, township=key[1]) for key, town in own]
    return [*rows, _unit_row(WHOLE, bridge_in(entries))]


def _unit_row(name: str, bridge: Bridge, **where: str) -> dict[str, Any]:
    sums = {column: sum(bridge.row(term).remaining for term in terms) for column, _, terms in BY_UNIT}
    return {"unit": name, **where, **sums}


def stage_rows(entries: Sequence[Entry], bridge: Bridge, scope: Scope = EVERYTHING) -> list[dict[str, Any]]:
    """Return each figure with what rose and fell; those that hang on gates as the net of each project."""
    rows = []
    for name in STOCKED:
        rows.append(_stage_row(name, *(getattr(stock, name) for stock in _stocks(bridge))))
        if name == "due":
            rows += [_gate_row(entries, code, scope) for code in ("cleared_assessed", "registered")]
    known = {name for entry in entries for name in entry["gates"]}  # stored without an order
    known = known or set(GATED)  # who sees no project reads noughts, in the same form
    rest = [name for name in GATED if name in known and name not in ("cleared_assessed", "registered")]
    return [*rows, *(_gate_row(entries, name, scope) for name in rest)]


def _stocks(bridge: Bridge) -> tuple[Stock, ...]:
    return bridge.row(Term.OPENING), bridge.risen, bridge.fallen, bridge.corrected, bridge.row(Term.CLOSING)


def _stage_row(name: str, opening: int, risen: int, fallen: int, corrected: int, closing: int) -> dict[str, Any]:
    if name in ("due", "remaining"):
        net = closing - opening - corrected
        risen, fallen = max(net, 0), max(-net, 0)
    figure = BY_CODE.get(name)
    return {
        "code": name,
        "label": LABELS.get(name) or (figure.label if figure else name),
        "unit": figure.unit if figure else "个" if name == "projects" else "套",
        "opening": opening, "risen": risen, "fallen": fallen, "corrected": corrected, "closing": closing,
    }  # fmt: skip


def _gate_row(entries: Sequence[Entry], name: str, scope: Scope) -> dict[str, Any]:
    numbers = [_gated(entry, name, scope) for entry in entries]
    nets = [now - known for _, known, now in numbers]
    return _stage_row(
        name,
        sum(opening for opening, _, _ in numbers),
        sum(net for net in nets if net > 0),
        -sum(net for net in nets if net < 0),
        sum(known - opening for opening, known, _ in numbers),
        sum(now for _, _, now in numbers),
    )


def _gated(entry: Entry, name: str, scope: Scope) -> Sequence[int]:
    """The figure of a project within a scope: what came over was not in it, what left is not any more."""
    opening, known, now = entry["gates"][name]
    if not scope.has({**entry, **entry.get("was", {})}):
        return 0, 0, now
    return (opening, known, now) if scope.has(entry) else (opening, known, 0)


def correction_rows(lines: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Return the lines of corrections as printed."""
    rows = []
    for line in lines:
        stock = Stock.of(line["stock"])
        numbers = {name: getattr(stock, name) for name, _, _ in NUMBERS}
        if any(numbers.values()):
            rows.append(
                {
                    **{name: line[name] for name in ("code", "name", "cause", "author", "recorded_on", "term")},
                    "kind": Term(line["term"]).label.removeprefix("更正："),
                    "unit": f"{line['district']}{line['township']}",
                    "of": Term(line["of"]).label.removeprefix("本月"),
                    "month": Month.parse(line["month"]).label,
                    **numbers,
                }
            )
    return rows


def revision_rows(entries: Iterable[Entry]) -> list[dict[str, Any]]:
    """Return the triangle of issues: each month as closed, as known at later closes, and why it was revised."""
    months: dict[str, Mapping[str, Any]] = {}
    for entry in entries:
        for row in entry["revisions"]:
            name = row["month"]
            months[name] = add_revisions(months[name], row) if name in months else row
    return [
        {
            "month": Month.parse(name).label,
            "stated": row["known"][0],
            **{f"after_{n}": row["known"][n] for n in range(1, LATER + 1) if n < len(row["known"])},
            "known": row["known"][-1],
            "late": row["late"],
            "error": row["error"],
            "revised": row["known"][-1] - row["known"][0],
        }
        for name, row in sorted(months.items())
    ]


def changed_rows(
    entries: Sequence[Entry], lines: Sequence[Mapping[str, Any]], scope: Scope = EVERYTHING
) -> dict[str, list[dict[str, Any]]]:
    """Return the rows of every sheet of changes: of what a reader may see, or of a scope within it."""
    bridge = bridge_in(entries, scope)
    makers: Mapping[str, Callable[[], list[dict[str, Any]]]] = {
        CHANGES.code: lambda: change_rows(bridge),
        UNITS.code: lambda: unit_rows(entries),
        STAGES.code: lambda: stage_rows(entries, bridge, scope),
        CORRECTED.code: lambda: correction_rows(lines),
        REVISIONS.code: lambda: revision_rows(entries),
    }
    return {code: make() for code, make in makers.items()}


def sheet_faults(rows: Mapping[str, Sequence[Mapping[str, Any]]]) -> list[str]:
    """Name what does not add up on the sheets: rows to the closing, units to the whole, lines to their cell."""
    faults = []
    changes = {row["code"]: row for row in rows[CHANGES.code]}
    for name, label, _ in NUMBERS:
        total = sum(row[name] for code, row in changes.items() if code != Term.CLOSING.value)
        if total != changes[Term.CLOSING.value][name]:
            faults.append(f"本月变动“{label}”一列相加{total}，期末{changes[Term.CLOSING.value][name]}")
        for term in CORRECTIONS:
            lined = [row for row in rows[CORRECTED.code] if row["term"] == term.value]
            if sum(row[name] for row in lined) != changes[term.value][name]:
                faults.append(f"{term.label}“{label}”与明细之和不等")
    *units, whole = rows[UNITS.code]
    for name, label, _ in BY_UNIT:
        if sum(row[name] for row in units if "township" not in row) != whole[name]:
            faults.append(f"各单位“{label}”之和不等于合计")
    if sum(whole[name] for name, _, _ in BY_UNIT if name != "closing") != whole["closing"]:
        faults.append("剩余期初加各项变动不等于期末")
    faults += [
        f"“{row['label']}”期初加变动不等于期末"
        for row in rows[STAGES.code]
        if row["opening"] + row["risen"] - row["fallen"] + row["corrected"] != row["closing"]
    ]
    return faults
