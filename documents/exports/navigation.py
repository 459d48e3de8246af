"""What exports offer on pages of apps below."""

from registry.web.actions import Action, nothing

PAGES = {"export": "exports:export_list"}
ACTIONS = (Action("projects", 10, "导出房屋明细", "exports:exports", args=nothing),)
