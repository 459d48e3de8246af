"""What papers show on the page of a home: those that other systems made."""

from collections.abc import Mapping
from typing import Any

from documents.papers.selectors.outside import outside_of
from registry.kernel.authority import Permission
from registry.web.panels import Panel


def outside_panel(*, actor: Any, unit: Any, **_: Any) -> Mapping[str, Any] | None:
    """Return the papers of other systems of a home; nothing where there are none. One query."""
    papers = outside_of(actor, unit) if actor.can(Permission.DOCUMENT_READ) else []
    return {"papers": papers} if papers else None


UNIT_PANEL = Panel("unit.side", 10, "outside_papers", outside_panel, "papers/panels/outside.html")
