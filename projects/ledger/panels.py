"""What the ledger itself shows on the project page: notes, last acts."""

from collections.abc import Mapping
from typing import Any

from projects.ledger.models import ProgressNote
from projects.ledger.selectors.projects import days_past_plan
from registry.audit.selectors import chain_timeline
from registry.kernel.authority import Actor, Permission
from registry.web.panels import Panel


def notes_panel(*, project: Any, on: Any, **_: Any) -> Mapping[str, Any]:
    """Return the last note of each kind. One query."""
    last = {note.kind: note for note in ProgressNote.objects.filter(project=project).order_by("noted_on", "id")}
    return {
        "notes": [
            (note.get_kind_display(), note.noted_on, note.text, note.organisation_name)
            for kind in ("progress", "next")
            if (note := last.get(kind)) is not None
        ],
        "leader": project.leader,
        "officer": project.officer,
        "target_on": project.target_on,
        "late": days_past_plan(project, on),
        "plan": project.plan,
    }


def timeline_panel(*, project: Any, actor: Actor, **_: Any) -> Mapping[str, Any]:
    """Return the last acts, and whether the actor may read them all. One query."""
    may_read_all = actor.can(Permission.AUDIT_READ)
    return {"timeline": chain_timeline(chain=project.id, limit=8), "code": project.code, "may_read_all": may_read_all}


PANELS = (
    Panel("project.main", 60, "notes", notes_panel, "ledger/panels/notes.html"),
    Panel("project.main", 70, "timeline", timeline_panel, "ledger/panels/timeline.html"),
)
