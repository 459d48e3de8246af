"""How a list is sorted: by a named order, or by the head of a column, up and down. A page and its export share them."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db.models import Case, F, Field, IntegerField, Value, When
from django.db.models.functions import Coalesce

from registry.store.collation import by_pinyin

__all__ = ["Order", "by_heads", "by_pinyin", "if_any", "order_named", "ordered", "ranked"]


@dataclass(frozen=True)
class Order:
    """One way to sort a list: what people call it, and the fields, none nullable, the last unique.

    `head` is the column whose head asks for it; such an order is offered there, not among the named ones. `keys` are
    annotated for it: a name by pinyin, a number that may be missing.
    """

    name: str
    label: str
    fields: tuple[str, ...]
    head: str = ""
    keys: Mapping[str, Any] = field(default_factory=dict)

    @property
    def is_descending(self) -> bool:
        """Whether its head stands with the largest first."""
        return bool(self.head) and self.name.startswith("-")

    def applied(self, queryset: Any) -> Any:
        """Return the rows with what they are sorted by. No query."""
        return queryset.annotate(**self.keys) if self.keys else queryset


def by_heads(keys: Mapping[str, Any], *, tie: Sequence[str]) -> tuple[Order, ...]:
    """Return two orders for each column: by a field, or by an expression over the row; `tie` ends with what is unique.

    "-found_on" as a key is a column by whose head the newest stands first.
    """
    return tuple(order for head, key in keys.items() for order in _by_head(head, key, tie))


def _by_head(head: str, key: Any, tie: Sequence[str]) -> tuple[Order, Order]:
    keys = {} if isinstance(key, str) else {f"head_{head}": key}
    fields = (key if isinstance(key, str) else f"head_{head}", *tie)
    back = tuple(each[1:] if each.startswith("-") else f"-{each}" for each in fields)
    return Order(head, "", fields, head, keys), Order(f"-{head}", "", back, head, keys)


def ranked(path: str, codes: Iterable[str]) -> Case:
    """Return the place of a code in its table: a stage by the road, not by its letters."""
    whens = [When(**{path: str(code)}, then=Value(place)) for place, code in enumerate(codes)]
    return Case(*whens, default=Value(len(whens)), output_field=IntegerField())


def if_any(path: str, otherwise: Any = date.max, field: "Field[Any, Any] | None" = None) -> Coalesce:
    """Return a value that may be missing, for sorting: what is missing stands at the end."""
    return Coalesce(F(path), Value(otherwise, output_field=field), output_field=field)


def order_named(orders: Sequence[Order], name: str | None) -> Order:
    """Return the order of that name, else the first."""
    return next((each for each in orders if each.name == name), orders[0])


def ordered(queryset: Any, orders: Sequence[Order], words: Mapping[str, str]) -> Any:
    """Sort a queryset as its page does: by the order asked for, else by the first."""
    order = order_named(orders, words.get("order"))
    return order.applied(queryset).order_by(*order.fields)
