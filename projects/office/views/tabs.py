"""The rooms of the on-site office: which page stands beside which."""

from typing import Any, Final

from django.urls import reverse

from projects.ledger.selectors.projects import project_by_code
from projects.office.services.powers import is_at_counter, require_counter
from registry.kernel.authority import Actor
from registry.store.access import Request

WINDOW: Final = "office_window"  # of the session: which window somebody sits at
ROOMS: Final = (
    ("counter", "找一家", "office:counter"),
    ("queue", "排队叫号", "office:queue"),
    ("calls", "电话通知", "office:calls"),
    ("order", "办理次序", "office:order"),
    ("board", "办证看板", "office:board"),
)


def office_project(request: Request, code: str) -> Any:
    """Find a project for who serves its families; nobody else works on these pages."""
    require_counter(request.actor, "打开办证窗口")
    return project_by_code(request.actor, code)


def office_tabs(project: Any, current: str, actor: Actor) -> list[dict[str, Any]]:
    """Return the tabs of a project's office; who only reads has the board alone. No query."""
    is_clerk = is_at_counter(actor)
    return [
        {"label": label, "url": reverse(view, args=[project.code]), "is_current": name == current, "count": None}
        for name, label, view in ROOMS
        if is_clerk or name == "board"
    ]
