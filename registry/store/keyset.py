"""Keyset paging: a page is what comes after a row, never an offset. Cheap at any depth, stable under inserts."""

import base64
import binascii
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Generic, TypeVar

from django.db import models
from django.http import QueryDict

from registry.kernel.errors import Refused

M = TypeVar("M", bound=models.Model)


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
        wanted = wanted.filter(_behind(order, _read(after, len(order))))
    rows = list(wanted[: size + 1])
    more = len(rows) > size
    rows = rows[:size]
    return Page(rows, _cursor(rows[-1], order) if more else "", not after)


def _behind(order: Sequence[str], values: Sequence[Any]) -> models.Q:
    """Rows that sort behind the values: (a > A) or (a = A and b > B) or …"""
    found, equal = models.Q(), models.Q()
    for name, value in zip(order, values, strict=True):
        field, sign = name.lstrip("-"), "lt" if name.startswith("-") else "gt"
        found |= equal & models.Q(**{f"{field}__{sign}": value})
        equal &= models.Q(**{field: value})
    return found


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


def _read(cursor: str, length: int) -> list[Any]:
    try:
        values = json.loads(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
    except (binascii.Error, UnicodeDecodeError, ValueError):
        values = None
    if not isinstance(values, list) or len(values) != length or not all(_is_plain(value) for value in values):
        raise Refused("翻页标记无效。请回到列表首页重新查看。", code="bad_cursor")
    return values


def _is_plain(value: Any) -> bool:
    return isinstance(value, str | int) and not isinstance(value, bool)
