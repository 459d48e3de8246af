"""Lists as workbooks: at once what a page shows, by a job what fills a sheet."""

from django.http import Http404, HttpResponse, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods

from documents.exports.forms import TakeoutForm
from documents.exports.selectors.exports import (
    districts_of,
    export_by_id,
    exports_of,
    jobs_by_number,
    personal_exports_waiting,
)
from documents.exports.services.export_jobs import open_export, propose_personal, request_export
from documents.exports.services.workbooks import Exported
from documents.exports.services.workbooks import export_list as write_list
from documents.exports.sources import LONG
from documents.render.xlsx import XLSX
from registry.jobs.selectors import is_anything_under_way, time_left, worker_state
from registry.kernel.authority import Permission
from registry.lists.exports import EXPORTS
from registry.store.access import Request, access
from registry.store.clock import ledger_now
from registry.web.flash import notify
from registry.web.responses import attachment, download


@access(None)
@require_GET
def export_list(request: Request, name: str) -> HttpResponse:
    """Download a list as its page shows it; who may see the page may take what it shows. A long one is made later."""
    if name not in EXPORTS:
        raise Http404
    words = {key: "、".join(request.GET.getlist(key)) for key, value in request.GET.items() if value}
    exported = write_list(actor=request.actor, name=name, words=words, on=request.today)
    if not isinstance(exported, Exported):
        notify(request, f"“{exported.title}”超过{LONG:,}行，已由后台生成，完成后在本页下载。")
        return redirect("exports:exports")
    return download(exported.content, exported.name, XLSX)


@access(None)
@require_http_methods(["GET", "POST"])
def exports(request: Request) -> HttpResponse:
    """Fetch what was made; ask for the homes in reach as one workbook. While one is made the list renews itself."""
    may_ask = request.actor.can(Permission.UNIT_READ)
    if request.method == "POST":
        request.actor.require(Permission.UNIT_READ)
    form = TakeoutForm(
        request.POST or None,
        actor=request.actor,
        districts=districts_of(request.actor),
        may_see_people=request.actor.can(Permission.IDENTITY_EXPORT),
    )
    if request.method == "POST" and form.is_valid():
        what = {"actor": request.actor, "words": form.words, "filters": form.filters_in_words}
        if form.cleaned_data.get("with_people"):
            if form.carry_out(propose_personal, **what, reason=form.cleaned_data["reason"]):
                notify(request, "已提请复核。经复核同意后生成，完成后在本页下载。")
                return redirect("exports:exports")
        elif form.carry_out(request_export, **what):
            notify(request, "已由后台生成，完成后在本页下载。")
            return redirect("exports:exports")
    made, now = exports_of(request.actor), ledger_now()
    jobs = jobs_by_number(made)
    context = {
        "title": "导出",
        "form": form,
        "may_ask": may_ask,
        "submit_label": "导出",
        "rows": [
            (export, job, time_left(job, now) if job else "")
            for export, job in ((export, jobs.get(export.number)) for export in made)
        ],
        "waiting": personal_exports_waiting(request.actor),
        "is_waiting": is_anything_under_way(jobs.values()),
        "worker": worker_state(),
    }
    template = "exports/_exports.html" if getattr(request, "htmx", False) else "exports/exports.html"
    return render(request, template, context)


@access(None)
@require_GET
def export_file(request: Request, pk: int) -> HttpResponse | StreamingHttpResponse:
    """Fetch what was made; that it was fetched is on record."""
    export = export_by_id(request.actor, pk)
    content = open_export(actor=request.actor, export=export)
    response = StreamingHttpResponse(content, content_type=XLSX)
    response["Content-Length"] = str(export.size)
    return attachment(response, export.file_name)
