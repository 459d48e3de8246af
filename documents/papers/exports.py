"""The list of papers as a workbook."""

from collections.abc import Iterable
from datetime import date
from typing import Any, Final

from documents.papers.forms import OutsideFilter, PaperFilter
from documents.papers.kinds import BY_CODE
from documents.papers.selectors.batches import batch_by_number, lines_of, tally_of
from documents.papers.selectors.outside import OUTSIDE_ORDERS, outside_chosen
from documents.papers.selectors.papers import PAPER_ORDERS, papers_chosen
from registry.kernel.authority import Actor, Permission
from registry.kernel.columns import Column
from registry.lists.exports import ExportList, Words, filters_in_words
from registry.lists.orders import ordered


def _papers(actor: Actor, words: Words, on: date) -> Iterable[Any]:
    rows: Iterable[Any] = ordered(papers_chosen(actor, PaperFilter(words).words), PAPER_ORDERS, words)
    return rows


def _paper_filters(actor: Actor, words: Words) -> list[tuple[str, str]]:
    return filters_in_words(PaperFilter(words))


def _lines(actor: Actor, words: Words, on: date) -> Iterable[Any]:
    return lines_of(batch_by_number(actor, words.get("batch", "")), words.get("outcome", ""))


def _line_filters(actor: Actor, words: Words) -> list[tuple[str, str]]:
    batch = batch_by_number(actor, words.get("batch", ""))
    return [("批次", batch.number), ("范围", batch.filters or "全部户"), ("数量", tally_of(batch).words)]


def _outside(actor: Actor, words: Words, on: date) -> Iterable[Any]:
    rows: Iterable[Any] = ordered(outside_chosen(actor, OutsideFilter(words).words), OUTSIDE_ORDERS, words)
    return rows


def _outside_filters(actor: Actor, words: Words) -> list[tuple[str, str]]:
    return filters_in_words(OutsideFilter(words))


EXPORTS: Final = (
    ExportList(
        "outside_papers",
        "外部文书",
        Permission.DOCUMENT_READ,
        (
            Column("number", "编号", kind="code", width=24),
            Column("kind", "文种", lambda row: row.get_kind_display(), width=18),
            Column("project", "项目", "project.name", width=22),
            Column("unit", "户", lambda row: f"{row.unit.building}{row.unit}" if row.unit else "", width=20),
            Column("organ", "出具机关", "organ.name", width=22),
            Column("issued_on", "日期", kind="date"),
            Column("due_on", "期限", kind="date"),
            Column("note", "说明", width=34),
            Column("voided_on", "作废", kind="date"),
            Column("void_reason", "作废原因", width=24),
        ),
        _outside,
        _outside_filters,
    ),
    ExportList(
        "batch_lines",
        "批量文书登记",
        Permission.DOCUMENT_READ,
        (
            Column("position", "顺序", kind="int", width=8),
            Column("building", "楼栋", "unit.building.name", width=14),
            Column("entrance", "单元", "unit.entrance", width=8),
            Column("room", "户号", "unit.room", width=12),
            Column("people", "权利人", "unit.holders_masked", width=20),
            Column("outcome", "结果", lambda row: row.get_outcome_display(), width=14),
            Column("number", "编号", lambda row: row.paper.number if row.paper else "", kind="code", width=24),
            Column("reason", "原因", width=50),
        ),
        _lines,
        _line_filters,
    ),
    ExportList(
        "papers",
        "文书",
        Permission.DOCUMENT_READ,
        (
            Column("number", "编号", kind="code", width=24),
            Column("kind", "文种", lambda row: BY_CODE[row.kind].label, width=16),
            Column("title", "标题", width=34),
            Column("project", "项目", lambda row: row.project.name if row.project else "", width=22),
            Column("addressee", "送达", "addressee_masked", width=20),
            Column("issued_on", "日期", kind="date"),
            Column("hands", "经手人", width=30),
            Column("voided_on", "作废", kind="date"),
            Column("void_reason", "作废原因", width=24),
            Column("hash", "校验", lambda row: row.pdf_hash[:12], kind="code", width=16),
        ),
        _papers,
        _paper_filters,
    ),
)
