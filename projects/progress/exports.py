"""Lists of homes: of a project as chosen, of a building, on the way to zero, moved in bulk."""

from collections.abc import Callable, Iterable
from datetime import date
from typing import Any, Final

from projects.gates.metrics import BY_CODE
from projects.gates.selectors.building import unit_marks
from projects.ledger.exports import of_project
from projects.ledger.selectors.projects import project_by_code
from projects.ledger.selectors.table import building_of, table_units
from projects.progress.selectors import UNIT_ORDERS, units_of, with_standing_papers
from projects.progress.selectors.mismatches import MISMATCH_ORDERS, OPEN, STATES, mismatches_of
from projects.progress.selectors.queues import BY_CODE as QUEUES
from projects.progress.selectors.zero import residuals_of, unexplained_units
from projects.progress.services.bulk_undo import bulk_acts
from registry.kernel.authority import Actor, Permission
from registry.kernel.columns import Column
from registry.kernel.stages import STAGES, Standing, Track, Use, stage_of
from registry.lists.exports import ExportList, Words
from registry.lists.orders import ordered
from registry.web.unit_marks import MARKS

EVERY: Final = 100_000


def _units(actor: Actor, words: Words, on: date) -> Iterable[Any]:
    project = project_by_code(actor, words.get("project", ""))
    units = with_standing_papers(units_of(actor, project.id, filters=words, on=on))
    return ordered(units, UNIT_ORDERS, words)


def _papers(unit: Any) -> str:
    """Where the papers of a home are that waits for 受理."""
    row = next(iter(unit.standing_papers), None) if unit.certificate == "collected" else None
    if row is None:
        return ""
    return (
        f"{row.returned_on}退回{f'（{row.how}）' if row.how else ''}：{row.lacks}"
        if row.returned_on
        else f"{row.handed_on}送件"
    )


CHOSEN: Final[tuple[tuple[str, str, dict[str, str]], ...]] = (
    ("use", "用途", {use.value: use.label for use in Use}),
    *((track.value, track.label, {stage.code: stage.label for stage in STAGES[track]}) for track in Track),
    ("standing", "状态", {standing.value: standing.label for standing in Standing}),
)


def _unit_filters(actor: Actor, words: Words) -> list[tuple[str, str]]:
    project = project_by_code(actor, words.get("project", ""))
    found = [("项目", project.name)]
    if words.get("queue") in QUEUES:
        found.append(("只看", QUEUES[words["queue"]].label))
    if words.get("figure") in BY_CODE:
        found.append(("只看", BY_CODE[words["figure"]].label))
    if words.get("side"):
        found.append(("只看", "住宅" if words["side"] == "homes" else "商业、配套等"))
    found += [(label, choices.get(words[name], words[name])) for name, label, choices in CHOSEN if words.get(name)]
    typed = (("building", "楼栋"), ("entrance", "单元"), ("q", "查找"))
    return [*found, *((label, words[name]) for name, label in typed if words.get(name))]


def _stage(track: Track) -> Callable[[Any], object]:
    return lambda unit: stage_of(track, getattr(unit, track.value)).label if getattr(unit, track.value) else ""


def _building(actor: Actor, words: Words, on: date) -> Iterable[Any]:
    project = project_by_code(actor, words.get("project", ""))
    building = building_of(actor, project.id, words.get("building", ""))
    units = table_units(building)
    marks = unit_marks(project.id, building.id, units, on=on)
    return [{"unit": unit, "mark": MARKS[marks[unit.id]][2] if unit.id in marks else ""} for unit in units]


def _building_filters(actor: Actor, words: Words) -> list[tuple[str, str]]:
    project = project_by_code(actor, words.get("project", ""))
    return [("项目", project.name), ("楼栋", building_of(actor, project.id, words.get("building", "")).name)]


def _of_unit(track: Track) -> Callable[[Any], object]:
    return lambda row: _stage(track)(row["unit"])


def _residuals(actor: Actor, words: Words, on: date) -> Iterable[Any]:
    return residuals_of(project_by_code(actor, words.get("project", "")).id, on=on)


def _unexplained(actor: Actor, words: Words, on: date) -> Iterable[Any]:
    found = unexplained_units(project_by_code(actor, words.get("project", "")).id, on=on).select_related("building")
    return found.order_by("building__number_order", "id")


def _bulk(actor: Actor, words: Words, on: date) -> Iterable[Any]:
    return bulk_acts(project_by_code(actor, words.get("project", "")), limit=EVERY)


HOME: Final = (
    Column("building", "楼栋", "building.name", kind="code", width=10),
    Column("entrance", "单元", kind="code", width=8),
    Column("floor", "楼层", kind="code", width=8),
    Column("room", "户号", kind="code", width=10),
)
TRACKS: Final = (
    Column("certificate", "办证", _stage(Track.CERTIFICATE), width=12),
    Column("certificate_on", "办理日期", kind="date"),
    Column("tax", "契税", _stage(Track.TAX), width=14),
    Column("fund", "维修资金", _stage(Track.FUND), width=10),
    Column("standing", "状态", lambda unit: unit.get_standing_display(), width=8),
)


def _mismatches(actor: Actor, words: Words, on: date) -> Iterable[Any]:
    rows = mismatches_of(actor, state=words.get("state") or OPEN, project=words.get("project", ""))
    return ordered(rows, MISMATCH_ORDERS, words)


def _mismatch_filters(actor: Actor, words: Words) -> list[tuple[str, str]]:
    state = ("状态", STATES.get(words.get("state") or OPEN, ""))
    return [state, *(of_project(actor, words) if words.get("project") else [])]


EXPORTS: Final = (
    ExportList(
        "units",
        "户清单",
        Permission.UNIT_READ,
        (
            *HOME,
            Column("unit_code", "不动产单元号", kind="code", width=32),
            Column("use", "用途", lambda unit: unit.get_use_display(), width=8),
            Column("area", "建筑面积（m²）", kind="area", total=True),
            Column("holders", "权利人", "holders_masked", width=14),
            Column("agreement", "合同、协议号", "agreement_no", kind="code", width=18),
            *TRACKS[:2],
            Column("papers", "送件、退回", _papers, width=24),
            *TRACKS[2:],
            Column("remark", "备注", width=20),
        ),
        _units,
        _unit_filters,
        frozen=4,
    ),
    ExportList(
        "building",
        "楼盘表",
        Permission.UNIT_READ,
        (
            Column("entrance", "单元", "unit.entrance", kind="code", width=8),
            Column("floor", "楼层", "unit.floor", kind="code", width=8),
            Column("room", "户号", "unit.room", kind="code", width=10),
            Column("use", "用途", lambda row: Use(row["unit"].use).label, width=8),
            Column("certificate", "办证", _of_unit(Track.CERTIFICATE), width=12),
            Column("tax", "契税", _of_unit(Track.TAX), width=14),
            Column("fund", "维修资金", _of_unit(Track.FUND), width=10),
            Column("standing", "状态", lambda row: Standing(row["unit"].standing).label, width=8),
            Column("mark", "标记", width=26),
        ),
        _building,
        _building_filters,
        frozen=3,
    ),
    ExportList(
        "residuals",
        "余户",
        Permission.UNIT_READ,
        (
            Column("building", "楼栋", "unit.building.name", kind="code", width=10),
            Column("unit", "户", lambda row: str(row.unit), kind="code", width=16),
            Column("reason", "原因", width=20),
            Column("evidence", "依据", "row.evidence", width=30),
            Column("proposed_by", "提请人", "row.proposed_by", width=14),
            Column("proposed_on", "提请日期", "row.proposed_on", kind="date"),
            Column("state", "复核", width=24),
            Column("month_end", "月末最后5日列入", "row.is_month_end", width=14),
            Column("review_on", "复查日期", "row.review_on", kind="date"),
            Column("is_late", "复查逾期", width=12),
        ),
        _residuals,
        of_project,
        frozen=2,
    ),
    ExportList(
        "unexplained",
        "未清的户",
        Permission.UNIT_READ,
        (*HOME, Column("use", "用途", lambda unit: unit.get_use_display(), width=8), *TRACKS),
        _unexplained,
        of_project,
        frozen=4,
    ),
    ExportList(
        "bulk",
        "批量办理记录",
        Permission.UNIT_READ,
        (
            Column("at", "时间", kind="date", width=18),
            Column("who", "经办", width=20),
            Column("text", "内容", width=60),
            Column("reason", "原因", width=30),
        ),
        _bulk,
        of_project,
    ),
    ExportList(
        "mismatches",
        "清单不符",
        Permission.UNIT_READ,
        (
            Column("named", "清单所列的户", width=20),
            Column("project", "项目", "project.name", width=22),
            Column("stage", "清单办理至", "stage_label", width=12),
            Column("kind", "情形", lambda row: row.get_kind_display(), width=14),
            Column("said", "核对情况", width=44),
            Column("file_name", "清单", width=22),
            Column("noted_on", "核对日期", kind="date"),
            Column("settled", "处理", lambda row: row.get_settled_as_display(), width=20),
            Column("answer", "说明", width=30),
            Column("settled_by", "处理人", width=14),
            Column("settled_on", "处理日期", kind="date"),
        ),
        _mismatches,
        _mismatch_filters,
    ),
)
