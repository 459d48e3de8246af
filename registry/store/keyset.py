"""Keyset paging: a page is what comes after a row, never an offset. Cheap at any depth, stable under inserts."""

import base64
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Generic, TypeVar

from django.core.exceptions import ValidationError
from django.db import models
from django.http import QueryDict

from registry.kernel.errors import Refused
from registry.kernel.numerals import MOST

M = TypeVar("M", bound=models.Model)
_SENT_AS_TEXT = (models.CharField, models.TextField, models.DateField, models.DecimalField)


@dataclass(frozen=True)
class Page(Generic[M]):
    """One page of rows; `after` opens the next one and is empty on the last."""

    rows: Sequence[M]
    after: str
    is_first: bool

    def next_query(self, query: QueryDict) -> str:
        """Return the query string of the next page, filters kept; empty on the last page."""
        if not self.after:
            return ""
        onward = query.copy()
        onward["after"] = self.after
        return onward.urlencode()


def page_after(queryset: Any, *, order: Sequence[str], after: str = "", size: int = 50) -> Page[Any]:
    """Return the page of a queryset behind the cursor `after`. One query.

    `order` names fields of the model ("-recorded_at", "code"), none of them nullable, the last of them unique. It comes
    from a table in the code, never from the request; the cursor holds their values and nothing else.
    """
    wanted = queryset.order_by(*order)
    if after:
        wanted = wanted.filter(_behind(order, _read(after, queryset, order)))
    rows = list(wanted[: size + 1])
    more = len(rows) > size
    rows = rows[:size]
    return Page(rows, _cursor(rows[-1], order) if more else "", not after)


@dataclass(frozen=True)
class Place(Generic[M]):
    """Where a row stands in a list: its neighbours, its number from 1, how many there are."""

    before: M | None
    behind: M | None
    number: int
    total: int


def place_of(queryset: Any, *, order: Sequence[str], key: Any) -> Place[Any] | None:
    """Return where a row stands in a queryset so ordered; None if it is not in it. Five queries, one if it is not.

    `order` as for `page_after`, what it needs annotated already.
    """
    row = queryset.filter(pk=key).order_by().first()
    if row is None:
        return None
    back = tuple(name[1:] if name.startswith("-") else f"-{name}" for name in order)
    values = [_value(row, name.lstrip("-")) for name in order]
    ahead = queryset.filter(_behind(back, values))
    behind = queryset.filter(_behind(order, values))
    return Place(
        before=ahead.order_by(*back).first(),
        behind=behind.order_by(*order).first(),
        number=ahead.order_by().count() + 1,
        total=queryset.order_by().count(),
    )


def _behind(order: Sequence[str], values: Sequence[Any]) -> models.Q:
    """Rows that sort behind the values: (a > A) or (a = A and b > B) or …"""
    behind, equal = models.Q(), models.Q()
    for name, value in zip(order, values, strict=True):
        field, sign = name.lstrip("-"), "lt" if name.startswith("-") else "gt"
        behind |= equal & models.Q(**{f"{field}__{sign}": value})
        equal &= models.Q(**{field: value})
    return behind


def _cursor(row: models.Model, order: Sequence[str]) -> str:
    values = [_value(row, name.lstrip("-")) for name in order]
    text = json.dumps(values, ensure_ascii=False, separators=(",", ":"), default=_plain)
    return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


def _value(row: Any, path: str) -> Any:
    for part in path.split("__"):
        row = getattr(row, part)
    return row


def _plain(value: Any) -> str:
    if isinstance(value, date | datetime):
        return value.isoformat()
    return str(value)


def _read(cursor: str, queryset: Any, order: Sequence[str]) -> list[Any]:
    """The values of a cursor, each of the kind that its field holds; anything else is refused before the database."""
    try:
        values = json.loads(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
        if not isinstance(values, list) or len(values) != len(order):
            raise ValueError("not a list of that length")
        return [_as_field(queryset, name.lstrip("-"), value) for name, value in zip(order, values, strict=True)]
    except (ValueError, TypeError, OverflowError, RecursionError, ValidationError) as error:
        raise Refused("翻页标记无效。请回到列表首页重新查看。", code="bad_cursor") from error


def _as_field(queryset: Any, path: str, value: Any) -> Any:
    """Turn a value of a cursor into its field's; raises for another kind, too large a number, a text with NUL."""
    if not isinstance(value, str | int) or isinstance(value, bool):
        raise TypeError("neither text nor number")
    if isinstance(value, int) and abs(value) > MOST:
        raise OverflowError("no column holds such a number")
    if isinstance(value, str):
        value.encode()  # a lone surrogate is no text
        if "\0" in value:
            raise ValueError("no column holds NUL")
    field = _field_at(queryset, path)
    if isinstance(field, _SENT_AS_TEXT) != isinstance(value, str):
        raise TypeError("of another kind than its column")
    return field.to_python(value)


def _field_at(queryset: Any, path: str) -> Any:
    """The field at the end of a path like `building__number`, or what an annotation of that name gives."""
    if path in queryset.query.annotations:
        return queryset.query.annotations[path].output_field
    model, field = queryset.model, None
    for part in path.split("__"):
        field = model._meta.pk if part == "pk" else model._meta.get_field(part)
        model = field.related_model or model
    return field
