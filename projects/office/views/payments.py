"""Pages of money: by building of a project, the rows beneath, noting a payment, noting that it was remitted."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods

from projects.ledger.selectors.projects import project_by_code
from projects.office.payment_forms import PaymentFilter, PaymentForm, RemitForm
from projects.office.selectors.payments import PAYMENT_ORDERS, money_by_building, payments_of
from projects.office.services.payments import kinds_for, may_collect, note_payment, remit_payments
from projects.progress.selectors import unit_by_id
from registry.kernel.authority import Permission
from registry.kernel.columns import Column
from registry.store.access import Request, access
from registry.web.flash import notify
from registry.web.listing import listing
from registry.web.pages import FormPage

LEADS = (Column("unit", "户"),)
COLUMNS = (
    Column("kind", "种类"),
    Column("amount", "金额（元）", kind="money"),
    Column("remitted", "已上缴（元）", kind="money"),
    Column("document_no", "票据、免税证明号"),
    Column("collected_by", "收取单位"),
    Column("advanced_by", "垫付单位"),
    Column("paid_on", "缴款日期", kind="date"),
)


@access(Permission.UNIT_READ)
@require_GET
def money(request: Request, code: str) -> HttpResponse:
    """Tax, fund and fees of a project by building, and the rows of its homes, whose sums they are."""
    project = project_by_code(request.actor, code)
    form = PaymentFilter(request.GET)
    page = listing(
        request,
        name="payments",
        queryset=payments_of(request.actor, project, form.words),
        columns=COLUMNS,
        orders=PAYMENT_ORDERS,
        leads=LEADS,
        with_total=True,
    )
    *buildings, whole = money_by_building(request.actor, project)
    context = {
        "title": "税费收缴",
        "project": project,
        "buildings": [*(building for building in buildings if not building.is_bare), whole],
        "bare": sum(building.is_bare for building in buildings),
        "rows": page.rows,
        "page": page,
        "filter": form,
        "may_act": may_collect(request.actor),
    }
    return render(request, "office/money.html", context)


@access(Permission.UNIT_ADVANCE)
@require_http_methods(["GET", "POST"])
def note_payment_page(request: Request, code: str, pk: int) -> HttpResponse:
    """Note what was paid for a home."""
    project = project_by_code(request.actor, code)
    unit = unit_by_id(request.actor, project.id, pk)
    form = PaymentForm(request.POST or None, kinds=kinds_for(request.actor))
    if form.submitted(request, note_payment, unit=unit):
        notify(request, f"已登记{unit.building}{unit}的{form.result.get_kind_display()}")
        return redirect("office:money", code=code)
    return FormPage(
        f"登记缴费 {unit.building}{unit}",
        "登记缴费",
        reverse("office:money", args=[code]),
        project=project,
        intro="按票据登记。由开发建设单位等垫付的，写明垫付单位。",
    ).show(request, form)


@access(Permission.UNIT_ADVANCE)
@require_http_methods(["GET", "POST"])
def remit_payments_page(request: Request, code: str) -> HttpResponse:
    """Note that what the office collected was remitted, of one building or all."""
    project = project_by_code(request.actor, code)
    form: Any = RemitForm(request.POST or None, project=project)
    if form.submitted(request, remit_payments, project=project):
        notify(request, f"已登记上缴{form.result}笔")
        return redirect("office:money", code=code)
    return FormPage(
        "登记上缴",
        "登记上缴",
        reverse("office:money", args=[code]),
        project=project,
        intro="将本单位收取、尚未上缴的款项登记为已上缴。",
    ).show(request, form)
