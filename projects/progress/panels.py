"""What progress shows on the desk, and on the page of a project's particulars."""

from collections.abc import Mapping
from typing import Any

from django.urls import reverse

from projects.progress.selectors.queues import LONG, QueueState, queues_of
from registry.kernel.authority import Permission
from registry.web.panels import Panel


def parts_panel(*, actor: Any, project: Any, **_: Any) -> Mapping[str, Any] | None:
    """Offer to merge the project with another and to part buildings from it. No query."""
    return {"code": project.code} if actor.can(Permission.PROJECT_CREATE) else None


def queues_panel(*, actor: Any, on: Any, **_: Any) -> Mapping[str, Any] | None:
    """Return the steps in which homes wait for the actor's role, or are waited for by it. One query."""
    if not actor.can(Permission.UNIT_READ):
        return None
    states = queues_of(actor, on=on)
    if not states:
        return None
    return {
        "heading": "在办的户",
        "figures": [_figure(state) for state in states],
        "total": sum(s.count for s in states),
    }


def _figure(state: QueueState) -> Mapping[str, Any]:
    note = f"由{state.queue.done_by}办"
    if state.count:
        note += f"，最久已等{state.days:,}日"
    if state.long:
        note += f"，超{LONG}日{state.long:,}户"
    return {
        "label": state.queue.label,
        "value": f"{state.count:,}",
        "unit": "户",
        "url": reverse("progress:queue", args=[state.queue.code]) if state.count else "",
        "note": note,
        "css": "late" if state.long else "",
    }


PANELS = (
    Panel("desk.top", 10, "queues", queues_panel, "progress/panels/queues.html"),
    Panel("project.particulars", 10, "parts", parts_panel, "progress/panels/parts.html"),
)
