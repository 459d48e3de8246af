"""Pages of the three rates: by district, township, project and executor; each explained by its tickets."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from projects.leads.forms import RateFilter
from projects.leads.metrics import FIGURES
from projects.leads.selectors.quoted import quoted_rates
from projects.leads.selectors.rate_rules import hotline_month_of
from projects.leads.selectors.rates import DIMENSIONS, explained_rates, rate_table
from registry.kernel.authority import Permission
from registry.kernel.errors import NotFound
from registry.kernel.periods import Month
from registry.store.access import Request, access
from registry.store.clock import database_now


def asked(request: Request) -> tuple[RateFilter, Month, str]:
    """The month and the dimension that a request asks for; the month that runs, by district, if it asks for none."""
    form = RateFilter(request.GET, initial={})
    words = form.words
    month = words.get("month") or hotline_month_of(request.today)
    return form, month, str(words.get("by") or "district")


@access(Permission.REPORT_READ)
@require_GET
def rates(request: Request) -> HttpResponse:
    """The three rates of a month by one dimension."""
    form, month, by = asked(request)
    table = rate_table(request.actor, month, by, now=database_now())
    context = {
        "title": "12345三率",
        "filter": form,
        "table": table,
        "by": by,
        "dimension": DIMENSIONS[by],
        "figures": FIGURES,
        "quoted": quoted_rates(),
        "query": f"month={month}&by={by}",
    }
    return render(request, "leads/rates.html", context)


@access(Permission.REPORT_READ)
@require_GET
def unit_rates(request: Request, month: str, by: str, key: str) -> HttpResponse:
    """One unit's rates, explained by its tickets, and what they were if one of them were excluded."""
    if by not in DIMENSIONS:
        raise NotFound("没有这种分类。请从三率列表进入。")
    label, table, rates, rows, left = explained_rates(request.actor, Month.parse(month), by, key, now=database_now())
    context: dict[str, Any] = {
        "title": f"{label} {table.month.label}三率",
        "label": label,
        "table": table,
        "rates": rates,
        "rows": rows,
        "left": left,
        "by": by,
    }
    return render(request, "leads/unit_rates.html", context)
