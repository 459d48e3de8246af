"""Pages of imports: upload, preview, marked copy, submit, accept, return, template."""

from pathlib import PurePath
from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from documents.intake.forms import AcceptForm, CopyForm, SubmitForm, UploadForm
from documents.intake.reading.list_shape import UNITS
from documents.intake.selectors.sessions import (
    ALL,
    AS_TEMPLATE,
    NORMALISED,
    OF_COLUMNS,
    TABS,
    WARNED,
    absent_columns,
    error_kinds,
    has_source,
    label_of,
    mapping_of,
    normalised_count,
    own_export,
    preview_page,
    reading_of_session,
    remedy_of,
    session_by_id,
    sessions_of,
    stage_said,
    unread_titles,
    warned_count,
    warning_kinds,
)
from documents.intake.selectors.unit_list import unit_list
from documents.intake.services.list_sessions import carry_out_session, refused_apart
from documents.intake.services.new_buildings import held_buildings
from documents.intake.services.receiving import take_upload
from documents.intake.services.sessions import (
    accept_session,
    commit_session,
    expires_at,
    return_session,
    submit_session,
)
from documents.intake.services.uploads import copy_needs_reason, marked_copy
from documents.intake.views.across_lists import across_result
from documents.intake.views.addresses import crumbs_of, template_address, upload_address
from documents.render.template_xlsx import write_template
from documents.render.xlsx import XLSX
from projects.gates.forms import ReasonForm
from projects.ledger.selectors.projects import project_by_code
from registry.kernel.authority import Permission
from registry.kernel.numerals import whole_number
from registry.lists.kinds import LISTS, list_called
from registry.store.access import Request, access
from registry.store.clock import true_now
from registry.web.flash import notify
from registry.web.pages import Aside, FormPage
from registry.web.responses import download


@access(Permission.IMPORT_STAGE)
@require_http_methods(["GET", "POST"])
def upload_units(request: Request, code: str) -> HttpResponse:
    """Upload a unit list; nothing enters the ledger yet."""
    project = project_by_code(request.actor, code)
    form = UploadForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        file = form.cleaned_data["file"]
        if form.carry_out(take_upload, actor=request.actor, project=project, content=file.read(), file_name=file.name):
            return redirect("intake:import", pk=form.result.pk)
    return FormPage(
        "导入清册",
        "上传并检查",
        reverse("ledger:project", args=[code]),
        project=project,
        intro="上传后先检查、预览，不写入台账。开发建设单位的文件须经区专班另一名人员复核后写入。",
        is_upload=True,
        aside=Aside(
            "intake/_uploads.html", {"kind": LISTS[UNITS], "sessions": sessions_of(request.actor, project.id, UNITS)}
        ),
    ).show(request, form)


@access(Permission.IMPORT_STAGE)
@require_GET
def unit_template(request: Request, code: str) -> HttpResponse:
    """The empty workbook of a unit list, with lists, notes and an example."""
    project = project_by_code(request.actor, code)
    kind = LISTS[UNITS]
    content = write_template(
        kind.columns,
        title=f"{project.name}房屋清册",
        example=kind.example_for(request.actor, project),
        rules=kind.rules,
        listed=kind.listed_for(project),
    )
    return download(content, f"{project.name}房屋清册模板.xlsx", XLSX)


@access(Permission.IMPORT_STAGE)
@require_GET
def unit_list_file(request: Request, code: str) -> HttpResponse:
    """The units of a project under the headers of the import, people left out: to be changed and sent back."""
    project = project_by_code(request.actor, code)
    rows = unit_list(request.actor, project)
    kind = LISTS[UNITS]
    content = write_template(
        kind.columns, title=f"{project.name}房屋清册", sheet_name="清册", rows=rows, rules=kind.rules
    )
    return download(content, f"{project.name}房屋清册.xlsx", XLSX)


@access(Permission.IMPORT_READ, Permission.LIST_STAGE)
@require_GET
def import_session(request: Request, pk: int) -> HttpResponse:
    """What a file would do: the equation, the rows by verdict with errors first, the choice."""
    session = session_by_id(request.actor, pk)
    if session.state == "divided":
        return across_result(request, session)
    return render(request, "intake/import_preview.html", _context(request, session))


def _context(request: Request, session: Any) -> dict[str, Any]:
    asked, kind = request.GET, list_called(session.kind)
    is_kept = has_source(session)
    tab = asked.get("tab") or next((name for name, _ in TABS if getattr(session, name)), "added")
    code, text = asked.get("code", ""), asked.get("q", "").strip()
    after = whole_number(asked.get("after", "")) or 0
    page = preview_page(session, tab, code=code, text=text, after=after)
    kinds, warned = error_kinds(session), warned_count(session)
    columns = mapping_of(session) if session.mapping else []
    counted = [(name, label, getattr(session, name)) for name, label in TABS]
    return {
        "title": f"{kind.label}{'导入结果' if session.state in ('committed', 'undone') else '导入预览'}",
        "session": session,
        "project": session.project,
        "kind": kind,
        "crumbs": [*crumbs_of(session), (f"导入{kind.label}", upload_address(session.kind, session.project))],
        "upload_url": upload_address(session.kind, session.project),
        "template_url": template_address(session.kind, session.project),
        "stage": stage_said(session),
        **(reading_of_session(session, true_now()) if session.state == "reading" else {}),
        "tab": tab,
        "tabs": [
            (ALL, "全部", session.rows_present),
            *counted,
            (WARNED, "提醒", warned),
            (NORMALISED, "规整", normalised_count(session)),
        ],
        "headers": page.headers,
        "rows": page.rows,
        "after": page.after,
        "is_onward": bool(after),
        "kinds": warning_kinds(session) if tab == WARNED else kinds,
        "kinds_tab": WARNED if tab == WARNED else "refused",
        "code": code,
        "text": text,
        "error_count": sum(count for _, _, count in kinds),
        "warnings": [label_of(code) for code in session.warnings],
        "reminders": [(label_of(code), remedy_of(code)) for code in session.warnings],
        "unread": unread_titles(session),
        "lacking": absent_columns(session),
        "own_export": own_export(session),
        "whole": session.part_of if session.part_of_id and session.uploaded_by_id == request.actor.person_id else None,
        "good": session.added + session.changed,
        "absent": session.absent if kind.is_placed else None,
        "mapping": [column for column in columns if column.how != AS_TEMPLATE],
        "same_columns": sum(column.how == AS_TEMPLATE for column in columns),
        "expires_on": expires_at(session),
        **_forms_of(request, session),
        **_what_may_be_done(request, session, is_kept),
    }


def _forms_of(request: Request, session: Any) -> dict[str, Any]:
    """The forms by which a list is written or handed in; its sender is asked about columns that it lacks."""
    lacking = absent_columns(session) if session.state == "staged" else []
    accept = AcceptForm(initial={"placed_on": request.today}, lacking=lacking)
    return {
        "accept_form": accept if list_called(session.kind).is_placed else None,
        "submit_form": SubmitForm(lacking=lacking),
    }


def _what_may_be_done(request: Request, session: Any, is_kept: bool) -> dict[str, Any]:
    """The acts that this actor is offered on a session as it stands."""
    actor, kind = request.actor, list_called(session.kind)
    is_own = actor.person_id == session.uploaded_by_id
    sends = actor.can(kind.sent_by)
    accepts = sends and actor.can(Permission.IMPORT_ACCEPT)
    takes_two = session.takes_two or kind.takes_two(actor)
    good = session.added + session.changed
    set_apart = len(refused_apart(kind, session)) if session.state in ("staged", "committed") else 0
    is_written = session.state == "committed" and kind.may_undo(actor) and session.good_written
    copy = reverse("intake:marked", args=[session.id])
    return {
        "copy_url": copy if session.refused and is_kept and sends else "",
        "mapping_url": reverse("intake:mapping", args=[session.id]) if is_kept and session.titles and sends else "",
        "takes_two": takes_two,
        "new_buildings": held_buildings(session) if session.state == "staged" and sends else [],
        "may_submit": session.state == "staged" and is_own and sends and takes_two and good > 0,
        "set_apart": set_apart,
        "may_commit": session.state == "staged" and sends and not takes_two and good + set_apart > 0,
        "may_accept": session.state == "submitted" and accepts and not is_own,
        "may_choose_sheet": bool(session.sheets) and is_kept and sends,
        "lacks_columns": session.file_error in OF_COLUMNS,
        "undo_page": reverse("intake:undo", args=[session.id]) if is_written else "",
    }


@access(Permission.LIST_STAGE)
@require_http_methods(["GET", "POST"])
def marked_file(request: Request, pk: int) -> HttpResponse:
    """The sender's own file, bad cells filled and commented; for those who may send it, with people for a reason."""
    session = session_by_id(request.actor, pk, Permission.LIST_STAGE)
    name = f"{PurePath(session.file_name).stem}（标注）.xlsx"
    if not copy_needs_reason(session):
        return download(marked_copy(actor=request.actor, session=session), name, XLSX)
    form = CopyForm(request.POST or None)
    if form.submitted(request, marked_copy, session=session):
        return download(form.result, name, XLSX)
    return FormPage(
        f"标注副本 {session.file_name}",
        "下载",
        reverse("intake:import", args=[pk]),
        project=session.project,
        intro="副本里的姓名、证件号码、电话为完整信息。每次取走都记入操作记录：查看人、时间、事由。",
    ).show(request, form)


@access(Permission.LIST_STAGE)
@require_POST
def submit_import(request: Request, pk: int) -> HttpResponse:
    """Hand a staged file to the second person."""
    session = session_by_id(request.actor, pk, Permission.LIST_STAGE)
    form = SubmitForm(request.POST, lacking=absent_columns(session))
    if form.submitted(request, submit_session, session=session, all_or_nothing=request.POST.get("choice") == "all"):
        notify(request, f"已提交复核：{form.result.added + form.result.changed}行")
        return redirect("intake:import", pk=pk)
    return render(request, "intake/import_preview.html", {**_context(request, session), "submit_form": form})


@access(Permission.LIST_STAGE)
@require_POST
def accept_import(request: Request, pk: int) -> HttpResponse:
    """Write a file into the ledger: a submitted one by a second person, or one's own where that needs no second."""
    session = session_by_id(request.actor, pk, Permission.LIST_STAGE)
    kind, is_whole = list_called(session.kind), request.POST.get("choice") == "all"
    done = f"已写入台账：新增{session.added}行，变更{session.changed}行，退回{session.refused}行"
    if not kind.is_placed:
        carry_out_session(actor=request.actor, session=session, all_or_nothing=is_whole)
        notify(request, done)
        return redirect("intake:import", pk=pk)
    is_own = session.state == "staged"
    form = AcceptForm(request.POST, lacking=absent_columns(session) if is_own else ())
    choice = {"all_or_nothing": is_whole} if is_own else {}
    if form.submitted(request, commit_session if is_own else accept_session, session=session, **choice):
        notify(request, done)
        return redirect("intake:import", pk=pk)
    return render(request, "intake/import_preview.html", {**_context(request, session), "accept_form": form})


@access(Permission.IMPORT_ACCEPT)
@require_http_methods(["GET", "POST"])
def return_import(request: Request, pk: int) -> HttpResponse:
    """Send a submitted file back."""
    session = session_by_id(request.actor, pk, Permission.LIST_STAGE)
    form = ReasonForm(request.POST or None)
    if form.submitted(request, return_session, session=session):
        notify(request, "已退回上传单位")
        return redirect("intake:import", pk=pk)
    return FormPage(
        f"退回《{session.file_name}》",
        "退回",
        reverse("intake:import", args=[pk]),
        project=session.project,
    ).show(request, form)
