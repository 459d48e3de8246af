"""The list of a project's imports as a workbook."""

from collections.abc import Iterable
from datetime import date
from typing import Any, Final

from documents.intake.reading.list_shape import UNITS
from documents.intake.selectors.sessions import sessions_of
from projects.ledger.exports import of_project
from projects.ledger.selectors.projects import project_by_code
from registry.kernel.authority import Actor, Permission
from registry.kernel.columns import Column
from registry.lists.exports import ExportList, Words
from registry.lists.kinds import LISTS, list_called


def _sessions(actor: Actor, words: Words, on: date) -> Iterable[Any]:
    kind = words.get("kind", UNITS)
    if kind not in LISTS or not (kind == UNITS or actor.can(list_called(kind).sent_by)):
        return []
    return sessions_of(actor, project_by_code(actor, words.get("project", "")).id, kind)


EXPORTS: Final = (
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
)
