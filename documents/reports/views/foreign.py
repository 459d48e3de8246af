"""Published tables, pasted or sent: what in them adds up and what doesn't."""

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods

from documents.reports.figures import BY_CODE
from documents.reports.forms import ForeignForm
from documents.reports.selectors.published import beside_the_ledger, example, examples
from documents.reports.selectors.reports import NotCounted, month_view
from registry.kernel.authority import Permission
from registry.kernel.foreign import SheetRefused, Verdict, check_sheet, read_sheet
from registry.kernel.periods import Month
from registry.store.access import Request, access
from registry.store.clock import moment_here

PILLS = {Verdict.AGREES: "green", Verdict.DIFFERS: "red", Verdict.NOTE: "amber"}


@access(Permission.REPORT_READ)
@require_http_methods(["GET", "POST"])
def foreign_table(request: Request) -> HttpResponse:
    """Check a table; nothing of it is kept."""
    shown = request.GET.get("example", "")
    text = example(shown) if shown else ""
    is_sent = request.method == "POST"
    form = ForeignForm(
        request.POST if is_sent or request.POST else None, request.FILES or None, initial={"sheet": text}
    )
    if is_sent:
        text = form.cleaned_data["sheet"] if form.is_valid() else ""
    sheet, findings = None, []
    if text:
        try:
            sheet = read_sheet(text)
            findings = check_sheet(sheet)
        except SheetRefused as refused:
            sheet = None
            if form.is_bound:
                form.add_error("sheet", str(refused))
    try:
        rows = month_view(request.actor, Month.of(request.today).previous, now=moment_here()).rows
    except NotCounted:
        rows = {}
    context = {
        "title": "核对外来表",
        "form": form,
        "words": sheet.words if sheet is not None else {},
        "findings": [(finding, PILLS[finding.verdict]) for finding in findings],
        "wrong": sum(finding.verdict == Verdict.DIFFERS for finding in findings),
        "is_checked": sheet is not None,
        "examples": examples(),
        "shown": shown,
        "quoted": [{**line, "label": BY_CODE[line["quoted"].figure].label} for line in beside_the_ledger(rows)],
    }
    return render(request, "reports/foreign.html", context)
