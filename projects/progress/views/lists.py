"""Tax and fund: how many homes of each project stand on which stage, each number opening its list."""

from urllib.parse import urlencode

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET

from projects.ledger.selectors.counts import present_counts, summed_counts
from projects.ledger.selectors.projects import projects_visible_to
from projects.progress.selectors.by_project import SIDES, side_orders
from registry.kernel.authority import Permission
from registry.kernel.columns import Column
from registry.kernel.stages import STAGES, Track
from registry.lists.listing import listing
from registry.store.access import Request, access

LISTS = {"tax": Track.TAX, "fund": Track.FUND}
LEADS = (Column("name", "项目"),)


@access(Permission.UNIT_READ)
@require_GET
def track_list(request: Request, track: str) -> HttpResponse:
    """契税清单 or 维修资金清单: the projects with their counts by stage. Six queries."""
    if track not in LISTS:
        raise Http404
    stages = STAGES[LISTS[track]]
    every = projects_visible_to(request.actor)
    sums = summed_counts(every, track)
    columns = [
        Column(f"{side}_{stage.code}", f"{label} {stage.label}（{unit}）", kind="int")
        for side, (_, label, unit) in enumerate(SIDES)
        for stage in stages
    ]
    page = listing(
        request,
        name=track,
        queryset=every,
        columns=columns,
        orders=side_orders(LISTS[track]),
        leads=LEADS,
        with_total=True,
        totals={
            f"{side}_{stage.code}": sums.at(track, stage.code, dwelling=homes)
            for side, (homes, _, _) in enumerate(SIDES)
            for stage in stages
        },
    )
    counts = present_counts([project.id for project in page.rows])
    rows = [
        {
            "project": project,
            "cells": [
                (counts[project.id].at(track, stage.code, dwelling=homes), link(project.code, track, stage.code, homes))
                for homes, _, _ in SIDES
                for stage in stages
            ],
        }
        for project in page.rows
    ]
    context = {
        "title": f"{LISTS[track].label}清单",
        "track": track,
        "tabs": tabs(track),
        "page": page,
        "rows": rows,
    }
    return render(request, "progress/track_list.html", context)


def link(code: str, track: str, stage: str, homes: bool) -> str:
    """The units behind a number: the list in which they are chosen and moved."""
    words = {track: stage, "side": "homes" if homes else "others"}
    return f"{reverse('progress:units', args=[code])}?{urlencode(words)}"


def tabs(current: str) -> list[dict[str, object]]:
    """The pages of progress, as tabs."""
    pages = [("办证进度", reverse("progress:progress"), "")]
    pages += [
        (f"{track.label}清单", reverse("progress:track_list", args=[name]), name) for name, track in LISTS.items()
    ]
    pages.append(("清单不符", reverse("progress:mismatches"), "mismatches"))
    return [{"label": label, "url": url, "is_current": name == current, "count": None} for label, url, name in pages]
