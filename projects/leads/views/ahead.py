"""Acting first: the work list, whom to call back, the order of homes, a project's tickets beside its gates."""

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods

from projects.leads.forms import OpeningCallForm
from projects.leads.selectors.call_order import call_list, homes_in_order, words_for
from projects.leads.selectors.course import course_of
from projects.leads.selectors.signals import foresight, work_list
from projects.leads.selectors.tickets import ticket_by_number
from projects.leads.selectors.towns import town_tiles
from projects.leads.services.openings import note_opening_call
from projects.ledger.selectors.projects import project_by_code
from registry.kernel.authority import Permission
from registry.store.access import Request, access
from registry.store.clock import database_now
from registry.web.flash import notify
from registry.web.pages import FormPage


@access(Permission.TICKET_READ)
@require_GET
def ahead(request: Request) -> HttpResponse:
    """The projects that call for a step before people ring, and how often the ledger knew first."""
    context = {
        "title": "未诉先办",
        "lines": work_list(request.actor, on=request.today),
        "foresight": foresight(request.actor, on=request.today),
    }
    return render(request, "leads/ahead.html", context)


@access(Permission.TICKET_READ)
@require_GET
def towns(request: Request) -> HttpResponse:
    """The townships in reach, each a tile that opens its tickets."""
    tiles, days = town_tiles(request.actor, now=database_now(), on=request.today)
    return render(request, "leads/towns.html", {"title": "街道、乡镇工单", "tiles": tiles, "days": days})


@access(Permission.TICKET_READ)
@require_GET
def call_list_page(request: Request, code: str) -> HttpResponse:
    """Whom to call back about the buildings of a project that are open, oldest first."""
    project = project_by_code(request.actor, code)
    listed = call_list(request.actor, project, on=request.today)
    context = {
        "title": f"告知名单 {project.name}",
        "project": project,
        "listed": listed,
        "may_tell": request.actor.can(Permission.TICKET_ANSWER),
    }
    return render(request, "leads/call_list.html", context)


@access(Permission.TICKET_ANSWER)
@require_http_methods(["GET", "POST"])
def opening_call_page(request: Request, number: str) -> HttpResponse:
    """Note what came of a call to somebody whose building is open."""
    ticket = ticket_by_number(request.actor, number)
    back = reverse("leads:call_list", args=[ticket.project.code]) if ticket.project else reverse("leads:tickets")
    form = OpeningCallForm(request.POST or None)
    if form.submitted(request, note_opening_call, ticket=ticket):
        notify(request, f"工单{number}：{'已告知' if form.result.is_reached else '未接通，留在名单中'}")
        return redirect(back)
    return FormPage(
        f"登记告知 {number}", "登记", back, intro=words_for(ticket, on=request.today) or "楼栋环节已办结，可以办证。"
    ).show(request, form)


@access(Permission.UNIT_ADVANCE)
@require_GET
def home_order(request: Request, code: str) -> HttpResponse:
    """The homes of a project that may go on, in the order in which to tell them."""
    project = project_by_code(request.actor, code)
    homes = homes_in_order(project, on=request.today)
    return render(request, "leads/home_order.html", {"title": "通知次序", "project": project, "homes": homes})


@access(Permission.TICKET_READ)
@require_GET
def project_course(request: Request, code: str) -> HttpResponse:
    """A project's tickets month by month beside its gates and moves."""
    project = project_by_code(request.actor, code)
    is_part = bool(getattr(request, "htmx", False))
    context = {"title": "工单与办理", "project": project, "course": course_of(request.actor, project, on=request.today)}
    return render(request, "leads/_course.html" if is_part else "leads/course.html", context)
