"""Lists of what stands on promises not kept yet, by who promised and by who performs."""

from collections.abc import Iterable
from datetime import date
from typing import Any, Final

from commitments.selectors.exposure import last_exposure, standings_by_developer, standings_by_signer
from registry.kernel.authority import Actor, Permission
from registry.kernel.columns import Column
from registry.lists.exports import ExportList, Words


def _as_of(actor: Actor, words: Words) -> list[tuple[str, str]]:
    run = last_exposure()
    return [("截至", f"{run.as_of:%Y-%m-%d}")] if run else []


def _signers(actor: Actor, words: Words, on: date) -> Iterable[Any]:
    run = last_exposure()
    return standings_by_signer(actor, run) if run else ()


def _developers(actor: Actor, words: Words, on: date) -> Iterable[Any]:
    run = last_exposure()
    return standings_by_developer(actor, run) if run else ()


STANDING: Final = (
    Column("letters", "在履行（份）", kind="int", width=12),
    Column("homes", "凭未兑现承诺已发证（套）", kind="int", width=14),
    Column("overdue", "逾期（项）", kind="int", width=10),
    Column("promises", "未完成（项）", kind="int", width=10),
    Column("overdue_rate", "逾期率", width=10),
    Column("kept_rate", "按期兑现率", width=12),
)

EXPORTS: Final = (
    ExportList(
        "signers",
        "承诺兑现情况：承诺单位",
        Permission.INSTRUMENT_READ,
        (Column("name", "承诺单位", width=24), *STANDING, Column("cap", "上限（套）", kind="int", width=10)),
        _signers,
        _as_of,
    ),
    ExportList(
        "developers",
        "承诺兑现情况：整改主体",
        Permission.INSTRUMENT_READ,
        (Column("name", "企业", width=28), *STANDING),
        _developers,
        _as_of,
    ),
)
