"""What casework shows on the project page."""

from collections.abc import Mapping
from typing import Any

from django.urls import reverse

from registry.kernel.authority import Permission
from registry.web.panels import Panel


def leverage_panel(*, actor: Any, project: Any, **_: Any) -> Mapping[str, Any] | None:
    """This will say where the ranking is fetched from, once the page stands: it reads every unit. No query."""
    if not actor.can(Permission.BLOCKER_READ):
        return None
    return {"url": reverse("casework:project_leverage", args=[project.code])}


PANELS = (Panel("project.main", 28, "leverage", leverage_panel, "casework/panels/leverage.html"),)
