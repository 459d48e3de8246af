"""Pages of months: the list, one month in ten seconds and sheet by sheet, closing it, the workbook."""

import math
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from documents.render.xlsx import XLSX
from documents.reports.changes import CHANGES, CORRECTED, NUMBERS, STAGES, UNITS, Scope
from documents.reports.layouts import ROAD
from documents.reports.making import name_of, workbook_of
from documents.reports.monthly import rounding_of
from documents.reports.outlook import BINDINGS, OUTLOOK, course
from documents.reports.parts import Part
from documents.reports.selectors.bulletins import ISSUERS, bulletins_for
from documents.reports.selectors.closing import (
    CHECK,
    check_fault,
    last_check,
    unusual,
    waiting_close,
)
from documents.reports.selectors.months import COUNT, asked_month, closed_before
from documents.reports.selectors.numbers import month_numbers
from documents.reports.selectors.outlooks import headline
from documents.reports.selectors.reports import (
    MonthView,
    NotCounted,
    closed_months,
    month_view,
    totals_of,
    view_within,
)
from documents.reports.selectors.signatures import is_asked_for, units_of
from documents.reports.services import propose_close, require_closable
from documents.reports.sheets import AGES, INSTRUCTIONS, PROMISES, overdue_by_organ
from documents.reports.summary import Numbers, figures, rest_rows, sentence, waterfall_steps
from documents.reports.views.places import place_tiles, sparks
from registry.jobs.selectors import is_waiting_for, worker_state
from registry.jobs.services import enqueue
from registry.kernel.authority import Permission
from registry.kernel.columns import Column
from registry.kernel.periods import Month
from registry.kernel.simulation import Binding
from registry.lists.listing import table
from registry.store.access import Request, access
from registry.store.clock import moment_here
from registry.web.charts import funnel_chart, pareto_chart
from registry.web.flash import notify
from registry.web.forms import ConfirmForm
from registry.web.responses import download
from registry.web.svg import Outlook as Burndown
from registry.web.svg import bar_list, outlook_chart, waterfall_chart

HEAD = "head"
SHOWN_ORGANS = 8
SHOWN_BULLETINS = 24


@access(Permission.REPORT_READ)
@require_GET
def reports(request: Request) -> HttpResponse:
    """The closed months, and the ones that may be closed next."""
    closed = closed_months()
    last = Month.parse(closed[0].month).next if closed else Month.of(request.today).previous
    context = {
        "title": "报表",
        "bulletins": list(bulletins_for(request.actor)[:SHOWN_BULLETINS]),
        "may_flash": request.actor.role in ISSUERS,
        "closed": [(row, Month.parse(row.month).label) for row in closed],
        "current": [(str(month), month.label) for month in dict.fromkeys((last, Month.of(request.today)))],
    }
    return render(request, "reports/reports.html", context)


@access(Permission.REPORT_READ)
@require_GET
def month_report(request: Request, month: str) -> HttpResponse:
    """One month: its head, read in ten seconds, or a sheet of it; the numbers are those of its workbook.

    The head and the sheets may be of a district, a township or a project alone.
    """
    asked = asked_month(month, today=request.today)
    try:
        view = month_view(request.actor, asked, now=moment_here())
    except NotCounted:
        return render(request, "reports/uncounted.html", {"title": f"{asked.label}月报", **_counting(str(asked))})
    scope = Scope(*(request.GET.get(name, "") for name in ("district", "township", "code")))
    if scope != Scope():
        view = view_within(view, scope)
    code = request.GET.get("part", "")
    part = next((candidate for candidate in view.parts if candidate.code == code), None)
    context: dict[str, Any] = {
        "title": f"{view.month.label}月报",
        "view": view,
        "month": str(view.month),
        "scope": view.scope_name,
        "within": _query(scope),
        "parts": _tabs(view, scope, part),
        "is_over": asked.last < request.today,
        **(_counting(str(asked)) if view.is_apart else {}),
        "may_bulletin": view.is_closed and view.has_changes and scope == Scope() and request.actor.role in ISSUERS,
        "may_close": request.actor.can(Permission.REPORT_CLOSE) and not view.is_closed,
        "may_export": request.actor.can(Permission.REPORT_EXPORT),
    }
    if part is None and view.has_changes:
        return render(request, "reports/head.html", context | _head(view, scope, request))
    return render(request, "reports/report.html", context | _sheet(request, view, part or view.parts[0]))


def _counting(month: str) -> dict[str, Any]:
    """How the counting of an open month stands, which a large ledger does apart."""
    is_waiting = is_waiting_for(COUNT)
    return {"month": month, "is_counting": is_waiting, "worker": worker_state() if is_waiting else None}


def _query(scope: Scope, **more: str) -> str:
    names = {"district": scope.district, "township": scope.township, "code": scope.code, **more}
    return urlencode({name: value for name, value in names.items() if value})


def _tabs(view: MonthView, scope: Scope, part: Part | None) -> list[dict[str, Any]]:
    sheets = [(sheet.code, sheet.title) for sheet in view.parts]
    shown = [(HEAD, "概览"), *sheets] if view.has_changes else sheets
    current = part.code if part is not None else shown[0][0]
    return [
        {
            "label": label,
            "url": f"?{_query(scope, part='' if code == HEAD else code)}",
            "is_current": code == current,
            "count": None,
        }
        for code, label in shown
    ]


def _sheet(request: Request, view: MonthView, part: Part) -> dict[str, Any]:
    """A sheet as a list: sorted as asked, its sums those of the workbook."""
    rows = view.sheet(part)
    lead, *columns = (replace(column, total=False) for column in part.columns)
    totals = {
        name: value
        for name, value in (totals_of(part.columns, rows, rounding_of(view.rows)) if part.is_summed else {}).items()
        if name in {column.name for column in columns}
    }
    page = table(request, name="month", rows=rows, columns=columns, leads=(lead,), totals=totals)
    return {"part": part, "page": page, "rows": _cells(part.columns, page.rows)}


def _cells(columns: Sequence[Column], rows: Sequence[Any]) -> list[list[tuple[str, str]]]:
    return [[(column.show(row), cell_class(column)) for column in columns] for row in rows]


def _head(view: MonthView, scope: Scope, request: Request) -> dict[str, Any]:
    """What is read in ten seconds: seven figures, one sentence, how 剩余 changed, the bridge, where it is stuck."""
    numbers = month_numbers(view, scope)
    to_ledger, to_changes = (f"?{_query(scope, part=code)}" for code in ("ledger", CHANGES.code))
    links = dict.fromkeys(("due", "cleared_assessed", "registered", "issued", "issued_month", "remaining"), to_ledger)
    rests = rest_rows(numbers)
    drawn, (tiles_title, tiles) = sparks(view.rows), place_tiles(view.rows, scope)
    return {
        "figures": figures(numbers, links),
        "sentence": sentence(numbers),
        "waterfall": waterfall_chart(waterfall_steps(view.rows), label="剩余本月变动"),
        "opening": numbers.of("remaining").opening,
        "closing": numbers.of("remaining").closing,
        "bridge_head": CHANGES.columns,
        "bridge": [
            {"code": row["code"], "term": row["term"], "meaning": row["meaning"],
             "numbers": [row[name] for name, _, _ in NUMBERS]}
            for row in view.rows[CHANGES.code]
        ],
        "rests": rests,
        "rest_chart": bar_list(
            [(row["label"], row["homes"], row["share"]) for row in rests], label="剩余按所处情形"
        ),
        "ahead": _ahead(view),
        "instructions": (view.sheet(INSTRUCTIONS) if INSTRUCTIONS in view.parts else [])[:SHOWN_ORGANS],
        "to_instructions": f"?{_query(scope, part=INSTRUCTIONS.code)}",
        **_charts(view, numbers),
        "to_promises": f"?{_query(scope, part=PROMISES.code)}",
        "to_outlook": f"?{_query(scope, part=OUTLOOK.code)}",
        "unit_head": UNITS.columns,
        "tiles_title": tiles_title,
        "tiles": tiles,
        "units": [
            (
                row["unit"],
                "" if "district" not in row else _query(Scope(row["district"], row.get("township", ""))),
                cells,
                drawn.get((row.get("district", ""), row.get("township", "")), ""),
            )
            for row, cells in zip(
                view.rows[UNITS.code], _cells(UNITS.columns[1:], view.rows[UNITS.code]), strict=True
            )
        ],
        "to_changes": to_changes,
        "to_corrections": f"?{_query(scope, part=CORRECTED.code)}",
        "corrections": len(view.rows[CORRECTED.code]),
    }  # fmt: skip


def _charts(view: MonthView, numbers: Numbers) -> dict[str, Any]:
    """Where homes stay on the way, what holds most of them, for how many years, and whose promises are overdue."""
    types = [(row["label"], row["remaining"]) for row in view.rows.get("types", ())]
    ages = [row for row in view.rows.get(AGES.code, ()) if row["by"] == "入住年限"]
    overdue = overdue_by_organ(view.sheet(PROMISES)) if PROMISES in view.parts else []
    return {
        "funnel": funnel_chart([(label, numbers.of(code).closing) for code, label in ROAD.items()], label="各环节"),
        "pareto": pareto_chart(types, label="剩余按主要问题"),
        "ages": bar_list(
            [(row["label"], row["remaining"], f"{row['projects']}个项目") for row in ages], label="剩余按入住年限"
        ),
        "overdue": overdue[:SHOWN_ORGANS],
    }


def _ahead(view: MonthView) -> dict[str, Any] | None:
    """The burn-down of all that the page speaks of: what was left, the band, the promised day and what it needs."""
    row = headline(view.rows, month=view.month, known_at=view.known_at, is_closed=view.is_closed)
    if row is None or not row["left"]:
        return None
    ends, lefts = row["target_on"], row["left_then"]
    chart = None
    if ends is not None and lefts and row["needed"] is not None:
        low, middle, high = lefts
        needed = math.ceil(Decimal(row["needed"]))
        chart = outlook_chart(Burndown(course(row), date.fromisoformat(ends), low, middle, high, needed))
    return {"row": row, "chart": chart, "binding": BINDINGS[Binding(row["binding"])] if row["binding"] else ""}


def cell_class(column: Column) -> str:
    """Numbers flush right, short texts on one line, long ones wrap."""
    if column.is_number:
        return "n"
    return "nw" if column.width <= 16 else ""


@access(Permission.REPORT_CLOSE)
@require_http_methods(["GET", "POST"])
def close_month_page(request: Request, month: str) -> HttpResponse:
    """What the close of a month will freeze and what is unusual; sent, it is laid before a second person."""
    asked = asked_month(month, today=request.today)
    require_closable(asked, today=request.today)
    view, before = month_view(request.actor, asked, now=moment_here()), closed_before(asked)
    check, waiting, projects = last_check(), waiting_close(asked), len(view.rows["ledger"])
    form = ConfirmForm(request.POST or None, expected=projects)
    if request.method == "POST" and form.is_valid() and form.carry_out(propose_close, actor=request.actor, month=asked):
        notify(request, f"{asked.label}已提请结账，等另一名人员复核")
        return redirect("accounts:approval", form.result.pk)
    fault = check_fault(check, asked)
    faults = [f"勾稽不平：{text}" for text in view.faults]
    context = {
        "title": f"{asked.label}结账",
        "month": str(asked),
        "label": asked.label,
        "cut_off": asked.last,
        "faults": faults,
        "waiting": waiting,
        "head": STAGES.columns,
        "rows": _cells(STAGES.columns, view.rows[STAGES.code]),
        "form": form,
        "projects": projects,
        "frozen": frozen_words(view.rows["ledger"]),
        "corrections": len(view.rows[CORRECTED.code]),
        "unusual": unusual(view.rows, before.entries if before is not None else None),
        "check": check,
        "check_fault": fault,
        "known_at": view.known_at,
        "units": units_of(asked, view.rows),
        "is_asked": is_asked_for(asked),
        "is_checking": is_waiting_for(CHECK),
        "worker": worker_state(),
        "may_propose": not faults and not fault and waiting is None,
    }
    return render(request, "reports/closing.html", context)


def frozen_words(projects: Sequence[Any]) -> str:
    """The sums that are frozen, in words."""
    sums = {name: sum(int(row[name]) for row in projects) for name in ("due", "issued", "remaining")}
    return f"应办{sums['due']:,}套，累计发证{sums['issued']:,}套，剩余{sums['remaining']:,}套"


@access(Permission.REPORT_CLOSE)
@require_POST
def check_ledger_page(request: Request, month: str) -> HttpResponse:
    """Ask for a check of the whole ledger; twice within a minute is one."""
    enqueue(
        actor=request.actor, kind=CHECK, key=f"{CHECK}:{moment_here():%Y%m%d%H%M}", params={}, label="结账前核对台账"
    )
    notify(request, "已列入后台任务，核对完成后回到本页")
    return redirect(reverse("reports:close", args=[str(asked_month(month, today=request.today))]))


@access(Permission.REPORT_READ)
@require_POST
def count_month_page(request: Request, month: str) -> HttpResponse:
    """Ask for an open month of a large ledger to be counted; twice within a minute is one."""
    asked = str(asked_month(month, today=request.today))
    enqueue(actor=request.actor, kind=COUNT, key=f"{COUNT}:{asked}:{moment_here():%Y%m%d%H%M}", params={"month": asked})
    notify(request, "已列入后台任务，算完后回到本页")
    return redirect("reports:report", asked)


@access(Permission.REPORT_EXPORT)
@require_GET
def month_workbook(request: Request, month: str) -> HttpResponse:
    """The month's workbook."""
    view = month_view(request.actor, asked_month(month, today=request.today), now=moment_here())
    content = workbook_of(view, unit=request.actor.organisation_name)
    return download(content, name_of(view), XLSX)
