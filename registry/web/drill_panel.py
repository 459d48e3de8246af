"""The red line on the administrators' desks while no backup was tried for more than 35 days."""

from collections.abc import Mapping
from datetime import date
from typing import Any, Final

from registry.audit.selectors import first_day_of_record, last_day_of
from registry.kernel.authority import Actor, Role
from registry.store.clock import is_demo
from registry.web.panels import Panel

READERS: Final = (Role.SYSTEM_ADMIN, Role.SECURITY_ADMIN)
DAYS: Final = 35


def drill_panel(*, actor: Actor, on: date, **_: Any) -> Mapping[str, Any] | None:
    """Return since when no backup was tried, if that is too long ago. Two queries at most; nothing in a demo."""
    if actor.role not in READERS or is_demo():
        return None
    last = last_day_of("restore.drilled")
    since = last or first_day_of_record()
    if since is None or (on - since).days <= DAYS:
        return None
    days = (on - since).days
    said = f"上次恢复演练是{last}，已过{days}日" if last else f"启用{days}日，尚未进行恢复演练"
    return {"days": days, "said": said, "limit": DAYS}


PANELS: Final = (Panel("desk.top", 2, "drill", drill_panel, "web/panels/drill.html"),)
