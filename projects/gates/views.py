"""Pages of blockers and gate steps."""

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods

from projects.gates.forms import (
    BlockerForm,
    ConditionForm,
    EndPauseForm,
    ReasonForm,
    ReopenForm,
    RescopeForm,
    ResolveForm,
    RevokeForm,
    StepForm,
)
from projects.gates.selectors.assessed import assessed_projects
from projects.gates.selectors.blockers import (
    BLOCKER_ORDERS,
    blocker_by_number,
    blocker_in_hand,
    blockers_visible_to,
    document_by_id,
    explain_blocker,
    last_scopes,
)
from projects.gates.selectors.dependents import dependents_of
from projects.gates.selectors.documents import documents_of, steps_of
from projects.gates.selectors.pauses import pause_by_id, ready_by_ending
from projects.gates.selectors.place_reasons import reasons_by_place
from projects.gates.selectors.powers import Powers, has_in_hand, makers_in_words, may_raise, may_record
from projects.gates.selectors.scopes import describe_scopes
from projects.gates.selectors.watchlist import watched_of
from projects.gates.services import (
    change_scope,
    check_condition,
    end_pause,
    raise_blocker,
    record_steps,
    reopen_blocker,
    resolve_blocker,
    revoke_document,
    withdraw_blocker,
)
from projects.gates.services.steps import preview_steps
from projects.ledger.selectors.projects import project_by_code
from registry.audit.selectors import timeline
from registry.kernel.authority import Permission
from registry.kernel.columns import Column
from registry.kernel.errors import PermissionRefused
from registry.kernel.numerals import building_order
from registry.store.access import Request, access
from registry.web.attachments.selectors import attachments_box
from registry.web.flash import notify
from registry.web.listing import listing, sums, table
from registry.web.pages import Aside, FormPage
from registry.web.panels import shown_panels

BACK = "ledger:project"


DOCUMENT_LEADS = (Column("number", "文号", "document.number"),)
DOCUMENT_COLUMNS = (
    Column("organ", "机关", "document.organ"),
    Column("issued_on", "日期", "document.issued_on", kind="date"),
    Column("steps", "办理内容"),
    Column("standing", "环节", kind="int", total=True),
    Column("files", "附件", kind="int", total=True),
    Column("state", "状态", lambda line: "已撤销" if line.is_revoked else "部分撤销" if line.revoked else "有效"),
)
WATCH_LEADS = (Column("unit", "户", lambda row: f"{row[0].unit.building}{row[0].unit}"),)
WATCH_COLUMNS = (
    Column("blocker", "堵点", lambda row: row[0].blocker.number),
    Column("found_on", "发现", lambda row: row[0].blocker.found_on, kind="date"),
    Column("then", "列入时", lambda row: row[1]),
    Column("stage_on", "到达日期", lambda row: row[0].stage_on, kind="date"),
    Column("now", "现在", lambda row: row[2]),
    Column("fault", "过错", lambda row: "在过错范围内" if row[0].is_at_fault else ""),
)
WHY_LEADS = (Column("building", "楼栋", lambda place: building_order(place.number)),)
WHY_COLUMNS = (
    Column("homes", "住宅（套）", kind="int", total=True),
    Column("cleared", "已打通", kind="int", total=True),
    Column("ready", "可办", kind="int", total=True),
    Column("lines", "未办结原因", lambda place: place.lines[0].text),
)
BLOCKER_LEADS = (Column("number", "堵点"), Column("project", "项目"))
BLOCKER_COLUMNS = (  # by the names of the export, which then holds what is seen
    Column("gate", "受阻环节"),
    Column("units_caught", "涉及（户）", kind="int", total=True),
    Column("units_at_fault", "过错（户）", kind="int", total=True),
    Column("responsible", "责任单位"),
    Column("found_on", "发现", kind="date"),
    Column("lift", "解除方式"),
)


@access(Permission.BLOCKER_READ)
@require_GET
def blockers(request: Request) -> HttpResponse:
    """All live blockers that the actor may see."""
    query, state = request.GET.get("q", ""), request.GET.get("state", "open")
    chosen = blockers_visible_to(request.actor, query=query, state=state)
    page = listing(
        request,
        name="blockers",
        queryset=chosen,
        columns=BLOCKER_COLUMNS,
        orders=BLOCKER_ORDERS,
        leads=BLOCKER_LEADS,
        with_total=True,
        totals=sums(chosen, BLOCKER_COLUMNS),
    )
    context = {"title": "堵点", "page": page, "rows": page.rows, "saved": page.saved, "state": state, "q": query}
    return render(request, "gates/blockers.html", context)


@access(Permission.BLOCKER_READ)
@require_GET
def blocker(request: Request, number: str) -> HttpResponse:
    """One blocker: scope, at-fault part, what may lift it, who has the ball."""
    blocker = blocker_by_number(request.actor, number)
    is_ours = has_in_hand(request.actor, blocker)
    context = {
        "title": str(blocker),
        **explain_blocker(request.actor, blocker),
        "box": attachments_box(request.actor, blocker),
        "may_update": request.actor.can(Permission.BLOCKER_UPDATE) and is_ours,
        "may_resolve": request.actor.can(Permission.BLOCKER_RESOLVE) and is_ours,
        "main": shown_panels("blocker.main", actor=request.actor, blocker=blocker, on=request.today),
    }
    return render(request, "gates/blocker.html", context)


@access(Permission.BLOCKER_RAISE)
@require_http_methods(["GET", "POST"])
def raise_blocker_page(request: Request, code: str) -> HttpResponse:
    """Enter a blocker; 预览 says what the scope catches before it is saved."""
    project = project_by_code(request.actor, code)
    powers = Powers(request.actor, project.district_code, on=request.today)
    if not may_raise(request.actor, project):
        raise PermissionRefused(
            f"堵点类型表没有列{request.actor.organisation_name}，不能登记堵点。请报牵头单位、属地街道乡镇或专班登记。"
        )
    form = BlockerForm(request.POST or None, project=project, powers=powers)
    preview = None
    if request.method == "POST" and form.is_valid():
        if "preview" in request.POST:
            preview = describe_scopes(project, *form.scopes)
        elif form.carry_out(raise_blocker, actor=request.actor, project=project, **form.words):
            raised = form.result
            notify(
                request,
                f"已登记堵点{raised.number}，涉及{raised.units_caught}户，其中过错{raised.units_at_fault}户"
                + ("" if raised.responsible_id else "；牵头单位尚未登记，责任单位未确定，请移交其他单位办理"),
            )
            return redirect("gates:blocker", number=form.result.number)
    return FormPage(
        "登记堵点",
        "登记堵点",
        reverse(BACK, args=[code]),
        project=project,
        intro="登记本单位牵头、配合或办理环节的堵点；街道、乡镇和专班可登记各类堵点。责任单位留空的，按类型的牵头单位确定。",
        preview="预览所选范围",
        aside=Aside("gates/_scope_preview.html", {"preview": preview}),
    ).show(request, form)


@access(Permission.BLOCKER_RESOLVE)
@require_http_methods(["GET", "POST"])
def resolve_blocker_page(request: Request, number: str) -> HttpResponse:
    """Record that a blocker is resolved."""
    blocker = blocker_in_hand(request.actor, number)
    form = ResolveForm(request.POST or None)
    if form.submitted(request, resolve_blocker, blocker=blocker):
        notify(request, f"堵点{number}已登记为解决")
        return redirect("gates:blocker", number=number)
    return FormPage(
        f"解决堵点 {blocker}",
        "登记为已解决",
        reverse("gates:blocker", args=[number]),
        intro=f"解决后，{blocker.units_caught}户的“{blocker.gate_words}”不再受本堵点限制，相应环节仍由有关机关办理。",
    ).show(request, form)


@access(Permission.BLOCKER_UPDATE)
@require_http_methods(["GET", "POST"])
def withdraw_blocker_page(request: Request, number: str) -> HttpResponse:
    """Withdraw a blocker entered by mistake."""
    blocker = blocker_in_hand(request.actor, number)
    form = ReasonForm(request.POST or None)
    if form.submitted(request, withdraw_blocker, blocker=blocker):
        notify(request, f"已撤销误登的{number}")
        return redirect(BACK, code=blocker.project.code)
    return FormPage(
        f"撤销误登的堵点 {blocker}",
        "撤销",
        reverse("gates:blocker", args=[number]),
        intro="仅用于误登的堵点；确实存在、后已解决的，请登记为已解决。",
    ).show(request, form)


@access(Permission.BLOCKER_UPDATE)
@require_http_methods(["GET", "POST"])
def change_scope_page(request: Request, number: str) -> HttpResponse:
    """Narrow or widen a blocker from a day on; 预览 says what the new scope catches."""
    blocker = blocker_in_hand(request.actor, number)
    scope, fault = last_scopes(blocker)
    form = RescopeForm(request.POST or None, project=blocker.project, scope=scope, at_fault=fault)
    preview = None
    if request.method == "POST" and form.is_valid():
        if "preview" in request.POST:
            preview = describe_scopes(blocker.project, *form.scopes)
        elif form.carry_out(change_scope, actor=request.actor, blocker=blocker, **form.words):
            notify(
                request, f"已改{number}的范围，涉及{form.result.units_caught}户，其中过错{form.result.units_at_fault}户"
            )
            return redirect("gates:blocker", number=number)
    now = describe_scopes(blocker.project, scope, fault)
    return FormPage(
        f"变更堵点范围 {blocker}",
        "变更范围",
        reverse("gates:blocker", args=[number]),
        intro=f"现在涉及：{now.words}，{now.caught.units}户；过错：{now.fault_words}。已办结的环节和已受理、已发证的户不受影响。",
        preview="预览所选范围",
        aside=Aside("gates/_scope_preview.html", {"preview": preview}),
    ).show(request, form)


@access(Permission.BLOCKER_UPDATE)
@require_http_methods(["GET", "POST"])
def reopen_blocker_page(request: Request, number: str) -> HttpResponse:
    """Open a resolved blocker again."""
    blocker = blocker_in_hand(request.actor, number)
    form = ReopenForm(request.POST or None)
    if form.submitted(request, reopen_blocker, blocker=blocker):
        notify(request, f"已重新打开{number}")
        return redirect("gates:blocker", number=number)
    return FormPage(
        f"重新打开堵点 {blocker}",
        "重新打开",
        reverse("gates:blocker", args=[number]),
        intro="尚未办理的环节停止办理；已受理、已发证的户继续办理，并列入关注名单。原解决时段予以保留。",
    ).show(request, form)


@access(Permission.BLOCKER_UPDATE)
@require_http_methods(["GET", "POST"])
def check_condition_page(request: Request, number: str) -> HttpResponse:
    """Record that the condition of a blocker's type is met."""
    blocker = blocker_in_hand(request.actor, number)
    form = ConditionForm(request.POST or None)
    if form.submitted(request, check_condition, blocker=blocker):
        notify(request, f"已记{number}的条件核查")
        return redirect("gates:blocker", number=number)
    return FormPage(
        f"核查条件 {blocker}",
        "记为已满足",
        reverse("gates:blocker", args=[number]),
        intro=f"条件：{blocker.type.condition or '没有'}。有了核查记录，承诺或决定才能签署。",
    ).show(request, form)


@access(Permission.BLOCKER_READ)
@require_GET
def watchlist(request: Request, code: str) -> HttpResponse:
    """The homes that were accepted or issued before a fault was found."""
    project = project_by_code(request.actor, code)
    rows = watched_of(request.actor, project, number=request.GET.get("blocker", ""))
    page = table(request, name="watched", rows=rows[:500], columns=WATCH_COLUMNS, leads=WATCH_LEADS)
    context = {"title": "关注名单", "project": project, "page": page, "rows": page.rows, "count": len(rows)}
    return render(request, "gates/watch.html", context)


@access(Permission.BLOCKER_READ)
@require_GET
def project_reasons(request: Request, code: str) -> HttpResponse:
    """Why a project and each of its buildings can or can't go on."""
    project = project_by_code(request.actor, code)
    whole, *places = reasons_by_place(project, on=request.today)
    context = {
        "title": "各楼未办原因",
        "project": project,
        "whole": whole,
        "page": table(request, name="why", rows=places, columns=WHY_COLUMNS, leads=WHY_LEADS),
        "is_assessed": bool(assessed_projects([project.pk], on=request.today)),
    }
    return render(request, "gates/why.html", context)


@access(Permission.STEP_RECORD)
@require_http_methods(["GET", "POST"])
def record_steps_page(request: Request, code: str) -> HttpResponse:
    """One document, many buildings; 预览 names the units that would be left out."""
    project = project_by_code(request.actor, code)
    powers = Powers(request.actor, project.district_code, on=request.today)
    if not may_record(request.actor, project):
        raise PermissionRefused(makers_in_words(project, on=request.today))
    form = StepForm(request.POST or None, project=project, powers=powers)
    preview = None
    if request.method == "POST" and form.is_valid():
        words = form.words
        if "preview" in request.POST:
            preview = preview_steps(
                project=project, gate=words["gate"], buildings=words["buildings"], part=words["part"],
                on=words["effective_on"], status=words["status"],
            )  # fmt: skip
        elif form.carry_out(record_steps, actor=request.actor, project=project, **words):
            done = form.result
            notify(request, f"已登记“{words['gate'].label}”：办结{done.passing}户，未列入{len(done.left_out)}户")
            return redirect(BACK, code=code)
    return FormPage(
        "登记环节",
        "登记本环节",
        reverse(BACK, args=[code]),
        project=project,
        intro=f"一份文件可以登记多栋楼。不符合条件的户由系统逐户列明，不予办结。{makers_in_words(project, on=request.today)}",
        preview="预览",
        aside=Aside("gates/_step_preview.html", {"preview": preview}),
    ).show(request, form)


@access(Permission.STEP_READ)
@require_GET
def documents(request: Request, code: str) -> HttpResponse:
    """The papers on which a project's steps rest."""
    project = project_by_code(request.actor, code)
    lines = documents_of(request.actor, project)
    page = table(request, name="basis", rows=lines, columns=DOCUMENT_COLUMNS, leads=DOCUMENT_LEADS)
    context = {"title": "依据文件", "project": project, "page": page, "lines": page.rows}
    return render(request, "gates/documents.html", context)


@access(Permission.STEP_READ)
@require_GET
def document(request: Request, pk: int) -> HttpResponse:
    """One document: what it made, its scans, and the way to revoke it."""
    document = document_by_id(request.actor, pk)
    steps = steps_of(document)
    context = {
        "title": document.number,
        "document": document,
        "project": document.project,
        "steps": steps,
        "may_revoke": request.actor.can(Permission.STEP_REVOKE) and any(step.revoked_on is None for step in steps),
        "box": attachments_box(request.actor, document),
        "timeline": timeline(table=document._meta.db_table, key=document.pk),
    }
    return render(request, "gates/document.html", context)


@access(Permission.STEP_REVOKE)
@require_http_methods(["GET", "POST"])
def revoke_document_page(request: Request, pk: int) -> HttpResponse:
    """Revoke a document: what hangs on it is listed first."""
    document = document_by_id(request.actor, pk)
    form = RevokeForm(request.POST or None)
    if form.submitted(request, revoke_document, document=document):
        notify(request, f"已撤销{document.number}，{form.result}个环节不再有效")
        return redirect(BACK, code=document.project.code)
    return FormPage(
        f"撤销{document.number}",
        "撤销本文件",
        reverse(BACK, args=[document.project.code]),
        aside=Aside("gates/_dependents.html", {"dependents": dependents_of(document, on=request.today)}),
    ).show(request, form)


@access(Permission.PAUSE_DECIDE)
@require_http_methods(["GET", "POST"])
def end_pause_page(request: Request, pk: int) -> HttpResponse:
    """End a pause: what it holds and what becomes ready is shown first."""
    pause, shown = pause_by_id(request.actor, pk, on=request.today)
    back = reverse(BACK, args=[shown.project.code])
    if not shown.is_open:
        notify(request, f"已定于{shown.ends}恢复受理，无需再办")
        return redirect(back)
    form = EndPauseForm(request.POST or None, initial={"ends": request.today})
    if form.submitted(request, end_pause, pause=pause):
        notify(request, f"已恢复受理：{shown.words}，尚未受理{shown.units}户")
        return redirect(back)
    return FormPage(
        "恢复受理",
        "恢复受理",
        back,
        project=shown.project,
        intro=f"{shown.organ}自{shown.starts}起暂停受理。原因：{shown.reason}。依据：{shown.basis}。",
        note=shown.note,
        aside=Aside("gates/_resume.html", {"pause": shown, "ready": ready_by_ending(pause, on=request.today)}),
    ).show(request, form)
