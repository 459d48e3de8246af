"""Where gates stand in the bar, what they offer on the page of a project."""

from registry.web.actions import Action
from registry.web.navigation import NavEntry

NAVIGATION = (NavEntry(30, "堵点", "gates:blockers"),)
ACTIONS = (
    Action("project", 50, "登记堵点", "gates:raise"),
    Action("project", 80, "记环节", "gates:record_step"),
)
