"""套打: an issued letter onto red-head paper, the printers that do it, their calibration sheets."""

from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods

from documents.papers.forms import OverprintForm, PrinterForm
from documents.papers.selectors.papers import paper_by_id
from documents.papers.selectors.printers import overprint_of, printer_by_id, printers_of, require_overprint, sheet_of
from documents.papers.services.printers import set_printer
from registry.kernel.authority import Permission
from registry.store.access import Request, access
from registry.web.flash import notify
from registry.web.pages import Aside, FormPage
from registry.web.responses import download

PDF = "application/pdf"


@access(Permission.DOCUMENT_ISSUE)
@require_http_methods(["GET", "POST"])
def overprint_page(request: Request, pk: int) -> HttpResponse:
    """Choose the printer, and get the pages that it prints onto red-head paper."""
    paper = paper_by_id(request.actor, pk)
    require_overprint(request.actor, paper)
    printers = printers_of(request.actor)
    form = OverprintForm(request.POST or None, printers=[(str(printer.pk), printer.name) for printer in printers])
    if request.method == "POST" and form.is_valid():
        chosen = form.cleaned_data["printer"]
        printer = printer_by_id(request.actor, int(chosen)) if chosen else None
        return download(overprint_of(request.actor, paper, printer), f"套打 {paper.number}.pdf", PDF, inline=True)
    return FormPage(
        f"套打 {paper.number}",
        "生成套打页",
        reverse("papers:documents"),
        project=paper.project,
        intro="印在已有红头的纸上：不含红头和红线，其余内容的位置与存档文件相同。套打页不存档，存档文件为准。",
        aside=Aside("papers/_printers.html", {"printers": printers}),
    ).show(request, form)


@access(Permission.DOCUMENT_ISSUE)
@require_http_methods(["GET", "POST"])
def printers_page(request: Request) -> HttpResponse:
    """The printers of the organisation, and a form that states one."""
    form = PrinterForm(request.POST or None)
    if form.submitted(request, set_printer):
        notify(request, f"已登记打印机{form.result.name}")
        return redirect("papers:printers")
    return FormPage(
        "套打打印机",
        "登记",
        reverse("papers:documents"),
        intro="每台打印机进纸略有偏差：先登记，再打印校准页，量出偏差后填在这里。",
        aside=Aside("papers/_printers.html", {"printers": printers_of(request.actor)}),
    ).show(request, form)


@access(Permission.DOCUMENT_ISSUE)
@require_GET
def calibration(request: Request, pk: int) -> HttpResponse:
    """The calibration sheet of a printer, as it prints now."""
    printer = printer_by_id(request.actor, pk)
    made_at = f"{request.today.isoformat()}T00:00:00+08:00"
    return download(sheet_of(printer, made_at=made_at), f"校准页 {printer.name}.pdf", PDF, inline=True)
