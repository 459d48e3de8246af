"""Pages of batches: ask for papers to many homes, see what becomes of each, print them, some again."""

from typing import Any

from django.http import HttpResponse, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from documents.papers.forms import BatchForm, RangeForm
from documents.papers.kinds import BY_CODE
from documents.papers.powers import PaperRefused, may_issue
from documents.papers.selectors.batches import (
    batch_by_number,
    batches_visible_to,
    job_of,
    lines_without,
    listed_units,
    numbers_of,
    preview_batch,
    tally_of,
)
from documents.papers.selectors.drafts import DRAFTERS
from documents.papers.selectors.printing import print_file, separate_files
from documents.papers.services.batches import request_batch, take_batch
from projects.ledger.selectors.projects import project_by_code
from registry.jobs.selectors import is_anything_under_way, time_left, worker_state
from registry.kernel.authority import Permission
from registry.store.access import Request, access
from registry.store.clock import ledger_now
from registry.web.flash import notify
from registry.web.pages import Aside, FormPage
from registry.web.responses import attachment, download

SHOWN = 100
WITHOUT = 200  # lines without a paper that a page shows; the workbook has them all


@access(Permission.DOCUMENT_ISSUE)
@require_http_methods(["GET", "POST"])
def ask_batch(request: Request, code: str) -> HttpResponse:
    """Choose homes, see who gets a paper and who not and why, hand the batch to the worker."""
    project = project_by_code(request.actor, code)
    kinds = [(kind, BY_CODE[kind].label) for kind in DRAFTERS if may_issue(request.actor, kind)]
    if not kinds:
        raise PaperRefused("您的职责不能出具给权利人的文书。请由乡镇人民政府、街道办事处或开发建设单位的人员办理。")
    buildings = project.buildings.order_by("number_order", "id").values_list("number", "name")
    form = BatchForm(
        request.POST or None,
        kinds=kinds,
        buildings=list(buildings),
        find=lambda text: listed_units(request.actor, project, text, on=request.today),
    )
    aside = None
    if request.method == "POST" and form.is_valid():
        kind = form.cleaned_data["kind"]
        if "preview" in request.POST:
            preview = preview_batch(request.actor, project, kind, form.words, on=request.today)
            aside = Aside("papers/_batch_preview.html", {"preview": preview})
        elif form.carry_out(
            request_batch,
            actor=request.actor,
            project=project,
            kind=kind,
            words=form.words,
            filters=form.filters_in_words,
        ):
            notify(request, "已提交后台办理，进度见本页")
            return redirect("papers:batch", number=form.result.number)
    return FormPage(
        "批量出具文书",
        "提交后台",
        reverse("ledger:project", args=[code]),
        project=project,
        intro=f"以{request.actor.organisation_name}名义出具。先预览名单，再提交后台：逐户编号、排版、存档，编号连续。"
        "中断后自下一户继续，不重号、不重复出具。",
        preview="预览名单",
        aside=aside,
        worker=worker_state(),
    ).show(request, form)


@access(Permission.DOCUMENT_READ)
@require_GET
def batches(request: Request) -> HttpResponse:
    """The batches that the actor may see, newest first."""
    rows = [
        (batch, BY_CODE[batch.kind].label, tally_of(batch))
        for batch in batches_visible_to(request.actor).order_by("-id")[:SHOWN]
    ]
    return render(request, "papers/batches.html", {"title": "批量文书", "rows": rows})


@access(Permission.DOCUMENT_READ)
@require_GET
def batch(request: Request, number: str) -> HttpResponse:
    """One batch: how far it is, what became of each home, what goes to the printer. Renews itself while it runs."""
    asked = batch_by_number(request.actor, number)
    job = job_of(asked)
    context: dict[str, Any] = {
        "title": f"批量{BY_CODE[asked.kind].label} {asked.number}",
        "batch": asked,
        "tally": tally_of(asked),
        "job": job,
        "left": time_left(job, ledger_now()) if job else "",
        "is_waiting": is_anything_under_way([job] if job else []),
        "worker": worker_state(),
        "span": numbers_of(asked),
        "without": lines_without(asked)[:WITHOUT],
        "form": RangeForm(),
    }
    template = "papers/_batch.html" if getattr(request, "htmx", False) else "papers/batch.html"
    return render(request, template, context)


@access(Permission.DOCUMENT_READ)
@require_POST
def print_batch(request: Request, number: str) -> HttpResponse:
    """The print file of a batch, or some numbers of it; that it was taken is on record."""
    asked = batch_by_number(request.actor, number)
    first = last = None
    what = "打印文件"
    if "first" in request.POST:
        form = RangeForm(request.POST)
        if not form.is_valid():
            raise PaperRefused("起止号填写不正确。请填写本批次的起号和止号，止号不小于起号。", field="first")
        first, last = form.cleaned_data["first"], form.cleaned_data["last"]
        what = f"{first}至{last}号"
    content = print_file(asked, first, last)
    take_batch(actor=request.actor, batch=asked, what=what)
    return download(content, f"{asked.number} {what}.pdf", "application/pdf")


@access(Permission.DOCUMENT_READ)
@require_POST
def batch_files(request: Request, number: str) -> StreamingHttpResponse:
    """The separate files of a batch as a ZIP; that they were taken is on record."""
    asked = batch_by_number(request.actor, number)
    take_batch(actor=request.actor, batch=asked, what="全部文件")
    response = StreamingHttpResponse(separate_files(asked), content_type="application/zip")
    return attachment(response, f"{asked.number}.zip")
