"""What the office shows on the project page and on desks: papers that families hand in, certificates that wait."""

from collections.abc import Mapping
from typing import Any

from django.urls import reverse

from projects.office.selectors.certificates import lying_here
from projects.office.selectors.checklists import papers_asked
from registry.kernel.authority import Permission, Role
from registry.kernel.stages import Use
from registry.web.panels import Panel


def checklist_panel(*, project: Any, on: Any, **_: Any) -> Mapping[str, Any] | None:
    """Return the papers asked for at a home of the project today. Two queries."""
    return {"items": papers_asked(project, Use.DWELLING, on=on), "code": project.housing_type}


def desk_panel(*, actor: Any, on: Any, **_: Any) -> Mapping[str, Any] | None:
    """Return what lies with the actor's organisation and ages: certificates to fetch, lists to take. One query.

    None for a role whose organisations keep no papers.
    """
    if not actor.can(Permission.UNIT_ADVANCE) or actor.role is Role.DEPARTMENT:
        return None
    count, oldest, to_take = lying_here(actor)
    if not count and not to_take:
        return None
    days = (on - oldest).days if oldest else 0
    own = reverse("office:waiting_certificates") + "?own=on"
    taking = reverse("office:manifests") + "?side=in&state=open"
    figures: list[dict[str, Any]] = [
        {"label": "待领证书", "value": f"{count:,}", "unit": "本", "url": own, "notes": [f"最久{days:,}日"]},
        {"label": "待接收的移交清单", "value": f"{to_take:,}", "unit": "份", "url": taking},
    ]
    return {"heading": "材料和证书", "figures": [figure for figure in figures if figure["value"] != "0"]}


PANELS = (
    Panel("desk", 35, "custody", desk_panel, "office/panels/desk.html"),
    Panel("project.side", 40, "checklist", checklist_panel, "office/panels/checklist.html"),
)
