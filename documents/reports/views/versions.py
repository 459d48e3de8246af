"""填报 and 审核 of a month by its units, and its versions side by side."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from documents.reports.choices import SignatureKind
from documents.reports.forms import RestateForm
from documents.reports.selectors.closing import waiting_restatement
from documents.reports.selectors.months import asked_month
from documents.reports.selectors.reports import month_view
from documents.reports.selectors.signatures import Unit, is_asked_for, units_of, units_seen_by
from documents.reports.selectors.versions import closed_month, versions_of
from documents.reports.services.restating import propose_restatement
from documents.reports.services.signing import report_month, review_month
from registry.kernel.authority import Permission, Role
from registry.store.access import Request, access
from registry.store.clock import moment_here
from registry.store.once import once
from registry.web.flash import notify
from registry.web.pages import FormPage


@access(Permission.REPORT_READ)
@require_GET
def month_units(request: Request, month: str) -> HttpResponse:
    """Which unit reported its part of a month, which district reviewed, and of which figures."""
    asked = asked_month(month, today=request.today)
    view = month_view(request.actor, asked, now=moment_here())
    units = units_seen_by(request.actor, units_of(asked, view.rows)) if view.has_changes else []
    context = {
        "title": f"{asked.label}填报、审核",
        "month": str(asked),
        "known_at": view.known_at,
        "is_closed": view.is_closed,
        "is_asked": is_asked_for(asked),
        "units": [(unit, _acts(request, unit) if not view.is_closed else []) for unit in units],
    }
    return render(request, "reports/units.html", context)


def _acts(request: Request, unit: Unit) -> list[tuple[str, str]]:
    """What the reader may do about a unit: the kind, and its word."""
    actor = request.actor
    if not actor.can(Permission.REPORT_SIGN):
        return []
    own = unit.area_code == actor.area_code
    acts = []
    if own and unit.reports_itself and not unit.is_reported:
        acts.append(("report", "填报"))
    if own and unit.is_district and actor.role == Role.DISTRICT and not unit.is_reviewed:
        acts.append(("review", "审核"))
    return acts


@access(Permission.REPORT_SIGN)
@require_POST
def sign_unit(request: Request, month: str, kind: str) -> HttpResponse:
    """Report or review the actor's own part of a month."""
    asked = asked_month(month, today=request.today)
    back = redirect("reports:units", str(asked))
    service: Any = {"report": report_month, "review": review_month}.get(kind)
    if service is None:
        return back
    with once(request.POST.get("once", "")):
        service(actor=request.actor, month=asked, area_code=request.actor.area_code)
    notify(request, f"已{SignatureKind(kind).label}{asked.label}的数")
    return back


@access(Permission.REPORT_READ)
@require_GET
def month_versions(request: Request, month: str) -> HttpResponse:
    """A closed month as closed and as restated, side by side."""
    asked = asked_month(month, today=request.today)
    shown = versions_of(request.actor, asked)
    context = {
        "title": f"{asked.label}各版",
        "month": str(asked),
        "shown": shown,
        "heads": ["结账", *(f"第{row.version}版" for row in shown.restatements)],
        "waiting": waiting_restatement(asked),
        "may_restate": request.actor.can(Permission.REPORT_CLOSE) and bool(shown.figures),
    }
    return render(request, "reports/versions.html", context)


@access(Permission.REPORT_CLOSE)
@require_http_methods(["GET", "POST"])
def restate_page(request: Request, month: str) -> HttpResponse:
    """Lay a restatement of a closed month before a second person."""
    asked = asked_month(month, today=request.today)
    closed_month(asked)
    form = RestateForm(request.POST or None)
    if form.submitted(request, propose_restatement, month=asked):
        notify(request, f"{asked.label}已提请重述，等另一名人员复核")
        return redirect("accounts:approval", form.result.pk)
    return FormPage(
        f"重述{asked.label}",
        "提请重述",
        reverse("reports:versions", args=[asked]),
        intro="按此刻所知重新计算这个月，另存一版；结账数不改，下月期初仍为结账数。由另一名人员复核后生效。",
        crumbs=[("报表", reverse("reports:reports")), (str(asked), reverse("reports:report", args=[asked]))],
    ).show(request, form)
