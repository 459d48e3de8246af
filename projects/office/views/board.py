"""The board of the office, and the sheet for a day without network."""

from datetime import date

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from projects.ledger.selectors.projects import project_by_code
from projects.office.metrics import FIGURES, figures_of
from projects.office.queue_forms import DayForm
from projects.office.selectors.board import ages_of, trips_by_month, trips_of, week_ahead
from projects.office.selectors.checklists import office_settings
from projects.office.selectors.queue import times_of
from projects.office.selectors.tally import STEPS, tally_of
from projects.office.services.powers import is_at_counter
from projects.office.views.tabs import office_project, office_tabs
from registry.kernel.authority import Permission
from registry.store.access import Request, access

ROWS = 20


@access(Permission.UNIT_READ)
@require_GET
def board(request: Request, code: str) -> HttpResponse:
    """What lies where and how long, what today took, how often families came this year, what the week asks."""
    project = project_by_code(request.actor, code)
    today = request.today
    settings = office_settings(project.district_code, on=today)
    since, ages = date(today.year, 1, 1), ages_of(project, on=today)
    counts = {age.code: age.count for age in ages}
    clerks, each = settings["office.clerks"], settings["office.daily"]
    context = {
        "title": "办证看板",
        "project": project,
        "tabs": office_tabs(project, "board", request.actor),
        "times": times_of(project, on=today),
        "ages": ages,
        "unsent": counts.get("collected", 0),
        "unclaimed": counts.get("printed", 0),
        "figures": FIGURES,
        "months": [(month, figures_of(month)) for month in trips_by_month(project, on=today)],
        "trips": trips_of(project, since=since, until=today),
        "since": since,
        "until": today,
        "forecast": week_ahead(project, on=today, clerks=clerks, each=each),
        "may_act": is_at_counter(request.actor),
        "clerks": clerks,
        "each": each,
    }
    return render(request, "office/board.html", context)


@access(Permission.UNIT_READ)
@require_GET
def day_tally(request: Request, code: str) -> HttpResponse:
    """What the office did on a day, for the township: families, homes by step, calls, lists. Ten queries."""
    project = project_by_code(request.actor, code)
    form = DayForm(request.GET)
    day = form.day or request.today
    context = {
        "title": "办证日报",
        "project": project,
        "tabs": office_tabs(project, "board", request.actor),
        "day": day,
        "tally": tally_of(project, on=day),
        "times": times_of(project, on=day),
        "steps": STEPS,
    }
    return render(request, "office/day.html", context)


@access(Permission.UNIT_ADVANCE)
@require_GET
def fallback_sheet(request: Request, code: str) -> HttpResponse:
    """The sheet to print for a day without network; its number goes with what is typed in afterwards. No more query."""
    project = office_project(request, code)
    context = {
        "title": "停网登记表",
        "project": project,
        "number": f"{project.code}-{request.today:%Y%m%d}",
        "rows": range(1, ROWS + 1),
    }
    return render(request, "office/sheet.html", context)
