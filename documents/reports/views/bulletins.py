"""Bulletins and flashes: issued of a month, read, and what leaders write on them."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods

from documents.reports.bulletin import HEADS
from documents.reports.choices import BulletinKind
from documents.reports.forms import BulletinForm, BulletinInstructionForm, FlashForm
from documents.reports.selectors.bulletins import (
    ISSUERS,
    bulletin_by_id,
    bulletin_draft,
    flash_lead,
    flash_words,
    instructions_on,
    with_texts,
)
from documents.reports.selectors.months import asked_month
from documents.reports.selectors.reports import month_view
from documents.reports.services.bulletins import BulletinRefused, issue_bulletin, issue_flash, record_instruction
from projects.casework.selectors.tasks import owners_for
from projects.ports import papers_in_force, preview_paper
from registry.kernel.authority import Permission
from registry.kernel.periods import Month
from registry.store.access import Request, access
from registry.store.clock import moment_here
from registry.web.flash import notify
from registry.web.pages import FormPage
from registry.web.responses import download
from registry.web.subject_pages import page_url

PREVIEW = "预览"


@access(Permission.DOCUMENT_ISSUE)
@require_http_methods(["GET", "POST"])
def bulletin_page(request: Request, month: str) -> HttpResponse:
    """Look at the bulletin of a closed month, edit its parts, issue it."""
    asked = asked_month(month, today=request.today)
    _require_issuer(request)
    view = month_view(request.actor, asked, now=moment_here())
    if not view.is_closed or not view.has_changes:
        raise BulletinRefused(f"{asked.label}尚未结账，不能出具月度通报。请先结账，或出具进展快报。", code="not_closed")
    draft = bulletin_draft(view)
    form = BulletinForm(request.POST or None, initial=dict(draft.texts))
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        told = {name: given[name] for name in ("report_to", "send_to")}
        if "preview" in request.POST:
            words = with_texts(draft, form.texts, **told)
            return _preview(request, given["kind"], words)
        if form.carry_out(
            issue_bulletin,
            actor=request.actor,
            month=asked,
            kind=BulletinKind(given["kind"]),
            texts=form.texts,
            **told,
        ):
            notify(request, f"已出具{form.result.number}")
            return redirect("reports:bulletin", pk=form.result.pk)
    return FormPage(
        f"出具{asked.label}通报",
        "编号并出具",
        reverse("reports:report", args=[asked]),
        intro="前三部分按规则取自已结账的数，可以修改文字；附表、附图不能修改。出具后不再改动，需更正的作废后另出。",
        crumbs=_crumbs(asked),
        preview=PREVIEW,
    ).show(request, form)


@access(Permission.DOCUMENT_ISSUE)
@require_http_methods(["GET", "POST"])
def flash_page(request: Request) -> HttpResponse:
    """Look at a flash of the month that runs, or issue it."""
    _require_issuer(request)
    month = Month.of(request.today)
    view = month_view(request.actor, month, now=moment_here())
    form = FlashForm(request.POST or None, initial={"lead": flash_lead(view)})
    if request.method == "POST" and form.is_valid():
        if "preview" in request.POST:
            words = flash_words(request.actor, view, on=request.today, lead=form.cleaned_data["lead"])
            return _preview(request, BulletinKind.FLASH.value, words)
        if form.carry_out(issue_flash, actor=request.actor, **form.cleaned_data):
            notify(request, f"已出具{form.result.number}")
            return redirect("reports:bulletin", pk=form.result.pk)
    return FormPage(
        "出具进展快报",
        "编号并出具",
        reverse("reports:reports"),
        intro="用于调度会：截至此刻的数和近7日的变动，标明未结账，不作为考核依据。",
        crumbs=[("报表", reverse("reports:reports"))],
        preview=PREVIEW,
    ).show(request, form)


@access(Permission.REPORT_READ)
@require_GET
def bulletin(request: Request, pk: int) -> HttpResponse:
    """One bulletin: what it says, where its file is, and what leaders wrote on it."""
    row = bulletin_by_id(request.actor, pk)
    own = row.organisation_id == request.actor.organisation_id
    in_force = bool(papers_in_force([row.paper_key]))
    heads = {**HEADS, "lead": "提要"}
    context = {
        "title": row.number,
        "bulletin": row,
        "month": Month.parse(row.month).label,
        "is_closed": bool(row.rows_hash),
        "texts": [(heads[part], row.texts[part]) for part in heads if part in row.texts],
        "instructions": instructions_on(row),
        "paper": page_url("paper", row.paper_key) if request.actor.can(Permission.DOCUMENT_READ) else "",
        "in_force": in_force,
        "may_instruct": own and in_force and request.actor.can(Permission.TASK_SET),
        "may_read_tasks": request.actor.can(Permission.TASK_ANSWER),
        "today": request.today,
    }
    return render(request, "reports/bulletin.html", context)


@access(Permission.TASK_SET)
@require_http_methods(["GET", "POST"])
def bulletin_instruction(request: Request, pk: int) -> HttpResponse:
    """Keep what a leader wrote on a bulletin, with its tasks."""
    row = bulletin_by_id(request.actor, pk)
    form = BulletinInstructionForm(
        request.POST or None, owners=owners_for(request.actor), actor=request.actor, initial={"held_on": request.today}
    )
    if (
        request.method == "POST"
        and form.is_valid()
        and form.carry_out(record_instruction, actor=request.actor, bulletin=row, **form.words)
    ):
        notify(request, "已登记批示，任务已送到各单位的工作台")
        return redirect("reports:bulletin", pk=row.pk)
    return FormPage(
        f"登记对{row.number}的批示",
        "登记",
        reverse("reports:bulletin", args=[row.pk]),
        intro="写明责任单位和完成期限；未办复的列在以后各月月报的首页。批示原件请作为附件上传。",
        crumbs=[("报表", reverse("reports:reports")), (row.number, reverse("reports:bulletin", args=[row.pk]))],
    ).show(request, form)


def _require_issuer(request: Request) -> None:
    if request.actor.role not in ISSUERS:
        raise BulletinRefused("通报、快报由市、区工作专班出具。", code="no_power")


def _preview(request: Request, kind: str, words: dict[str, Any]) -> HttpResponse:
    content = preview_paper(actor=request.actor, kind=kind, snapshot=words, on=request.today)
    return download(content, f"预览 {BulletinKind(kind).label}.pdf", "application/pdf", inline=True)


def _crumbs(month: Month) -> list[tuple[str, str]]:
    return [("报表", reverse("reports:reports")), (str(month), reverse("reports:report", args=[month]))]
