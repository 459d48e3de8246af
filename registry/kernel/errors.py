"""Refusals: what the user is told when a rule says no."""

from collections.abc import Sequence
from typing import Any


class DomainError(Exception):
    """A refusal with a message fit for the user: what, why, how to mend.

    `code` is for programs, `field` names the form field it belongs to, `rows` are refusals row by row.
    """

    def __init__(
        self, message: str, *, code: str = "refused", field: str | None = None, rows: Sequence[Any] = ()
    ) -> None:
        super().__init__(message)
        self.message = message
        self.code = code
        self.field = field
        self.rows = tuple(rows)


class PermissionRefused(DomainError):
    """The actor's role does not allow it."""


class NotFound(DomainError):
    """There is no such thing for this actor, whether it exists or not."""


class Refused(DomainError):
    """A rule of the field refuses it."""
