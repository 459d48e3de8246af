"""The mark that every view carries: who may come through this door. Read by registry.web.access, which refuses a view
without it. It stands this low because every app that has views stands above it."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any, TypeVar

from django.http import HttpRequest
from django.utils.http import url_has_allowed_host_and_scheme

from registry.kernel.authority import Actor, Permission

View = TypeVar("View", bound=Callable[..., Any])


class SignInRequest(HttpRequest):
    """What a view at the door is given: the Shanghai day, and whoever is there so far."""

    actor: Actor | None
    person: Any
    today: date
    htmx: Any


class Request(SignInRequest):
    """What every other view is given: the actor of the session's assignment."""

    actor: Actor


@dataclass(frozen=True)
class Access:
    """Who may open a view: anybody (`public`), anybody signed in (no permissions), or who has one of them.

    `before_role` views open to a person who is signed in but has not yet chosen an assignment, or must first change
    the password handed out.
    """

    permissions: tuple[Permission, ...] = ()
    public: bool = False
    before_role: bool = False

    def admits(self, actor: Actor) -> bool:
        """Return whether the actor may open the view."""
        return not self.permissions or any(actor.can(permission) for permission in self.permissions)


def access(*permissions: Permission | None, public: bool = False, before_role: bool = False) -> Callable[[View], View]:
    """Mark a view: `@access(Permission.X)`, `@access(None)` for anybody signed in, `@access(public=True)`."""

    def mark(view: View) -> View:
        kept = tuple(permission for permission in permissions if permission is not None)
        view.access = Access(kept, public, before_role)  # type: ignore[attr-defined]
        return view

    return mark


def access_of(view: Callable[..., Any]) -> Access | None:
    """Return the mark of a view, through wrappers and `as_view()`; None if it has none."""
    mark = getattr(view, "access", None) or getattr(getattr(view, "view_class", None), "access", None)
    return mark if isinstance(mark, Access) else None


def is_address_here(request: HttpRequest, address: str) -> bool:
    """Return whether a text is an address of this site: from its root, or whole with this host. Nothing else leads on.

    A bare word ("CY-0001") is none: a redirect takes it for the name of a view.
    """
    here = {request.get_host()}
    return address.startswith(("/", "http://", "https://")) and url_has_allowed_host_and_scheme(
        address, here, require_https=request.is_secure()
    )
