"""Reading papers of other systems, kept by number and scan."""

from collections.abc import Mapping
from typing import Any

from django.db.models import Q, QuerySet

from documents.papers.models import OutsidePaper
from projects.ledger.models import Unit
from registry.kernel.authority import Actor
from registry.kernel.errors import NotFound
from registry.lists.orders import Order, by_heads, by_pinyin, if_any

OUTSIDE_ORDERS = (  # of the page and of its export
    Order("newest", "最近登记", ("-id",)),
    *by_heads(
        {
            "number": "number",
            "kind": "kind",
            "project": by_pinyin("project__name"),
            "organ": by_pinyin("organ__name"),
            "issued_on": "issued_on",
            "due_on": if_any("due_on"),
            "voided_on": if_any("voided_on"),
        },
        tie=("-id",),
    ),
)


def outside_visible_to(actor: Actor) -> "QuerySet[OutsidePaper]":
    """Return the papers of other systems that an actor may see. No query yet."""
    papers: QuerySet[OutsidePaper] = OutsidePaper.objects.visible_to(actor)
    return papers.select_related("project", "unit__building", "organ", "recorded_by")


def outside_chosen(actor: Actor, words: Mapping[str, Any]) -> "QuerySet[OutsidePaper]":
    """Return them as filtered. No query yet."""
    papers = outside_visible_to(actor)
    if words.get("kind"):
        papers = papers.filter(kind=words["kind"])
    if text := str(words.get("q", "")).strip():
        said = Q(number__icontains=text) | Q(project__name__icontains=text) | Q(project__code__iexact=text)
        papers = papers.filter(said)
    return papers


def outside_by_id(actor: Actor, pk: int) -> OutsidePaper:
    """Find one. One query."""
    paper = outside_visible_to(actor).filter(pk=pk).first()
    if paper is None:
        raise NotFound("没有这份文书。")
    return paper


def outside_of(actor: Actor, unit: Unit) -> list[OutsidePaper]:
    """List those of a home that are not void, the newest first. One query."""
    rows = outside_visible_to(actor).filter(unit=unit, voided_on__isnull=True)
    return list(rows.order_by("-issued_on", "-id"))
