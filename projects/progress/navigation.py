"""Where progress stands in the bar, what it offers on the pages of projects, and the pages of buildings and homes."""

from registry.kernel.authority import Permission
from registry.web.actions import Action, nothing
from registry.web.navigation import NavEntry

NAVIGATION = (NavEntry(50, "进度", "progress:progress"),)
PAGES = {"building": "progress:building", "unit": "progress:unit", "units": "progress:units"}
ACTIONS = (
    Action(
        "project", 90, "办证进度", "progress:units", Permission.UNIT_ADVANCE, menu="登记", leads=("issuing",)
    ),  # others get there by the figures
    Action("project", 100, "清零核对", "progress:zero", menu="文书", leads=("zeroed",)),
    Action("project_tabs", 30, "户", "progress:units"),
    Action("projects", 20, "疑似重复", "progress:duplicates", args=nothing),
)
