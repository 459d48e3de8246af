"""Where papers, reports, exports, lists and reference tables stand in the bar, and what they offer elsewhere."""

from typing import Any

from registry.kernel.authority import Permission
from registry.web.actions import Action, nothing
from registry.web.navigation import NavEntry


def _unit(unit: Any) -> tuple[str, int]:
    return unit.building.project.code, unit.pk


def _signed_letter(instrument: Any) -> tuple[str] | None:
    """Only a letter that has its number goes out as a paper."""
    return (instrument.code,) if instrument.number and getattr(instrument, "letter", None) else None


def _of_projects(subject: Any) -> tuple[str]:
    return ("projects",)


NAVIGATION = (
    NavEntry(60, "报表", "documents:reports"),
    NavEntry(80, "文书", "documents:documents"),
    NavEntry(160, "基础数据", "admin:index", folded=True),
)
PAGES = {"export": "documents:export_list", "paper": "documents:paper"}
ACTIONS = (
    # papers
    Action("project", 110, "项目简报", "documents:brief"),
    Action("project", 120, "批量出通知书", "documents:notices"),
    Action("unit", 20, "出办证通知书", "documents:notice", args=_unit),
    Action("letter", 10, "出承诺函 PDF", "documents:letter", args=_signed_letter),
    # lists in, workbooks out
    Action("project", 20, "导入清册", "documents:upload"),
    Action("project", 30, "按清单记办", "documents:stage_list"),
    Action("project", 40, "清单导入", "documents:work_lists", Permission.BLOCKER_RAISE),
    Action("projects", 10, "导出房屋明细", "documents:exports", args=nothing),
    Action("projects", 30, "导入项目清单", "documents:work_list", Permission.PROJECT_CREATE, args=_of_projects),
    # reference tables
    Action("checklists", 10, "基础数据里的这张表", "admin:office_checklistitem_changelist", args=nothing),
)
