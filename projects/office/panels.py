"""What the office shows on the project page and on desks: papers that families hand in, certificates that wait."""

from collections.abc import Mapping
from typing import Any

from django.urls import reverse

from projects.office.selectors.certificates import waiting_summary
from projects.office.selectors.checklists import papers_asked
from projects.office.selectors.custody import manifest_rows
from registry.kernel.authority import Permission
from registry.kernel.stages import Use
from registry.web.panels import Panel


def checklist_panel(*, project: Any, on: Any, **_: Any) -> Mapping[str, Any] | None:
    """Return the papers asked for at a home of the project today. Two queries."""
    return {"items": papers_asked(project, Use.DWELLING, on=on), "code": project.housing_type}


def desk_panel(*, actor: Any, on: Any, **_: Any) -> Mapping[str, Any] | None:
    """Return what lies with the actor's organisation and ages: certificates to fetch, lists to take. Two queries."""
    if not actor.can(Permission.UNIT_ADVANCE):
        return None
    count, days = waiting_summary(actor, on=on)
    to_take = (
        manifest_rows(actor, {"side": "in", "state": "open"})
        .filter(sent_act_id__isnull=False, signed_act_id__isnull=True)
        .count()
    )
    if not count and not to_take:
        return None
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
