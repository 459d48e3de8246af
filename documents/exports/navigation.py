"""What exports offer on pages of apps below."""

from typing import Any

from registry.web.actions import Action, nothing


def _units(project: Any) -> tuple[str]:
    return ("units",)


def _of_project(project: Any) -> dict[str, str]:
    return {"project": project.code}


PAGES = {"export": "exports:export_list"}
ACTIONS = (
    Action("project", 45, "导出户清单", "exports:export_list", args=_units, query=_of_project, menu="导入导出"),
    Action("projects", 10, "导出房屋明细", "exports:exports", args=nothing),
)
