"""Two people on one form: what an edit form showed when it was opened, held by the service against what stands.

Each shown field has a mark, a digest of its value. A service that changes what a form showed calls `Seen.merge` after
its lock. What another changed and the poster left alone stays; what both changed is refused, with both values.
"""

import hashlib
import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import Enum
from typing import Any, Final

from django.db import models

from registry.kernel.errors import Refused

MARK: Final = re.compile(r"([0-9A-Za-z_]{1,60})=([0-9a-f]{16})")


def said(value: Any) -> Any:
    """Return a value as marks know it: as a form shows it, whether stored, cleaned or read from a payload."""
    match value:
        case None | "":
            return ""
        case models.Model():
            return str(value.pk)
        case bool():
            return "1" if value else ""
        case Enum():
            return said(value.value)
        case date():
            return value.isoformat()
        case str():
            return "\n".join(line.rstrip() for line in value.strip().splitlines())
        case Mapping():
            return {str(name): said(part) for name, part in value.items()}
        case list() | tuple() | set() | frozenset() | models.QuerySet():
            return sorted((said(part) for part in value), key=repr)
        case _:
            return str(value)


def mark_of(value: Any) -> str:
    """Return the mark of a value: equal for what a form shows alike."""
    plain = json.dumps(said(value), ensure_ascii=False, sort_keys=True)
    return hashlib.sha256(plain.encode()).hexdigest()[:16]


def pack(marks: Mapping[str, str]) -> str:
    """Return marks as the hidden field of a form carries them."""
    return ",".join(f"{name}={mark}" for name, mark in marks.items())


def unpack(text: str) -> dict[str, str]:
    """Return the marks that a hidden field carries; what is no mark is passed over."""
    return dict(match.groups() for part in text.split(",") if (match := MARK.fullmatch(part)))  # type: ignore[misc]


@dataclass(frozen=True)
class Clash:
    """A field that two people changed: its value as it stands and as the poster wants it."""

    name: str
    theirs: Any
    mine: Any


class Overtaken(Refused):
    """Somebody changed the same fields after the form was opened; the poster chooses field by field."""

    def __init__(self, rows: Iterable[models.Model], clashes: Iterable[Clash]) -> None:
        super().__init__("打开表单以后，他人修改了同一栏。请逐栏选定保留的内容，再保存。", code="overtaken")
        self.subjects = tuple((row._meta.db_table, int(row.pk)) for row in rows)
        self.clashes = tuple(clashes)


@dataclass(frozen=True)
class Seen:
    """What a form showed: the mark of each field when it was opened, and which of them the poster changed.

    A field without a mark was not shown as it stood, and is not compared.
    """

    marks: Mapping[str, str] = field(default_factory=dict)
    touched: frozenset[str] = frozenset()

    def merge(self, stored: Mapping[str, Any], wanted: Mapping[str, Any], *rows: models.Model) -> dict[str, Any]:
        """Return what to write of `wanted`: after the lock, `stored` is the same fields as they stand in `rows`.

        Raises Overtaken for the fields that another changed since and the poster changed to something else.
        """
        merged, clashes = dict(wanted), []
        for name, mark in self.marks.items():
            if name not in wanted or name not in stored or mark_of(stored[name]) == mark:
                continue
            if name not in self.touched:
                merged[name] = stored[name]
            elif mark_of(wanted[name]) != mark_of(stored[name]):
                clashes.append(Clash(name, stored[name], wanted[name]))
        if clashes:
            raise Overtaken(rows, clashes)
        return merged


UNSEEN: Final = Seen()  # of a caller that showed nobody anything: a command, a list, another service
