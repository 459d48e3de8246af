"""Pages of months: the list, one month as a web twin of its workbook, closing, the workbook."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods

from documents.render.xlsx import XLSX
from documents.reports.selectors.reports import closed_months, month_view, totals_of
from documents.reports.services import close_month, require_closable
from documents.reports.workbook import monthly_workbook
from registry.kernel.authority import Permission
from registry.kernel.columns import Column
from registry.kernel.periods import Month
from registry.store.access import Request, access
from registry.store.clock import moment_here
from registry.web.flash import notify
from registry.web.forms import ConfirmForm
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
@require_http_methods(["GET", "POST"])
def close_month_page(request: Request, month: str) -> HttpResponse:
    """Freeze a month, once its numbers were looked at and the number of projects typed."""
    asked = Month.parse(month)
    require_closable(asked, today=request.today)
    view = month_view(request.actor, asked, now=moment_here())
    projects = view.rows["ledger"]
    form = ConfirmForm(request.POST or None, expected=len(projects))
    if request.method == "POST" and form.is_valid() and form.carry_out(close_month, actor=request.actor, month=asked):
        notify(request, f"{asked.label}已结账，校验值{form.result.rows_hash[:12]}")
        return redirect("reports:report", month=month)
    context = {
        "title": f"结账：{asked.label}",
        "form": form,
        "crumbs": [("报表", reverse("reports:reports")), (asked.label, reverse("reports:report", args=[month]))],
        "intro": f"统计截止{view.cut_off_on}24时，截至现在的记录。",
        "lines": [
            f"{len(projects):,}个项目的{asked.label}数字冻结：{frozen_words(projects)}",
            f"{len(view.rows)}张表共{sum(len(rows) for rows in view.rows.values()):,}行算出校验值，以后照此引用",
            f"以后补记的{asked.label}及更早的事，作为更正列入下月",
        ],
        "not_lines": ["改动台账里的任何一户、任何一条记录", "重新打开：结过的账不能撤回"],
        "count_label": "填入冻结的项目数，确认已核对",
        "unit": "个项目",
        "submit_label": f"结账：{asked.label}",
        "cancel_url": reverse("reports:report", args=[month]),
        "is_danger": True,
    }
    return render(request, "web/confirm.html", context)


def frozen_words(projects: list[dict[str, Any]]) -> str:
    """The sums that are frozen, in words."""
    sums = {name: sum(int(row[name]) for row in projects) for name in ("due", "issued", "remaining")}
    return f"应办{sums['due']:,}套，累计发证{sums['issued']:,}套，剩余{sums['remaining']:,}套"


@access(Permission.REPORT_EXPORT)
@require_GET
def month_workbook(request: Request, month: str) -> HttpResponse:
    """The month's workbook."""
    view = month_view(request.actor, Month.parse(month), now=moment_here())
    content = monthly_workbook(month=view.month, cut_off_on=view.cut_off_on, rows=view.rows, stamp=view.stamp)
    return download(content, f"办证难月报{view.month.label}.xlsx", XLSX)
