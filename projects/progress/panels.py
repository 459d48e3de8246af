"""What progress shows on the desk, and on the page of a project's particulars."""

from collections.abc import Mapping
from typing import Any

from django.urls import reverse

from projects.progress.selectors.desk_figures import desk_figures
from projects.progress.selectors.queues import LONG, QueueState, queues_of
from registry.kernel.authority import Permission
from registry.kernel.rates import rate_text
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
    note = "各环节等着办的户，按到达日期算"
    return {"heading": "在办的户", "note": note, "figures": [_figure(state) for state in states]}


def figures_panel(*, actor: Any, on: Any, **_: Any) -> Mapping[str, Any] | None:
    """Return the figures of the area that the actor watches. Two queries."""
    row = desk_figures(actor, on=on) if actor.can(Permission.UNIT_READ) else None
    if row is None:
        return None
    progress = reverse("progress:progress")
    return {
        "heading": "办证进度",
        "note": f"住宅，套；截至{on:%Y-%m-%d}，本月未结账",
        "figures": [
            {"label": "应办", "value": f"{row.due:,}", "unit": "套", "url": progress},
            {
                "label": "已登簿",
                "value": f"{row.recorded:,}",
                "unit": "套",
                "notes": [rate_text(row.recorded, row.due)],
            },
            {"label": "已发证", "value": f"{row.issued:,}", "unit": "套", "notes": [rate_text(row.issued, row.due)]},
            {"label": "本月已发证", "value": f"{row.issued_this_month:,}", "unit": "套"},
            {
                "label": "剩余",
                "value": f"{row.remaining:,}",
                "unit": "套",
                "notes": [rate_text(row.remaining, row.due)],
            },
        ],
    }


def _figure(state: QueueState) -> Mapping[str, Any]:
    notes = [f"由{state.queue.done_by}办"]
    if state.count:
        notes.append(f"最久{state.days:,}日")
    if state.long:
        notes.append(f"超{LONG}日{state.long:,}户")
    return {
        "label": state.queue.label,
        "value": f"{state.count:,}",
        "unit": "户",
        "url": reverse("progress:queue", args=[state.queue.code]) if state.count else "",
        "notes": notes,
        "css": "late" if state.long else "",
    }


PANELS = (
    Panel("desk.top", 5, "figures", figures_panel, "web/panels/figures.html"),
    Panel("desk.top", 10, "queues", queues_panel, "web/panels/figures.html"),
    Panel("project.particulars", 10, "parts", parts_panel, "progress/panels/parts.html"),
)
