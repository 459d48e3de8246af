"""The way to zero: what is issued, what is left over and why, what is neither; proposing, declaring."""

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods

from projects.gates.selectors.assessed import assessed_projects
from projects.ledger.selectors.projects import project_by_code
from projects.progress.forms import CloseOutForm, ResidualForm
from projects.progress.selectors.zero import residuals_of, unexplained_units, zero_count
from projects.progress.services.residual import close_out, propose_residual
from registry.jobs.selectors import worker_state
from registry.kernel.authority import Permission
from registry.store.access import Request, access
from registry.web.flash import notify
from registry.web.pages import FormPage

SHOWN = 60


@access(Permission.UNIT_READ)
@require_GET
def zero_check(request: Request, code: str) -> HttpResponse:
    """What stands between a project and zero. Nine queries."""
    project = project_by_code(request.actor, code)
    rows = residuals_of(project.id, on=request.today)
    is_waiting = any(row.is_late for row in rows)
    context = {
        "title": "清零核对",
        "project": project,
        "count": zero_count(project.id, on=request.today),
        "rows": rows,
        "is_waiting": is_waiting,
        "is_assessed": bool(assessed_projects([project.id], on=request.today)),
        "worker": worker_state() if is_waiting else None,
        "open": unexplained_units(project.id, on=request.today).select_related("building")[:SHOWN],
        "today": request.today,
        "can_propose": request.actor.can(Permission.UNIT_STANDING),
        "can_close": request.actor.can(Permission.PROJECT_UPDATE),
    }
    return render(request, "progress/zero.html", context)


@access(Permission.UNIT_STANDING)
@require_http_methods(["GET", "POST"])
def propose_residual_page(request: Request, code: str) -> HttpResponse:
    """Propose that units are left over, with evidence; a second person signs."""
    project = project_by_code(request.actor, code)
    building = request.GET.get("building", "")
    units = unexplained_units(project.id, on=request.today).select_related("building")
    if building:
        units = units.filter(building__number=building)
    choices = [(unit.id, f"{unit.building}{unit}") for unit in units.order_by("building__number_order", "id")[:SHOWN]]
    form = ResidualForm(request.POST or None, request.FILES or None, units=choices)
    if form.submitted(request, propose_residual, project=project):
        notify(request, "已提请列为余户，待另一名人员复核")
        return redirect("progress:zero", code=code)
    return FormPage(
        "列为余户",
        "提请复核",
        reverse("progress:zero", args=[code]),
        project=project,
        intro=f"每户要有清单内的原因、证明材料和复查日期，经另一名人员复核。以下先列{SHOWN}户没有发证的。",
        is_upload=True,
    ).show(request, form)


@access(Permission.PROJECT_UPDATE)
@require_http_methods(["GET", "POST"])
def close_out_page(request: Request, code: str) -> HttpResponse:
    """Declare a project zero, or closed."""
    project = project_by_code(request.actor, code)
    form = CloseOutForm(request.POST or None, initial={"on": request.today})
    if form.submitted(request, close_out, project=project):
        notify(request, f"{project.name}已{form.result.get_status_display()}")
        return redirect("ledger:project", code=code)
    count = zero_count(project.id, on=request.today)
    return FormPage(
        "清零、销号",
        "办理",
        reverse("progress:zero", args=[code]),
        project=project,
        intro=f"应办{count.total}户：已发证{count.issued}，余户{count.left_over}，未清{count.unexplained}。",
    ).show(request, form)
