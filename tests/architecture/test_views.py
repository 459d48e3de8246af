"""A view is named for what it shows or does, once in its app: who searches for the name finds one page."""

import ast
from collections import Counter
from collections.abc import Iterable

from tests.architecture.source import APPS, called_name, calls, sources

# Alone they say nothing: act on what, close what? (`act` is a noun where acts are shown.)
BARE = set("act add again change check close count drop edit end issue keep move note report resolve revoke".split())
NAMED = ("projects.", "commitments")


def views_in(tree: ast.Module) -> list[str]:
    """The functions of a module that stand behind an address: those marked with `access`."""
    return [
        node.name
        for node in tree.body
        if isinstance(node, ast.FunctionDef)
        and any(called_name(call) == "access" for mark in node.decorator_list for call in calls(mark))
    ]


def views_of(app: str) -> Iterable[str]:
    """Every view of an app."""
    modules = (f"{app}.views", f"{app}.views.")
    for source in sources():
        if source.module == modules[0] or source.module.startswith(modules[1]):
            yield from views_in(source.tree)


def test_a_view_is_named_once_in_its_app() -> None:
    twice = {app: [name for name, times in Counter(views_of(app)).items() if times > 1] for app in APPS}

    assert {app: names for app, names in twice.items() if names} == {}


def test_no_view_is_named_by_a_bare_verb() -> None:
    bare = [f"{app}: {name}" for app in APPS if app.startswith(NAMED) for name in views_of(app) if name in BARE]

    assert bare == []


def test_the_search_sees_views_and_bare_names() -> None:
    text = "@access(Permission.UNIT_READ)\n@require_GET\ndef close(request): ...\ndef helper(request): ...\n"

    assert views_in(ast.parse(text)) == ["close"]
    assert "close" in BARE
    assert {app for app in APPS if app.startswith(NAMED) and not list(views_of(app))} == set()
