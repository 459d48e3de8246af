"""Lists of units and bulk moves: the same rules as single ones, refusals said per unit."""

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods

from projects.gates.metrics import BY_CODE
from projects.gates.selectors.overview import overviews
from projects.ledger.selectors.projects import project_by_code, projects_visible_to
from projects.ledger.selectors.table import buildings_of
from projects.progress.forms import AdvanceForm
from projects.progress.selectors import UNIT_ORDERS, units_of
from projects.progress.selectors.queues import BY_CODE as QUEUES
from projects.progress.services import advance_units
from projects.progress.services.advance import AdvanceRefused
from projects.progress.views.lists import tabs
from registry.kernel.authority import Permission
from registry.kernel.columns import Column
from registry.kernel.numerals import whole_number
from registry.kernel.stages import STAGES, Standing, Track, Use
from registry.store.access import Request, access
from registry.store.keyset import page_after
from registry.web.flash import notify
from registry.web.listing import listing

NAMES = ("building", "use", "certificate", "tax", "fund", "standing", "entrance", "q", "figure", "side", "queue")
SIZE = 100
COLUMNS = (  # by the names of the export, which then holds what is seen
    Column("use", "用途"),
    Column("unit_code", "不动产单元号", kind="code"),
    Column("holders", "权利人"),
    Column("area", "面积 m²", kind="area"),
    Column("agreement", "协议号", kind="code"),
    Column("certificate", "办证"),
    Column("certificate_on", "办理日期", kind="date"),
    Column("tax", "契税"),
    Column("fund", "维修资金"),
    Column("standing", "状态"),
    Column("remark", "备注"),
)
SHOWN = tuple(one.name for one in COLUMNS if one.name not in ("unit_code", "certificate_on", "remark"))
PROJECTS_SIZE = 25  # a project's row is wide: five bars and twelve figures


@access(Permission.UNIT_READ)
@require_GET
def progress(request: Request) -> HttpResponse:
    """The progress of every project that the actor may see, slowest named first."""
    page = page_after(
        projects_visible_to(request.actor), order=("code", "id"), after=request.GET.get("after", ""), size=PROJECTS_SIZE
    )
    rows = overviews([project.id for project in page.rows], on=request.today)
    context = {
        "title": "进度",
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
        "next": page.after,
    }
    return render(request, "progress/progress.html", context)


@access(Permission.UNIT_READ)
@require_GET
def units(request: Request, code: str) -> HttpResponse:
    """The units of a project, filtered, to be chosen and moved."""
    project = project_by_code(request.actor, code)
    filters = {name: request.GET.get(name, "") for name in NAMES}
    chosen = units_of(request.actor, project.id, filters=filters, on=request.today)
    page = listing(
        request,
        name="units",
        queryset=chosen,
        columns=COLUMNS,
        orders=UNIT_ORDERS,
        shown=SHOWN,
        size=SIZE,
        with_total=True,
    )
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
    }
    return render(request, "progress/units.html", context)


@access(Permission.UNIT_ADVANCE)
@require_http_methods(["POST"])
def advance_units_page(request: Request, code: str) -> HttpResponse:
    """Move the chosen units; what was refused is listed with its reason."""
    project = project_by_code(request.actor, code)
    form = AdvanceForm(request.POST, actor=request.actor)
    keys = [key for text in request.POST.getlist("unit") if (key := whole_number(text)) is not None]
    back = reverse("progress:units", args=[code])
    if not form.is_valid():
        message = "；".join(f"{form.fields[name].label}：{errors[0]}" for name, errors in form.errors.items())
        raise AdvanceRefused(f"未办理：{message}")
    if not keys:
        raise AdvanceRefused("未选择户。请在表中勾选需办理的户。")
    words = form.words
    outcome = advance_units(actor=request.actor, project=project, unit_ids=keys, **words)
    if outcome.refused:
        context = {
            "title": "办理结果",
            "project": project,
            "moved": len(outcome.moved),
            "unchanged": len(outcome.unchanged),
            "refused": outcome.refused,
            "back": back,
        }
        return render(request, "progress/outcome.html", context)
    notify(
        request, f"{len(outcome.moved)}户已办理{f'，{len(outcome.unchanged)}户原已办结' if outcome.unchanged else ''}"
    )
    return redirect(back)
