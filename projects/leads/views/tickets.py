"""Pages of tickets: the inbox, one ticket, taken in by form, matched to a project, kept out."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods

from projects.leads.forms import MatchForm, ReasonForm, TicketFilter, TicketForm
from projects.leads.selectors.handling import (
    acts_of,
    acts_open_to,
    answer_for,
    call_backs_of,
    clock_of_ticket,
    executors_of,
    next_in_queue,
)
from projects.leads.selectors.texts import masked_text, said_of
from projects.leads.selectors.tickets import (
    TICKET_ORDERS,
    counted,
    matches_of,
    repeats_of,
    ticket_by_number,
    ticket_choices,
    tickets_chosen,
    with_default,
    with_words,
)
from projects.leads.services.intake import take_in_ticket
from projects.leads.services.matching import match_ticket, unmatch_ticket
from projects.leads.services.matters import keep_out_ticket, take_up_ticket
from projects.leads.services.proposing import match_by_rule
from registry.accounts.selectors.areas import township_choices
from registry.kernel.authority import Permission
from registry.kernel.columns import Column
from registry.kernel.errors import NotFound
from registry.lists.listing import listing
from registry.store.access import Request, access
from registry.store.acts import Service
from registry.store.clock import database_now
from registry.web.flash import notify
from registry.web.pages import FormPage

TICKET_LEADS = (Column("number", "工单、诉求"),)
TICKET_COLUMNS = (
    Column("project", "项目"),
    Column("received_at", "来电", kind="date"),
    Column("time_class", "时限"),
    Column("due_at", "到期", kind="date"),
    Column("holder", "现在单位"),
    Column("state", "状态"),
)
JUDGEMENTS: dict[str, tuple[Service[..., Any], str, str, str]] = {
    "out": (keep_out_ticket, "认定为非本事项", "工单保留在台账中，写明理由，不计入考核。", "已认定为非本事项"),
    "take-up": (take_up_ticket, "改认定为本事项", "认定后工单待派单，办理期限不变。", "已改认定为本事项，待派单"),
    "unmatch": (unmatch_ticket, "取消项目认定", "取消后工单重新待匹配，原认定予以保留。", "已取消项目认定"),
}


@access(Permission.TICKET_READ)
@require_GET
def tickets(request: Request) -> HttpResponse:
    """The tickets within the actor's reach, the earliest due first."""
    form = TicketFilter(with_default(request.actor, request.GET), choices=ticket_choices())
    now = database_now()
    chosen = tickets_chosen(request.actor, form.words, now)
    page = listing(
        request,
        name="tickets",
        queryset=chosen,
        columns=TICKET_COLUMNS,
        orders=TICKET_ORDERS,
        leads=TICKET_LEADS,
    )
    context = {
        "title": "12345工单",
        "rows": with_words(page.rows),
        "page": page,
        "count": counted(chosen),
        "filter": form,
        "now": now,
        "may_take_in": request.actor.can(Permission.TICKET_TAKE_IN),
        "may_match": request.actor.can(Permission.TICKET_MATCH),
    }
    return render(request, "leads/tickets.html", context)


@access(Permission.TICKET_READ)
@require_GET
def ticket(request: Request, number: str) -> HttpResponse:
    """One ticket: what was said, what it is about, how it stands."""
    actor, now = request.actor, database_now()
    ticket = ticket_by_number(actor, number)
    parts = executors_of(ticket)
    may_match = actor.can(Permission.TICKET_MATCH)
    context = {
        "title": f"工单{ticket.number}",
        "ticket": ticket,
        "text": masked_text(ticket),
        "address": said_of(ticket).address,
        "matches": matches_of(ticket),
        "clock": clock_of_ticket(ticket, now),
        "parts": parts,
        "acts": acts_of(ticket),
        "call_backs": call_backs_of(ticket),
        "answer": answer_for(ticket, on=request.today),
        "repeats": repeats_of(actor, ticket),
        "open": acts_open_to(actor, ticket, parts),
        "next": next_in_queue(actor, ticket),
        "may_reveal": actor.can(Permission.TICKET_ANSWER),
        "may_match": may_match and ticket.matter != "other",
        "may_keep_out": may_match and ticket.state in ("waiting", "in_hand", "returned"),
        "may_take_up": may_match and ticket.state == "out",
    }
    return render(request, "leads/ticket.html", context)


@access(Permission.TICKET_TAKE_IN)
@require_http_methods(["GET", "POST"])
def take_in_ticket_page(request: Request) -> HttpResponse:
    """Take a ticket in by form."""
    form = TicketForm(
        request.POST or None,
        townships=township_choices(request.actor.area_code),
        initial={"received_at": database_now()},
    )
    if form.submitted(request, take_in_ticket):
        is_settled = match_by_rule(form.result)
        notify(request, f"已登记工单{form.result.number}{'，系统已认定' if is_settled else ''}")
        return redirect("leads:ticket", number=form.result.number)
    return FormPage(
        "登记工单",
        "登记",
        reverse("leads:tickets"),
        intro="热线派单和信访来访逐件登记；诉求人信息加密保存，列表中不显示。",
    ).show(request, form)


@access(Permission.TICKET_MATCH)
@require_http_methods(["GET", "POST"])
def match_ticket_page(request: Request, number: str) -> HttpResponse:
    """Say which project a ticket is about."""
    ticket = ticket_by_number(request.actor, number)
    form = MatchForm(request.POST or None, actor=request.actor, project=ticket.project)
    if form.submitted(request, match_ticket, ticket=ticket):
        notify(request, f"已认定工单{number}反映{form.result.project}")
        return redirect("leads:ticket", number=number)
    return FormPage(
        f"认定项目 {number}",
        "认定",
        reverse("leads:ticket", args=[number]),
        intro=masked_text(ticket),
        note="认定项目后可再选到楼栋、房屋。",
    ).show(request, form)


@access(Permission.TICKET_MATCH)
@require_http_methods(["GET", "POST"])
def judge_ticket_page(request: Request, number: str, act: str) -> HttpResponse:
    """Keep a ticket out, take it up again, or take back what it was matched to."""
    if act not in JUDGEMENTS:
        raise NotFound("未找到该办理事项。请从工单页面进入。")
    ticket = ticket_by_number(request.actor, number)
    service, label, intro, done = JUDGEMENTS[act]
    form = ReasonForm(request.POST or None)
    if form.submitted(request, service, ticket=ticket):
        notify(request, f"工单{number}{done}")
        return redirect("leads:ticket", number=number)
    return FormPage(f"{label} {number}", label, reverse("leads:ticket", args=[number]), intro=intro).show(request, form)
