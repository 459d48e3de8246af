"""The 楼盘表 of a building and the panel of the chosen unit."""

from collections import Counter
from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET

from projects.gates.selectors.building import unit_marks
from projects.gates.selectors.pauses import pauses_on_building
from projects.ledger.selectors.counts import Counts, building_counts
from projects.ledger.selectors.projects import project_by_code
from projects.ledger.selectors.table import building_of, buildings_of, grid_of, table_units
from projects.progress.forms import AdvanceForm
from projects.progress.selectors import explained, unit_by_id, unit_card
from projects.progress.selectors.former_places import building_now_at
from registry.kernel.authority import Permission
from registry.kernel.errors import NotFound
from registry.kernel.numerals import whole_number
from registry.kernel.stages import Track
from registry.store.access import Request, access
from registry.web.building_grid import render_grid
from registry.web.unit_marks import STRONGEST

COLOURS = (("certificate", "办证阶段"), ("tax", "契税"), ("fund", "维修资金"))


@access(Permission.UNIT_READ)
@require_GET
def building(request: Request, code: str, number: str) -> HttpResponse:
    """One building, floors top first, coloured by a track, marked by gates. About 21 queries whatever its size."""
    project = project_by_code(request.actor, code)
    moved = building_now_at(request.actor, code, number) if project.code != code else None
    try:
        building = building_of(request.actor, project.id, number)
    except NotFound:
        moved = moved or building_now_at(request.actor, code, number)
        if moved is None:
            raise
    if moved is not None:
        return redirect("progress:building", *moved)
    track = Track(request.GET["by"]) if request.GET.get("by") in {name for name, _ in COLOURS} else Track.CERTIFICATE
    units = table_units(building)
    marks = unit_marks(project.id, building.id, units, on=request.today)
    chosen = request.GET.get("unit", "")
    selected = whole_number(chosen)
    here = reverse("progress:building", args=[code, number])
    heads, rows = grid_of(
        units, url=lambda pk: f"{here}?by={track.value}&unit={pk}", marks=marks, track=track, selected=selected
    )
    counts = building_counts(project.id)
    strip = [
        (other.number, other.name, counts[other.id].at("certificate", "issued"), counts[other.id].due(dwelling=True))
        for other in buildings_of(project.id)
    ]
    context = {
        "title": building.name,
        "project": project,
        "building": building,
        "grid": render_grid(heads, rows, label=f"{building.name} 楼盘表，从高层到低层"),
        "strip": strip,
        "colours": COLOURS,
        "track": track.value,
        "pauses": pauses_on_building(request.actor, building, on=request.today),
        "may_name": request.actor.can(Permission.UNIT_PLACE),
        "may_end": request.actor.can(Permission.PAUSE_DECIDE),
        "own": own_line(counts.get(building.id)),
        "mark_counts": mark_counts(marks),
        "panel": panel_of(request, project, selected),
        "can_reveal": request.actor.can(Permission.IDENTITY_REVEAL),
        "form": advance_form(request),
    }
    return render(request, "progress/building_table.html", context)


def own_line(counts: Counts | None) -> dict[str, Any]:
    """The figures of one building, in primitives."""
    if counts is None:
        return {"due": 0, "stages": {}, "collected": 0, "issued": 0, "others": 0}
    return {
        "due": counts.due(dwelling=True),
        "stages": counts.certificate_stages(),
        "collected": counts.reached("certificate", "collected"),
        "issued": counts.at("certificate", "issued"),
        "others": counts.due(dwelling=False),
    }


def advance_form(request: Request) -> AdvanceForm | None:
    """The form by which a chosen block of homes is moved, for whoever may move any."""
    if not request.actor.can(Permission.UNIT_ADVANCE):
        return None
    return AdvanceForm(actor=request.actor, initial={"occurred_on": request.today})


def mark_counts(marks: dict[int, str]) -> list[tuple[str, int]]:
    """How many units bear each mark."""
    borne = Counter(marks.values())
    return [(name, borne[name]) for name in STRONGEST if borne[name]]


def panel_of(request: Request, project: Any, selected: int | None) -> dict[str, Any] | None:
    """The chosen unit with why, or nothing if none is chosen."""
    if selected is None:
        return None
    try:
        unit = unit_by_id(request.actor, project.id, selected)
    except NotFound:
        return None
    return {**unit_card(request.actor, unit), "why": explained(unit, on=request.today)}


@access(Permission.UNIT_READ)
@require_GET
def unit_panel(request: Request, code: str, pk: int) -> HttpResponse:
    """The panel alone, for a change of the chosen cell without a new page."""
    project = project_by_code(request.actor, code)
    unit = unit_by_id(request.actor, project.id, pk)
    context = {
        "panel": {**unit_card(request.actor, unit), "why": explained(unit, on=request.today)},
        "project": project,
    }
    return render(request, "progress/_unit_panel.html", context)
