"""Where casework stands in the bar, what it offers on the list of blockers."""

from registry.web.actions import Action, nothing
from registry.web.navigation import NavEntry

NAVIGATION = (
    NavEntry(70, "任务", "casework:tasks"),
    NavEntry(110, "吹哨报到", "casework:whistles", folded=True),
    NavEntry(120, "政策", "casework:policies", folded=True),
)
ACTIONS = (
    Action("blockers", 10, "优先化解次序", "casework:leverage", args=nothing),
    Action("blockers", 20, "例会议程", "casework:agenda", args=nothing),
)
