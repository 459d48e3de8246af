"""Pages of lists that move homes along: upload and template; what follows is the page of the session."""

from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods

from documents.intake.forms import StageListForm
from documents.intake.selectors.sessions import sessions_of
from documents.intake.services.list_sessions import stage_list as stage
from documents.render.template_xlsx import write_template
from documents.render.xlsx import XLSX
from projects.ledger.selectors.projects import project_by_code
from projects.progress.lists import STAGES
from registry.kernel.authority import Permission
from registry.lists.kinds import LISTS
from registry.store.access import Request, access
from registry.web.pages import Aside, FormPage
from registry.web.responses import download


@access(Permission.UNIT_ADVANCE)
@require_http_methods(["GET", "POST"])
def stage_list(request: Request, code: str) -> HttpResponse:
    """Upload a list and see each line beside the ledger; nothing is written yet."""
    project = project_by_code(request.actor, code)
    form = StageListForm(
        request.POST or None, request.FILES or None, actor=request.actor, initial={"occurred_on": request.today}
    )
    if request.method == "POST" and form.is_valid():
        file = form.cleaned_data["file"]
        if form.carry_out(
            stage, actor=request.actor, project=project, kind=LISTS[STAGES], content=file.read(), file_name=file.name,
            params=form.params,
        ):  # fmt: skip
            return redirect("intake:import", pk=form.result.pk)
    return FormPage(
        "按清单办理",
        "上传并核对",
        reverse("ledger:project", args=[code]),
        project=project,
        intro="登记中心、税务、维修资金的清单：先与台账逐户核对，确认后办理。",
        is_upload=True,
        aside=Aside(
            "intake/_work_template.html",
            {
                "template_url": reverse("intake:stage_template", args=[code]),
                "kind": LISTS[STAGES],
                "sessions": sessions_of(request.actor, project.id, STAGES),
            },
        ),
    ).show(request, form)


@access(Permission.UNIT_ADVANCE)
@require_GET
def stage_template(request: Request, code: str) -> HttpResponse:
    """The empty workbook of such a list."""
    project, kind = project_by_code(request.actor, code), LISTS[STAGES]
    content = write_template(
        kind.columns, title=f"{project.name}办理清单", sheet_name="清单", rules=kind.rules,
        example=kind.example_for(request.actor, project), listed=kind.listed_for(project),
    )  # fmt: skip
    return download(content, f"{project.name}办理清单模板.xlsx", XLSX)
