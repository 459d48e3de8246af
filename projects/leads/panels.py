"""What the leads show on the project page: where its tickets are fetched from, for those who handle them alone."""

from collections.abc import Mapping
from typing import Any

from django.urls import reverse

from registry.kernel.authority import Permission
from registry.web.panels import Panel


def course_panel(*, actor: Any, project: Any, **_: Any) -> Mapping[str, Any] | None:
    """Say where a project's tickets beside its gates are fetched from, once the page stands. No query."""
    if not actor.can(Permission.TICKET_READ):
        return None
    return {
        "url": reverse("leads:course", args=[project.code]),
        "calls": reverse("leads:call_list", args=[project.code]),
    }


PANELS = (Panel("project.main", 60, "tickets", course_panel, "leads/panels/course.html"),)
