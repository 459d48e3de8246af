"""Where the ledger stands in the bar, what it offers on the page of a project."""

from registry.kernel.authority import Permission
from registry.web.actions import Action
from registry.web.navigation import NavEntry

NAVIGATION = (NavEntry(20, "项目", "ledger:projects"),)
PAGES = {"project": "ledger:project"}
ACTIONS = (
    Action("project", 10, "记一条进展", "ledger:note"),
    Action("project", 130, "一项目一策", "ledger:plan"),
    Action("project", 135, "参与单位", "ledger:participants", permission=Permission.PROJECT_UPDATE),
    Action("project", 140, "项目资料", "ledger:particulars"),
)
