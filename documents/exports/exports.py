"""One's own exports as a workbook."""

from collections.abc import Iterable
from datetime import date
from typing import Any, Final

from documents.exports.selectors.exports import exports_of
from registry.kernel.authority import Actor
from registry.kernel.columns import Column
from registry.lists.exports import ExportList, Words, no_filters


def _exports(actor: Actor, words: Words, on: date) -> Iterable[Any]:
    return exports_of(actor)


EXPORTS: Final = (
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
