"""A list page: filter, order, columns, one keyset page, saved filters. Two queries, three with the total."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.http import QueryDict

from registry.accounts.selectors import saved_filters
from registry.kernel.columns import Column
from registry.lists.exports import Order
from registry.store.access import Request, is_address_here
from registry.store.keyset import Page, page_after

SIZE = 50
RESERVED = frozenset({"after", "order", "columns"})


@dataclass(frozen=True)
class SavedLink:
    """A saved filter as a link."""

    key: int
    name: str
    query: str
    is_own: bool
    is_current: bool


@dataclass(frozen=True)
class Listing:
    """Everything that a list template needs; it asks the database for nothing more."""

    name: str
    rows: Sequence[Any]
    columns: tuple[Column, ...]
    every_column: tuple[tuple[Column, bool], ...]
    orders: tuple[tuple[Order, bool, str], ...]
    fields: tuple[tuple[str, str], ...]
    filter_query: str
    first_query: str
    next_query: str
    is_first: bool
    total: int | None
    saved: tuple[SavedLink, ...]
    is_chosen: bool = False

    @property
    def cells(self) -> list[tuple[Any, list[tuple[Column, str]]]]:
        """Each row with its cells, printed by their kind."""
        return [(row, [(column, column.show(row)) for column in self.columns]) for row in self.rows]


def listing(
    request: Request,
    *,
    name: str,
    queryset: Any,
    columns: Sequence[Column],
    orders: Sequence[Order],
    shown: Sequence[str] = (),
    size: int = SIZE,
    with_total: bool = False,
) -> Listing:
    """Return one page of a filtered queryset, as the request asks for it.

    `orders` and `columns` are the whitelist: what the request names beside them is ignored, never passed to the
    database. `shown` names the columns shown until the reader chooses others. Queries: the page, the saved filters,
    and the total if asked for.
    """
    order = next((each for each in orders if each.name == request.GET.get("order")), orders[0])
    chosen = _chosen(request.GET.getlist("columns"), columns, shown)
    page: Page[Any] = page_after(queryset, order=order.fields, after=request.GET.get("after", ""), size=size)
    plain = query_without(request.GET, "after")
    return Listing(
        name=name,
        rows=page.rows,
        columns=chosen,
        every_column=tuple((column, column in chosen) for column in columns),
        orders=tuple((each, each is order, query_with(request.GET, order=each.name)) for each in orders),
        fields=tuple(
            (key, value)
            for key, values in request.GET.lists()
            for value in values
            if value and key not in ("after", "columns")
        ),
        filter_query=query_without(request.GET, *RESERVED),
        first_query=plain,
        next_query=query_with(request.GET, after=page.after) if page.after else "",
        is_first=page.is_first,
        total=queryset.order_by().count() if with_total else None,
        saved=saved_links(request, name),
        is_chosen=bool(request.GET.getlist("columns")),
    )


def _chosen(wanted: Sequence[str], columns: Sequence[Column], shown: Sequence[str]) -> tuple[Column, ...]:
    """The columns asked for, in the order of their declaration; unknown names are nothing."""
    names = set(wanted) & {column.name for column in columns} or set(shown) or {column.name for column in columns}
    return tuple(column for column in columns if column.name in names)


def saved_links(request: Request, name: str) -> tuple[SavedLink, ...]:
    """Return the reader's saved filters of a page, and those shared by its organisation. One query."""
    current = query_without(request.GET, "after", "from")
    return tuple(
        SavedLink(kept.pk, kept.name, kept.query, kept.person_id == request.actor.person_id, kept.query == current)
        for kept in saved_filters(request.actor, name)
    )


def query_without(query: QueryDict, *names: str) -> str:
    """Return the query string without some of its fields and without empty ones."""
    kept = query.copy()
    for name in list(kept):
        values = [value for value in kept.getlist(name) if value]
        if name in names or not values:
            del kept[name]
        else:
            kept.setlist(name, values)
    return kept.urlencode()


def query_with(query: QueryDict, **fields: str) -> str:
    """Return the query string with fields set; a page marker never survives another change."""
    changed = QueryDict(query_without(query, "after"), mutable=True)
    for name, value in fields.items():
        changed[name] = value
    return changed.urlencode()


def back_to(request: Request) -> str:
    """Return the page of this site that the request came from, or the desk."""
    back = request.POST.get("next") or request.headers.get("Referer", "")
    return back if is_address_here(request, back) else "/"
