"""The list of papers as a workbook."""

from collections.abc import Iterable
from datetime import date
from typing import Any, Final

from documents.papers.kinds import BY_CODE
from documents.papers.selectors.papers import PAPER_ORDERS, papers_visible_to
from registry.kernel.authority import Actor, Permission
from registry.kernel.columns import Column
from registry.lists.exports import ExportList, Words, no_filters
from registry.lists.orders import ordered


def _papers(actor: Actor, words: Words, on: date) -> Iterable[Any]:
    rows: Iterable[Any] = ordered(papers_visible_to(actor), PAPER_ORDERS, words)
    return rows


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
)
