"""Every address refuses who is not signed in; the list of those that answer a stranger is exact. No app names an
address or a template of an app above it: it offers a place, and the app above declares itself there."""

import ast
import itertools
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from django.urls import NoReverseMatch, URLPattern, URLResolver, get_resolver, reverse

from registry.store.access import access_of
from registry.web import actions, navigation, subject_pages
from tests.architecture.source import ROOT, app_order, sources

# Names that answer without signing in, each with the reason.
PUBLIC = {
    "accounts:sign_in": "the door",
    "accounts:sign_out": "leads everybody to the door",
    "web:healthz": "asked by monitoring; tells nothing but alive or not",
    "leads_api:description": "how other platforms send tickets; nothing of any",
    "leads_api:tickets": "answers to a token alone",
    "leads_api:ticket": "answers to a token alone; nothing of a caller",
    "papers_public:ask_proof": "asks for the code that stands on a paper",
    "papers_public:proof": "number, day, kind, hash of a paper by its code; no name; limited",
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


# Names that point up ---------------------------------------------------------------------------------------------

FRAME = ("", "_components", "errors")  # the frame of every page: part of web, and everybody may build on it
TEMPLATES = ROOT / "templates"
COMMENT = re.compile(r"\{#.*?#\}|\{% comment %\}.*?\{% endcomment %\}", re.DOTALL)


def app_of(module: str) -> str:
    """The app that a module belongs to: the longest name in the one order that begins it."""
    return max((app for app in app_order() if f"{module}.".startswith(f"{app}.")), key=len, default="")


def owners_of_namespaces() -> dict[str, str]:
    """Each namespace of addresses with the app that answers it."""
    mounted = (pattern for pattern in get_resolver().url_patterns if isinstance(pattern, URLResolver))
    return {str(one.namespace): app_of(one.urlconf_module.__name__) for one in mounted if one.namespace}


def owner_of_folder(folder: str) -> str:
    """The app whose templates lie in a folder: the one of its name; "" if there is none."""
    named = {"registration": "registry.accounts", "admin": owners_of_namespaces()["admin"]}
    named |= dict.fromkeys(FRAME, "registry.web")
    return named.get(folder) or next((app for app in app_order() if app.rpartition(".")[2] == folder), "")


def folder_of(template: str) -> str:
    """The folder that says whose a template is."""
    return template.rpartition("/")[0].partition("/")[0]


def strings(tree: ast.AST) -> Iterator[str]:
    """Every text in Python, the pieces of f-strings too."""
    return (node.value for node in ast.walk(tree) if isinstance(node, ast.Constant) and isinstance(node.value, str))


def names_in_python(tree: ast.AST) -> set[str]:
    """Names of addresses and of templates: whole strings, not words in sentences."""
    return {text for text in strings(tree) if re.fullmatch(r"[a-z]+:\w*|[\w/-]+\.html", text)}


def names_in_template(text: str) -> set[str]:
    """Names of addresses and of templates, in quotes, comments left out."""
    return set(re.findall(r"[\"']([a-z]+:\w+|[\w/-]+\.html)[\"']", COMMENT.sub("", text)))


def owner_of_name(name: str) -> str:
    """The app that answers an address or owns a template; "" if it is neither, or part of the frame."""
    if name.endswith(".html"):
        return "" if folder_of(name) in FRAME else owner_of_folder(folder_of(name))
    return owners_of_namespaces().get(name.partition(":")[0], "")


def pointing_up(owner: str, names: set[str]) -> set[str]:
    """Those of the names that belong to an app above the owner, or to a neighbour that stands beside it."""
    order = app_order()
    owners = {name: owner_of_name(name) for name in names}
    return {name for name, app in owners.items() if app and app != owner and order[app] >= order[owner]}


def upward_names() -> dict[str, set[str]]:
    """Every file that names something above its app, with what it names."""
    found = {s.name: pointing_up(app, names_in_python(s.tree)) for s in sources() if (app := app_of(s.module))}
    for path in sorted(TEMPLATES.rglob("*.html")):
        owner = owner_of_folder(folder_of(path.relative_to(TEMPLATES).as_posix()))
        found[path.relative_to(ROOT).as_posix()] = pointing_up(owner, names_in_template(_text(path)))
    return {name: names for name, names in found.items() if names}


def _text(path: Path) -> str:
    return path.read_text(encoding="utf-8")


def test_every_folder_of_templates_belongs_to_an_app() -> None:
    folders = {folder_of(path.relative_to(TEMPLATES).as_posix()) for path in TEMPLATES.rglob("*.html")}

    assert {folder for folder in folders if not owner_of_folder(folder)} == set()


def test_no_app_names_an_address_or_a_template_of_an_app_above_it() -> None:
    assert upward_names() == {}


@pytest.mark.parametrize(
    ("owner", "code", "found"),
    [
        ("projects.ledger", 'reverse("gates:blocker", args=[1])', {"gates:blocker"}),
        ("registry.accounts", 'render(request, "web/desk.html")', {"web/desk.html"}),
        ("registry.web", "url = f'projects:{x}' + f'ledger:{x}'", {"ledger:"}),
        ("projects.gates", 'reverse("ledger:project"); render(r, "web/desk.html"); render(r, "base.html")', set()),
        ("projects.gates", '"""See gates:blocker and progress:unit."""', set()),
    ],
)
def test_a_planted_name_in_python_is_found(owner: str, code: str, found: set[str]) -> None:
    assert pointing_up(owner, names_in_python(ast.parse(code))) == found


@pytest.mark.parametrize(
    ("owner", "text", "found"),
    [
        ("projects.ledger", "{% url 'progress:unit' code 1 as url %}", {"progress:unit"}),
        ("projects.ledger", '{% include "progress/units.html" %}', {"progress/units.html"}),
        ("projects.ledger", "{% page_url 'unit' code 1 %}{% url 'ledger:project' code %}", set()),
        ("projects.ledger", "{# rendered by 'progress:unit' #}{% extends 'base.html' %}", set()),
    ],
)
def test_a_planted_name_in_a_template_is_found(owner: str, text: str, found: set[str]) -> None:
    assert pointing_up(owner, names_in_template(text)) == found


def test_what_the_apps_declare_opens_views_that_exist() -> None:
    known = set(names())
    declared = {entry.view for entry in navigation.ENTRIES.values()} | set(subject_pages.PAGES.values())

    assert declared - known == set()
    assert {action.view for action in actions.ACTIONS.values()} - known == set()


def test_every_page_that_is_asked_for_is_declared_and_every_declared_one_is_asked_for() -> None:
    asked = {
        thing
        for path in TEMPLATES.rglob("*.html")
        for thing in re.findall(r"\{% page_url [\"'](\w+)[\"']", _text(path))
    }
    asked |= {thing for source in sources() for thing in re.findall(r"page_url\(\"(\w+)\"", source.text)}

    assert asked == set(subject_pages.PAGES)


def test_every_page_that_offers_actions_is_given_some_and_every_action_has_its_page() -> None:
    texts = [_text(path) for path in TEMPLATES.rglob("*.html")] + [source.text for source in sources()]
    ways = r"\{% actions [\"'](\w+)[\"']|with of=\"(\w+)\" *(?:about|%)|actions_for\(\"(\w+)\", request"
    asked = {"".join(groups) for text in texts for groups in re.findall(ways, text)}

    assert asked == {action.page for action in actions.ACTIONS.values()}
