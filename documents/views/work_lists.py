"""Pages of lists of buildings, steps, blockers and letters: template, upload, each row beside the ledger, done."""

from collections import Counter
from typing import Any

from django.core import signing
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from documents.forms import WorkListForm
from documents.intake.list_rows import ListLine
from documents.render.template_xlsx import write_template
from documents.render.xlsx import XLSX
from documents.services.work_known import Known
from documents.services.work_lists import LISTS, VERDICTS, Listed, WorkList, read_upload, rows_present, take_list
from projects.ledger.selectors.projects import project_by_code
from registry.kernel.authority import Permission
from registry.kernel.errors import DomainError, NotFound, Refused
from registry.store.access import Request, access
from registry.web.answers import download
from registry.web.flash import say

SALT, PROJECTS = "work-list", "projects"
HOURS = 4 * 3600


def _kind(request: Request, code: str, name: str) -> tuple[Any, WorkList]:
    """The project and the kind of list that an address names; the list of projects stands under no project."""
    if name not in LISTS or (name == PROJECTS) != (not code):
        raise NotFound("没有这种清单。")
    project = project_by_code(request.actor, code) if code else None
    request.actor.require(LISTS[name].permission)
    return project, LISTS[name]


@access(Permission.PROJECT_READ)
@require_GET
def work_lists(request: Request, code: str) -> HttpResponse:
    """The kinds of lists that the actor may send for a project."""
    project = project_by_code(request.actor, code)
    kinds = [one for one in LISTS.values() if one.name != PROJECTS and request.actor.can(one.permission)]
    return render(request, "documents/work_lists.html", {"title": "清单导入", "project": project, "kinds": kinds})


@access(Permission.PROJECT_READ)
@require_http_methods(["GET", "POST"])
def work_list(request: Request, kind: str, code: str = "") -> HttpResponse:
    """Upload a list and see each row beside the ledger; nothing is written yet."""
    project, of = _kind(request, code, kind)
    form = WorkListForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        file = form.cleaned_data["file"]
        if form.carry_out(read_upload, kind=of, project=project, content=file.read(), file_name=file.name):
            lines: list[ListLine] = form.result
            found = take_list(actor=request.actor, project=project, kind=of, lines=lines, is_trial=True)
            packed = [[one.row, dict(one.texts), list(one.errors)] for one in lines]
            sealed = [project.id if project else 0, request.actor.person_id, kind, file.name, packed]
            context = _outcome(project, of, file.name, found) | {
                "title": f"{of.label}清单核对",
                "token": signing.dumps(sealed, salt=SALT, compress=True),
            }
            return render(request, "documents/work_list.html", context)
    context = {
        "title": f"导入{of.label}清单",
        "form": form,
        "project": project,
        "kind": of,
        "is_upload": True,
        "submit_label": "上传并核对",
        "cancel_url": reverse("documents:work_lists", args=[code]) if code else reverse("ledger:projects"),
        "intro": "先与台账逐行核对，确认后才写入；退回的行逐行说明。",
        "template_url": _address("work_template", project, of),
        "aside_template": "documents/_work_template.html",
    }
    return render(request, "web/form.html", context)


def _address(name: str, project: Any, of: WorkList) -> str:
    return reverse(f"documents:{name}", args=[project.code, of.name] if project else [of.name])


def _outcome(project: Any, of: WorkList, file_name: str, found: list[Listed]) -> dict[str, object]:
    rows: Counter[str] = Counter()
    for one in found:
        rows[one.verdict] += len(one.rows)
    return {
        "project": project,
        "kind": of,
        "file_name": file_name,
        "upload_url": _address("work_list", project, of),
        "carry_out_url": _address("carry_out_work", project, of),
        "whole": ("清单的行", rows_present(found)),
        "parts": [(label, rows[name], css) for name, label, css in VERDICTS],
        "groups": [(label, [one for one in found if one.verdict == name]) for name, label, _ in reversed(VERDICTS)],
        "count": sum(1 for one in found if one.verdict in ("new", "changed")),
    }


@access(Permission.PROJECT_READ)
@require_POST
def carry_out_work(request: Request, kind: str, code: str = "") -> HttpResponse:
    """Carry out a list as it was read, all rules checked again, and show what became of each row."""
    project, of = _kind(request, code, kind)
    try:
        sealed = signing.loads(request.POST.get("token", ""), salt=SALT, max_age=HOURS)
        project_id, person_id, name, file_name, packed = sealed
    except (signing.BadSignature, ValueError) as error:
        raise Refused("核对的结果已过期或被改动。请重新上传清单核对。") from error
    if (project_id, person_id, name) != (project.id if project else 0, request.actor.person_id, kind):
        raise Refused("核对的结果不是这个项目、这个账号的。请重新上传清单核对。")
    lines = [ListLine(row, texts, tuple(errors)) for row, texts, errors in packed]
    try:
        found = take_list(actor=request.actor, project=project, kind=of, lines=lines)
    except DomainError as refusal:
        say(request, refusal.message)
        return redirect(_address("work_list", project, of))
    context = _outcome(project, of, file_name, found) | {"title": f"{of.label}清单已导入", "is_done": True}
    return render(request, "documents/work_list.html", context)


@access(Permission.PROJECT_READ)
@require_GET
def work_template(request: Request, kind: str, code: str = "") -> HttpResponse:
    """The workbook of such a list: empty, or with `?known=1` what the project has already."""
    project, of = _kind(request, code, kind)
    is_known = bool(request.GET.get("known")) and of.known is not None
    rows: list[Known] = of.known(project) if is_known and of.known is not None and project is not None else []
    example = {**of.example, "project": project.code} if project else of.example
    titled = f"{project.name if project else ''}{of.label}清单"
    content = write_template(
        of.columns, title=titled, sheet_name=of.label, example=example, rules=of.rules, rows=rows,
    )  # fmt: skip
    return download(content, f"{titled}{'' if is_known else '模板'}.xlsx", XLSX)
