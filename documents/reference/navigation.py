"""Where the tables kept by staff stand in the bar, and what they offer on pages of apps below."""

from registry.accounts.selectors.first import has_areas
from registry.web.actions import Action, nothing
from registry.web.first_day import FirstStep
from registry.web.navigation import NavEntry

NAVIGATION = (NavEntry(160, "基础数据", "admin:index", folded=True),)
ACTIONS = (Action("checklists", 10, "基础数据里的这张表", "admin:office_checklistitem_changelist", args=nothing),)
FIRST_STEPS = (
    FirstStep(
        45, "区划", "导入本市的区和乡镇、街道（国家代码，注明来源和截至日期），由市级专班同意", "系统管理员",
        "admin:accounts_area_changelist", has_areas,
    ),
)  # fmt: skip
