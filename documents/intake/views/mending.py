"""Pages that mend an import: which header is which column, which sheet, and taking the whole of it back."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from documents.intake.forms import MappingForm
from documents.intake.selectors.sessions import session_by_id, undo_waits, unknown_words
from documents.intake.services.new_buildings import agree_buildings
from documents.intake.services.reading_again import read_again, read_every_sheet
from documents.intake.services.take_back_list import list_undo_plan, undo_list
from documents.intake.services.take_back_units import propose_undo, undo_plan, undo_session
from documents.intake.services.uploads import save_mapping
from documents.intake.views.addresses import crumbs_of, upload_address
from projects.gates.forms import ReasonForm
from projects.progress.lists import STAGES
from registry.kernel.authority import Permission
from registry.lists.kinds import list_called
from registry.store.access import Request, access
from registry.store.once import once
from registry.web.flash import notify
from registry.web.pages import FormPage

SHOWN = 200


@access(Permission.LIST_STAGE)
@require_http_methods(["GET", "POST"])
def map_columns(request: Request, pk: int) -> HttpResponse:
    """Say which title of the file is which column and what its words mean; kept for the sender, then read again."""
    session = session_by_id(request.actor, pk, Permission.LIST_STAGE)
    form = MappingForm(request.POST or None, session=session, unknown=unknown_words(session))
    if request.method == "POST" and form.is_valid():
        words: dict[str, Any] = {"headers": form.headers, "words": form.words}
        if form.carry_out(save_mapping, actor=request.actor, session=session, **words):
            with once(form.once_key):
                again = read_again(actor=request.actor, session=session)
            notify(request, "列对应关系已保存，以后上传按此读取；本文件已重新检查")
            return redirect("intake:import", pk=again.pk)
    return FormPage(
        "列的对应",
        "保存并重新检查",
        reverse("intake:import", args=[pk]),
        project=session.project,
        intro=f"《{session.file_name}》的各列与模板列的对应关系。保存后重新检查，并用于本单位以后的文件。",
    ).show(request, form)


@access(Permission.IMPORT_STAGE)
@require_POST
def new_buildings(request: Request, pk: int) -> HttpResponse:
    """Take in the rows of the buildings ticked as new."""
    session = session_by_id(request.actor, pk, Permission.LIST_STAGE)
    agree_buildings(actor=request.actor, session=session, numbers=request.POST.getlist("building"))
    notify(request, "所选楼栋将随清册新建，其各行已列入新增")
    return redirect("intake:import", pk=pk)


@access(Permission.LIST_STAGE)
@require_POST
def choose_sheet(request: Request, pk: int) -> HttpResponse:
    """Read the sheet that was chosen among several that look like the list, or every one of them."""
    session = session_by_id(request.actor, pk, Permission.LIST_STAGE)
    with once(request.POST.get("once", "")):
        if request.POST.get("every"):
            staged = read_every_sheet(actor=request.actor, session=session)
            notify(request, f"{len(staged)}张工作表已分别检查，逐张预览、写入")
            return redirect(upload_address(session.kind, session.project))
        again = read_again(actor=request.actor, session=session, sheet=request.POST.get("sheet", ""))
    return redirect("intake:import", pk=again.pk)


@access(Permission.LIST_STAGE)
@require_http_methods(["GET", "POST"])
def undo_import(request: Request, pk: int) -> HttpResponse:
    """What undoing an import takes back and what it keeps, row by row; then by one person or by two, as it came in."""
    session = session_by_id(request.actor, pk, Permission.LIST_STAGE)
    kind = list_called(session.kind)
    takes_two = session.had_second_person or kind.name == STAGES
    kind.require_undoing(request.actor)
    form = ReasonForm(request.POST or None)
    form.fields["reason"].label = "撤销原因"
    act = propose_undo if takes_two else undo_session if kind.is_placed else undo_list
    if form.submitted(request, act, session=session):
        notify(request, "已提请撤销，待区专班另一名人员复核" if takes_two else "已撤销本批导入")
        return redirect("intake:import", pk=pk)
    plan = undo_plan(session) if kind.is_placed else list_undo_plan(actor=request.actor, session=session)
    retired, restored = (part if isinstance(part, int) else len(part) for part in (plan.retired, plan.restored))
    context = {
        "title": f"撤销导入《{session.file_name}》",
        "session": session,
        "project": session.project,
        "kind": kind,
        "form": form,
        "crumbs": [*crumbs_of(session), (f"第{session.id}批导入", reverse("intake:import", args=[pk]))],
        "retired": retired,
        "restored": restored,
        "kept": plan.kept[:SHOWN],
        "kept_count": len(plan.kept),
        "takes_two": takes_two,
        "waits": takes_two and undo_waits(session),
        "has_anything": bool(retired or restored),
    }
    return render(request, "intake/import_undo.html", context)
