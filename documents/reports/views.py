"""Pages of months: the list, one month as a web twin of its workbook, closing, the workbook."""

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_POST

from documents.render.xlsx import XLSX
from documents.reports.selectors.reports import closed_months, month_view, totals_of
from documents.reports.services import close_month
from documents.reports.workbook import monthly_workbook
from registry.kernel.authority import Permission
from registry.kernel.columns import Column
from registry.kernel.periods import Month
from registry.store.access import Request, access
from registry.store.clock import moment_here
from registry.web.flash import notify
from registry.web.responses import download


@access(Permission.REPORT_READ)
@require_GET
def reports(request: Request) -> HttpResponse:
    """The closed months, and the ones that may be closed next."""
    closed = closed_months()
    last = Month.parse(closed[0].month).next if closed else Month.of(request.today).previous
    context = {
        "title": "报表",
        "closed": [(row, Month.parse(row.month).label) for row in closed],
        "current": [(str(month), month.label) for month in dict.fromkeys((last, Month.of(request.today)))],
    }
    return render(request, "reports/reports.html", context)


@access(Permission.REPORT_READ)
@require_GET
def month_report(request: Request, month: str) -> HttpResponse:
    """One month, part by part; the numbers are those of its workbook."""
    view = month_view(request.actor, Month.parse(month), now=moment_here())
    code = request.GET.get("part", "")
    part = next((candidate for candidate in view.parts if candidate.code == code), view.parts[0])
    rows = view.rows[part.code]
    totals = totals_of(part.columns, rows) if part.is_summed else {}
    context = {
        "title": f"{view.month.label}月报",
        "view": view,
        "month": str(view.month),
        "parts": [(listed.code, listed.title) for listed in view.parts],
        "part": part,
        "head": part.columns,
        "rows": [[(column.show(row), cell_class(column)) for column in part.columns] for row in rows],
        "totals": [
            (column.show(totals) if column.name in totals else "合计" if n == 0 else "", cell_class(column))
            for n, column in enumerate(part.columns)
        ]
        if totals
        else [],
        "may_close": request.actor.can(Permission.REPORT_CLOSE) and not view.is_closed,
        "may_export": request.actor.can(Permission.REPORT_EXPORT),
    }
    return render(request, "reports/report.html", context)


def cell_class(column: Column) -> str:
    """Numbers flush right, short texts on one line, long ones wrap."""
    if column.is_number:
        return "n"
    return "nw" if column.width <= 16 else ""


@access(Permission.REPORT_CLOSE)
@require_POST
def close_month_page(request: Request, month: str) -> HttpResponse:
    """Freeze a month."""
    closed = close_month(actor=request.actor, month=Month.parse(month))
    notify(request, f"{closed.month}已结账，校验值{closed.rows_hash[:12]}")
    return redirect("reports:report", month=month)


@access(Permission.REPORT_EXPORT)
@require_GET
def month_workbook(request: Request, month: str) -> HttpResponse:
    """The month's workbook."""
    view = month_view(request.actor, Month.parse(month), now=moment_here())
    content = monthly_workbook(month=view.month, cut_off_on=view.cut_off_on, rows=view.rows, stamp=view.stamp)
    return download(content, f"办证难月报{view.month.label}.xlsx", XLSX)
