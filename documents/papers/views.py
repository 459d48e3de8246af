"""Pages of papers: the list, a notice, a letter, the archived file."""

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods

from commitments.selectors import instrument_by_code
from documents.papers.forms import LetterPaperForm, NoticeForm, NoticesForm
from documents.papers.kinds import BY_CODE
from documents.papers.selectors.briefs import brief_snapshot
from documents.papers.selectors.papers import (
    PAPER_ORDERS,
    letter_snapshot,
    notice_snapshot,
    paper_by_id,
    papers_visible_to,
)
from documents.papers.services import issue_paper, read_pdf, void_paper
from projects.gates.forms import ReasonForm
from projects.gates.selectors.building import explain
from projects.ledger.selectors.projects import project_by_code
from projects.progress.selectors import unit_by_id
from registry.jobs.selectors import worker_state
from registry.jobs.services import enqueue
from registry.kernel.authority import Permission
from registry.kernel.columns import Column
from registry.kernel.errors import NotFound
from registry.store.access import Request, access
from registry.web.flash import notify
from registry.web.forms import ServiceForm
from registry.web.listing import listing
from registry.web.pages import FormPage
from registry.web.responses import download

PAPER_COLUMNS = (  # by the names of the export, which then holds what is seen
    Column("kind", "文种"),
    Column("title", "标题"),
    Column("project", "项目"),
    Column("addressee", "送达"),
    Column("issued_on", "日期", kind="date"),
    Column("voided_on", "作废", kind="date"),
    Column("hash", "校验", kind="code"),
)
SHOWN = tuple(column.name for column in PAPER_COLUMNS if column.name != "voided_on")


@access(Permission.DOCUMENT_READ)
@require_GET
def papers(request: Request) -> HttpResponse:
    """The papers that the actor may see."""
    page = listing(
        request,
        name="papers",
        queryset=papers_visible_to(request.actor),
        columns=PAPER_COLUMNS,
        orders=PAPER_ORDERS,
        shown=SHOWN,
        with_total=True,
    )
    rows = [(paper, BY_CODE[paper.kind].label) for paper in page.rows]
    return render(request, "papers/papers.html", {"title": "文书", "page": page, "rows": rows})


@access(Permission.DOCUMENT_READ)
@require_GET
def paper_pdf(request: Request, pk: int) -> HttpResponse:
    """The archived file, proven by its hash."""
    paper = paper_by_id(request.actor, pk)
    return download(read_pdf(paper), f"{paper.number}.pdf", "application/pdf", inline=True)


@access(Permission.DOCUMENT_ISSUE)
@require_http_methods(["GET", "POST"])
def unit_notice(request: Request, code: str, pk: int) -> HttpResponse:
    """Issue the notice of one home."""
    project = project_by_code(request.actor, code)
    unit = unit_by_id(request.actor, project.id, pk)
    form = NoticeForm(
        request.POST or None,
        initial={
            "issuer": f"{project.name}驻场办证服务中心",
            "series": project.code.replace("-", ""),
            "issued_on": request.today,
        },
    )
    if request.method == "POST" and form.is_valid():
        words = form.words
        series = words.pop("series")
        snapshot, masked = notice_snapshot(project=project, unit=unit, **words)
        if form.carry_out(
            issue_paper,
            actor=request.actor,
            project=project,
            kind="cert_notice",
            prefix=series,
            snapshot=snapshot,
            issued_on=words["issued_on"],
            addressee_masked=masked,
            unit=unit,
        ):
            notify(request, f"已出具{form.result.number}")
            return redirect("papers:documents")
    ready = explain(unit, on=request.today)
    return FormPage(
        f"出办证通知书 {unit.building}{unit}",
        "编号并出具",
        reverse("progress:unit", args=[code, pk]),
        project=project,
        intro=ready.words if ready.is_ready else f"这一户还不能受理：{ready.words}可以先通知备材料。",
    ).show(request, form)


@access(Permission.DOCUMENT_ISSUE)
@require_http_methods(["GET", "POST"])
def letter_paper(request: Request, code: str) -> HttpResponse:
    """Issue a commitment letter as a paper."""
    instrument = instrument_by_code(request.actor, code)
    if not hasattr(instrument, "letter"):
        raise NotFound("这不是承诺函。")
    form = LetterPaperForm(request.POST or None, initial={"issued_on": instrument.signed_on or request.today})
    if request.method == "POST" and form.is_valid():
        issued_on = form.cleaned_data["issued_on"]
        if form.carry_out(
            issue_paper,
            actor=request.actor,
            project=instrument.project,
            kind="commitment",
            prefix=form.cleaned_data["series"],
            snapshot=letter_snapshot(instrument=instrument, issued_on=issued_on),
            issued_on=issued_on,
            addressee_masked=str(instrument.letter.recipient),
            subject_key=instrument.id,
        ):
            notify(request, f"已出具{form.result.number}")
            return redirect("papers:documents")
    return FormPage(
        f"出承诺函 {instrument}",
        "编号并出具",
        reverse("commitments:instrument", args=[code]),
        project=instrument.project,
        intro="编号连续不缺号，出具后不能改，只能作废重出。",
    ).show(request, form)


@access(Permission.DOCUMENT_ISSUE)
@require_http_methods(["GET", "POST"])
def project_brief(request: Request, code: str) -> HttpResponse:
    """Issue the one-page brief of a project, and open it."""
    project = project_by_code(request.actor, code)
    form = ServiceForm(request.POST or None)
    if request.method == "POST" and form.carry_out(
        issue_paper,
        actor=request.actor,
        project=project,
        kind="brief",
        prefix=f"{project.code}-JB",
        snapshot=brief_snapshot(project=project, actor=request.actor, on=request.today),
        issued_on=request.today,
    ):
        notify(request, f"已出具{form.result.number}，点编号打开")
        return redirect("papers:documents")
    return FormPage(
        f"出项目简报 {project.name}",
        "出简报",
        reverse("ledger:project", args=[code]),
        project=project,
        intro="一页A4：住宅到哪一步、卡在哪里、谁欠什么、哪天到期。按此刻的台账编号存档，以后可查。",
    ).show(request, form)


@access(Permission.DOCUMENT_VOID)
@require_http_methods(["GET", "POST"])
def void_paper_page(request: Request, pk: int) -> HttpResponse:
    """Void a paper; its number stays used."""
    paper = paper_by_id(request.actor, pk)
    form = ReasonForm(request.POST or None)
    if form.submitted(request, void_paper, paper=paper, on=request.today):
        notify(request, f"已作废{paper.number}")
        return redirect("papers:documents")
    return FormPage(
        f"作废 {paper.number}",
        "作废",
        reverse("papers:documents"),
        project=paper.project,
        intro="作废后编号不再使用，文件仍可查。",
    ).show(request, form)


@access(Permission.DOCUMENT_ISSUE)
@require_http_methods(["GET", "POST"])
def project_notices(request: Request, code: str) -> HttpResponse:
    """Ask for notices to many families; the worker issues them one by one."""
    project = project_by_code(request.actor, code)
    initial = {"issuer": f"{project.name}驻场办证服务中心", "series": project.code.replace("-", ""), "limit": 100}
    form = NoticesForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        params = {**form.cleaned_data, "project": project.id}
        key = f"notices:{project.id}:{request.POST.get('csrfmiddlewaretoken', '')}"[:80]
        if form.carry_out(
            enqueue,
            actor=request.actor,
            kind="notices.issue",
            key=key,
            params=params,
            label=f"{project.name}：出办证通知书，最多{params['limit']}份",
            project_id=project.id,
        ):
            notify(request, "已交后台办理，做到哪里看这一页")
            return redirect("jobs:jobs")
    return FormPage(
        "批量出办证通知书",
        "交后台办理",
        reverse("ledger:project", args=[code]),
        project=project,
        intro="逐户编号、存档，编号连续。中断后从下一户接着做，不会重号、不会重出。",
        worker=worker_state(),
    ).show(request, form)
