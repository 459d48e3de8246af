"""Pages that issue papers about records: one view for every kind, from the page of what it is about."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods

from documents.papers.forms import OF_RECORDS as FORMS
from documents.papers.kinds import BY_CODE
from documents.papers.powers import require_subject
from documents.papers.selectors.agendas import Agenda
from documents.papers.selectors.papers import organ_of
from documents.papers.selectors.previews import draft_docx_of, preview_pdf
from documents.papers.selectors.records import OF_RECORDS
from documents.papers.services import issue_paper
from registry.kernel.authority import Permission
from registry.kernel.errors import DomainError
from registry.store.access import Request, access
from registry.web.flash import notify
from registry.web.pages import FormPage
from registry.web.responses import DOCX, download


@access(Permission.DOCUMENT_ISSUE)
@require_http_methods(["GET", "POST"])
def record_paper(request: Request, kind: str, **address: Any) -> HttpResponse:
    """Look at a paper about a record, or issue it; what stands in the ledger is not typed again."""
    declared, label = OF_RECORDS[kind], BY_CODE[kind].label
    record = declared.find(request.actor, **address)  # before the power: what is not seen is not there
    organ = organ_of(request.actor, kind)
    if not isinstance(record, Agenda):
        require_subject(kind, label, record, organ)
    project = declared.project(record)
    form = FORMS[kind](request.POST or None, initial=declared.first(record))
    if request.method == "POST" and form.is_valid():
        try:
            snapshot = declared.snapshot(record, organ, request.today, form.cleaned_data)
        except DomainError as refusal:
            form.add_error(refusal.field if refusal.field in form.fields else None, refusal.message)
        else:
            if "preview" in request.POST:
                content = preview_pdf(kind, snapshot, project=project, organ=organ, on=request.today)
                return download(content, f"预览 {label}.pdf", "application/pdf", inline=True)
            if "draft" in request.POST:
                content = draft_docx_of(kind, snapshot, project=project, organ=organ, on=request.today)
                return download(content, f"草稿 {label}.docx", DOCX)
            if form.carry_out(
                issue_paper,
                actor=request.actor,
                project=project,
                kind=kind,
                snapshot=snapshot,
                issued_on=request.today,
                addressee_masked=declared.addressee(record),
                **({declared.subject: record} if declared.subject else {}),
            ):
                notify(request, f"已出具{form.result.number}")
                return redirect("papers:documents")
    return FormPage(
        f"出具{label} {record}".strip(),
        "编号并出具",
        declared.back(record),
        project=project,
        intro=f"以{organ.name}名义出具，编号和日期由系统编制。{declared.intro}",
        preview="预览",
        draft="下载Word草稿",
    ).show(request, form)
