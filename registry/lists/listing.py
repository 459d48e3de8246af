"""A list page: filter, order by name or by head, columns, totals, one keyset page. One query, two with the total.

Every list is drawn by one component (`{% listing page %}` in the template); a list that stands whole in memory is
sorted by the same heads (`table`). `registry.web.listing` adds the saved filters of the reader.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Final

from django.db.models import Sum
from django.http import QueryDict

from registry.kernel.columns import Column, format_cell
from registry.lists.orders import Order, by_heads, order_named
from registry.store.access import Request
from registry.store.collation import pinyin_key
from registry.store.keyset import Page, page_after

SIZE: Final = 50
RESERVED: Final = frozenset({"after", "order", "columns"})


@dataclass(frozen=True)
class SavedLink:
    """A saved filter as a link."""

    key: int
    name: str
    query: str
    is_own: bool
    is_current: bool


@dataclass(frozen=True)
class Head:
    """The head of a column: its words, what sorts by it ("" if nothing does), how it is sorted now, its total."""

    name: str
    header: str
    is_number: bool
    query: str
    sorted: str
    total: str
    is_lead: bool


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
    heads: tuple[Head, ...] = ()
    has_totals: bool = False
    saved: tuple[SavedLink, ...] = ()
    is_chosen: bool = False
    here: str = field(default="", kw_only=True)

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
    leads: Sequence[Column] = (),
    shown: Sequence[str] = (),
    size: int = SIZE,
    with_total: bool = False,
    totals: Mapping[str, Any] | None = None,
) -> Listing:
    """Return one page of a filtered queryset, as the request asks for it.

    `orders` and `columns` are the whitelist: what the request names beside them is ignored, never passed to the
    database. `leads` are the columns that name a row, always shown, `shown` those shown until the reader chooses
    others. `totals` are the sums of columns over the whole list. Queries: the page, and the total if asked for.
    """
    if len({each.name for each in orders}) != len(orders):
        raise ValueError(f"two orders of the list {name} bear one name")
    order = order_named(orders, request.GET.get("order"))
    chosen = _chosen(request.GET.getlist("columns"), columns, shown)
    page: Page[Any] = page_after(
        order.applied(queryset), order=order.fields, after=request.GET.get("after", ""), size=size
    )
    return _listing(
        request,
        name=name,
        page=page,
        chosen=chosen,
        columns=columns,
        orders=orders,
        order=order,
        leads=leads,
        total=queryset.order_by().count() if with_total else None,
        totals=totals or {},
    )


def table(
    request: Request,
    *,
    name: str,
    rows: Iterable[Any],
    columns: Sequence[Column],
    leads: Sequence[Column],
    totals: Mapping[str, Any] | None = None,
) -> Listing:
    """Return a list that stands whole in memory, sorted as the request asks: as it came until a head is chosen.

    Columns of `total` are summed over the rows, unless `totals` names their sums. No query.
    """
    every = (*leads, *columns)
    orders = (Order("", "", ()), *by_heads({column.name: column.name for column in every}, tie=()))
    order = order_named(orders, request.GET.get("order"))
    kept = list(rows)
    if order.head:
        column = next(each for each in every if each.name == order.head)
        known = [row for row in kept if column.read(row) not in (None, "")]
        known.sort(key=lambda row: sort_key(column.read(row)), reverse=order.is_descending)
        kept = known + [row for row in kept if column.read(row) in (None, "")]
    summed = {column.name: sum(column.read(row) or 0 for row in kept) for column in columns if column.total and kept}
    return _listing(
        request,
        name=name,
        page=Page(kept, "", True),
        chosen=tuple(columns),
        columns=columns,
        orders=orders,
        order=order,
        leads=leads,
        total=len(kept),
        totals={**summed, **(totals or {})},
    )


def sort_key(value: object) -> Any:
    """Return what a value of a column is sorted by: numbers and days as they are, words by pinyin."""
    return value if isinstance(value, int | float | Decimal | date | datetime) else pinyin_key(str(value))


def sums(queryset: Any, columns: Iterable[Column]) -> dict[str, Any]:
    """Return the sums of the columns of `total` that are fields of the model, over the whole list. One query."""
    names = [each.name for each in columns if each.total]
    summed = queryset.order_by().aggregate(**{f"sum_{name}": Sum(name) for name in names})  # the name may be annotated
    return {name: summed[f"sum_{name}"] or 0 for name in names}


def _listing(
    request: Request,
    *,
    name: str,
    page: Page[Any],
    chosen: tuple[Column, ...],
    columns: Sequence[Column],
    orders: Sequence[Order],
    order: Order,
    leads: Sequence[Column],
    total: int | None,
    totals: Mapping[str, Any],
) -> Listing:
    return Listing(
        name=name,
        rows=page.rows,
        columns=chosen,
        every_column=tuple((column, column in chosen) for column in columns),
        orders=_offered(request.GET, (*leads, *columns), orders, order),
        fields=tuple(
            (key, value)
            for key, values in request.GET.lists()
            for value in values
            if value and key not in ("after", "columns")
        ),
        filter_query=query_without(request.GET, *RESERVED),
        first_query=query_without(request.GET, "after"),
        next_query=query_with(request.GET, after=page.after) if page.after else "",
        is_first=page.is_first,
        total=total,
        heads=tuple(
            _head(request.GET, column, orders, order, totals, is_lead=column in leads) for column in (*leads, *chosen)
        ),
        has_totals=bool(totals),
        is_chosen=bool(request.GET.getlist("columns")),
        here=request.get_full_path(),
    )


def _offered(
    query: QueryDict, columns: Sequence[Column], orders: Sequence[Order], order: Order
) -> tuple[tuple[Order, bool, str], ...]:
    """The named orders, and that of a head while the list is sorted by it."""
    by_name = {column.name: column.header for column in columns}
    words = [each if each is not order or not each.head else _in_words(each, by_name) for each in orders]
    return tuple((each, each.name == order.name, query_with(query, order=each.name)) for each in words if each.label)


def _in_words(order: Order, headers: Mapping[str, str]) -> Order:
    return replace(order, label=f"{headers[order.head]}，{'降序' if order.is_descending else '升序'}")


def _head(
    query: QueryDict,
    column: Column,
    orders: Sequence[Order],
    order: Order,
    totals: Mapping[str, Any],
    *,
    is_lead: bool,
) -> Head:
    """A head asks for its first order, or for the other one if it has it; numbers and days begin with the largest."""
    offered = [each for each in orders if each.head == column.name]
    if offered and (column.is_number or column.kind == "date"):
        offered.reverse()
    wanted = next((each for each in offered if each is not order), None) if offered else None
    is_sorted = order in offered
    return Head(
        column.name,
        column.header,
        column.is_number,
        query_with(query, order=wanted.name) if wanted else "",
        ("descending" if order.is_descending else "ascending") if is_sorted else "",
        format_cell(totals[column.name], column.kind) if column.name in totals else "",
        is_lead,
    )


def _chosen(wanted: Sequence[str], columns: Sequence[Column], shown: Sequence[str]) -> tuple[Column, ...]:
    """The columns asked for, in the order of their declaration; unknown names are nothing."""
    names = set(wanted) & {column.name for column in columns} or set(shown) or {column.name for column in columns}
    return tuple(column for column in columns if column.name in names)


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
