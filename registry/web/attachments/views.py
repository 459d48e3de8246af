"""Attachments: added to a row, opened, struck out."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from registry.kernel.authority import Permission
from registry.store.access import Request, access, is_address_here
from registry.web.attachments.forms import AttachForm, VoidForm
from registry.web.attachments.kinds import BY_TYPE
from registry.web.attachments.selectors import attachment_for, read_attachment
from registry.web.attachments.services import attach, void_attachment
from registry.web.attachments.subjects import SUBJECTS, subject_row
from registry.web.pages import FormPage
from registry.web.responses import download

OCTETS = "application/octet-stream"


@access(Permission.ATTACHMENT_ADD)
@require_http_methods(["GET", "POST"])
def add_attachment(request: Request, table: str, key: int) -> HttpResponse:
    """Hang files on a row; back to where the reader came from."""
    row = subject_row(request.actor, table, key)
    back = _back(request)
    form = AttachForm(request.POST or None, request.FILES or None)
    if form.submitted(request, attach, subject=row):
        messages.success(request, f"已上传{len(form.result)}个附件。")
        return redirect(back)
    return FormPage(
        "上传附件",
        "上传",
        back,
        intro=f"附在{SUBJECTS[table].label}“{row}”下。看得到它的人都看得到附件；加密存放，不能修改，传错可由本人作废。",
        is_upload=True,
    ).show(request, form, status=422 if form.errors else 200)


@access(None)
@never_cache
@require_GET
def open_attachment(request: Request, pk: int) -> HttpResponse:
    """Open a file: shown by the browser where that is safe, else handed over."""
    attachment, _ = attachment_for(request.actor, pk)
    kind = BY_TYPE.get(attachment.content_type)
    content_type = kind.content_type if kind else OCTETS
    shown = kind is not None and kind.is_shown
    return download(read_attachment(attachment), attachment.file_name, content_type, inline=shown)


@access(Permission.ATTACHMENT_ADD)
@require_http_methods(["GET", "POST"])
def void_attachment_page(request: Request, pk: int) -> HttpResponse:
    """Strike out one's own file, with a reason."""
    attachment, row = attachment_for(request.actor, pk)
    back = _back(request)
    form = VoidForm(request.POST or None)
    if form.submitted(request, void_attachment, subject=row, attachment=attachment):
        messages.success(request, f"附件“{attachment}”已作废。")
        return redirect(back)
    return FormPage(
        "作废附件", "作废", back, intro=f"“{attachment}”作废后划去显示，仍可查看，不会删除。", is_danger=True
    ).show(request, form, status=422 if form.errors else 200)


def _back(request: Request) -> str:
    """The page that asked, if it is one of ours."""
    wanted = request.GET.get("next", "")
    return wanted if is_address_here(request, wanted) else "/"
