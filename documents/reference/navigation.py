"""Where the tables kept by staff stand in the bar, and what they offer on pages of apps below."""

from registry.web.actions import Action, nothing
from registry.web.navigation import NavEntry

NAVIGATION = (NavEntry(160, "基础数据", "admin:index", folded=True),)
ACTIONS = (Action("checklists", 10, "基础数据里的这张表", "admin:office_checklistitem_changelist", args=nothing),)
