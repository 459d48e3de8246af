"""Where the leads stand in the bar, and what they offer on the page of a project."""

from registry.kernel.authority import Permission
from registry.web.actions import Action
from registry.web.navigation import NavEntry

NAVIGATION = (NavEntry(65, "12345工单", "leads:tickets"),)
ACTIONS = (Action("project", 97, "通知次序", "leads:order", Permission.UNIT_ADVANCE, menu="登记"),)
