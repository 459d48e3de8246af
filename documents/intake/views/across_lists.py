"""Pages of lists across projects: the kinds, upload, template; the result, and what writes its clean parts."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from documents.intake.forms import AcceptForm, AcrossForm, StageListForm, SubmitForm
from documents.intake.selectors.across import parts_of, rows_of, sum_of
from documents.intake.selectors.sessions import (
    absent_columns,
    has_source,
    preview_page,
    session_by_id,
    sessions_of,
    unread_titles,
)
from documents.intake.services.across import KINDS, is_clean, take_across, write_clean_parts
from documents.intake.views.addresses import crumbs_of, upload_address
from documents.render.template_xlsx import write_template
from documents.render.xlsx import XLSX
from registry.kernel.authority import Permission
from registry.kernel.errors import NotFound
from registry.lists.kinds import LISTS, ListKind
from registry.store.access import Request, access
from registry.web.flash import notify
from registry.web.pages import Aside, FormPage
from registry.web.responses import download

SHOWN = 200
ONE_UPLOAD = "一份文件可有多个项目的行，按项目编号分开：每个项目一份预览，各自核对、写入、撤销。"


def _kinds(request: Request) -> list[ListKind]:
    return [LISTS[name] for name in KINDS if request.actor.can(LISTS[name].sent_by)]


def _kind(request: Request, name: str) -> ListKind:
    if name not in KINDS:
        raise NotFound("没有这种清单。")
    request.actor.require(LISTS[name].sent_by)
    return LISTS[name]


@access(Permission.UNIT_ADVANCE, Permission.IMPORT_STAGE)
@require_GET
def across_lists(request: Request) -> HttpResponse:
    """The kinds of lists that may hold rows of several projects; the only one opens itself."""
    kinds = _kinds(request)
    if len(kinds) == 1:
        return redirect("intake:across", kind=kinds[0].name)
    return render(request, "intake/across_lists.html", {"title": "跨项目清单", "kinds": kinds, "intro": ONE_UPLOAD})


@access(Permission.UNIT_ADVANCE, Permission.IMPORT_STAGE)
@require_http_methods(["GET", "POST"])
def across_list(request: Request, kind: str) -> HttpResponse:
    """Upload a list of several projects; nothing is written yet."""
    of = _kind(request, kind)
    given: tuple[Any, Any] = (request.POST or None, request.FILES or None)
    form: AcrossForm | StageListForm = (
        AcrossForm(*given)
        if of.is_placed
        else StageListForm(*given, actor=request.actor, initial={"occurred_on": request.today})
    )
    if request.method == "POST" and form.is_valid():
        file = form.cleaned_data["file"]
        what = {"kind": of, "content": file.read(), "file_name": file.name, "params": form.params}
        if form.carry_out(take_across, actor=request.actor, **what):
            return redirect("intake:import", pk=form.result.pk)
    return FormPage(
        f"跨项目{of.label}清单",
        "上传并核对",
        reverse("intake:across_lists") if len(_kinds(request)) > 1 else reverse("web:desk"),
        intro=ONE_UPLOAD,
        is_upload=True,
        aside=Aside(
            "intake/_work_template.html",
            {
                "kind": of,
                "template_url": reverse("intake:across_template", args=[of.name]),
                "sessions": sessions_of(request.actor, None, of.name),
            },
        ),
    ).show(request, form)


@access(Permission.UNIT_ADVANCE, Permission.IMPORT_STAGE)
@require_GET
def across_template(request: Request, kind: str) -> HttpResponse:
    """The empty workbook of such a list."""
    of = _kind(request, kind)
    titled = f"跨项目{of.label}清单"
    rules = ("每行填所属项目的编号，一份文件可有多个项目。", *of.rules)
    content = write_template(of.columns, title=titled, sheet_name=of.label, example=of.example, rules=rules)
    return download(content, f"{titled}模板.xlsx", XLSX)


def across_result(
    request: HttpRequest, session: Any, accept_form: AcceptForm | SubmitForm | None = None
) -> HttpResponse:
    """What became of a file of several projects: the sum of its rows, its parts, the rows of no project."""
    actor, kind = request.actor, LISTS[session.kind]  # type: ignore[attr-defined]
    parts = parts_of(actor, session)
    clean = [part for part in parts if is_clean(part)]
    rest = preview_page(session, "refused", size=SHOWN)
    copy = reverse("intake:marked", args=[session.id])
    is_kept, refused = has_source(session), session.refused + sum(part.refused for part in parts)
    takes_two = bool(clean) and (clean[0].takes_two or kind.takes_two(actor))
    if accept_form is None and kind.is_placed:
        lacking = absent_columns(session)
        day = {"placed_on": request.today}  # type: ignore[attr-defined]
        accept_form = SubmitForm(lacking=lacking) if takes_two else AcceptForm(initial=day, lacking=lacking)
    context = {
        "title": f"跨项目{kind.label}清单",
        "session": session,
        "kind": kind,
        "crumbs": crumbs_of(session),
        "upload_url": upload_address(session.kind, None),
        "rows": rows_of(session),
        "parts": parts,
        "sums": sum_of(parts),
        "rest": rest.rows,
        "rest_headers": rest.headers,
        "unread": unread_titles(session),
        "clean": clean,
        "clean_rows": sum(part.added + part.changed for part in clean),
        "takes_two": takes_two,
        "accept_form": accept_form,
        "copy_url": copy if refused and is_kept and actor.can(kind.sent_by) else "",
        "may_undo": kind.may_undo(actor),
    }
    return render(request, "intake/across_result.html", context)


@access(Permission.UNIT_ADVANCE, Permission.IMPORT_STAGE)
@require_POST
def write_across(request: Request, pk: int) -> HttpResponse:
    """Write every part without a refused row, each by itself."""
    session = session_by_id(request.actor, pk, Permission.LIST_STAGE)
    kind = LISTS[session.kind]
    parts = [part for part in parts_of(request.actor, session) if is_clean(part)]
    said: dict[str, Any] = {"placed_on": request.today}
    if kind.is_placed:
        is_whole = any(not part.takes_two for part in parts)
        form = (AcceptForm if is_whole else SubmitForm)(request.POST, lacking=absent_columns(session))
        if not form.is_valid():
            return across_result(request, session, form)
        said |= form.cleaned_data
    refused = write_clean_parts(actor=request.actor, parts=parts, **said)
    done = len(parts) - len(refused)
    told = f"已办{done}个项目" + "".join(f"；{part.project}未办理：{why}" for part, why in refused)
    notify(request, told)
    return redirect("intake:import", pk=pk)
