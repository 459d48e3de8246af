"""Where somebody signs in from: the address behind the proxies, and the browser, if the person signed in there before.

A whole office has one address. Whoever fails five times under a colleague's name locks that name for the address, and
for it alone; the browsers that the colleague signed in with before keep a count of their own.
"""

import secrets
from ipaddress import ip_address
from typing import Any, Final

from django.conf import settings
from django.core import signing
from django.http import HttpRequest
from django.utils.crypto import salted_hmac

COOKIE: Final = "browser"
SALT: Final = "accounts.browser"
KEPT: Final = 90 * 24 * 3600  # seconds
MOST: Final = 8  # people who share one browser
APART: Final = "@"  # no sign-in name has one


def client_address(request: HttpRequest) -> str:
    """Return the address a request came from: the one the outermost trusted proxy saw, else the peer's own.

    TRUSTED_PROXIES counts the proxies in front that add to X-Forwarded-For. What stands further left in it, anybody
    may have written.
    """
    peer: str = request.META.get("REMOTE_ADDR", "")
    if not settings.TRUSTED_PROXIES:
        return peer
    hops = request.META.get("HTTP_X_FORWARDED_FOR", "").split(",")
    try:
        return str(ip_address(hops[-settings.TRUSTED_PROXIES].strip()))
    except (IndexError, ValueError):
        return peer


def counted_as(request: HttpRequest, credentials: dict[str, Any] | None) -> str:
    """Return what failures are counted under: the name, or the name in the browser that knows the person."""
    name = str((credentials or {}).get("username") or "").strip().lower()
    browser, names = _read(request)
    return f"{name}{APART}{browser}" if _key(name) in names else name


def remembered(request: HttpRequest, username: str) -> str:
    """Return the cookie of a browser that from now on knows one more person. It names nobody."""
    browser, names = _read(request)
    key = _key(username)
    names = [key, *(name for name in names if name != key)][:MOST]
    return signing.dumps([browser or secrets.token_hex(8), names], salt=SALT)


def _read(request: HttpRequest) -> tuple[str, list[str]]:
    try:
        browser, names = signing.loads(request.COOKIES.get(COOKIE, ""), salt=SALT, max_age=KEPT)
    except (signing.BadSignature, ValueError):
        return "", []
    return browser, names


def _key(username: str) -> str:
    return salted_hmac(SALT, username.strip().lower()).hexdigest()[:16]
