"""The page on which a successor of a project's developer is named, with those named before."""

from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from commitments.forms.succession import SuccessionForm
from commitments.selectors.succession import formers_of, successions_of, successors_for
from commitments.services.succession import name_successor
from projects.ledger.selectors.projects import project_by_code
from registry.kernel.authority import Permission
from registry.store.access import Request, access
from registry.web.flash import notify
from registry.web.pages import Aside, FormPage


@access(Permission.PARTICIPATION_SET)
@require_http_methods(["GET", "POST"])
def succession(request: Request, code: str) -> HttpResponse:
    """Name who works on in the place of an organisation that is gone."""
    project = project_by_code(request.actor, code)
    form = SuccessionForm(request.POST or None, formers=formers_of(project), successors=successors_for(project))
    if form.submitted(request, name_successor, project=project):
        made = form.result
        notify(request, f"已登记由{made.successor_name}承接：结束授权{made.cut}人，承诺事项{made.promises}项改由其整改")
        return redirect("commitments:succession", code=code)
    return FormPage(
        "承接单位",
        "登记承接",
        reverse("ledger:project", args=[code]),
        project=project,
        intro="登记后，原单位人员在本项目的授权当日结束，在办的堵点、任务、承诺事项和待办转由承接单位；以前的记录保留原单位名称。"
        "承接单位人员另行授权。原单位保管的材料和证书列入移交清单，由区专班代为移交、承接单位逐袋接收。",
        aside=Aside("commitments/_successions.html", {"successions": successions_of(project)}),
    ).show(request, form)
