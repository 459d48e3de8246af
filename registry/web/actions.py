"""Actions: what may be begun from a page, declared by the app that does it.

Each app lists its own in its `navigation.py`: `Action("project", 50, label, view)`, declared in its `ready()`.
A page asks `actions_for("project", actor, project)`, a template `{% actions "project" project as offers %}`.
Who is offered an action follows from the mark of its view; `permission` narrows it to those who work by it.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django.urls import resolve, reverse
from django.utils.http import urlencode

from registry.kernel.authority import Actor, Permission
from registry.store.access import access_of


def code_of(subject: Any) -> tuple[Any, ...]:
    """Address a view by the code of its subject, as most are."""
    return (subject.code,)


def nothing(subject: Any) -> tuple[Any, ...]:
    """Address a view of no subject."""
    return ()


@dataclass(frozen=True)
class Action:
    """One act offered on a page: its place there, its words, and the view in which it begins.

    `args` and `query` make the address from the subject of the page; `args` returning None leaves the action out, as
    `allows` does, which knows who asks: where not every holder of the permission has the power. `menu` folds it with
    its like; `leads` are the states of the subject in which it is what comes next, the one primary act of the page.
    """

    page: str
    order: int
    label: str
    view: str
    permission: Permission | None = None
    args: Callable[[Any], tuple[Any, ...] | None] = code_of
    query: Callable[[Any], Mapping[str, Any]] | None = None
    allows: Callable[[Actor, Any], bool] | None = None
    menu: str = ""
    leads: tuple[str, ...] = ()


ACTIONS: dict[tuple[str, str], Action] = {}


def declare_actions(*actions: Action) -> None:
    """Add actions to their pages; a page offers a view once."""
    for action in actions:
        if ACTIONS.setdefault((action.page, action.view), action) != action:
            raise ValueError(f"two actions {action.view} on {action.page}")


def actions_for(page: str, actor: Actor, subject: Any = None) -> list[tuple[str, str]]:
    """List label and address of what the actor may begin from a page, in order. No query but those of `args`."""
    offers = (_offer(action, actor, subject) for action in _declared(page))
    return [offer for offer in offers if offer is not None]


def menus_for(page: str, actor: Actor, subject: Any) -> list[tuple[str, list[tuple[str, str]]]]:
    """List what may be begun from a page by menu, in the order of the first of each; what has none is left out."""
    menus: dict[str, list[tuple[str, str]]] = {}
    for action in _declared(page):
        offer = _offer(action, actor, subject) if action.menu else None
        if offer is not None:
            menus.setdefault(action.menu, []).append(offer)
    return list(menus.items())


def primary_for(page: str, actor: Actor, subject: Any, state: str) -> tuple[str, str] | None:
    """Return the act that comes next for a subject in a state, if the actor may begin it: at most one of a page."""
    offers = (_offer(action, actor, subject) for action in _declared(page) if state in action.leads)
    return next((offer for offer in offers if offer is not None), None)


def _declared(page: str) -> list[Action]:
    return sorted(
        (action for action in ACTIONS.values() if action.page == page), key=lambda action: (action.order, action.label)
    )


def free_actions(actor: Actor) -> list[tuple[str, str]]:
    """List label and address of every act that needs no subject and may be begun by the actor. No query."""
    free = [action for action in ACTIONS.values() if action.args is nothing and action.query is None]
    offers = (_offer(action, actor, None) for action in sorted(free, key=lambda action: action.label))
    return list(dict.fromkeys(offer for offer in offers if offer is not None))


def _offer(action: Action, actor: Actor, subject: Any) -> tuple[str, str] | None:
    if action.permission is not None and not actor.can(action.permission):
        return None
    if action.allows is not None and not action.allows(actor, subject):
        return None
    args = action.args(subject)
    if args is None:
        return None
    url = reverse(action.view, args=args)
    mark = access_of(resolve(url).func)
    if mark is None or not mark.admits(actor):
        return None
    query = f"?{urlencode(action.query(subject))}" if action.query else ""
    return action.label, url + query
