"""Rows of other offices' lists that the ledger could not follow: open ones first to be settled."""

from typing import TYPE_CHECKING, Final

from projects.progress.models import Mismatch, MismatchEnd, MismatchKind
from registry.kernel.authority import Actor
from registry.kernel.errors import NotFound
from registry.lists.orders import Order, by_heads, by_pinyin, if_any, ranked

if TYPE_CHECKING:
    from django.db.models import QuerySet

OPEN: Final = "open"
STATES: Final = {OPEN: "待处理", **dict(MismatchEnd.choices)}
MISMATCH_ORDERS: Final = (
    Order("newest", "最近核对", ("-id",)),
    *by_heads(
        {
            "named": by_pinyin("named"),
            "project": by_pinyin("project__name"),
            "kind": ranked("kind", MismatchKind.values),
            "file_name": by_pinyin("file_name"),
            "noted_on": "noted_on",
            "settled_on": if_any("settled_on"),
        },
        tie=("-id",),
    ),
)


def mismatches_of(actor: Actor, *, state: str = OPEN, project: str = "") -> "QuerySet[Mismatch]":
    """Return the rows that an actor may see, in a state, of a project or all. No query yet."""
    rows: QuerySet[Mismatch] = Mismatch.objects.visible_to(actor).filter(settled_as="" if state == OPEN else state)
    rows = rows.filter(project__code=project) if project else rows
    return rows.select_related("project", "unit__building")


def mismatch_by_id(actor: Actor, pk: int) -> Mismatch:
    """Find a row. One query."""
    row: Mismatch | None = Mismatch.objects.visible_to(actor).select_related("project").filter(pk=pk).first()
    if row is None:
        raise NotFound("未找到清单的这一行，或不在您的范围内。")
    return row
