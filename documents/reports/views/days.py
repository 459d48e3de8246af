"""Any two days side by side."""

from datetime import date, datetime

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from documents.reports.forms import DaysForm
from documents.reports.selectors.days import two_days
from registry.kernel.authority import Permission
from registry.kernel.periods import DAY, Month, midnight_before
from registry.store.access import Request, access


@access(Permission.REPORT_READ)
@require_GET
def days(request: Request) -> HttpResponse:
    """The figures of two days, as known now or as they were known at the end of a day."""
    this = Month.of(request.today)
    asked = request.GET or {"first": this.previous.last.isoformat(), "second": request.today.isoformat()}
    form = DaysForm(asked)
    shown, known_at = None, None
    if form.is_valid():
        known = form.cleaned_data.get("known_on")
        known_at = _moment(known) if known is not None and known < request.today else None
        shown = two_days(request.actor, form.cleaned_data["first"], form.cleaned_data["second"], known_at=known_at)
    return render(
        request, "reports/days.html", {"title": "任一日对比", "form": form, "shown": shown, "known_at": known_at}
    )


def _moment(day: date) -> datetime:
    return midnight_before(day + DAY)
