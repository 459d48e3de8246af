"""The bar: each app declares its own words of it.

Each app lists its entries in its `navigation.py`: `NavEntry(30, label, view)`, declared in its `ready()`. Who sees an
entry follows from the mark of its view: nothing is said twice.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

from django.urls import NoReverseMatch, resolve, reverse

from registry.accounts.selectors import inbox_count
from registry.kernel.authority import Actor
from registry.store.access import Access, access_of


@dataclass(frozen=True)
class NavEntry:
    """One word of the bar: its place, the view it opens; `folded` under 更多; `count` is what waits there."""

    order: int
    label: str
    view: str
    folded: bool = False
    count: Callable[[Actor], int] | None = None


@dataclass(frozen=True)
class NavLink:
    """An entry as one reader sees it on one page."""

    label: str
    url: str
    is_current: bool
    count: int | None
    is_folded: bool = False
    homes: int = 0


DESK: Final = "web:desk"
ENTRIES: dict[str, NavEntry] = {}
STANDING: list[Callable[[Actor], int]] = []  # what counts the homes that stand with an actor, beside the desk's matters

# The foundation stands below the bar and cannot declare: its words are declared here.
FOUNDATION: Final = (
    NavEntry(10, "我的工作台", DESK, count=inbox_count),
    NavEntry(140, "后台任务", "jobs:jobs", folded=True),
    NavEntry(150, "人员", "accounts:people", folded=True),
    NavEntry(155, "接口令牌", "accounts:tokens", folded=True),
    NavEntry(165, "设置", "accounts:settings", folded=True),
    NavEntry(170, "操作记录", "audit:acts", folded=True),
)


def declare_navigation(*entries: NavEntry) -> None:
    """Add words to the bar; a view has one word in it."""
    for entry in entries:
        if ENTRIES.setdefault(entry.view, entry) != entry:
            raise ValueError(f"two entries of the bar for {entry.view}")


def declare_standing(count: Callable[[Actor], int]) -> None:
    """Add what counts homes that wait for an actor's own doing: a desk full of them never says that nothing waits."""
    if count not in STANDING:
        STANDING.append(count)


def entries() -> list[NavEntry]:
    """List what is declared in the order of the bar, what is folded last."""
    return sorted(ENTRIES.values(), key=lambda entry: (entry.folded, entry.order))


def navigation_for(actor: Actor, path: str) -> Sequence[NavLink]:
    """List where the actor may go from a page. As many queries as entries count: one; two for who goes through homes.

    An entry is left out if its view is not mounted, or if the mark of the view does not admit the actor.
    """
    addresses = [(entry, *address_of(entry.view)) for entry in entries()]
    open_to = [(entry, url) for entry, url, mark in addresses if mark is not None and mark.admits(actor)]
    current = current_of(path, [url for _, url in open_to])
    return tuple(
        NavLink(
            entry.label,
            url,
            url == current,
            entry.count(actor) if entry.count else None,
            entry.folded,
            sum(count(actor) for count in STANDING) if entry.view == DESK else 0,
        )
        for entry, url in open_to
    )


def current_of(path: str, urls: Sequence[str]) -> str:
    """Return the address under which a page lies: the longest that begins its own; the desk is itself only."""
    return max((url for url in urls if path == url or (url != "/" and path.startswith(url))), key=len, default="")


def address_of(view: str) -> tuple[str, Access | None]:
    """Return the address of a view and its mark; no mark if the view is not mounted."""
    try:
        url = reverse(view)
    except NoReverseMatch:
        return "", None
    return url, access_of(resolve(url).func)
