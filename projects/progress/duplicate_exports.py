"""Lists of projects that may be one, and of those judged not to be."""

from collections.abc import Iterable
from datetime import date
from typing import Any, Final

from projects.progress.selectors.duplicate_candidates import marked_distinct, possible_duplicates
from registry.kernel.authority import Actor, Permission
from registry.kernel.columns import Column
from registry.lists.exports import ExportList, Words, no_filters


def _pairs(actor: Actor, words: Words, on: date) -> Iterable[Any]:
    return possible_duplicates(actor)


def _judged(actor: Actor, words: Words, on: date) -> Iterable[Any]:
    return marked_distinct(actor)


EXPORTS: Final = (
    ExportList(
        "duplicates",
        "疑似重复的项目",
        Permission.PROJECT_CREATE,
        (
            Column("code", "编号", "one.code", kind="code", width=12),
            Column("name", "项目", "one.name", width=22),
            Column("township", "街道、乡镇", "one.township_name", width=14),
            Column("other_code", "疑似同一项目：编号", "other.code", kind="code", width=18),
            Column("other", "项目名称", "other.name", width=22),
            Column("other_township", "其街道、乡镇", "other.township_name", width=14),
            Column("score", "相似度（分）", kind="int", width=10),
            Column("reason", "理由", width=36),
        ),
        _pairs,
        no_filters,
        frozen=2,
    ),
    ExportList(
        "judged",
        "已判定为不同项目",
        Permission.PROJECT_CREATE,
        (
            Column("code", "编号", "one.code", kind="code", width=12),
            Column("name", "项目", "one.name", width=22),
            Column("other_code", "另一个：编号", "other.code", kind="code", width=14),
            Column("other", "项目名称", "other.name", width=22),
            Column("reason", "理由", width=36),
            Column("judged_by", "判定", width=20),
            Column("judged_on", "日期", kind="date"),
        ),
        _judged,
        no_filters,
        frozen=2,
    ),
)
