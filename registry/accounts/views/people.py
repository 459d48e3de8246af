"""People and their roles."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from registry.accounts import selectors, services
from registry.accounts.forms import AssignmentForm, EndForm, PeopleFilter, PersonForm, ReasonForm
from registry.accounts.pages import FormPage
from registry.audit.selectors import timeline
from registry.kernel.authority import Permission
from registry.kernel.columns import Column
from registry.lists.listing import listing
from registry.lists.orders import by_heads, by_pinyin
from registry.store.access import Request, access

PEOPLE_LEADS = (Column("name", "姓名"),)
PEOPLE_COLUMNS = (
    Column("username", "登录名"),
    Column("organisation", "所在单位"),
    Column("roles", "职责"),
    Column("phone", "电话"),
    Column("state", "状态"),
)
PEOPLE_ORDERS = by_heads(
    {
        "name": by_pinyin("name"),
        "username": "username",
        "organisation": by_pinyin("organisation__name"),
        "state": "is_active",
    },
    tie=("pk",),
)
KEEPERS = (Permission.ACCOUNT_MANAGE, Permission.ACCOUNT_APPROVE)


@access(*KEEPERS)
@require_GET
def people(request: Request) -> HttpResponse:
    """Everybody in reach with the roles they hold."""
    wanted = PeopleFilter(request.GET)
    words = wanted.cleaned_data if wanted.is_valid() else {}
    everybody = selectors.people(request.actor, text=words.get("q", ""), role=words.get("role", ""))
    page = listing(
        request,
        name="people",
        queryset=everybody,
        columns=PEOPLE_COLUMNS,
        orders=PEOPLE_ORDERS,
        leads=PEOPLE_LEADS,
        with_total=True,
    )
    context = {
        "title": "人员",
        "filter": wanted,
        "rows": selectors.person_rows(page.rows, on=request.today),
        "page": page,
        "may_create": request.actor.can(Permission.ACCOUNT_MANAGE),
    }
    return render(request, "accounts/people.html", context)


@access(*KEEPERS)
@require_GET
def person(request: Request, pk: int) -> HttpResponse:
    """One person: account, roles past and present, what happened."""
    shown = selectors.person_in_reach(request.actor, pk)
    context = {
        "title": shown.name,
        "shown": shown,
        "roles": selectors.roles_of(shown, on=request.today),
        "timeline": timeline(table=shown._meta.db_table, key=shown.pk),
        "may_manage": request.actor.can(Permission.ACCOUNT_MANAGE),
        "may_reset": request.actor.can(Permission.ACCOUNT_APPROVE),
        "has_password": shown.has_usable_password(),
    }
    return render(request, "accounts/person.html", context)


@access(Permission.ACCOUNT_MANAGE)
@require_http_methods(["GET", "POST"])
def create_person(request: Request) -> HttpResponse:
    """Open an account."""
    form = PersonForm(request.POST or None, organisations=selectors.organisations(request.actor).in_use())
    if (
        request.method == "POST"
        and form.is_valid()
        and form.carry_out(services.create_person, actor=request.actor, **form.cleaned_data)
    ):
        messages.success(request, f"已开设{form.result.name}的账号。下一步：提请授权，经另一名人员复核后发放初始密码。")
        return redirect("accounts:assign", pk=form.result.pk)
    return FormPage("开设账号", "开设账号", reverse("accounts:people")).show(request, form)


@access(Permission.ACCOUNT_MANAGE)
@require_http_methods(["GET", "POST"])
def propose_role(request: Request, pk: int) -> HttpResponse:
    """Propose a role for somebody."""
    shown = selectors.person_in_reach(request.actor, pk)
    first = {"starts": request.today, "organisation": shown.organisation_id}
    form = AssignmentForm(
        request.POST or None,
        actor=request.actor,
        organisations=selectors.organisations(request.actor).in_use(),
        own=shown.organisation,
        initial=first,
    )
    if form.submitted(request, services.propose_assignment, person=shown):
        messages.success(request, "已提请授权，待另一名人员复核。")
        return redirect("accounts:person", pk=shown.pk)
    note = "提请后由安全管理员或区专班的另一名人员复核；复核前没有任何权限。"
    return FormPage(f"为{shown.name}提请授权", "提请授权", _of(shown.pk), intro=note).show(request, form)


@access(Permission.ACCOUNT_MANAGE)
@require_http_methods(["GET", "POST"])
def end_assignment(request: Request, pk: int) -> HttpResponse:
    """End a role on a day."""
    held = selectors.assignment_in_reach(request.actor, pk)
    form = EndForm(request.POST or None, initial={"ends": request.today})
    if (
        request.method == "POST"
        and form.is_valid()
        and form.carry_out(services.end_assignment, actor=request.actor, assignment=held, **form.cleaned_data)
    ):
        messages.success(request, f"{held.person.name}的这项职责自{form.result.ends:%Y-%m-%d}起结束。")
        return redirect("accounts:person", pk=held.person_id)
    note = "填写今日的，该人员的登录即时失效。"
    return FormPage(f"结束职责：{held}", "结束职责", _of(held.person_id), intro=note).show(request, form)


@access(Permission.ACCOUNT_MANAGE)
@require_http_methods(["GET", "POST"])
def disable_person(request: Request, pk: int) -> HttpResponse:
    """Close an account."""
    shown = selectors.person_in_reach(request.actor, pk)
    form = ReasonForm(request.POST or None)
    if (
        request.method == "POST"
        and form.is_valid()
        and form.carry_out(services.disable_person, actor=request.actor, person=shown, **form.cleaned_data)
    ):
        messages.success(request, f"已停用{shown.name}的账号。")
        return redirect("accounts:person", pk=shown.pk)
    note = "停用后立即不能登录；已办理的记录仍在其名下。"
    return FormPage(f"停用{shown.name}的账号", "停用账号", _of(shown.pk), intro=note).show(request, form)


@access(Permission.ACCOUNT_APPROVE)
@never_cache
@require_http_methods(["GET", "POST"])
def reset_password(request: Request, pk: int) -> HttpResponse:
    """Hand out a new first password: shown once, in the answer itself, never stored."""
    shown = selectors.person_in_reach(request.actor, pk)
    form = ReasonForm(request.POST or None)
    if (
        request.method == "POST"
        and form.is_valid()
        and form.carry_out(services.reset_password, actor=request.actor, person=shown, **form.cleaned_data)
    ):
        return password_page(request, form.result)
    note = "原密码立即失效，正在使用的登录立即结束。新密码只显示一次，本人首次登录须修改。"
    return FormPage(f"重设{shown.name}的密码", "重设密码", _of(shown.pk), intro=note).show(request, form)


def password_page(request: Request, issued: services.IssuedPassword) -> HttpResponse:
    """The one page that shows a first password."""
    context = {"title": "初始密码", "issued": issued}
    response = render(request, "accounts/issued_password.html", context)
    response["Cache-Control"] = "no-store"
    return response


def _of(pk: int) -> str:
    return reverse("accounts:person", args=[pk])
