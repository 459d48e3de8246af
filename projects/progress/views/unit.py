"""One unit: why, its moves, corrections, standing, clear text on a stated reason."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods

from projects.gates.selectors.pauses import pauses_on_unit
from projects.ledger.selectors.projects import project_by_code
from projects.ledger.services.reveal import reveal_holder
from projects.progress.approvals import CORRECTION, STANDING
from projects.progress.forms import CorrectionForm, RevealForm, StandingForm
from projects.progress.selectors import (
    LIST_WORDS,
    UNIT_ORDERS,
    explained,
    holder_of,
    submission_of,
    unit_by_id,
    unit_card,
    units_of,
)
from projects.progress.selectors.former_places import unit_now_at
from projects.progress.services import change_standing
from projects.progress.services.submissions import may_hand_in, may_return
from registry.accounts.services.approvals import propose
from registry.kernel.authority import Actor, Permission
from registry.kernel.errors import NotFound
from registry.kernel.stages import Standing
from registry.lists.listing import query_without
from registry.lists.orders import order_named
from registry.store.access import Request, access
from registry.store.keyset import place_of
from registry.web.flash import notify
from registry.web.pages import FormPage
from registry.web.panels import shown_panels


@access(Permission.UNIT_READ)
@require_GET
def unit(request: Request, code: str, pk: int) -> HttpResponse:
    """The card of a unit."""
    project = project_by_code(request.actor, code)
    try:
        unit = unit_by_id(request.actor, project.id, pk)
    except NotFound:
        moved = unit_now_at(request.actor, code, pk)
        if moved is None:
            raise
        return redirect("progress:unit", moved, pk)
    context = {
        "walk": list_walk(request, project, unit),
        "title": f"{unit.building}{unit}",
        **unit_card(request.actor, unit),
        "why": explained(unit, on=request.today),
        "pauses": pauses_on_unit(request.actor, unit, on=request.today),
        "may_end": request.actor.can(Permission.PAUSE_DECIDE),
        **papers_acts(request.actor, unit),
        "side": shown_panels("unit.side", actor=request.actor, unit=unit),
        "can_correct": request.actor.can(Permission.CORRECTION_PROPOSE),
        "can_hold": request.actor.can(Permission.UNIT_STANDING),
        "can_reveal": request.actor.can(Permission.IDENTITY_REVEAL),
    }
    return render(request, "progress/unit.html", context)


def papers_acts(actor: Actor, unit: Any) -> dict[str, Any]:
    """What stands of a home's papers while it waits for 受理, and what the actor may do about them. One query."""
    is_here = unit.certificate == "collected" and unit.standing == Standing.ACTIVE
    row = submission_of(unit) if unit.certificate == "collected" else None
    is_back = row is not None and row.returned_on is not None
    return {
        "submission": row,
        "may_hand_in": is_here and (row is None or is_back) and may_hand_in(actor),
        "may_return": is_here and not is_back and may_return(actor),
        "may_take_back": row is not None and (may_return(actor) if is_back else may_hand_in(actor)),
    }


def list_walk(request: Request, project: Any, unit: Any) -> dict[str, Any] | None:
    """Where the home stands in the list that it was opened from, and the way to its neighbours; None if from none.

    After an act one goes on to the next of a queue, which the home then leaves; of any other list one stays here.
    """
    filters = {name: request.GET.get(name, "") for name in LIST_WORDS}
    if not any(filters.values()):
        return None
    order = order_named(UNIT_ORDERS, request.GET.get("order"))
    chosen = order.applied(units_of(request.actor, project.id, filters=filters, on=request.today))
    place = place_of(chosen, order=order.fields, key=unit.pk)
    if place is None:
        return None
    query = query_without(request.GET, "after", "columns")

    def address(neighbour: Any) -> str:
        return f"{reverse('progress:unit', args=[project.code, neighbour.pk])}?{query}" if neighbour else ""

    behind = address(place.behind)
    return {
        "place": place,
        "before": address(place.before),
        "behind": behind,
        "list": f"{reverse('progress:units', args=[project.code])}?{query}",
        "onward": behind if filters["queue"] and behind else "",
    }


@access(Permission.CORRECTION_PROPOSE)
@require_http_methods(["GET", "POST"])
def propose_correction(request: Request, code: str, pk: int) -> HttpResponse:
    """Propose to take back the last record of a unit; a second person confirms."""
    project = project_by_code(request.actor, code)
    unit = unit_by_id(request.actor, project.id, pk)
    form = CorrectionForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        track, reason = form.cleaned_data["track"], form.cleaned_data["reason"]
        payload = {"unit": unit.id, "track": track.value, "reason": reason}
        if form.carry_out(
            propose,
            actor=request.actor,
            kind=CORRECTION,
            title=f"更正{unit.building}{unit}的“{track.label}”",
            payload=payload,
            reason=reason,
            subject=unit,
            project_key=project.id,
            project_name=project.name,
            area_code=project.district_code,
        ):
            notify(request, "已提请更正，待区专班另一名人员复核")
            return redirect("progress:unit", code=code, pk=pk)
    return FormPage(
        f"更正 {unit.building}{unit}",
        "提请更正",
        reverse("progress:unit", args=[code, pk]),
        project=project,
        intro="更正即撤销最后一条办理记录、退回上一阶段，原记录仍可查询。经区专班另一名人员复核同意后生效。",
    ).show(request, form)


@access(Permission.UNIT_STANDING)
@require_http_methods(["GET", "POST"])
def change_standing_page(request: Request, code: str, pk: int) -> HttpResponse:
    """Hold, carry, exclude or restore a unit."""
    project = project_by_code(request.actor, code)
    unit = unit_by_id(request.actor, project.id, pk)
    form = StandingForm(request.POST or None, initial={"on": request.today, "standing": unit.standing})
    if request.method == "POST" and form.is_valid() and change_standing.needs_second(**form.cleaned_data, units=[unit]):
        words = {**form.cleaned_data, "units": [unit.id]}
        label = words["standing"].label
        if form.carry_out(
            propose,
            actor=request.actor,
            kind=STANDING,
            title=f"{unit.building}{unit}改为“{label}”",
            payload=words,
            reason=words["evidence"],
            subject=unit,
            project_key=project.id,
            project_name=project.name,
            area_code=project.district_code,
        ):
            notify(request, f"已提请{label}，待复核")
            return redirect("progress:unit", code=code, pk=pk)
    elif form.submitted(request, change_standing, project=project, unit_ids=[unit.id]):
        notify(request, f"{unit.building}{unit}状态已变更为“{Standing(form.cleaned_data['standing']).label}”")
        return redirect("progress:unit", code=code, pk=pk)
    return FormPage(
        f"变更状态 {unit.building}{unit}",
        "变更状态",
        reverse("progress:unit", args=[code, pk]),
        project=project,
        intro="暂缓、挂账的户留在应办总数里；只有重复、已拆除、不属于台账范围的才核减。挂账、核减和它们的恢复经另一名人员复核后生效。",
    ).show(request, form)


@access(Permission.IDENTITY_REVEAL)
@require_http_methods(["GET", "POST"])
def reveal_holder_page(request: Request, code: str, pk: int, holder: int) -> HttpResponse:
    """Show the clear data of one holder, once, after the reason is on record."""
    project = project_by_code(request.actor, code)
    unit_by_id(request.actor, project.id, pk)
    owner = holder_of(request.actor, unit_id=pk, pk=holder)
    form = RevealForm(request.POST or None)
    if form.submitted(request, reveal_holder, holder=owner):
        context = {
            "title": "完整信息",
            "project": project,
            "clear": form.result,
            "back": reverse("progress:unit", args=[code, pk]),
        }
        return render(request, "progress/revealed.html", context)
    return FormPage(
        f"查看完整信息 {owner.name_masked}",
        "查看",
        reverse("progress:unit", args=[code, pk]),
        project=project,
        intro="每次查看均记入操作记录，包括查看人、时间和事由。",
    ).show(request, form)
