"""Which form a request is about, and what of it is kept: never a password, a key of the session, or a stranger's."""

from typing import Final
from urllib.parse import parse_qsl, urlencode, urlsplit

from django.http import HttpRequest, QueryDict

from registry.store.drafts import LONGEST_PLACE, Fields
from registry.store.once import is_key_of

RESUME: Final = "draft"  # in the query of an address: open the form with what was typed
RESUMED: Final = "resumed"  # in a form's data: filled with what was typed, not sent
HELD: Final = "held"  # the token of the files that a form holds
ONCE: Final = "once"
GOING_ON: Final = "going_on"  # in the session: the place of a form to show filled in, and whether it is sent at once
_OURS: Final = frozenset({"csrfmiddlewaretoken", RESUMED})
_SECRET: Final = ("password", "old_password", "new_password", "again")


def place_of(address: str) -> str:
    """Return the place of a form by its address: path and query, without the wish to resume."""
    parts = urlsplit(address)
    query = urlencode([(name, value) for name, value in parse_qsl(parts.query) if name != RESUME])
    return f"{parts.path}?{query}" if query else parts.path


def kept_of(data: QueryDict) -> Fields:
    """Return the fields of a form that may be kept."""
    return {name: data.getlist(name) for name in data if name not in _OURS and name not in _SECRET}


def as_data(fields: Fields) -> QueryDict:
    """Return kept fields as a form reads them, marked as not sent."""
    data = QueryDict(mutable=True)
    for name, values in fields.items():
        data.setlist(name, list(values))
    data[RESUMED] = "1"
    return data


def is_form(request: HttpRequest) -> bool:
    """Return whether a request sends one of our forms, and the place is one that can be kept."""
    return request.method == "POST" and bool(request.POST.get(ONCE)) and len(request.get_full_path()) <= LONGEST_PLACE


def is_own(request: HttpRequest, person_key: int) -> bool:
    """Return whether the form that a request sends was shown to this person."""
    return is_key_of(str(request.POST.get(ONCE, "")), person_key)
