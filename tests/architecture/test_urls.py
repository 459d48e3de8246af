"""Every address refuses who is not signed in. The list of those that answer a stranger is exact."""

import itertools
from collections.abc import Iterator
from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from django.urls import NoReverseMatch, URLPattern, URLResolver, get_resolver, reverse

from registry.store.access import access_of

# Names that answer without signing in, each with the reason.
PUBLIC = {
    "accounts:sign_in": "the door",
    "accounts:sign_out": "leads everybody to the door",
    "web:healthz": "asked by monitoring; tells nothing but alive or not",
}
TEXTS = ["1", "x", "2021-07", "C-1", "P-0001", "2021", "report", "xlsx"]
SAMPLES: dict[str, list[Any]] = {
    "IntConverter": [1],
    "StringConverter": ["x"],
    "SlugConverter": ["x"],
    "UUIDConverter": ["00000000-0000-0000-0000-000000000001"],
    "PathConverter": ["x"],
}


def routes(resolver: URLResolver, namespace: str = "") -> Iterator[tuple[str, URLPattern]]:
    """Every route with its full name, those of included third parties too."""
    for pattern in resolver.url_patterns:
        if isinstance(pattern, URLResolver):
            inner = f"{namespace}{pattern.namespace}:" if pattern.namespace else namespace
            yield from routes(pattern, inner)
        else:
            yield f"{namespace}{pattern.name}", pattern


def names() -> list[str]:
    """The names of all routes."""
    return sorted({name for name, _ in routes(get_resolver())})


def address(name: str) -> str:
    """An address of the route: the first combination of samples that fits its converters or expressions."""
    pattern = next(p.pattern for n, p in routes(get_resolver()) if n == name)
    converters = {key: SAMPLES.get(type(c).__name__, TEXTS) for key, c in pattern.converters.items()}
    expressions = {key: TEXTS for key in pattern.regex.groupindex if key not in converters}
    parts = {**converters, **expressions}
    for values in itertools.product(*parts.values()):
        try:
            return reverse(name, kwargs=dict(zip(parts, values, strict=True)))
        except NoReverseMatch:
            continue
    raise LookupError(f"no sample fits {name}: add one to TEXTS")


def test_every_view_says_who_may_open_it() -> None:
    assert [name for name, pattern in routes(get_resolver()) if access_of(pattern.callback) is None] == []


def test_the_list_of_public_addresses_is_exact() -> None:
    marked = ((name, access_of(pattern.callback)) for name, pattern in routes(get_resolver()))

    assert {name for name, mark in marked if mark is not None and mark.public} == set(PUBLIC)


def test_every_route_has_a_name() -> None:
    assert [str(p.pattern) for n, p in routes(get_resolver()) if n.endswith("None")] == []


@pytest.mark.parametrize("name", sorted(set(names()) - set(PUBLIC)))
def test_the_anonymous_are_sent_to_the_door(name: str, client: Client) -> None:
    # No database fixture: a query would raise. Nobody is asked for rows before it is known who asks.
    door, there = reverse(settings.LOGIN_URL), address(name)

    answers = {method: getattr(client, method)(there) for method in ("get", "post")}

    led = {method: (answer.status_code, answer.headers.get("Location", "")) for method, answer in answers.items()}
    assert {method: (code, to[: len(door)]) for method, (code, to) in led.items()} == dict.fromkeys(led, (302, door))
