"""Organisations as a tree."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods

from registry.accounts import selectors, services
from registry.accounts.editing import ChangeOrganisationForm
from registry.accounts.forms import OrganisationForm
from registry.accounts.pages import FormPage
from registry.accounts.selectors.areas import area_choices
from registry.accounts.views.people import KEEPERS
from registry.kernel.authority import Permission
from registry.kernel.columns import Column
from registry.lists.listing import table
from registry.store.access import Request, access

NO_AREAS = "行政区划表还是空的，现在只能登记市级单位。先登记市级专班，再在“基础数据”里导入本市的行政区划。"
LEADS = (Column("organisation", "单位", lambda branch: str(branch.organisation)),)
COLUMNS = (
    Column("name", "全称", "organisation.name"),
    Column("kind", "类别"),
    Column("code", "编码", "organisation.code"),
    Column("area", "所在地"),
    Column("document_prefix", "机关代字", "organisation.document_prefix"),
    Column("people", "人员", kind="int", total=True),
)


@access(*KEEPERS)
@require_GET
def organisations(request: Request) -> HttpResponse:
    """The organisations in reach, by administrative code."""
    branches = selectors.organisation_tree(request.actor)
    page = table(request, name="organisations", rows=branches, columns=COLUMNS, leads=LEADS)
    context = {
        "title": "单位",
        "page": page,
        "branches": page.rows,
        "may_manage": request.actor.can(Permission.ACCOUNT_MANAGE),
    }
    return render(request, "accounts/organisations.html", context)


@access(Permission.ACCOUNT_MANAGE)
@require_http_methods(["GET", "POST"])
def create_organisation(request: Request) -> HttpResponse:
    """Register an organisation."""
    areas = area_choices(request.actor.area_code)
    form = OrganisationForm(request.POST or None, parents=selectors.every_organisation(), areas=areas)
    if (
        request.method == "POST"
        and form.is_valid()
        and form.carry_out(services.create_organisation, actor=request.actor, **form.cleaned_data)
    ):
        messages.success(request, f"已登记单位{form.result}。")
        return redirect("accounts:organisations")
    intro = "" if any(group != "本市" for group, _ in areas) else NO_AREAS
    return FormPage("登记单位", "登记单位", reverse("accounts:organisations"), intro=intro).show(request, form)


@access(Permission.ACCOUNT_MANAGE)
@require_http_methods(["GET", "POST"])
def change_organisation(request: Request, pk: int) -> HttpResponse:
    """Change an organisation."""
    shown = selectors.organisation_in_reach(request.actor, pk)
    first = {
        name: getattr(shown, name) for name in ("name", "short_name", "document_prefix", "is_active")
    } | {"parent": shown.parent_id}  # fmt: skip
    form = ChangeOrganisationForm(request.POST or None, parents=selectors.every_organisation(), initial=first)
    if (
        request.method == "POST"
        and form.is_valid()
        and form.carry_out(services.change_organisation, actor=request.actor, organisation=shown, **form.cleaned_data)
    ):
        messages.success(request, f"已修改单位{form.result}。")
        return redirect("accounts:organisations")
    return FormPage(f"修改单位：{shown}", "保存", reverse("accounts:organisations")).show(request, form)
