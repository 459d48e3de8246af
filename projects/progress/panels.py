"""What progress shows on the page of a project's particulars."""

from collections.abc import Mapping
from typing import Any

from registry.kernel.authority import Permission
from registry.web.panels import Panel


def parts_panel(*, actor: Any, project: Any, **_: Any) -> Mapping[str, Any] | None:
    """Offer to merge the project with another and to part buildings from it. No query."""
    return {"code": project.code} if actor.can(Permission.PROJECT_CREATE) else None


PANELS = (Panel("project.particulars", 10, "parts", parts_panel, "progress/panels/parts.html"),)
