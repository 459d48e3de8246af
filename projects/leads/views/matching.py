"""The match workbench and the possible unknown projects."""

from typing import Any, cast

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods

from projects.leads.forms import ConfirmForm, ReasonForm
from projects.leads.selectors.proposals import (
    Proposals,
    cluster_of,
    proposals_for,
    to_be_matched,
    unknown_projects,
)
from projects.leads.selectors.texts import masked_text, said_of
from projects.leads.selectors.tickets import counted, ticket_by_number, with_words
from projects.leads.services.matters import keep_out_ticket
from projects.leads.services.proposing import confirm_project, find_unknown, take_in_unknown
from projects.ledger.choices import CUT_OFF
from projects.ledger.forms import ProjectForm
from projects.ledger.selectors.projects import next_code
from registry.accounts.selectors.areas import township_choices
from registry.accounts.selectors.settings import setting_on
from registry.kernel.authority import Permission
from registry.kernel.errors import NotFound
from registry.store.access import Request, access
from registry.web.flash import notify
from registry.web.forms import ServiceForm
from registry.web.pages import FormPage


@access(Permission.TICKET_MATCH)
@require_GET
def workbench(request: Request) -> HttpResponse:
    """One ticket after another with its candidates; each is decided by one key."""
    queue = to_be_matched(request.actor)
    after = request.GET.get("after", "")
    numbers = list(queue.values_list("number", flat=True)[:200])
    at = numbers.index(after) + 1 if after in numbers else 0
    ticket = ticket_by_number(request.actor, numbers[at]) if at < len(numbers) else None
    context: dict[str, Any] = {
        "title": "工单匹配",
        "ticket": ticket,
        "count": counted(queue),
        "place": at + 1,
        "is_end": bool(numbers) and ticket is None,
        "previous": after,
    }
    if ticket is not None:
        proposals = proposals_for(request.actor, ticket)
        context |= {
            "text": masked_text(ticket),
            "address": said_of(ticket).address,
            "proposals": proposals,
            "form": ConfirmForm(lines=proposals.lines),
        }
    return render(request, "leads/workbench.html", context)


@access(Permission.TICKET_MATCH)
@require_http_methods(["GET", "POST"])
def decide(request: Request, number: str, act: str) -> HttpResponse:
    """Accept a candidate, or find that a ticket is of another matter or about an unknown project."""
    if act not in ("accept", "other", "unknown"):
        raise NotFound("未找到该办理事项。请从工单匹配页面进入。")
    ticket = ticket_by_number(request.actor, number)
    back = f"{reverse('leads:workbench')}?after={request.POST.get('previous', '')}"
    proposals = proposals_for(request.actor, ticket)
    if act == "accept":
        choice = ConfirmForm(request.POST or None, lines=proposals.lines)
        title, label, form = f"认定项目 {number}", "认定", cast(ServiceForm, choice)
        if _confirmed(request, choice, number, proposals):
            return redirect(back)
    else:
        service, title, label = (
            (keep_out_ticket, f"认定为非本事项 {number}", "认定为非本事项")
            if act == "other"
            else (find_unknown, f"认定为台账外项目 {number}", "认定为台账外项目")
        )
        form = ReasonForm(request.POST or None)
        if form.submitted(request, service, ticket=ticket):
            notify(request, f"工单{number}已{label}")
            return redirect(back)
    return FormPage(title, label, reverse("leads:workbench"), intro=masked_text(ticket)).show(request, form)


def _confirmed(request: Request, form: ConfirmForm, number: str, proposals: Proposals) -> bool:
    """Whether a candidate was chosen and confirmed."""
    if request.method != "POST" or not form.is_valid():
        return False
    line, ticket = form.chosen(), ticket_by_number(request.actor, number)
    reason = "；".join(line.candidate.reasons)
    is_done = form.carry_out(
        confirm_project, actor=request.actor, ticket=ticket, project=line.project, building=line.building,
        unit=line.unit, reason=reason, taught=line.candidate.written or proposals.match.unknown,
    )  # fmt: skip
    if is_done:
        notify(request, f"已认定工单{number}反映{line.project}")
    return is_done


@access(Permission.TICKET_MATCH)
@require_GET
def clusters(request: Request) -> HttpResponse:
    """Tickets that fit no project, put together: possible unknown projects with their evidence."""
    lines, alone = unknown_projects(request.actor)
    context = {
        "title": "疑似新项目",
        "lines": [(line, with_words(line.tickets[:5])) for line in lines],
        "count": len(lines),
        "tickets": sum(len(line.tickets) for line in lines),
        "alone": alone,
        "may_take_in": request.actor.can(Permission.PROJECT_CREATE),
    }
    return render(request, "leads/clusters.html", context)


@access(Permission.PROJECT_CREATE)
@require_http_methods(["GET", "POST"])
def take_in_cluster(request: Request, number: str) -> HttpResponse:
    """Make a project of the tickets of a cluster, through the scope test."""
    line = cluster_of(request.actor, number)
    if line is None:
        raise NotFound("这些工单已认定，或不再同属一组。请回到疑似新项目重新选择。")
    towns = township_choices(request.actor.area_code)
    code = next(
        (
            code
            for _, group in towns
            for code, name in group
            if line.cluster.township and name.startswith(line.cluster.township)
        ),
        "",
    )
    form = ProjectForm(
        request.POST or None,
        initial={
            "code": next_code(request.actor.area_code, on=request.today), "name": line.cluster.name,
            "township_code": code, "location": line.cluster.address, "taken_in_on": request.today,
        },
        townships=towns,
        cut_off=setting_on(CUT_OFF, on=request.today),
    )  # fmt: skip
    if form.submitted(request, take_in_unknown, tickets=line.tickets, names=line.cluster.names):
        notify(request, f"已纳入{form.result.code} {form.result.name}，{len(line.tickets)}件工单一并认定")
        return redirect("ledger:project", code=form.result.code)
    return FormPage(
        "由工单纳入项目",
        "纳入台账",
        reverse("leads:clusters"),
        intro=f"{len(line.tickets)}件工单：{'，'.join(line.cluster.evidence)}。只收国有土地上已建成并出售、购房人无过错的城镇住宅项目。",
    ).show(request, form)
