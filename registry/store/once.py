"""One act for a form sent twice: the key of a form, held by the act that it became. The act is the record."""

import hmac
import re
import secrets
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Any, Final

from django.db import models

from registry.kernel.authority import Actor
from registry.store.crypto import keyed_digest

KEY: Final = re.compile(r"[0-9A-Za-z_-]{16,64}")
MARK: Final = 20  # characters of the person's mark at the end of a key


@dataclass
class Use:
    """A key in use: it is for the first act under it that asks; acts after that one are acts of their own."""

    key: str
    is_used: bool = False


@dataclass(frozen=True)
class Found:
    """The row that an act of this key answered with; none if it answered with no row."""

    row: models.Model | None


_owner: ContextVar[int | None] = ContextVar("registry_form_owner", default=None)
Find = Callable[[int, str, str], Found | None]
_use: ContextVar[Use | None] = ContextVar("registry_once", default=None)
_finders: list[Find] = []


def set_finder(find: Find) -> None:
    """Name the one function that finds the act of a person and a key (the audit app, at start)."""
    _finders[:] = [find]


def new_key() -> str:
    """Make the key of a form that is shown. It bears the mark of the person whom it is shown to."""
    key, owner = secrets.token_urlsafe(24), _owner.get()
    return key if owner is None else f"{key}-{_mark(owner)}"


@contextmanager
def shown_to(person_id: int | None) -> Iterator[None]:
    """Mark the keys that are made inside as keys of a person's forms."""
    token = _owner.set(person_id)
    try:
        yield
    finally:
        _owner.reset(token)


def is_key_of(key: str, person_id: int) -> bool:
    """Return whether a form was shown to this person: nobody makes the mark without the key file."""
    return bool(KEY.fullmatch(key)) and hmac.compare_digest(key[-MARK:], _mark(person_id))


def _mark(person_id: int) -> str:
    return keyed_digest("form", str(person_id))[:MARK]


@contextmanager
def once(key: str) -> Iterator[None]:
    """Do what is inside under the key of a form; "" or what is no key is as without."""
    token = _use.set(Use(key) if KEY.fullmatch(key) else None)
    try:
        yield
    finally:
        _use.reset(token)


@contextmanager
def each_once(number: int) -> Iterator[None]:
    """Do one of several acts of one form under a key of its own, made of the form's: sent again, each answers anew."""
    use = _use.get()
    with once(f"{use.key}-{number}" if use is not None else ""):
        yield


def take_key(actor: Actor) -> str:
    """Return the key for the act that is about to open, and use it up; "" without one, and for the system."""
    use = _use.get()
    if use is None or use.is_used or actor.person_id is None:
        return ""
    use.is_used = True
    return use.key


def find_once(actor: Actor, key: str, service: str) -> Found | None:
    """Find what the same person's act under this key answered with; raises Refused if another service used it."""
    return _finders[0](actor.person_id, key, service) if key and actor.person_id is not None else None


def answer_of(result: Any, subject: models.Model | None) -> models.Model | None:
    """Return the row to keep as the answer of an act: its result, else its subject."""
    return result if isinstance(result, models.Model) else subject
