"""What the office shows on the project page: the papers that its families hand in."""

from collections.abc import Mapping
from typing import Any

from projects.office.selectors.checklists import papers_asked
from registry.kernel.stages import Use
from registry.web.panels import Panel


def checklist_panel(*, project: Any, on: Any, **_: Any) -> Mapping[str, Any] | None:
    """Return the papers asked for at a home of the project today. Two queries."""
    return {"items": papers_asked(project, Use.DWELLING, on=on), "code": project.housing_type}


PANELS = (Panel("project.side", 40, "checklist", checklist_panel, "office/panels/checklist.html"),)
