"""When somebody was last here, in this browser: a signed cookie, nothing on record. It names the day of a visit only.

A visit ends after half an hour of quiet; the next one counts what changed since it.
"""

from datetime import datetime, timedelta
from typing import Final

from django.core import signing
from django.http import HttpRequest, HttpResponse

COOKIE: Final = "visits"
SALT: Final = "web.visits"
QUIET: Final = timedelta(minutes=30)
FURTHEST: Final = timedelta(days=31)
KEPT: Final = 60 * 24 * 3600  # seconds


def last_visit(request: HttpRequest, person: int, *, now: datetime) -> datetime | None:
    """Return until when the visit before this one lasted; None if this browser knows of none. At most a month ago."""
    before, latest = _read(request, person)
    since = latest if latest is not None and now - latest > QUIET else before
    return max(since, now - FURTHEST) if since is not None and since < now else None


def keep_visit(request: HttpRequest, response: HttpResponse, person: int, *, now: datetime) -> None:
    """Note that somebody is here."""
    before, latest = _read(request, person)
    if latest is not None and now - latest > QUIET:
        before = latest
    said = f"{person}|{before.isoformat() if before else ''}|{now.isoformat()}"
    response.set_cookie(
        COOKIE, signing.dumps(said, salt=SALT), max_age=KEPT, httponly=True, samesite="Lax", secure=request.is_secure()
    )


def _read(request: HttpRequest, person: int) -> tuple[datetime | None, datetime | None]:
    """The end of the visit before, and the last moment of the latest; nothing if another person was here."""
    try:
        who, before, latest = signing.loads(request.COOKIES.get(COOKIE, ""), salt=SALT, max_age=KEPT).split("|")
        if who != str(person):
            return None, None
        return (datetime.fromisoformat(before) if before else None), datetime.fromisoformat(latest)
    except (signing.BadSignature, ValueError, AttributeError):
        return None, None
