"""Lists as workbooks: at once what a page shows, by a job what fills a sheet."""

from django.http import Http404, HttpResponse, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods

from documents.forms import TakeoutForm
from documents.render.xlsx import XLSX
from documents.reports.lists import LISTS
from documents.selectors.exports import districts_of, export_by_id, exports_of, jobs_by_number, personal_exports_waiting
from documents.services.exports import export_list as write_list
from documents.services.takeouts import propose_personal, request_export, take_export
from registry.jobs.selectors import is_worker_alive
from registry.kernel.authority import Permission
from registry.store.access import Request, access
from registry.web.answers import attachment, download
from registry.web.flash import say


@access(None)
@require_GET
def export_list(request: Request, name: str) -> HttpResponse:
    """Download a list as its page shows it; who may see the page may take what it shows."""
    if name not in LISTS:
        raise Http404
    words = {key: "、".join(request.GET.getlist(key)) for key, value in request.GET.items() if value}
    exported = write_list(actor=request.actor, name=name, words=words, on=request.today)
    return download(exported.content, exported.name, XLSX)


@access(Permission.UNIT_READ)
@require_http_methods(["GET", "POST"])
def exports(request: Request) -> HttpResponse:
    """Ask for the homes in reach as one workbook, and fetch what was made."""
    form = TakeoutForm(
        request.POST if request.method == "POST" else None,
        districts=districts_of(request.actor),
        may_see_people=request.actor.can(Permission.IDENTITY_REVEAL),
    )
    if request.method == "POST" and form.is_valid():
        what = {"actor": request.actor, "words": form.words, "filters": form.said}
        if form.cleaned_data.get("with_people"):
            if form.carry_out(propose_personal, **what, reason=form.cleaned_data["reason"]):
                say(request, "已提请复核。另一人同意后开始生成，做好了在本页下载。")
                return redirect("documents:exports")
        elif form.carry_out(request_export, **what):
            say(request, "已交给后台生成，做好了在本页下载。")
            return redirect("documents:exports")
    made = exports_of(request.actor)
    jobs = jobs_by_number(made)
    rows = [(export, jobs.get(export.number)) for export in made]
    is_waiting = any(job is not None and job.state in ("queued", "running") for _, job in rows)
    context = {
        "title": "导出房屋明细",
        "form": form,
        "submit_label": "导出",
        "rows": rows,
        "waiting": personal_exports_waiting(request.actor),
        "is_waiting": is_waiting,
        "is_alive": is_worker_alive(),
    }
    return render(request, "documents/exports.html", context)


@access(Permission.UNIT_READ)
@require_GET
def export_file(request: Request, pk: int) -> HttpResponse | StreamingHttpResponse:
    """Fetch what was made; that it was fetched is on record."""
    export = export_by_id(request.actor, pk)
    content = take_export(actor=request.actor, export=export)
    response = StreamingHttpResponse(content, content_type=XLSX)
    response["Content-Length"] = str(export.size)
    return attachment(response, export.file_name)
