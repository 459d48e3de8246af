"""Where gates stand in the bar, what they offer on the page of a project."""

from projects.gates.selectors.first import has_blockers, has_steps
from projects.gates.selectors.powers import may_raise, may_record
from registry.web.actions import Action
from registry.web.first_day import FirstStep
from registry.web.navigation import NavEntry

FIRST_STEPS = (
    FirstStep(70, "环节", "登记已办结的环节和文号", "部门、登记中心、区专班", "ledger:projects", has_steps),
    FirstStep(80, "堵点", "登记未办结的原因，确定责任单位", "区专班、部门", "gates:blockers", has_blockers),
)
NAVIGATION = (NavEntry(30, "堵点", "gates:blockers"),)
ACTIONS = (
    Action("project", 50, "登记堵点", "gates:raise", allows=may_raise, menu="登记", leads=("assessed",)),
    Action("project_tabs", 40, "各楼未办原因", "gates:why"),
    Action("project_tabs", 50, "依据文件", "gates:documents"),
    Action("project_tabs", 60, "关注名单", "gates:watch"),
    Action("project", 80, "登记环节", "gates:record_step", allows=may_record, menu="登记", leads=("registered",)),
)
