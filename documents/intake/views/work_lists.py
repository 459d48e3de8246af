"""Pages of lists of projects, buildings, steps, blockers and letters: which there are, upload, template."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods

from documents.intake.forms import WorkListForm
from documents.intake.selectors.sessions import sessions_of
from documents.intake.services.list_sessions import stage_list
from documents.intake.views.addresses import template_address
from documents.render.template_xlsx import write_template
from documents.render.xlsx import XLSX
from projects.ledger.selectors.projects import project_by_code
from projects.progress.lists import STAGES
from registry.kernel.authority import Permission
from registry.kernel.errors import NotFound
from registry.lists.kinds import LISTS, ListKind, list_called
from registry.lists.rows import Known
from registry.store.access import Request, access
from registry.web.pages import Aside, FormPage
from registry.web.responses import download


def _kind(request: Request, code: str, name: str) -> tuple[Any, ListKind]:
    """The project and the kind of list that an address names; the list of projects stands under no project."""
    kind = list_called(name)
    if kind.is_placed or kind.name == STAGES or kind.of_project != bool(code):
        raise NotFound("没有这种清单。")
    project = project_by_code(request.actor, code) if code else None
    request.actor.require(kind.sent_by)
    return project, kind


@access(Permission.LIST_STAGE)
@require_GET
def work_lists(request: Request, code: str) -> HttpResponse:
    """The kinds of lists that the actor may send for a project."""
    project = project_by_code(request.actor, code)
    own = [
        list_kind
        for list_kind in LISTS.values()
        if list_kind.of_project and not list_kind.is_placed and list_kind.name != STAGES
    ]
    kinds = [list_kind for list_kind in own if request.actor.can(list_kind.sent_by)]
    return render(request, "intake/work_lists.html", {"title": "清单导入", "project": project, "kinds": kinds})


@access(Permission.LIST_STAGE)
@require_http_methods(["GET", "POST"])
def work_list(request: Request, kind: str, code: str = "") -> HttpResponse:
    """Upload a list; it is tried beside the ledger, and nothing is written yet."""
    project, of = _kind(request, code, kind)
    form = WorkListForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        file = form.cleaned_data["file"]
        what = {"kind": of, "project": project, "content": file.read(), "file_name": file.name, "may_wait": True}
        if form.carry_out(stage_list, actor=request.actor, **what):
            return redirect("intake:import", pk=form.result.pk)
    return FormPage(
        f"导入{of.label}清单",
        "上传并核对",
        reverse("intake:work_lists", args=[code]) if code else reverse(of.page),
        project=project,
        intro="先与台账逐行核对，确认后才写入；退回的行逐行说明。",
        is_upload=True,
        aside=Aside(
            "intake/_work_template.html",
            {
                "kind": of,
                "template_url": template_address(of.name, project),
                "sessions": sessions_of(request.actor, project.id if project else None, of.name),
            },
        ),
    ).show(request, form)


@access(Permission.LIST_STAGE)
@require_GET
def work_template(request: Request, kind: str, code: str = "") -> HttpResponse:
    """The workbook of such a list: empty, or with `?known=1` what the ledger has already."""
    project, of = _kind(request, code, kind)
    is_known = bool(request.GET.get("known")) and of.known is not None
    rows: list[Known] = of.known(project or request.actor) if is_known and of.known is not None else []
    titled = f"{project.name if project else ''}{of.label}清单"
    content = write_template(
        of.columns, title=titled, sheet_name=of.label, example=of.example_for(request.actor, project), rules=of.rules,
        rows=rows, listed=of.listed_for(project),
    )  # fmt: skip
    return download(content, f"{titled}{'' if is_known else '模板'}.xlsx", XLSX)
