"""Acts on a ticket: dispatched, contacted, returned, answered, called back, excluded, restored."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from projects.leads.forms import (
    CallBackForm,
    ContactForm,
    DispatchForm,
    ExcludeForm,
    ReasonForm,
    ReturnForm,
    TicketAnswerForm,
)
from projects.leads.selectors.handling import acts_open_to, executors_of
from projects.leads.selectors.texts import masked_text
from projects.leads.selectors.tickets import ticket_by_number
from projects.leads.services.call_backs import call_back_ticket
from projects.leads.services.exclusion import EXCLUDE, restore_ticket
from projects.leads.services.handling import answer_ticket, contact_caller, dispatch_ticket, return_ticket
from projects.leads.services.reveal import reveal_caller
from registry.accounts.services import propose
from registry.kernel.authority import Permission
from registry.kernel.errors import NotFound
from registry.store.access import Request, access
from registry.web.flash import notify
from registry.web.pages import FormPage


@dataclass(frozen=True)
class TicketAction:
    """One act of the page of a ticket: its form, its service, its words."""

    make: Callable[..., Any]
    service: Callable[..., Any]
    label: str
    intro: str
    done: str


ACTIONS: dict[str, TicketAction] = {
    "dispatch": TicketAction(
        DispatchForm, dispatch_ticket, "派单", "主办单位统一反馈；主办、协办单位均列入考核（双派双考）。", "已派单"
    ),
    "contact": TicketAction(
        ContactForm, contact_caller, "登记联系", "以首次联系诉求人的时间判断是否按时联系。", "已登记联系情况"
    ),
    "return": TicketAction(ReturnForm, return_ticket, "退回", "退回不重新计时，轮次和所用时间予以保留。", "已退回"),
    "answer": TicketAction(TicketAnswerForm, answer_ticket, "反馈", "反馈后由派单单位回访诉求人。", "已反馈，待回访"),
    "call-back": TicketAction(
        CallBackForm, call_back_ticket, "登记回访", "未解决的，工单重新办理，轮次加一。", "已登记回访"
    ),
    "restore": TicketAction(ReasonForm, restore_ticket, "恢复考核", "恢复后回到剔除前的状态。", "已恢复考核"),
}


@access(Permission.TICKET_DISPATCH, Permission.TICKET_ANSWER, Permission.TICKET_CALL_BACK, Permission.TICKET_EXCLUDE)
@require_http_methods(["GET", "POST"])
def ticket_action(request: Request, number: str, act: str) -> HttpResponse:
    """Dispatch, contact, return, answer, call back, restore."""
    if act not in ACTIONS:
        raise NotFound("未找到该办理事项。请从工单页面进入。")
    ticket, action = ticket_by_number(request.actor, number), ACTIONS[act]
    more = {"ticket": ticket} if act == "dispatch" else {}
    form = action.make(request.POST or None, **more)
    if form.submitted(request, action.service, ticket=ticket):
        notify(request, f"工单{number}{action.done}")
        return redirect("leads:ticket", number=number)
    return FormPage(
        f"{action.label} {number}",
        action.label,
        reverse("leads:ticket", args=[number]),
        intro=action.intro,
        note=masked_text(ticket),
    ).show(request, form)


@access(Permission.TICKET_ANSWER)
@require_http_methods(["GET", "POST"])
def propose_exclusion(request: Request, number: str) -> HttpResponse:
    """Propose to exclude a ticket from what is scored."""
    actor, ticket = request.actor, ticket_by_number(request.actor, number)
    if "exclude" not in acts_open_to(actor, ticket, executors_of(ticket)):
        raise NotFound("该工单现在不能提请剔除。请从工单页面进入。")
    form = ExcludeForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        words = {
            "kind": EXCLUDE,
            "title": f"剔除工单{number}",
            "payload": {"ticket": ticket.pk, "basis": form.cleaned_data["basis"]},
            "reason": form.cleaned_data["reason"],
            "subject": ticket,
            "area_code": ticket.district_code,
        }
        if form.carry_out(propose, actor=actor, **words):
            notify(request, "已提请剔除，经工作专班另一名人员复核后生效")
            return redirect("leads:ticket", number=number)
    return FormPage(
        f"提请剔除 {number}",
        "提请",
        reverse("leads:ticket", args=[number]),
        intro="经另一名人员复核后剔除；剔除的工单不计入三率，记录保留。",
    ).show(request, form)


@access(Permission.TICKET_ANSWER)
@require_http_methods(["GET", "POST"])
def reveal_caller_page(request: Request, number: str) -> HttpResponse:
    """Show who rang, once, to whoever says why."""
    ticket, back = ticket_by_number(request.actor, number), reverse("leads:ticket", args=[number])
    form = ReasonForm(request.POST or None)
    form.fields["reason"].label = "查看事由"
    if form.submitted(request, reveal_caller, ticket=ticket):
        return render(request, "leads/revealed.html", {"title": f"诉求人 {number}", "clear": form.result, "back": back})
    return FormPage(
        f"查看诉求人 {number}", "查看", back, intro="查看后记入操作记录。列表、导出和其他页面只显示脱敏信息。"
    ).show(request, form)
