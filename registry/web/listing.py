"""A list page with the filters that its reader saved. One query more than `registry.lists.listing`."""

from dataclasses import replace
from typing import Any

from registry.accounts.selectors import saved_filters
from registry.lists import listing as lists
from registry.lists.listing import Listing, SavedLink, query_with, query_without, sums, table
from registry.store.access import Request, is_address_here

__all__ = ["Listing", "SavedLink", "back_to", "listing", "query_with", "query_without", "sums", "table"]


def listing(request: Request, *, name: str, **words: Any) -> Listing:
    """Return one page of a list as `registry.lists.listing.listing` does, and the reader's saved filters beside it."""
    return replace(lists.listing(request, name=name, **words), saved=saved_links(request, name))


def saved_links(request: Request, name: str) -> tuple[SavedLink, ...]:
    """Return the reader's saved filters of a page, and those shared by its organisation. One query."""
    current = query_without(request.GET, "after", "from")
    return tuple(
        SavedLink(kept.pk, kept.name, kept.query, kept.person_id == request.actor.person_id, kept.query == current)
        for kept in saved_filters(request.actor, name)
    )


def back_to(request: Request) -> str:
    """Return the page of this site that the request came from, or the desk."""
    back = request.POST.get("next") or request.headers.get("Referer", "")
    return back if is_address_here(request, back) else "/"
