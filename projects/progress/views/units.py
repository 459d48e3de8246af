"""Lists of units and bulk moves: the same rules as single ones, refusals said per unit."""

from collections.abc import Sequence
from typing import Any
from urllib.parse import urlsplit

from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods

from projects.gates.metrics import BY_CODE
from projects.gates.selectors.overview import headlines
from projects.ledger.selectors.counts import Counts, summed_counts
from projects.ledger.selectors.projects import project_by_code, projects_visible_to
from projects.ledger.selectors.table import buildings_of
from projects.progress.forms import AdvanceForm, AdvanceManyForm
from projects.progress.selectors import LIST_WORDS, UNIT_ORDERS, units_of
from projects.progress.selectors.by_project import PROGRESS_ORDERS
from projects.progress.selectors.queues import BY_CODE as QUEUES
from projects.progress.services import advance_units
from projects.progress.services.advance import AdvanceRefused, Outcome, plan_moves
from projects.progress.services.submissions import may_hand_in, may_return, standing_of
from projects.progress.views.lists import tabs
from registry.kernel.authority import Permission
from registry.kernel.columns import Column
from registry.kernel.numerals import whole_number
from registry.kernel.rates import rate
from registry.kernel.stages import STAGES, Standing, Track, Use, stage_of
from registry.lists import listing as lists
from registry.store.access import Request, access, is_address_here
from registry.web.flash import notify
from registry.web.listing import listing, sums

SIZE = 100
LEADS = (Column("unit", "户"),)
COLUMNS = (  # by the names of the export, which then holds what is seen
    Column("use", "用途"),
    Column("unit_code", "不动产单元号", kind="code"),
    Column("holders", "权利人"),
    Column("area", "面积 m²", kind="area", total=True),
    Column("agreement", "协议号", kind="code"),
    Column("certificate", "办证"),
    Column("certificate_on", "办理日期", kind="date"),
    Column("papers", "送件、退回"),
    Column("tax", "契税"),
    Column("fund", "维修资金"),
    Column("standing", "状态"),
    Column("remark", "备注"),
)
SHOWN = tuple(one.name for one in COLUMNS if one.name not in ("unit_code", "certificate_on", "papers", "remark"))
AT_THE_CENTRE = ("submit", "accept", "mend")  # queues whose lists show where papers are
PROGRESS_LEADS = (Column("name", "项目"),)
PROGRESS = (
    Column("due", "应办", kind="int"),
    Column("unassessed", "未研判", kind="int"),
    Column("cleared", "已打通", kind="int"),
    Column("cleared_rate", "打通率", kind="rate"),
    Column("ready", "可办", kind="int"),
    Column("collected", "已收材料", kind="int"),
    Column("tax", "已完税", kind="int"),
    Column("fund", "维修资金已交清", kind="int"),
    Column("accepted", "已受理", kind="int"),
    Column("recorded", "已登簿", kind="int"),
    Column("issued", "已发证", kind="int"),
    Column("issued_rate", "发证率", kind="rate"),
    Column("stages", "进度"),
)
PROJECTS_SIZE = 25  # a project's row is wide: five bars and twelve figures


@access(Permission.UNIT_READ)
@require_GET
def progress(request: Request) -> HttpResponse:
    """The progress of every project that the actor may see, with the totals over all of them."""
    every = projects_visible_to(request.actor)
    page = lists.listing(
        request,
        name="progress",
        queryset=every,
        columns=PROGRESS,
        orders=PROGRESS_ORDERS,
        leads=PROGRESS_LEADS,
        size=PROJECTS_SIZE,
        with_total=True,
        totals=progress_totals(summed_counts(every, *(track.value for track in Track))),
    )
    rows = headlines([project.id for project in page.rows], on=request.today)
    context = {
        "title": "进度",
        "page": page,
        "tabs": tabs(""),
        "rows": [
            {
                "project": project,
                "row": rows[project.id],
                "stages": rows[project.id].counts.certificate_stages(),
                "collected": rows[project.id].reached("collected"),
                "accepted": rows[project.id].reached("accepted"),
                "recorded": rows[project.id].reached("recorded"),
                "tax": rows[project.id].counts.reached("tax", "settled"),
                "fund": rows[project.id].counts.reached("fund", "settled"),
            }
            for project in page.rows
        ],
    }
    return render(request, "progress/progress.html", context)


def progress_totals(counts: Counts) -> dict[str, object]:
    """The sums of the list over all its projects; what hangs on gates is in the monthly report."""
    due, issued = counts.due(dwelling=True), counts.at("certificate", "issued")
    reached = {stage: counts.reached("certificate", stage) for stage in ("collected", "accepted", "recorded")}
    settled = {track: counts.reached(track, "settled") for track in ("tax", "fund")}
    return {"due": due, **reached, **settled, "issued": issued, "issued_rate": rate(issued, due)}


@access(Permission.UNIT_READ)
@require_GET
def units(request: Request, code: str) -> HttpResponse:
    """The units of a project, filtered, to be chosen and moved."""
    project = project_by_code(request.actor, code)
    filters = {name: request.GET.get(name, "") for name in LIST_WORDS}
    chosen = units_of(request.actor, project.id, filters=filters, on=request.today)
    is_papers = filters["queue"] in AT_THE_CENTRE
    page = listing(
        request,
        name="units",
        queryset=chosen,
        columns=COLUMNS,
        orders=UNIT_ORDERS,
        leads=LEADS,
        totals=sums(chosen, COLUMNS),
        shown=(*SHOWN, "papers") if is_papers else SHOWN,
        size=SIZE,
        with_total=True,
    )
    show_papers(page.rows)
    context = {
        "title": "户",
        "project": project,
        "page": page,
        "rows": page.rows,
        "filters": filters,
        "buildings": buildings_of(project.id),
        "uses": [(use.value, use.label) for use in Use],
        "tracks": [(track.value, track.label, [(s.code, s.label) for s in STAGES[track]]) for track in Track],
        "standings": [(one.value, one.label) for one in Standing],
        "form": AdvanceForm(actor=request.actor, initial={"occurred_on": request.today}),
        "queue": QUEUES.get(filters["queue"]),
        "figure": BY_CODE[filters["figure"]] if filters["figure"] else None,
        "can_advance": request.actor.can(Permission.UNIT_ADVANCE),
        "may_hand_in": filters["queue"] in ("submit", "mend") and may_hand_in(request.actor),
        "may_return": filters["queue"] in ("submit", "accept") and may_return(request.actor),
    }
    return render(request, "progress/units.html", context)


def show_papers(units: Sequence[Any]) -> None:
    """Give each home of a page what stands of its papers, if it waits for 受理. One query."""
    rows = standing_of([unit.id for unit in units if unit.certificate == "collected"])
    for unit in units:
        unit.papers_shown = rows.get(unit.id)


@access(Permission.UNIT_ADVANCE)
@require_http_methods(["POST"])
def advance_units_page(request: Request, code: str) -> HttpResponse:
    """Move the chosen units; many are first said in numbers. Afterwards one is where one was."""
    project = project_by_code(request.actor, code)
    keys = chosen_units(request, project)
    if len(keys) > 1 or "save" in request.POST:
        return _advance_many(request, project, keys)
    form = AdvanceForm(request.POST, actor=request.actor)
    if not form.is_valid():
        message = "；".join(f"{form.fields[name].label}：{errors[0]}" for name, errors in form.errors.items())
        raise AdvanceRefused(f"未办理：{message}")
    if not keys:
        raise AdvanceRefused("未选择户。请在表中勾选需办理的户。")
    outcome = advance_units(actor=request.actor, project=project, unit_ids=keys, **form.words)
    return done(request, project, outcome, set())


def chosen_units(request: Request, project: Any) -> list[int]:
    """The units ticked, or all that the filter of the list matches now."""
    if not request.POST.get("every"):
        return [key for text in request.POST.getlist("unit") if (key := whole_number(text)) is not None]
    filters = QueryDict(urlsplit(request.POST.get("next", "")).query)
    chosen = units_of(
        request.actor, project.id, filters={name: filters.get(name, "") for name in LIST_WORDS}, on=request.today
    )
    return list(chosen.values_list("id", flat=True))


def _advance_many(request: Request, project: Any, keys: list[int]) -> HttpResponse:
    """Say in numbers what will happen and what will not; carry it out once that was agreed to."""
    first = AdvanceForm(request.POST, actor=request.actor)
    if not first.is_valid():
        message = "；".join(f"{first.fields[name].label}：{errors[0]}" for name, errors in first.errors.items())
        raise AdvanceRefused(f"未办理：{message}")
    words = first.words
    plan = plan_moves(
        actor=request.actor,
        project=project,
        unit_ids=keys,
        **{name: words[name] for name in ("track", "to", "occurred_on")},
    )
    if not plan.moved:
        raise AdvanceRefused("所选户均不符合办理条件。", rows=plan.refused)
    expected = len(plan.moved) if request.POST.get("every") else None
    is_agreed = "save" in request.POST
    form = AdvanceManyForm(
        request.POST if is_agreed else None,
        actor=request.actor,
        expected=expected,
        initial={**request.POST.dict(), "unit": [] if request.POST.get("every") else keys},
        target=request.POST.get("target", ""),
    )
    if (
        is_agreed
        and form.is_valid()
        and form.carry_out(advance_units, actor=request.actor, project=project, unit_ids=keys, **form.words)
    ):
        return done(request, project, form.result, {refusal.unit_id for refusal in plan.refused})
    stage = stage_of(words["track"], words["to"]).label
    context = {
        "title": f"办理至“{stage}”：{len(plan.moved)}户",
        "form": form,
        "project": project,
        "intro": f"{project.name}，所选{len(keys):,}户。",
        "lines": [f"{len(plan.moved):,}户办理至“{stage}”，办理日期{words['occurred_on']}"],
        "not_lines": [f"{count:,}户不办：{reason}（如{label}）" for reason, count, label in plan.reasons]
        + ([f"{len(plan.unchanged):,}户原已是“{stage}”，不重复办理"] if plan.unchanged else []),
        "count_label": "填入将会办理的户数，确认已核对",
        "unit": "户",
        "submit_label": f"办理：{len(plan.moved):,}户",
        "second_person": "整批办错的，在批量办理记录里提请撤销，经另一名人员确认",
        "cancel_url": place_begun(request, project),
    }
    return render(request, "web/confirm.html", context)


def place_begun(request: Request, project: Any) -> str:
    """The page that the act was begun on, with its filter and order."""
    place = request.POST.get("next", "")
    return place if is_address_here(request, place) else reverse("progress:units", args=[project.code])


def done(request: Request, project: Any, outcome: Outcome, known: set[int]) -> HttpResponse:
    """Say what was done, where it was begun; what was refused and not said before is listed with its reason."""
    if {refusal.unit_id for refusal in outcome.refused} - known:
        context = {
            "title": "办理结果",
            "project": project,
            "moved": len(outcome.moved),
            "unchanged": len(outcome.unchanged),
            "refused": outcome.refused,
            "back": place_begun(request, project),
        }
        return render(request, "progress/outcome.html", context)
    parts = [f"{len(outcome.moved)}户已办理"]
    parts += [f"原已办结{len(outcome.unchanged)}户"] if outcome.unchanged else []
    parts += [f"{len(outcome.refused)}户未办理"] if outcome.refused else []
    notify(request, "，".join(parts))
    return redirect(place_begun(request, project))
