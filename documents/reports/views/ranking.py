"""The ranking drilled down: with intervals, and within classes of blockers and years."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from itertools import groupby
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from documents.reports.ranking import ranking_words
from documents.reports.selectors.months import asked_month
from documents.reports.selectors.reports import RANKED, NotCounted, month_view
from registry.kernel.authority import Permission
from registry.kernel.intervals import wilson
from registry.store.access import Request, access
from registry.store.clock import moment_here
from registry.web.charts import interval_chart

OVERLAP = "区间相交的，差别可能出于偶然。"


@access(Permission.REPORT_READ)
@require_GET
def month_ranking(request: Request, month: str) -> HttpResponse:
    """The districts of a month with the interval of each share, overall and in each class."""
    asked = asked_month(month, today=request.today)
    try:
        rows = month_view(request.actor, asked, now=moment_here()).rows
    except NotCounted:
        rows = {}
    ranking, cells = (list(rows.get(name, ())) for name in RANKED)
    whole = [{**row, "done": row["issued_month"], "whole": row["issued_month"] + row["doable"]} for row in ranking]
    by_band = groupby(whole, key=lambda row: row["band_label"])
    by_class = groupby(cells, key=lambda row: f"{row['head']} {row['years']}".strip())
    context = {
        "title": f"{asked.label}排名",
        "month": str(asked),
        "words": ranking_words(ranking),
        "groups": [_group(label, list(rows)) for label, rows in by_band],
        "classes": [_group(label, list(rows)) for label, rows in by_class],
        "overlap": OVERLAP,
    }
    return render(request, "reports/ranking.html", context)


def _group(label: str, rows: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """Districts that are compared with one another: each with its share and the interval of it."""
    lines, drawn = [], []
    for row in rows:
        interval = wilson(row["done"], row["whole"])
        lines.append({**row, "interval": interval.text if interval is not None else "—"})
        if interval is not None:
            share = Decimal(row["done_rate"])
            drawn.append((row["unit"], interval.low, share, interval.high, f"{row['done']:,}/{row['whole']:,}"))
    return {"label": label, "rows": lines, "chart": interval_chart(drawn, label=f"{label}可办办结率")}
