"""Any two days side by side, in figures and in charts."""

from datetime import date, datetime

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.safestring import SafeString
from django.views.decorators.http import require_GET

from documents.reports.forms import DaysForm
from documents.reports.layouts import ROAD
from documents.reports.selectors.days import TwoDays, two_days
from registry.kernel.authority import Permission
from registry.kernel.gates.rest import Rest
from registry.kernel.periods import DAY, Month, midnight_before
from registry.kernel.rates import rate_text
from registry.store.access import Request, access
from registry.web.charts import funnel_chart
from registry.web.svg import bar_list


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
    context = {
        "title": "任一日对比",
        "form": form,
        "shown": shown,
        "known_at": known_at,
        "sides": [] if shown is None else _sides(shown, form.cleaned_data["first"], form.cleaned_data["second"]),
    }
    return render(request, "reports/days.html", context)


def _sides(shown: TwoDays, first: date, second: date) -> list[tuple[date, SafeString, SafeString]]:
    """How far homes were on each of the days, and why what was left was left."""
    sides = []
    for day, is_first in ((first, True), (second, False)):
        road = [(ROAD[code], count) for code, (_, count) in zip(ROAD, shown.side(ROAD, is_first=is_first), strict=True)]
        ((_, left),) = shown.side(["remaining"], is_first=is_first)
        rests = shown.side([rest.value for rest in Rest], is_first=is_first)
        labels = [rest.label for rest in Rest]
        bars = [(label, count, rate_text(count, max(left, 0))) for label, (_, count) in zip(labels, rests, strict=True)]
        sides.append((day, funnel_chart(road, label=f"{day}各环节"), bar_list(bars, label=f"{day}剩余按所处情形")))
    return sides


def _moment(day: date) -> datetime:
    return midnight_before(day + DAY)
