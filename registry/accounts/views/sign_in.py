"""Sign-in: signing in and out, choosing what to act as, changing one's password."""

from http import HTTPStatus

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import login, logout, update_session_auth_hash
from django.contrib.messages.storage.cookie import CookieStorage
from django.http import HttpResponse, HttpResponseRedirect, JsonResponse
from django.middleware.csrf import get_token
from django.shortcuts import redirect, render, resolve_url
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from registry.accounts.forms import PasswordForm, SignInForm
from registry.accounts.middleware import ASSIGNMENT, EPOCH
from registry.accounts.selectors import role_choices, seconds_to_wait
from registry.accounts.selectors.browsers import COOKIE, KEPT, remembered
from registry.accounts.selectors.first import has_admins
from registry.accounts.services import change_own_password
from registry.store.access import SignInRequest, access, is_address_here

COOKIE_OF_MESSAGES = CookieStorage.cookie_name
IN_PLACE = "X-In-Place"  # a page that stays open asks: it wants no other page
NO_ROLE = "账号今日无有效职责，不能登录。请联系授权单位。"


@access(public=True)
@sensitive_post_parameters()
@never_cache
@require_http_methods(["GET", "POST"])
def sign_in(request: SignInRequest) -> HttpResponse:
    """Name and password; locked after five failures (axes)."""
    if request.actor is not None:
        return redirect(_target(request))
    form = SignInForm(request, data=request.POST or None)
    pause = seconds_to_wait(request, now=timezone.now()) if request.method == "POST" else 0
    if pause:
        form = SignInForm(request)
        context = {"form": form, "next": _wish(request), "title": "登录", "pause": pause, "has_admins": True}
        return render(request, "registration/login.html", context, status=HTTPStatus.TOO_MANY_REQUESTS)
    if request.method == "POST" and form.is_valid():
        person = form.get_user()
        choices = role_choices(person.pk, on=request.today)
        if choices:
            login(request, person)
            request.session[EPOCH] = person.session_epoch
            if IN_PLACE in request.headers:
                return _remember(request, _on_the_spot(request, [choice.key for choice in choices]))
            if len(choices) == 1:
                request.session[ASSIGNMENT] = choices[0].key
            return _remember(request, redirect(_target(request)) if len(choices) == 1 else _to_choice(request))
        form.add_error(None, NO_ROLE)
    if IN_PLACE in request.headers and request.method == "POST":
        said = "".join(str(text) for texts in form.errors.values() for text in texts)
        return JsonResponse({"said": said}, status=HTTPStatus.UNPROCESSABLE_ENTITY)
    context = {"form": form, "next": _wish(request), "title": "登录", "has_admins": has_admins()}
    return render(request, "registration/login.html", context)


@access(public=True)
@require_POST
def sign_out(request: SignInRequest) -> HttpResponse:
    """End the session and have the browser forget what it kept: office PCs are shared.

    Cookies go one by one: the word for all of them would take those of the domain's other programs too, and with them
    the mark by which a colleague's failures don't lock this browser.
    """
    logout(request)
    response = redirect("accounts:sign_in")
    response["Clear-Site-Data"] = '"cache", "storage"'
    for name in (settings.SESSION_COOKIE_NAME, settings.CSRF_COOKIE_NAME, COOKIE_OF_MESSAGES):
        response.delete_cookie(name, samesite="Lax")
    return response


@access(None, before_role=True)
@never_cache
@require_http_methods(["GET", "POST"])
def choose_role(request: SignInRequest) -> HttpResponse:
    """Choose, or switch, the role to act in."""
    choices = role_choices(request.person.pk, on=request.today)
    if request.method == "POST":
        chosen = next((choice for choice in choices if str(choice.key) == request.POST.get("assignment")), None)
        if chosen is not None:
            request.session.cycle_key()
            request.session[ASSIGNMENT] = chosen.key
            return redirect(_target(request))
        messages.warning(request, "该职责今日不在有效期内。请另选一项。")
    context = {
        "choices": choices,
        "current": request.session.get(ASSIGNMENT),
        "next": _wish(request),
        "title": "选择职责",
    }
    return render(request, "accounts/choose.html", context)


@access(None, before_role=True)
@sensitive_post_parameters()
@never_cache
@require_http_methods(["GET", "POST"])
def change_password(request: SignInRequest) -> HttpResponse:
    """Change one's own password; the first one handed out must be changed before anything else."""
    if request.actor is None:
        return _to_choice(request)
    form = PasswordForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        words = {name: form.cleaned_data[name] for name in ("old_password", "new_password")}
        if form.carry_out(change_own_password, actor=request.actor, **words):
            update_session_auth_hash(request, form.result)
            request.session[EPOCH] = form.result.session_epoch
            messages.success(request, "密码已修改，其他地方的登录已结束。")
            return redirect(settings.LOGIN_REDIRECT_URL)
    context = {"form": form, "forced": request.person.must_change_password, "title": "修改密码"}
    return render(request, "accounts/change_password.html", context)


def _wish(request: SignInRequest) -> str:
    """Where the person wanted to go; only within this site."""
    wish = request.POST.get("next") or request.GET.get("next") or ""
    return wish if is_address_here(request, wish) else ""


def _remember(request: SignInRequest, response: HttpResponse) -> HttpResponse:
    """Mark the browser as one that this person signs in with; the mark comes back at the door alone."""
    response.set_cookie(
        COOKIE, remembered(request, request.POST.get("username", "")), max_age=KEPT, path=request.path,
        secure=settings.SESSION_COOKIE_SECURE, httponly=True, samesite="Strict",
    )  # fmt: skip
    return response


def _on_the_spot(request: SignInRequest, keys: list[int]) -> HttpResponse:
    """Answer a page that stays open: in the role that it was opened in it goes on, in any other it must be loaded."""
    seat = request.POST.get("seat", "")
    if seat not in map(str, keys):
        if len(keys) == 1:
            request.session[ASSIGNMENT] = keys[0]
        return JsonResponse({"is_other": True})
    request.session[ASSIGNMENT] = int(seat)
    return JsonResponse({"csrf": get_token(request)})


def _target(request: SignInRequest) -> str:
    return _wish(request) or resolve_url(settings.LOGIN_REDIRECT_URL)


def _to_choice(request: SignInRequest) -> HttpResponseRedirect:
    wish = _wish(request)
    url = resolve_url("accounts:choose")
    return HttpResponseRedirect(f"{url}?next={wish}" if wish else url)
