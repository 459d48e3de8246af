"""The rooms of the on-site office: which page stands beside which."""

from typing import Any, Final

from django.urls import reverse

from registry.kernel.authority import Actor, Permission

WINDOW: Final = "office_window"  # of the session: which window somebody sits at
ROOMS: Final = (
    ("counter", "找一家", "office:counter"),
    ("queue", "排队叫号", "office:queue"),
    ("calls", "电话通知", "office:calls"),
    ("order", "办理次序", "office:order"),
    ("board", "办证看板", "office:board"),
)


def office_tabs(project: Any, current: str, actor: Actor | None = None) -> list[dict[str, Any]]:
    """Return the tabs of a project's office; who only reads has the board alone. No query."""
    is_clerk = actor is None or actor.can(Permission.UNIT_ADVANCE)
    return [
        {"label": label, "url": reverse(view, args=[project.code]), "is_current": name == current, "count": None}
        for name, label, view in ROOMS
        if is_clerk or name == "board"
    ]
