"""Pages of custody: what of a project lies where, who held a home's papers on a day, one bag and its way."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods

from projects.ledger.selectors.projects import project_by_code
from projects.office.custody_forms import FillBagsForm, HeldFilter, ReturnBagForm, WhoHeldForm
from projects.office.selectors.custody import (
    HELD_ORDERS,
    bags_to_make,
    chosen_held,
    holder_counts,
    item_by_id,
    moves_told,
    units_named,
    who_held,
)
from projects.office.services.custody import fill_bags, return_bag
from registry.kernel.authority import Permission
from registry.kernel.columns import Column
from registry.kernel.custody import ItemKind, Party
from registry.store.access import Request, access
from registry.web.flash import notify
from registry.web.listing import listing
from registry.web.pages import FormPage

HELD_LEADS = (Column("item", "条码"),)
HELD_COLUMNS = (
    Column("unit", "户"),
    Column("contents", "材料"),
    Column("holder", "保管方"),
    Column("since", "自", kind="date"),
    Column("basis", "凭证"),
)


@access(Permission.UNIT_READ)
@require_GET
def custody(request: Request, code: str) -> HttpResponse:
    """What the holders of a project's papers have, and who held those of a home on a day. Six queries."""
    project = project_by_code(request.actor, code)
    counts = holder_counts(request.actor, project)
    holders = [(str(each.organisation or "owner"), each.name) for each in counts]
    form = HeldFilter(request.GET, holders=holders)
    page = listing(
        request,
        name="custody",
        queryset=chosen_held(request.actor, project, form.words),
        columns=HELD_COLUMNS,
        orders=HELD_ORDERS,
        leads=HELD_LEADS,
        with_total=True,
    )
    asked = WhoHeldForm({"room": request.GET.get("room", ""), "on": request.GET.get("on") or request.today})
    held = None
    if asked.words.get("room"):
        on = asked.words.get("on", request.today)
        units = units_named(request.actor, project, asked.words["room"])
        held = [(unit, on, who_held(request.actor, unit, on=on)) for unit in units]
    context = {
        "title": "材料和证书保管",
        "project": project,
        "figures": [_figure(project.code, each) for each in counts],
        "rows": page.rows,
        "page": page,
        "filter": form,
        "asked": asked,
        "held": held,
        "to_fill": bags_to_make(request.actor, project).count(),
        "may_act": request.actor.can(Permission.UNIT_ADVANCE),
    }
    return render(request, "office/custody.html", context)


def _figure(code: str, count: Any) -> dict[str, Any]:
    return {
        "label": count.name,
        "value": f"{count.bags:,}",
        "unit": "袋",
        "url": f"{reverse('office:custody', args=[code])}?holder={count.organisation or 'owner'}",
        "notes": [f"证书{count.certificates:,}本"] if count.certificates else [],
    }


@access(Permission.UNIT_ADVANCE)
@require_http_methods(["GET", "POST"])
def fill_bags_page(request: Request, code: str) -> HttpResponse:
    """Put the papers of homes into bags: of a whole building, or of the rooms named."""
    project = project_by_code(request.actor, code)
    form = FillBagsForm(request.POST or None, project=project)
    if request.method == "POST" and form.is_valid():
        units = form.chosen(bags_to_make(request.actor, project))
        said = {name: form.cleaned_data[name] for name in ("on", "contents", "copies", "originals", "receipt_no")}
        keys = [unit.pk for unit in units]
        if units and form.carry_out(fill_bags, actor=request.actor, project=project, unit_ids=keys, **said):
            notify(request, f"已装袋{len(form.result.moved)}户，可打印条码标签")
            return redirect(f"{reverse('office:labels', args=[code])}?on={form.cleaned_data['on']:%Y-%m-%d}")
    return FormPage(
        "材料装袋",
        "装袋",
        reverse("office:custody", args=[code]),
        project=project,
        intro="一户一袋，每袋一个条码。装袋后由本单位保管，移交时逐袋扫描。",
    ).show(request, form)


@access(Permission.UNIT_READ)
@require_GET
def custody_item(request: Request, pk: int) -> HttpResponse:
    """One bag or certificate: its code, and through whose hands it went. Three queries."""
    item = item_by_id(request.actor, pk)
    moves = moves_told(item)
    last = moves[-1] if moves else None
    is_here = last is not None and last.to_organisation_id == request.actor.organisation_id
    context = {
        "title": str(item),
        "item": item,
        "project": item.unit.building.project,
        "moves": moves[::-1],
        "holder": (last.to_organisation or Party(last.to_party).label) if last else "",
        "last": last,
        "may_return": is_here and item.kind == ItemKind.BAG.value and request.actor.can(Permission.UNIT_ADVANCE),
    }
    return render(request, "office/custody_item.html", context)


@access(Permission.UNIT_ADVANCE)
@require_http_methods(["GET", "POST"])
def return_bag_page(request: Request, pk: int) -> HttpResponse:
    """Give a bag back to its owner on signature."""
    item = item_by_id(request.actor, pk)
    form = ReturnBagForm(request.POST or None)
    if form.submitted(request, return_bag, item=item):
        notify(request, f"已将{item}退还权利人")
        return redirect("office:custody_item", pk=pk)
    return FormPage(
        f"退还材料 {item}",
        "退还权利人",
        reverse("office:custody_item", args=[pk]),
        project=item.unit.building.project,
        intro="退还后该袋的保管记录结束；再次收取材料的，另装一袋。",
    ).show(request, form)


@access(Permission.UNIT_READ)
@require_GET
def labels(request: Request, code: str) -> HttpResponse:
    """The labels of a project's bags, to print and stick on: code, home, project. Three queries."""
    project = project_by_code(request.actor, code)
    form = HeldFilter(request.GET, holders=[])
    words = {**form.words, "kind": ItemKind.BAG.value}
    rows = chosen_held(request.actor, project, words).filter(to_party=Party.OFFICE.value)
    if day := WhoHeldForm(request.GET).words.get("on"):
        rows = rows.filter(on=day, position=1)
    rows = rows.order_by("item__unit__building__number_order", "item_id")[:500]
    context = {"title": "材料袋条码标签", "project": project, "rows": [move.item for move in rows], "on": day}
    return render(request, "office/labels.html", context)
