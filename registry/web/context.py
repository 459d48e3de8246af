"""What the frame of every page needs: where one can go, who one is, as of when."""

from collections.abc import Sequence
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils import timezone
from django.utils.functional import SimpleLazyObject

from registry.accounts.selectors.waiting import Waiting, first_waiting
from registry.jobs.services import STEPS
from registry.store.clock import is_demo, moment_here
from registry.web.navigation import NavLink, navigation_for


def shell(request: HttpRequest) -> dict[str, Any]:
    """Return nav, actor and as-of to every page. One query, and only if the bar is drawn."""
    return {
        "nav": SimpleLazyObject(lambda: nav_of(request)),
        "actor": getattr(request, "actor", None),
        "idle_seconds": settings.SESSION_COOKIE_AGE,
        "next_item": SimpleLazyObject(lambda: next_of(request)),
        "as_of": timezone.localtime(moment_here()),
        "demo_clock": STEPS.items() if is_demo() else (),
    }


def next_of(request: HttpRequest) -> Waiting | None:
    """Return what waits first for the actor: offered once something was done. One query."""
    actor = getattr(request, "actor", None)
    return first_waiting(actor, on=request.today) if actor is not None else None  # type: ignore[attr-defined]


def nav_of(request: HttpRequest) -> Sequence[NavLink]:
    """List where the actor may go; nothing before a role is chosen and the first password changed. One query."""
    actor = getattr(request, "actor", None)
    if actor is None or request.person.must_change_password:  # type: ignore[attr-defined]
        return ()
    return navigation_for(actor, request.path)
