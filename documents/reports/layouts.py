"""The sheets of the monthly report: which columns each has, in which order they are printed."""

from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any, Final

from documents.reports.changes import CHANGED
from documents.reports.figures import BY_CODE
from documents.reports.hotline import HOTLINE
from documents.reports.outlook import OUTLOOK
from documents.reports.parts import Part
from documents.reports.ranking import RANKING
from documents.reports.sheets import AGES, INSTRUCTIONS, LEFT_OVER, PROMISES
from registry.kernel.columns import Column
from registry.kernel.gates.rest import Rest
from registry.kernel.rates import NO_RATE

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


ROAD: Final = {
    "due": "应办", "cleared_assessed": "已打通", "registered": "已首登", "collected": "已收材料", "accepted": "已受理",
    "recorded": "已登簿", "issued": "已发证",
}  # fmt: skip
OLD: Final = "入账时已持旧证的住宅，计入累计，不计入本月发证"
OLD_STOCK: Final = "已发证中入账时就持旧证的住宅"
ADDED: Final = "纳入、拆分、合并、划转、恢复在账和更正，与本月变动一致"
BALANCED: Final = "涉及－核减＝应办，应办－已发证＝剩余，各类之和＝剩余，都相等为平"


def _balance(row: Mapping[str, Any]) -> str:
    """What does not add up in a line of the sheet: 平, or by how much."""
    if Rest.UNCLEARED.value not in row:
        return "—"
    gaps = (
        row["involved"] - row["excluded"] - row["due"],
        row["due"] - row["issued"] - row["remaining"],
        sum(row[kind.value] for kind in Rest) - row["remaining"],
    )
    return "平" if not any(gaps) else f"差{max(gaps, key=abs)}"


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
        Column("check", "核对", _balance, width=8, note=BALANCED),
    ),
    "单位：个、套、%。商业、配套等以间计，不并入套数。上月已发证＋本月发证＋更正＋旧证入账＝已发证。"
    "剩余＝挂账＋暂缓＋剩余未研判＋未打通＋已打通待首登＋暂停受理＋户级堵点＋可办未办。",
)
TOWNS: Final = Part(
    "towns",
    "总表（街乡）",
    (Column("district_code", "区代码", "district_code", kind="code", width=9), *TOTALS.columns),
    "各街道、乡镇，按所属区排列；各街乡之和等于总表中该区的数。",
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
PARTS: Final = (
    TOTALS, TOWNS, RANKING, *CHANGED, OUTLOOK, PROMISES, INSTRUCTIONS, HOTLINE, LEDGER, TYPES, AGES, LEFT_OVER, DEFINITIONS,
)  # fmt: skip
