"""Refusals: what the user is told when a rule says no."""

from collections.abc import Callable, Sequence
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
        self.others: tuple[DomainError, ...] = ()  # what else is wrong, told with it


class PermissionRefused(DomainError):
    """The actor's role does not allow it."""


class NotFound(DomainError):
    """There is no such thing for this actor, whether it exists or not."""


class Refused(DomainError):
    """A rule of the field refuses it."""


def gathered(*checks: Callable[[], object]) -> list[DomainError]:
    """Run all checks and return what they refuse, one refusal after the other; nothing is raised."""
    refusals: list[DomainError] = []
    for check in checks:
        try:
            check()
        except DomainError as refusal:
            refusals += (refusal, *refusal.others)
    return refusals


def raise_together(refusals: Sequence[DomainError]) -> None:
    """Raise all refusals as one: the first, that carries the others. None: nothing is wrong."""
    if refusals:
        refusals[0].others = tuple(refusals[1:])
        raise refusals[0]
