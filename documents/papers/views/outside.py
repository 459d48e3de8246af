"""Pages of papers that other systems make: the list, one of them with its scan, and recording one."""

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods

from documents.papers.forms import OutsideFilter, OutsideForm
from documents.papers.powers import PaperRefused
from documents.papers.selectors.outside import OUTSIDE_ORDERS, outside_by_id, outside_chosen
from documents.papers.services.outside import kinds_for, record_outside_paper, void_outside_paper
from projects.gates.forms import ReasonForm
from projects.ledger.selectors.projects import project_by_code
from projects.progress.selectors import unit_by_id
from registry.kernel.authority import Permission
from registry.kernel.columns import Column
from registry.store.access import Request, access
from registry.web.attachments.selectors import attachments_box
from registry.web.flash import notify
from registry.web.listing import listing
from registry.web.pages import FormPage

LEADS = (Column("number", "编号"),)
COLUMNS = (  # by the names of the export, which then holds what is seen
    Column("kind", "文种", lambda row: row.get_kind_display()),
    Column("project", "项目", "project.name"),
    Column("unit", "户", lambda row: f"{row.unit.building}{row.unit}" if row.unit else ""),
    Column("organ", "出具机关", "organ.name"),
    Column("issued_on", "日期", kind="date"),
    Column("due_on", "期限", kind="date"),
    Column("note", "说明"),
)


@access(Permission.DOCUMENT_READ)
@require_GET
def outside_papers(request: Request) -> HttpResponse:
    """The papers of other systems that the actor may see."""
    form = OutsideFilter(request.GET)
    page = listing(
        request,
        name="outside_papers",
        queryset=outside_chosen(request.actor, form.words),
        columns=COLUMNS,
        orders=OUTSIDE_ORDERS,
        leads=LEADS,
        with_total=True,
    )
    return render(request, "papers/outside_papers.html", {"title": "外部文书", "page": page, "filter": form})


@access(Permission.DOCUMENT_READ)
@require_GET
def outside_paper(request: Request, pk: int) -> HttpResponse:
    """One paper of another system, with its scan."""
    paper = outside_by_id(request.actor, pk)
    is_own = paper.organ_id == request.actor.organisation_id and request.actor.can(Permission.DOCUMENT_ISSUE)
    context = {
        "title": str(paper),
        "paper": paper,
        "box": attachments_box(request.actor, paper),
        "may_void": is_own and paper.voided_on is None,
    }
    return render(request, "papers/outside_paper.html", context)


@access(Permission.DOCUMENT_ISSUE)
@require_http_methods(["GET", "POST"])
def record_outside(request: Request, code: str, pk: int | None = None) -> HttpResponse:
    """Record a paper of the actor's organ, of a home or of the project."""
    project = project_by_code(request.actor, code)
    unit = unit_by_id(request.actor, project.id, pk) if pk is not None else None
    kinds = kinds_for(request.actor)
    if not kinds:
        raise PaperRefused(f"外部文书由出具机关登记，{request.actor.role.label}不能登记。", code="no_power")
    form = OutsideForm(request.POST or None, request.FILES or None, kinds=kinds, initial={"issued_on": request.today})
    if form.submitted(request, record_outside_paper, project=project, unit=unit):
        notify(request, f"已登记{form.result}")
        return redirect("papers:outside_paper", form.result.pk)
    back = reverse("progress:unit", args=[code, pk]) if unit else reverse("ledger:project", args=[code])
    return FormPage(
        f"登记外部文书 {f'{unit.building}{unit}' if unit else project.name}",
        "登记",
        back,
        project=project,
        intro=f"登记{request.actor.organisation_name}在本单位系统出具的文书，记编号、日期和扫描件；本系统不生成这类文书。",
    ).show(request, form)


@access(Permission.DOCUMENT_ISSUE)
@require_http_methods(["GET", "POST"])
def void_outside(request: Request, pk: int) -> HttpResponse:
    """Strike out a paper that was recorded by mistake."""
    paper = outside_by_id(request.actor, pk)
    form = ReasonForm(request.POST or None)
    if form.submitted(request, void_outside_paper, paper=paper):
        notify(request, f"已作废{paper}")
        return redirect("papers:outside_paper", pk)
    return FormPage(
        f"作废登记 {paper}",
        "作废",
        reverse("papers:outside_paper", args=[pk]),
        project=paper.project,
        intro="登记有误时作废。作废后仍可查，编号可重新登记。",
    ).show(request, form)
