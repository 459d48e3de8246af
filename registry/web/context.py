"""What the frame of every page needs: where one can go, who one is, as of when."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest
from django.urls import NoReverseMatch, resolve, reverse
from django.utils import timezone
from django.utils.functional import SimpleLazyObject

from registry.accounts.selectors import inbox_count
from registry.store.access import Access, access_of

# Label and address, in the order of the bar. An address that no app answers yet is left out.
ENTRIES: tuple[tuple[str, str], ...] = (
    ("我的工作台", "web:desk"),
    ("项目", "ledger:projects"),
    ("堵点", "gates:blockers"),
    ("承诺", "commitments:instruments"),
    ("进度", "progress:progress"),
    ("报表", "reports:reports"),
    ("任务", "casework:tasks"),
    ("文书", "papers:documents"),
)
# What is opened less often: folded at the end of the bar, so that the bar holds at 1,024 px.
MORE: tuple[tuple[str, str], ...] = (
    ("吹哨报到", "casework:whistles"),
    ("政策", "casework:policies"),
    ("材料清单", "office:checklists"),
    ("后台任务", "jobs:jobs"),
    ("人员", "accounts:people"),
    ("基础数据", "admin:index"),
    ("操作记录", "audit:acts"),
)


@dataclass(frozen=True)
class NavEntry:
    """One word of the bar."""

    label: str
    url: str
    is_current: bool
    count: int | None
    is_folded: bool = False


def shell(request: HttpRequest) -> dict[str, Any]:
    """Return nav, actor and as-of to every page. One query, and only if the bar is drawn."""
    return {
        "nav": SimpleLazyObject(lambda: nav_of(request)),
        "actor": getattr(request, "actor", None),
        "as_of": timezone.localtime(),
    }


def nav_of(request: HttpRequest) -> Sequence[NavEntry]:
    """List where the actor may go; the first entry carries the count of what waits. One query."""
    actor = getattr(request, "actor", None)
    if actor is None or request.person.must_change_password:  # type: ignore[attr-defined]
        return ()
    found = [(entry, *_address(entry[1])) for entry in (*ENTRIES, *MORE)]
    open_to = [(entry, url) for entry, url, mark in found if mark is not None and mark.admits(actor)]
    current = _current(request.path, [url for _, url in open_to])
    return tuple(
        NavEntry(entry[0], url, url == current, inbox_count(actor) if entry[1] == "web:desk" else None, entry in MORE)
        for entry, url in open_to
    )


def _current(path: str, urls: Sequence[str]) -> str:
    """The address under which a page lies: the longest that begins its own; the desk is the page itself only."""
    return max((url for url in urls if path == url or (url != "/" and path.startswith(url))), key=len, default="")


def _address(name: str) -> tuple[str, Access | None]:
    """The address of a view and its mark; no mark if there is no such view."""
    try:
        url = reverse(name)
    except NoReverseMatch:
        return "", None
    return url, access_of(resolve(url).func)
