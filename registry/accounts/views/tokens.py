"""Tokens of other platforms: which there are, issued, ended."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods

from registry.accounts.forms import RevokeTokenForm, TokenForm
from registry.accounts.pages import FormPage
from registry.accounts.selectors.tokens import token_by_key, token_holders, tokens_for
from registry.accounts.services.tokens import issue_token, last_day, revoke_token
from registry.kernel.authority import Permission
from registry.store.access import Request, access


@access(Permission.ACCOUNT_MANAGE)
@require_GET
def tokens(request: Request) -> HttpResponse:
    """The tokens of the organisations in reach."""
    context = {"title": "接口令牌", "tokens": list(tokens_for(request.actor)[:200]), "today": request.today}
    return render(request, "accounts/tokens.html", context)


@access(Permission.ACCOUNT_MANAGE)
@require_http_methods(["GET", "POST"])
def issue_token_page(request: Request) -> HttpResponse:
    """Issue a token; it is shown once."""
    form = TokenForm(
        request.POST or None, holders=token_holders(request.actor), initial={"ends": last_day(request.today)}
    )
    if form.submitted(request, issue_token):
        context = {"title": "接口令牌", "issued": form.result, "back": reverse("accounts:tokens")}
        response = render(request, "accounts/issued_token.html", context)
        response.headers["Cache-Control"] = "no-store"
        return response
    return FormPage(
        "发放接口令牌",
        "发放",
        reverse("accounts:tokens"),
        intro="令牌只显示一次，系统不保存原文。对接系统凭令牌以该单位的名义登记工单，全部记入操作记录。",
    ).show(request, form)


@access(Permission.ACCOUNT_MANAGE)
@require_http_methods(["GET", "POST"])
def revoke_token_page(request: Request, pk: int) -> HttpResponse:
    """End a token."""
    token = token_by_key(request.actor, pk)
    form = RevokeTokenForm(request.POST or None)
    if form.submitted(request, revoke_token, token=token):
        messages.success(request, f"已停用{token.name}的令牌。")
        return redirect("accounts:tokens")
    return FormPage(
        f"停用令牌：{token.name}",
        "停用",
        reverse("accounts:tokens"),
        intro="停用后立即不能再用，不可恢复。",
        is_danger=True,
    ).show(request, form)
