"""Where the pages of a session lead: its project, its upload page, its template."""

from typing import Any

from django.urls import reverse

from projects.progress.lists import STAGES
from registry.lists.kinds import list_called

Crumbs = list[tuple[str, str]]


def upload_address(kind: str, project: Any) -> str:
    """Return the page on which another file of the kind is sent."""
    if project is None and list_called(kind).of_project:
        return reverse("intake:across", args=[kind])
    if list_called(kind).is_placed:
        return reverse("intake:upload", args=[project.code])
    if kind == STAGES:
        return reverse("intake:stage_list", args=[project.code])
    return reverse("intake:work_list", args=[project.code, kind] if project else [kind])


def template_address(kind: str, project: Any) -> str:
    """Return the address of the empty workbook of the kind."""
    if project is None and list_called(kind).of_project:
        return reverse("intake:across_template", args=[kind])
    if list_called(kind).is_placed:
        return reverse("intake:template", args=[project.code])
    if kind == STAGES:
        return reverse("intake:stage_template", args=[project.code])
    return reverse("intake:work_template", args=[project.code, kind] if project else [kind])


def crumbs_of(session: Any) -> Crumbs:
    """Return the way to a session: the project, the list of projects, or the desk for a file of several projects."""
    if session.project is None and list_called(session.kind).of_project:
        return [
            ("我的工作台", reverse("web:desk")),
            (f"跨项目{list_called(session.kind).label}清单", upload_address(session.kind, None)),
        ]
    if session.project is None:
        page = list_called(session.kind).page
        return [("人员" if page == "accounts:people" else "项目", reverse(page))]
    return [(session.project.name, reverse("ledger:project", args=[session.project.code]))]
