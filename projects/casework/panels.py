"""What casework shows on the desk and on the project page."""

from collections.abc import Mapping
from typing import Any

from django.urls import reverse

from projects.casework.selectors.agenda import moves_on_agenda
from projects.casework.selectors.leverage import last_run
from registry.kernel.authority import Permission
from registry.web.panels import Panel

DESK = 5


def leverage_panel(*, actor: Any, project: Any, **_: Any) -> Mapping[str, Any] | None:
    """This will say where the ranking is fetched from, once the page stands: it reads every unit. No query."""
    if not actor.can(Permission.BLOCKER_READ):
        return None
    return {"url": reverse("casework:project_leverage", args=[project.code])}


def best_moves_panel(*, actor: Any, on: Any, **_: Any) -> Mapping[str, Any] | None:
    """This will give the moves that free most in the actor's projects, as last counted. Three queries."""
    if not actor.can(Permission.BLOCKER_READ):
        return None
    run = last_run()
    if run is None:
        return None
    return {
        "heading": "先解哪个",
        "note": f"截至{run.as_of:%Y-%m-%d}，按打通住宅",
        "rows": [
            (item.title, f"{item.homes:,}套" if item.homes else f"{item.others:,}间", item.project, item.note)
            for item in moves_on_agenda(actor, run, DESK)
        ],
        "more": ("全部排名", reverse("casework:leverage")),
    }


PANELS = (
    Panel("desk", 29, "best_moves", best_moves_panel, "web/panels/rank.html"),
    Panel("project.main", 28, "leverage", leverage_panel, "casework/panels/leverage.html"),
)
