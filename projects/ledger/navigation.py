"""Where the ledger stands in the bar, what it offers on the page of a project."""

from projects.ledger.selectors.first import has_projects, has_units
from registry.kernel.authority import Permission
from registry.web.actions import Action
from registry.web.first_day import FirstStep
from registry.web.navigation import NavEntry

FIRST_STEPS = (
    FirstStep(50, "项目", "纳入第一个项目", "市级专班、区专班", "ledger:projects", has_projects),
    FirstStep(60, "清册", "上传房屋清册，入账", "区专班、乡镇街道、开发建设单位现场", "ledger:projects", has_units),
)
NAVIGATION = (NavEntry(20, "项目", "ledger:projects"),)
PAGES = {"project": "ledger:project"}
ACTIONS = (
    Action("project", 10, "登记进展", "ledger:note", menu="登记"),
    Action("project", 130, "一项目一策", "ledger:plan", menu="登记"),
    Action("project", 135, "参与单位", "ledger:participants", permission=Permission.PROJECT_UPDATE, menu="登记"),
    Action("project_tabs", 90, "记录", "ledger:history"),
    Action("project", 140, "项目资料", "ledger:particulars", menu="登记", leads=("taken_in",)),
)
