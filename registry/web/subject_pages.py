"""Where a thing is shown, when its page stands in an app above the one that names the thing.

A home is a row of the ledger, its page is progress's: progress lists `{"unit": view}` in its `navigation.py`, and below
it `page_url("unit", code, pk)` or `{% page_url "unit" project.code unit.pk %}` lead there.
An app that names a page of its own, or of an app below it, says `reverse` and `{% url %}` as ever.
"""

from typing import Any

from django.urls import reverse

PAGES: dict[str, str] = {}


class NoPage(LookupError):
    """A thing whose page no app has declared."""


def declare_pages(**pages: str) -> None:
    """Name the view that shows a thing; it has one."""
    for thing, view in pages.items():
        if PAGES.setdefault(thing, view) != view:
            raise ValueError(f"two pages of {thing}: {PAGES[thing]} and {view}")


def page_url(thing: str, *args: Any) -> str:
    """Return the address of the page that shows a thing; NoPage if no app has declared one."""
    if thing not in PAGES:
        raise NoPage(thing)
    return reverse(PAGES[thing], args=args)
