"""No view opens by accident: one without a mark is refused, and so is whoever the mark doesn't admit."""

import logging
from collections.abc import Callable
from http import HTTPStatus
from itertools import chain
from typing import Any, Final
from urllib.parse import urlencode

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import resolve_url

from registry.kernel.errors import DomainError
from registry.kernel.numerals import MOST
from registry.store.access import Access, Request, SignInRequest, access, access_of
from registry.store.disk import is_disk_full
from registry.web.errors import (
    CONTROL_CHARACTER,
    QUERY_TOO_LONG,
    bad_request,
    disk_full,
    method_not_allowed,
    not_found,
    permission_denied,
)
from registry.web.typed.carried import sign_in_first
from registry.web.typed.places import is_form
from registry.web.views import refusal_page

__all__ = ["Access", "AccessMiddleware", "Request", "SignInRequest", "access", "access_of"]

LONGEST_QUERY: Final = 8000  # of an address: a pattern longer than SQLite takes is an error of the database
logger = logging.getLogger("registry.access")


class AccessMiddleware:
    """Stands before every view: mark, sign-in, choice of assignment, first password, permission; in this order.

    Behind it, a `DomainError` that a view lets go becomes the page that it means.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if response.status_code == HTTPStatus.METHOD_NOT_ALLOWED and not response.content:
            return method_not_allowed(request, response.headers.get("Allow", ""))
        return response

    def process_view(
        self, request: SignInRequest, view: Callable[..., Any], args: tuple[Any, ...], kwargs: dict[str, Any]
    ) -> HttpResponse | None:
        if len(request.META.get("QUERY_STRING", "")) > LONGEST_QUERY:
            return bad_request(request, message=QUERY_TOO_LONG)
        if _has_nul(request, kwargs):
            return bad_request(request, message=CONTROL_CHARACTER)
        if any(isinstance(value, int) and value > MOST for value in kwargs.values()):
            return not_found(request)  # no row can have such a key
        mark = access_of(view)
        if mark is None:
            return self._refuse_unmarked(request, view)
        if mark.public:
            return None
        if request.person is None:
            if is_form(request) and not getattr(request, "htmx", False):
                return sign_in_first(request, is_trusted=True)
            return _redirect(request, settings.LOGIN_URL)
        if request.actor is None:
            return None if mark.before_role else _redirect(request, "accounts:choose")
        if request.person.must_change_password and not mark.before_role:
            return _redirect(request, "accounts:change_password")
        if not mark.admits(request.actor):
            logger.warning(
                "refused %s %s to person %s as %s", request.method, request.path, request.actor.person_id,
                request.actor.role,
            )  # fmt: skip
            return permission_denied(request)
        return None

    def process_exception(self, request: Request, error: Exception) -> HttpResponse | None:
        if isinstance(error, DomainError):
            return refusal_page(request, error)
        if is_disk_full(error):
            logger.error("disk full at %s %s", request.method, request.path)
            return disk_full()
        return None

    def _refuse_unmarked(self, request: SignInRequest, view: Callable[..., Any]) -> HttpResponse:
        name = f"{view.__module__}.{getattr(view, '__qualname__', type(view).__name__)}"
        if getattr(settings, "ACCESS_STRICT", settings.DEBUG):
            raise ImproperlyConfigured(f"{name} has no @access mark")
        logger.error("view without @access: %s", name)
        return permission_denied(request)


def _has_nul(request: HttpRequest, kwargs: dict[str, Any]) -> bool:
    """Whether an address, a query or a field holds NUL: no column does, and PostgreSQL raises at it."""
    texts = [request.path, *map(str, kwargs.values())]
    for name, values in chain(request.GET.lists(), request.POST.lists()):
        texts += [name, *map(str, values)]
    return any("\0" in text for text in texts)


def _redirect(request: SignInRequest, to: str) -> HttpResponse:
    """Send elsewhere and back again; htmx is told to load the whole page."""
    back = request.get_full_path() if request.method == "GET" and not getattr(request, "htmx", False) else ""
    url = resolve_url(to) + (f"?{urlencode({'next': back})}" if back and back != "/" else "")
    if getattr(request, "htmx", False):
        return HttpResponse(status=204, headers={"HX-Redirect": url})
    return HttpResponseRedirect(url)
