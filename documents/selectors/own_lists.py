"""The lists of documents itself as workbooks."""

from collections.abc import Iterable
from datetime import date
from typing import Any, Final

from documents.intake.list_shape import UNITS
from documents.papers.kinds import BY_CODE
from documents.papers.selectors.papers import PAPER_ORDERS, papers_visible_to
from documents.reports.selectors.reports import closed_months
from documents.selectors.exports import exports_of
from documents.selectors.imports import sessions_of
from projects.ledger.exports import of_project
from projects.ledger.selectors.projects import project_by_code
from registry.kernel.authority import Actor, Permission
from registry.kernel.columns import Column
from registry.kernel.periods import Month
from registry.lists.exports import ExportList, Words, no_filters, ordered
from registry.lists.kinds import LISTS, list_called


def _papers(actor: Actor, words: Words, on: date) -> Iterable[Any]:
    found: Iterable[Any] = ordered(papers_visible_to(actor), PAPER_ORDERS, words)
    return found


def _sessions(actor: Actor, words: Words, on: date) -> Iterable[Any]:
    kind = words.get("kind", UNITS)
    if kind not in LISTS or not (kind == UNITS or actor.can(list_called(kind).sent_by)):
        return []
    return sessions_of(actor, project_by_code(actor, words.get("project", "")).id, kind)


def _months(actor: Actor, words: Words, on: date) -> Iterable[Any]:
    return closed_months()


def _exports(actor: Actor, words: Words, on: date) -> Iterable[Any]:
    return exports_of(actor)


EXPORTS: Final = (
    ExportList(
        "papers",
        "文书",
        Permission.DOCUMENT_READ,
        (
            Column("number", "编号", kind="code", width=24),
            Column("kind", "文种", lambda row: BY_CODE[row.kind].label, width=16),
            Column("title", "标题", width=34),
            Column("project", "项目", "project.name", width=22),
            Column("addressee", "送达", "addressee_masked", width=20),
            Column("issued_on", "日期", kind="date"),
            Column("voided_on", "作废", kind="date"),
            Column("void_reason", "作废原因", width=24),
            Column("hash", "校验", lambda row: row.pdf_hash[:12], kind="code", width=16),
        ),
        _papers,
        no_filters,
    ),
    ExportList(
        "imports",
        "导入记录",
        Permission.IMPORT_STAGE,
        (
            Column("file_name", "文件", kind="code", width=36),
            Column("uploaded_by", "上传人", lambda row: str(row.uploaded_by or ""), width=14),
            Column("uploaded_at", "上传时间", kind="date", width=18),
            Column("rows", "行", "rows_present", kind="int", width=8),
            Column("added", "新增", kind="int", width=8),
            Column("changed", "变更", kind="int", width=8),
            Column("unchanged", "相同", kind="int", width=8),
            Column("refused", "退回", kind="int", width=8),
            Column("skipped", "跳过", kind="int", width=8),
            Column("state", "状态", lambda row: row.get_state_display(), width=10),
            Column("message", "说明", width=36),
        ),
        _sessions,
        of_project,
    ),
    ExportList(
        "months",
        "已结账的月份",
        Permission.REPORT_READ,
        (
            Column("month", "月份", lambda row: Month.parse(row.month).label, width=14),
            Column("cut_off_on", "统计截止", kind="date"),
            Column("closed_at", "结账时间", kind="date", width=18),
            Column("closed_by", "结账人", lambda row: str(row.closed_by or "系统"), width=14),
            Column("version", "口径", "figures_version", kind="code", width=14),
            Column("hash", "校验", "rows_hash", kind="code", width=68),
        ),
        _months,
        no_filters,
    ),
    ExportList(
        "exports",
        "我的导出",
        None,
        (
            Column("number", "编号", kind="code", width=14),
            Column("title", "清单", width=18),
            Column("filters", "范围", width=44),
            Column("personal", "含个人信息", "is_personal", width=12),
            Column("reason", "用途", width=30),
            Column("state", "状态", lambda row: row.get_state_display(), width=10),
            Column("rows", "行", kind="int", width=10),
            Column("asked_at", "要求", kind="date", width=18),
            Column("expires_at", "保存到", kind="date", width=18),
        ),
        _exports,
        no_filters,
    ),
)
