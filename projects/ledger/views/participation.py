"""Who takes part in a project: the page that says so and why, and the editor, for one project or for several."""

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods

from projects.ledger.filters import ProjectFilter
from projects.ledger.forms import ManyParticipationForm, ParticipationForm
from projects.ledger.selectors.participation import (
    candidates_of,
    candidates_within,
    history_of,
    participants_of,
)
from projects.ledger.selectors.projects import project_by_code, projects_by_key, projects_visible_to
from projects.ledger.services.participation import set_participation, set_participations
from registry.kernel.authority import Permission
from registry.store.access import Request, access
from registry.web.flash import notify
from registry.web.pages import Aside, FormPage

MOST = 200


@access(Permission.PROJECT_READ)
@require_GET
def participants(request: Request, code: str) -> HttpResponse:
    """The organisations of a project's area: which take part today, on what basis, and what was said before."""
    project = project_by_code(request.actor, code)
    everyone = participants_of(project, on=request.today)
    context = {
        "title": "参与单位",
        "project": project,
        "taking": [participant for participant in everyone if participant.takes_part],
        "others": [participant for participant in everyone if not participant.takes_part],
        "history": history_of(project),
        "may_set": request.actor.can(Permission.PARTICIPATION_SET),
    }
    return render(request, "ledger/participants.html", context)


@access(Permission.PARTICIPATION_SET)
@require_http_methods(["GET", "POST"])
def set_participation_page(request: Request, code: str) -> HttpResponse:
    """Name organisations into a project, or out of it."""
    project = project_by_code(request.actor, code)
    form = ParticipationForm(
        request.POST or None,
        organisations=candidates_of(project),
        initial={"effective_on": request.today, "organisations": request.GET.getlist("organisation")},
    )
    if form.submitted(request, set_participation, project=project):
        notify(request, "已登记参与单位")
        return redirect("ledger:participants", code=project.code)
    return FormPage(
        "登记参与单位",
        "登记",
        reverse("ledger:participants", args=[project.code]),
        project=project,
        intro="列入后，这些单位的人员看得到本项目；移出后看不到，还有事没办完的不能移出。",
        aside=Aside("ledger/_participants.html", {"everyone": participants_of(project, on=request.today)}),
    ).show(request, form)


@access(Permission.PARTICIPATION_SET)
@require_http_methods(["GET", "POST"])
def set_participations_page(request: Request) -> HttpResponse:
    """Name organisations into the projects of a filtered list, or out of them: one act a project."""
    chosen = ProjectFilter(request.GET, queryset=projects_visible_to(request.actor)).qs.order_by("code")
    keys = list(chosen.values_list("pk", flat=True)[: MOST + 1])
    shown = projects_by_key(keys[:MOST])
    form = ManyParticipationForm(
        request.POST or None,
        projects=shown,
        organisations=candidates_within(request.actor.area_code),
        initial={"effective_on": request.today, "projects": keys[:MOST]},
    )
    if form.submitted(request, set_participations):
        done, refused = form.result.done, form.result.refused
        notify(request, f"已在{len(done)}个项目登记参与单位" + (f"，{len(refused)}个未办理" if refused else ""))
        if not refused:
            return redirect("ledger:projects")
        form.add_error(None, "；".join(f"{project.code}：{why}" for project, why in refused[:20]))
    more = f"只列出前{MOST}个，其余请缩小筛选范围分次办。" if len(keys) > MOST else ""
    return FormPage(
        "批量登记参与单位",
        "登记",
        reverse("ledger:projects"),
        crumbs=(("项目", reverse("ledger:projects")),),
        intro=f"按项目列表的筛选列出{min(len(keys), MOST)}个项目，逐个登记；不能办的逐个说明原因。{more}",
    ).show(request, form)
