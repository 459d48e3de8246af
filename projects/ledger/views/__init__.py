"""Pages of projects: the list, the page where everything about one is found, its own data."""

from datetime import date
from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods

from projects import ports
from projects.ledger.choices import CUT_OFF
from projects.ledger.filters import ProjectFilter
from projects.ledger.forms import (
    AliasForm,
    ApplicantForm,
    CheckRevealsForm,
    DeveloperForm,
    NoteForm,
    ParticularsForm,
    PlanForm,
    ProjectForm,
    UnitNamesForm,
)
from projects.ledger.selectors.counts import Counts, present_counts, summed_counts
from projects.ledger.selectors.names import (
    building_by_number,
    names_of,
    picked,
    proposals_for,
    read_rows,
    units_named,
)
from projects.ledger.selectors.particulars import known_particulars
from projects.ledger.selectors.projects import (
    PROJECT_ORDERS,
    days_past_plan,
    issue_words,
    next_code,
    project_by_code,
    project_head,
    projects_visible_to,
)
from projects.ledger.selectors.reveals import day_named, day_of_reveals
from projects.ledger.selectors.table import buildings_of
from projects.ledger.services.names import accept_names
from projects.ledger.services.particulars import add_alias, name_applicant, set_developer
from projects.ledger.services.projects import add_note, change_project, take_in_project
from projects.ledger.services.reveal import check_reveals
from registry.accounts.selectors.areas import township_choices
from registry.accounts.selectors.settings import setting_on
from registry.audit.selectors import chain_timeline
from registry.kernel.authority import Permission
from registry.kernel.columns import Column
from registry.kernel.errors import DomainError
from registry.kernel.numerals import whole_number
from registry.kernel.rates import rate
from registry.store.access import Request, access
from registry.web.actions import actions_for, menus_for, primary_for
from registry.web.flash import notify
from registry.web.listing import listing
from registry.web.pages import Aside, FormPage
from registry.web.panels import shown_panels

LEADS = (Column("name", "项目"),)
COLUMNS = (  # by the names of the export, which then holds what is seen
    Column("district", "区、街乡"),
    Column("housing_type", "房屋类型"),
    Column("status", "状态"),
    Column("issue", "主要问题"),
    Column("officer", "责任人"),
    Column("target_on", "计划清零", kind="date"),
    Column("due", "应办", kind="int"),
    Column("unassessed", "未研判", kind="int"),
    Column("collected", "已收材料", kind="int"),
    Column("issued", "已发证", kind="int"),
    Column("issued_rate", "发证率", kind="rate"),
    Column("remaining", "剩余", kind="int"),
    Column("others", "商业、配套（间）", kind="int"),
    Column("stages", "进度"),
)
SHOWN = tuple(one.name for one in COLUMNS if one.name not in ("officer", "target_on"))


@access(Permission.PROJECT_READ)
@require_GET
def projects(request: Request) -> HttpResponse:
    """The projects that the actor may see, with their figures from the tallies.

    Ten queries; eleven for who sees the whole city and chooses a district.
    """
    chosen = ProjectFilter(request.GET, queryset=projects_visible_to(request.actor))
    page = listing(
        request,
        name="projects",
        queryset=chosen.qs,
        columns=COLUMNS,
        orders=PROJECT_ORDERS,
        leads=LEADS,
        shown=SHOWN,
        with_total=True,
        totals=project_totals(summed_counts(chosen.qs)),
    )
    ids = [project.id for project in page.rows]
    counts, assessed, issues = present_counts(ids), ports.assessed_projects(ids, on=request.today), issue_words()
    context = {
        "title": "项目",
        "filter": chosen,
        "page": page,
        "rows": [
            {
                **project_row(project, counts[project.id], project.id in assessed, request.today),
                "issue": issues.get(project.primary_issue, ""),
            }
            for project in page.rows
        ],
        "can_set_participants": request.actor.can(Permission.PARTICIPATION_SET),
        "can_create": request.actor.can(Permission.PROJECT_CREATE),
    }
    return render(request, "ledger/projects.html", context)


def project_totals(counts: Counts) -> dict[str, Any]:
    """The sums of the list over all its projects; a rate is that of the sums."""
    due, issued = counts.due(dwelling=True), counts.at("certificate", "issued")
    return {
        "due": due,
        "collected": counts.reached("certificate", "collected"),
        "issued": issued,
        "issued_rate": rate(issued, due),
        "remaining": due - issued,
        "others": counts.due(dwelling=False),
    }


def project_row(project: Any, counts: Any, is_assessed: bool, today: date) -> dict[str, Any]:
    """One line of the list: primitives only. `unassessed` are the homes of a project that nobody has assessed."""
    due, issued = counts.due(dwelling=True), counts.at("certificate", "issued")
    return {
        "project": project,
        "late": days_past_plan(project, today),
        "due": due,
        "is_assessed": is_assessed,
        "unassessed": 0 if is_assessed else due,
        "collected": counts.reached("certificate", "collected"),
        "issued": issued,
        "remaining": due - issued,
        "others": counts.due(dwelling=False),
        "stages": counts.certificate_stages(),
    }


@access(Permission.PROJECT_READ)
@require_GET
def project(request: Request, code: str) -> HttpResponse:
    """One project: its figures, gates, blockers, letters, notes and last acts, as panels of the apps above.

    About twenty queries, whatever its size.
    """
    project = project_by_code(request.actor, code)
    if project.code != code:
        notify(request, f"{code}已并入{project.code} {project.name}，这里是合并后的项目")
        return redirect("ledger:project", code=project.code)
    counts, buildings = present_counts([project.id])[project.id], buildings_of(project.id)
    words = {
        "actor": request.actor,
        "project": project,
        "on": request.today,
        "counts": counts,
        "buildings": buildings,
    }
    context = {
        "title": project.name,
        "project": project,
        **project_head(project, counts=counts, buildings=buildings),
        "top": shown_panels("project.top", **words),
        "main": shown_panels("project.main", **words),
        "side": shown_panels("project.side", **words),
        "menus": menus_for("project", request.actor, project),
        "primary": primary_for("project", request.actor, project, project.status),
        "tabs": [
            ("总览", request.path, True, None),
            *((label, url, False, None) for label, url in actions_for("project_tabs", request.actor, project)),
        ],
    }
    return render(request, "ledger/project.html", context)


@access(Permission.NOTE_WRITE)
@require_http_methods(["GET", "POST"])
def add_note_page(request: Request, code: str) -> HttpResponse:
    """Write down what moved this month, or what comes next."""
    project = project_by_code(request.actor, code)
    form = NoteForm(request.POST or None, initial={"noted_on": request.today})
    if form.submitted(request, add_note, project=project):
        notify(request, f"已记{form.result.get_kind_display()}")
        return redirect("ledger:project", code=code)
    return FormPage(
        "登记进展",
        "保存",
        reverse("ledger:project", args=[code]),
        project=project,
        intro="月报印出当月最后一条“本月进展”和“下步措施”。",
    ).show(request, form)


@access(Permission.PROJECT_CREATE)
@require_http_methods(["GET", "POST"])
def take_in_project_page(request: Request) -> HttpResponse:
    """Take a project into the ledger."""
    form = ProjectForm(
        request.POST or None,
        initial={"taken_in_on": request.today, "code": next_code(request.actor.area_code, on=request.today)},
        townships=township_choices(request.actor.area_code),
        cut_off=setting_on(CUT_OFF, on=request.today),
    )
    if form.submitted(request, take_in_project):
        notify(request, f"已纳入{form.result.code} {form.result.name}")
        return redirect("ledger:project", code=form.result.code)
    return FormPage(
        "纳入项目",
        "纳入台账",
        reverse("ledger:projects"),
        intro="只收国有土地上已建成并出售、购房人无过错的城镇住宅项目。",
    ).show(request, form)


@access(Permission.PROJECT_UPDATE)
@require_http_methods(["GET", "POST"])
def change_plan_page(request: Request, code: str) -> HttpResponse:
    """The plan of a project, its status, who answers for it."""
    project = project_by_code(request.actor, code)
    names = ("status", "primary_issue", "plan", "leader", "officer", "target_on")
    form = PlanForm(
        request.POST or None, initial={name: getattr(project, name) for name in names}, issues=ports.issue_types()
    )
    if request.method == "POST" and form.is_valid():
        changes = dict(form.cleaned_data)
        if form.carry_out(
            change_project, actor=request.actor, project=project, changes=changes, effective_on=request.today
        ):
            notify(request, "已保存一项目一策")
            return redirect("ledger:project", code=code)
    return FormPage(
        "一项目一策",
        "保存",
        reverse("ledger:project", args=[code]),
        project=project,
    ).show(request, form)


@access(Permission.PROJECT_UPDATE)
@require_http_methods(["GET", "POST"])
def particulars(request: Request, code: str) -> HttpResponse:
    """What a project is and where it lies; the way to its names, its developer and its applicant."""
    project = project_by_code(request.actor, code)
    form = ParticularsForm(
        request.POST or None, initial={name: getattr(project, name) for name in ParticularsForm.base_fields}
    )
    if request.method == "POST" and form.is_valid():
        changes = dict(form.cleaned_data)
        if form.carry_out(
            change_project, actor=request.actor, project=project, changes=changes, effective_on=request.today
        ):
            notify(request, "已保存项目资料")
            return redirect("ledger:project", code=project.code)
    return FormPage(
        "项目资料",
        "保存",
        reverse("ledger:project", args=[project.code]),
        project=project,
        aside=Aside(
            "ledger/_particulars.html",
            {
                "known": known_particulars(project),
                "panels": shown_panels("project.particulars", actor=request.actor, project=project),
            },
        ),
    ).show(request, form)


def _add(request: Request, code: str, form: Any, service: Any, title: str, intro: str) -> HttpResponse:
    project = project_by_code(request.actor, code)
    if form.submitted(request, service, project=project):
        notify(request, f"已保存：{title}")
        return redirect("ledger:particulars", code=project.code)
    return FormPage(
        title,
        "保存",
        reverse("ledger:particulars", args=[project.code]),
        project=project,
        intro=intro,
        aside=Aside(
            "ledger/_particulars.html",
            {
                "known": known_particulars(project),
                "panels": shown_panels("project.particulars", actor=request.actor, project=project),
            },
        ),
    ).show(request, form)


@access(Permission.PROJECT_UPDATE)
@require_http_methods(["GET", "POST"])
def add_alias_page(request: Request, code: str) -> HttpResponse:
    """Add a name by which the project is found."""
    return _add(request, code, AliasForm(request.POST or None), add_alias, "别名", "以任一名称均可查询到本项目。")


@access(Permission.PROJECT_UPDATE)
@require_http_methods(["GET", "POST"])
def set_developer_page(request: Request, code: str) -> HttpResponse:
    """Name the developer and its condition."""
    now = project_by_code(request.actor, code).developer
    initial = {name: getattr(now, name, "") for name in DeveloperForm.base_fields}
    form = DeveloperForm(request.POST or None, initial=initial)
    return _add(request, code, form, set_developer, "开发建设单位", "同一单位的存续状况在其所有项目中同步更新。")


@access(Permission.PROJECT_UPDATE)
@require_http_methods(["GET", "POST"])
def name_applicant_page(request: Request, code: str) -> HttpResponse:
    """Record who applies in the developer's place, from a day on."""
    form = ApplicantForm(request.POST or None, initial={"effective_on": request.today})
    return _add(request, code, form, name_applicant, "承继、代办主体", "原主体的记录保留，各自有起始日期。")


@access(Permission.AUDIT_READ)
@require_GET
def project_history(request: Request, code: str) -> HttpResponse:
    """Every act on a project, newest first."""
    project = project_by_code(request.actor, code)
    before = request.GET.get("before", "")
    rows = chain_timeline(chain=project.id, limit=101, before=whole_number(before))
    context = {
        "title": "记录",
        "project": project,
        "timeline": rows[:100],
        "next_before": rows[99].act_id if len(rows) > 100 else None,
    }
    return render(request, "ledger/history.html", context)


@access(Permission.UNIT_PLACE)
@require_http_methods(["GET", "POST"])
def unit_names(request: Request, code: str, number: str) -> HttpResponse:
    """What other offices call the units of a building: proposed, then confirmed by a person."""
    project = project_by_code(request.actor, code)
    building = building_by_number(project, number)
    form = UnitNamesForm(request.POST or None)
    proposals, chosen = None, {}
    if request.method == "POST" and form.is_valid():
        try:
            proposals = proposals_for(building, read_rows(form.cleaned_data["text"]))
            chosen = picked((request.POST.get(f"row-{n}", ""), one) for n, one in enumerate(proposals))
        except DomainError as refusal:
            form.add_error("text", refusal.message)
    if form.is_bound and form.is_valid() and "save" in request.POST:
        words = {name: form.cleaned_data[name] for name in ("scheme", "starts")}
        if form.carry_out(accept_names, actor=request.actor, building=building, names=chosen, **words):
            notify(request, f"已确认{form.result}户的名称")
            return redirect("ledger:unit_names", code=code, number=number)
    query = request.GET.get("q", "")
    context = {
        "title": f"{building.name} 户名对照",
        "project": project,
        "building": building,
        "form": form,
        "proposals": proposals,
        "names": names_of(building),
        "q": query,
        "found": units_named(request.actor, query) if query else [],
    }
    return render(request, "ledger/names.html", context)


@access(Permission.AUDIT_VERIFY)
@require_http_methods(["GET", "POST"])
def check_reveals_page(request: Request, person: int, day: str) -> HttpResponse:
    """Many reveals of a person on a day, as laid before the security administrator; what looking into them found."""
    on = day_named(day)
    seen = day_of_reveals(person, on)
    form = CheckRevealsForm(request.POST or None)
    if form.submitted(request, check_reveals, person_id=person, day=on):
        notify(request, "已记录核查情况")
        return redirect("web:desk")
    return FormPage(
        f"核查 {seen.name}{on}的查看",
        "核查完毕",
        reverse("web:desk"),
        intro=seen.words,
    ).show(request, form)
