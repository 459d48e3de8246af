"""Pages of list rows that the ledger could not follow: what is open, and settling one."""

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods

from projects.progress.forms import MismatchFilter, SettleMismatchForm
from projects.progress.selectors.mismatches import MISMATCH_ORDERS, OPEN, mismatch_by_id, mismatches_of
from projects.progress.services.mismatches import settle_mismatch
from projects.progress.views.lists import tabs
from registry.kernel.authority import Permission
from registry.kernel.columns import Column
from registry.kernel.stages import Track
from registry.lists.listing import listing
from registry.store.access import Request, access
from registry.web.flash import notify
from registry.web.pages import FormPage

LEADS = (Column("named", "清单所列的户"),)
COLUMNS = (
    Column("project", "项目"),
    Column("stage", "清单办理至"),
    Column("kind", "情形"),
    Column("said", "核对情况"),
    Column("file_name", "清单"),
    Column("noted_on", "核对日期", kind="date"),
    Column("settled", "处理"),
    Column("settled_on", "处理日期", kind="date"),
)


@access(Permission.UNIT_READ)
@require_GET
def mismatches(request: Request) -> HttpResponse:
    """清单不符: rows of the centre's, the tax office's, the fund's lists that wait to be settled. Three queries."""
    form = MismatchFilter(request.GET)
    words = {"state": OPEN, **form.words}
    page = listing(
        request,
        name="mismatches",
        queryset=mismatches_of(request.actor, **words),
        columns=COLUMNS,
        orders=MISMATCH_ORDERS,
        leads=LEADS,
        with_total=True,
    )
    rows = [(row, request.actor.may_advance(Track(row.track), row.stage)) for row in page.rows]
    context = {"title": "清单不符", "tabs": tabs("mismatches"), "page": page, "rows": rows, "filter": form}
    return render(request, "progress/mismatches.html", context)


@access(Permission.UNIT_ADVANCE)
@require_http_methods(["GET", "POST"])
def settle_mismatch_page(request: Request, pk: int) -> HttpResponse:
    """Settle a row: by the home that it means, or by telling who made the list what is wrong."""
    row = mismatch_by_id(request.actor, pk)
    form = SettleMismatchForm(request.POST or None, project=row.project, initial={"on": request.today})
    if form.submitted(request, settle_mismatch, mismatch=row):
        notify(request, f"{row.named}：{form.result.get_settled_as_display()}")
        return redirect("progress:mismatches")
    return FormPage(
        f"处理清单不符 {row.named}",
        "登记处理结果",
        reverse("progress:mismatches"),
        project=row.project,
        intro=f"《{row.file_name}》列{row.named}“{row.stage_label}”。{row.said}填写所指的户，该户按清单办理，台账已更正的同样填写；"
        "清单有误的，不填户，在说明里写明，退回出具单位更正。",
    ).show(request, form)
