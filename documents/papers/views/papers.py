"""Pages of papers: the list, a notice, a letter, the archived file."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from commitments.selectors import instrument_by_code
from documents.papers.forms import DeliveryForm, NoticeForm, PaperFilter
from documents.papers.kinds import BY_CODE
from documents.papers.powers import require_draft
from documents.papers.selectors.briefs import brief_snapshot
from documents.papers.selectors.claims import claim_snapshot, closing_snapshot
from documents.papers.selectors.papers import (
    PAPER_ORDERS,
    deliveries_of,
    letter_in_force,
    letter_snapshot,
    notice_preview,
    notice_snapshot,
    organ_of,
    paper_by_id,
    papers_chosen,
)
from documents.papers.selectors.previews import draft_docx_of, preview_pdf
from documents.papers.services import issue_paper, open_paper, print_first_passwords, read_pdf, void_paper
from documents.papers.services.deliveries import record_delivery
from projects.gates.forms import ReasonForm
from projects.ledger.selectors.projects import project_by_code
from projects.progress.selectors import unit_by_id
from registry.accounts.selectors import approval_in_reach
from registry.kernel.authority import Permission
from registry.kernel.columns import Column
from registry.kernel.errors import NotFound
from registry.store.access import Request, access
from registry.web.flash import notify
from registry.web.forms import ServiceForm
from registry.web.listing import listing
from registry.web.pages import Aside, FormPage
from registry.web.responses import DOCX, download

PAPER_LEADS = (Column("number", "编号"),)
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
    form = PaperFilter(request.GET)
    page = listing(
        request,
        name="papers",
        queryset=papers_chosen(request.actor, form.words),
        columns=PAPER_COLUMNS,
        orders=PAPER_ORDERS,
        leads=PAPER_LEADS,
        shown=SHOWN,
        with_total=True,
    )
    rows = [(paper, BY_CODE[paper.kind].label) for paper in page.rows]
    may_issue, own = request.actor.can(Permission.DOCUMENT_ISSUE), request.actor.organisation_id
    context = {
        "title": "文书",
        "on_red_head": {
            paper.pk
            for paper in page.rows
            if may_issue and BY_CODE[paper.kind].has_red_head and paper.issuer_id == own and paper.voided_on is None
        },
        "page": page,
        "rows": rows,
        "filter": form,
        "may_issue": may_issue,
        "may_void": request.actor.can(Permission.DOCUMENT_VOID),
    }
    return render(request, "papers/papers.html", context)


@access(Permission.DOCUMENT_READ)
@require_GET
def paper_pdf(request: Request, pk: int) -> HttpResponse:
    """The archived file, proven by its hash; one that names people is opened by who may see them, on record."""
    paper = paper_by_id(request.actor, pk)
    names_people = BY_CODE[paper.kind].names_people
    content = open_paper(actor=request.actor, paper=paper) if names_people else read_pdf(paper)
    return download(content, f"{paper.number}.pdf", "application/pdf", inline=True)


@dataclass(frozen=True, slots=True)
class Notice:
    """A notice of one home: its kind, what its snapshot is made by, and what the form says before it is issued."""

    kind: str
    snapshot_of: Callable[..., tuple[dict[str, Any], str]]
    intro: Callable[[Any, Any, date], str]

    @property
    def label(self) -> str:
        """Return the name of the kind."""
        return BY_CODE[self.kind].label


READINESS = Notice(
    "cert_notice",
    notice_snapshot,
    lambda unit, organ, on: f"以{organ.name}名义出具，编号和日期由系统编制。{notice_preview(unit, on=on)}",
)
CLAIM = Notice(
    "claim_notice",
    claim_snapshot,
    lambda unit, organ, on: f"以{organ.name}名义出具，编号、日期和领取时间由系统编制。仅限已缮证、尚未领取的户。",
)


@access(Permission.DOCUMENT_ISSUE)
@require_http_methods(["GET", "POST"])
def unit_notice(request: Request, code: str, pk: int, notice: Notice = READINESS) -> HttpResponse:
    """Look at a notice of one home, or issue it."""
    project = project_by_code(request.actor, code)
    unit = unit_by_id(request.actor, project.id, pk)
    organ = organ_of(request.actor, notice.kind)
    form = NoticeForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        today, is_looked_at = request.today, "preview" in request.POST
        snapshot, masked = notice.snapshot_of(
            project=project, unit=unit, issued_on=today, is_masked=is_looked_at, **form.cleaned_data
        )
        if is_looked_at:
            content = preview_pdf(notice.kind, snapshot, project=project, organ=organ, on=today)
            return download(content, f"预览 {notice.label}.pdf", "application/pdf", inline=True)
        if form.carry_out(
            issue_paper,
            actor=request.actor,
            project=project,
            kind=notice.kind,
            snapshot=snapshot,
            issued_on=today,
            addressee_masked=masked,
            unit=unit,
        ):
            notify(request, f"已出具{form.result.number}")
            return redirect("papers:documents")
    return FormPage(
        f"出具{notice.label} {unit.building}{unit}",
        "编号并出具",
        reverse("progress:unit", args=[code, pk]),
        project=project,
        intro=notice.intro(unit, organ, request.today),
        preview="预览",
    ).show(request, form)


@access(Permission.DOCUMENT_ISSUE)
@require_http_methods(["GET", "POST"])
def closing_record(request: Request, code: str) -> HttpResponse:
    """Issue the record of a closed letter, once; its lines come from what was verified."""
    instrument = instrument_by_code(request.actor, code)
    if not hasattr(instrument, "letter"):
        raise NotFound("这不是承诺函。")
    organ = organ_of(request.actor, "closing_record")
    snapshot = closing_snapshot(instrument=instrument, issued_on=request.today)
    form = ServiceForm(request.POST or None)
    if request.method == "POST" and form.carry_out(
        issue_paper,
        actor=request.actor,
        project=instrument.project,
        kind="closing_record",
        snapshot=snapshot,
        issued_on=request.today,
        addressee_masked=str(instrument.issuer),
        instrument=instrument,
    ):
        notify(request, f"已出具{form.result.number}")
        return redirect("papers:documents")
    return FormPage(
        f"出销号确认单 {instrument}",
        "编号并出具",
        reverse("commitments:instrument", args=[code]),
        project=instrument.project,
        intro=f"由{organ.name}出具。各项承诺的期限、核验日期和凭证取自台账，签字盖章后归档。",
    ).show(request, form)


@access(Permission.DOCUMENT_ISSUE)
@require_http_methods(["GET", "POST"])
def letter_paper(request: Request, code: str) -> HttpResponse:
    """Issue a signed letter as a paper, once; afterwards open the one that was issued."""
    instrument = instrument_by_code(request.actor, code)
    if not hasattr(instrument, "letter"):
        raise NotFound("这不是承诺函。")
    organ_of(request.actor, "commitment")
    made = letter_in_force(instrument)
    if made is not None and request.method == "GET":
        return redirect("papers:paper", pk=made.pk)
    snapshot = letter_snapshot(instrument=instrument)
    form = ServiceForm(request.POST or None)
    if request.method == "POST" and form.carry_out(
        issue_paper,
        actor=request.actor,
        project=instrument.project,
        kind="commitment",
        snapshot=snapshot,
        issued_on=instrument.signed_on,
        addressee_masked=str(instrument.letter.recipient),
        instrument=instrument,
    ):
        notify(request, f"已出具{form.result.number}")
        return redirect("papers:documents")
    return FormPage(
        f"生成承诺函 {instrument}",
        "出具",
        reverse("commitments:instrument", args=[code]),
        project=instrument.project,
        intro=f"以{instrument.issuer.name}名义出具，文号{instrument.number}，日期{instrument.signed_on}，与签署一致。"
        "出具一次并存档，以后打开的都是存档文件。",
    ).show(request, form)


@access(Permission.DOCUMENT_ISSUE)
@require_GET
def letter_draft(request: Request, code: str) -> HttpResponse:
    """A letter before it is signed, as a document that offices send around and correct; it bears no number."""
    instrument = instrument_by_code(request.actor, code)
    require_draft(request.actor, instrument)
    content = draft_docx_of(
        "commitment", letter_snapshot(instrument=instrument, on=request.today), project=instrument.project,
        organ=instrument.issuer, on=request.today,
    )  # fmt: skip
    return download(content, f"草稿 {instrument.title}.docx", DOCX)


@access(Permission.DOCUMENT_ISSUE)
@require_http_methods(["GET", "POST"])
def project_brief(request: Request, code: str) -> HttpResponse:
    """Issue the one-page brief of a project, and open it."""
    project = project_by_code(request.actor, code)
    organ_of(request.actor, "brief")
    form = ServiceForm(request.POST or None)
    if request.method == "POST" and form.carry_out(
        issue_paper,
        actor=request.actor,
        project=project,
        kind="brief",
        snapshot=brief_snapshot(project=project, actor=request.actor, on=request.today),
        issued_on=request.today,
    ):
        notify(request, f"已出具{form.result.number}，点编号打开")
        return redirect("papers:documents")
    return FormPage(
        f"出具项目简报 {project.name}",
        "出具简报",
        reverse("ledger:project", args=[code]),
        project=project,
        intro="一页A4：住宅办理进度、受阻环节、责任单位、到期日期。按此刻的台账编号存档，以后可查。",
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
def paper_deliveries(request: Request, pk: int) -> HttpResponse:
    """Record a delivery of a paper, beside those before."""
    paper = paper_by_id(request.actor, pk)
    form = DeliveryForm(request.POST or None, initial={"delivered_on": request.today})
    if (
        request.method == "POST"
        and form.is_valid()
        and form.carry_out(record_delivery, actor=request.actor, paper=paper, **form.cleaned_data)
    ):
        notify(request, f"已登记{paper.number}的送达")
        return redirect("papers:documents")
    return FormPage(
        f"登记送达 {paper.number}",
        "登记",
        reverse("papers:documents"),
        project=paper.project,
        aside=Aside("papers/_deliveries.html", {"deliveries": deliveries_of(paper)}),
    ).show(request, form)


@access(Permission.ACCOUNT_APPROVE)
@never_cache
@require_http_methods(["GET", "POST"])
def first_passwords(request: Request, pk: int) -> HttpResponse:
    """The first passwords of a list of accounts, printed once: the file is the answer itself and is kept nowhere."""
    approval = approval_in_reach(request.actor, pk)
    form = ServiceForm(request.POST or None)
    address = request.build_absolute_uri("/")
    if request.method == "POST" and form.carry_out(
        print_first_passwords, actor=request.actor, approval=approval, address=address
    ):
        response = download(form.result, f"初始密码 {approval.payload['file']}.pdf", "application/pdf")
        response["Cache-Control"] = "no-store"
        return response
    return FormPage(
        "打印初始密码",
        "打印，一人一页",
        reverse("accounts:approval", args=[pk]),
        intro="只能打印一次：密码随这份文件交给您，系统里不保存，任何人都查不到。打印后逐页装封，送交本人，首次登录须修改。",
        is_danger=True,
    ).show(request, form)
