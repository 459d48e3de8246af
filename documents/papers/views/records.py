"""Pages that issue papers about records: one view for every kind, from the page of what it is about."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods

from documents.papers.approvals import (
    CHECKING,
    COUNTERSIGNING,
    organ_of_draft,
    project_of_draft,
    proposal_of,
    snapshot_of_draft,
)
from documents.papers.forms import OF_RECORDS as FORMS
from documents.papers.kinds import BY_CODE
from documents.papers.powers import POWERS, require_subject
from documents.papers.selectors.agendas import Agenda
from documents.papers.selectors.papers import organ_of
from documents.papers.selectors.previews import draft_docx_of, preview_pdf, read_draft
from documents.papers.selectors.records import OF_RECORDS
from documents.papers.services import issue_paper
from registry.accounts.selectors import approval_in_reach
from registry.accounts.services import propose
from registry.accounts.services.approvals import APPROVALS
from registry.kernel.authority import Permission
from registry.kernel.errors import DomainError, NotFound
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
            if POWERS[kind].is_checked:
                if form.carry_out(
                    propose,
                    **proposal_of(
                        kind, record, organ, address, form.cleaned_data, actor=request.actor, on=request.today
                    ),
                ):
                    notify(request, f"已送核稿，{POWERS[kind].check.value}后编号。进度见“我提请的”")
                    return redirect("accounts:approval", pk=form.result.pk)
            elif form.carry_out(
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
    is_checked = POWERS[kind].is_checked
    numbered = "编号和日期由系统编制。"
    if is_checked:
        numbered = f"送核稿后由另一名人员{POWERS[kind].check.value}，签发时编号，日期为签发之日。"
    return FormPage(
        f"出具{label} {record}".strip(),
        "送核稿" if is_checked else "编号并出具",
        declared.back(record),
        project=project,
        intro=f"以{organ.name}名义出具，{numbered}{declared.intro}",
        preview="预览",
        draft="下载Word草稿",
    ).show(request, form)


@access(Permission.DOCUMENT_READ)
@require_GET
def submitted_draft(request: Request, pk: int) -> HttpResponse:
    """A paper that waits to be checked, to be read as a page or as its PDF; it bears no number."""
    approval = approval_in_reach(request.actor, pk)
    declared = APPROVALS[approval.kind]
    declared.require_reader(request.actor, approval)
    if approval.kind not in (CHECKING, COUNTERSIGNING):
        raise NotFound("这不是送核稿的文书。")
    kind, snapshot = approval.payload["kind"], snapshot_of_draft(approval)
    words: Any = {"project": project_of_draft(approval), "organ": organ_of_draft(approval), "on": request.today}
    if "pdf" in request.GET:
        content = preview_pdf(kind, snapshot, **words)
        return download(content, f"送审稿 {BY_CODE[kind].label}.pdf", "application/pdf", inline=True)
    context = {"title": f"送审稿 {approval.title}", "approval": approval, "parts": read_draft(kind, snapshot, **words)}
    return render(request, "papers/reading.html", context)
