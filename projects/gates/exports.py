"""Lists of what shuts a gate and of the papers that open one."""

from collections.abc import Iterable
from datetime import date
from typing import Any, Final

from projects.gates.selectors.blockers import BLOCKER_ORDERS, BLOCKER_STATES, blockers_visible_to
from projects.gates.selectors.documents import documents_of
from projects.gates.selectors.watchlist import watched_of
from projects.ledger.exports import of_project
from projects.ledger.selectors.projects import project_by_code
from registry.kernel.authority import Actor, Permission
from registry.kernel.columns import Column
from registry.lists.exports import ExportList, Words
from registry.lists.orders import ordered


def _blockers(actor: Actor, words: Words, on: date) -> Iterable[Any]:
    chosen = blockers_visible_to(actor, query=words.get("q", ""), state=words.get("state", "open"))
    return ordered(chosen, BLOCKER_ORDERS, words)


def _blocker_filters(actor: Actor, words: Words) -> list[tuple[str, str]]:
    found = [("状态", BLOCKER_STATES.get(words.get("state", "open"), "全部"))]
    return [*found, ("查找", words["q"])] if words.get("q") else found


def _watched(actor: Actor, words: Words, on: date) -> Iterable[Any]:
    project = project_by_code(actor, words.get("project", ""))
    found = watched_of(actor, project, number=words.get("blocker", ""))
    return [{"row": row, "then": then, "now": now} for row, then, now in found]


def _watched_filters(actor: Actor, words: Words) -> list[tuple[str, str]]:
    found = of_project(actor, words)
    return [*found, ("堵点", words["blocker"])] if words.get("blocker") else found


def _documents(actor: Actor, words: Words, on: date) -> Iterable[Any]:
    return documents_of(actor, project_by_code(actor, words.get("project", "")))


def _state_of_document(line: Any) -> str:
    return "已撤销" if line.is_revoked else "部分撤销" if line.revoked else "有效"


EXPORTS: Final = (
    ExportList(
        "blockers",
        "堵点清单",
        Permission.BLOCKER_READ,
        (
            Column("number", "编号", kind="code", width=12),
            Column("title", "事由", width=28),
            Column("project", "项目", "project.name", width=22),
            Column("gate", "受阻环节", lambda row: row.gate_words, width=12),
            Column("units_caught", "涉及（户）", kind="int", width=11),
            Column("units_at_fault", "过错（户）", kind="int", width=11),
            Column("responsible", "责任单位", lambda row: str(row.responsible or "未确定"), width=18),
            Column("found_on", "发现", kind="date"),
            Column("resolved_on", "解决", kind="date"),
            Column("lift", "解除方式", lambda row: row.type.get_lift_display(), width=20),
        ),
        _blockers,
        _blocker_filters,
        frozen=3,
    ),
    ExportList(
        "watched",
        "关注名单",
        Permission.BLOCKER_READ,
        (
            Column("building", "楼栋", "row.unit.building.name", kind="code", width=10),
            Column("unit", "户", lambda line: str(line["row"].unit), kind="code", width=16),
            Column("blocker", "堵点", "row.blocker.number", kind="code", width=12),
            Column("title", "事由", "row.blocker.title", width=28),
            Column("found_on", "发现", "row.blocker.found_on", kind="date"),
            Column("then", "列入时", width=12),
            Column("stage_on", "到达日期", "row.stage_on", kind="date"),
            Column("now", "现在", width=12),
            Column("at_fault", "在过错范围内", "row.is_at_fault", width=12),
        ),
        _watched,
        _watched_filters,
        frozen=2,
    ),
    ExportList(
        "basis",
        "依据文件",
        Permission.STEP_READ,
        (
            Column("number", "文号", "document.number", kind="code", width=22),
            Column("title", "标题", "document.title", width=28),
            Column("organ", "机关", lambda line: str(line.document.organ), width=18),
            Column("issued_on", "日期", "document.issued_on", kind="date"),
            Column("steps", "办理内容", width=44),
            Column("standing", "环节", kind="int", width=8),
            Column("files", "附件", kind="int", width=8),
            Column("state", "状态", _state_of_document, width=10),
        ),
        _documents,
        of_project,
    ),
)
