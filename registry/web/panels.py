"""Panels: pages are composed of what apps above register, and import none of them.

In an app's `ready()`: `declare_panel(Panel("project", 30, "blockers", blockers_panel, TEMPLATE))`.
The selector is called with the keywords of its page (the desk: actor, on; a project: actor, project, on) and returns
the context of its template, or None to stay away.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

Selector = Callable[..., Mapping[str, Any] | None]


@dataclass(frozen=True)
class Panel:
    """One panel: the page it stands on, its place there, and where its content comes from."""

    page: str
    order: int
    name: str
    selector: Selector
    template: str


@dataclass(frozen=True)
class ShownPanel:
    """A panel with its content, ready for `{% include shown.template with panel=shown.content %}`."""

    name: str
    template: str
    content: Mapping[str, Any]


PANELS: dict[tuple[str, str], Panel] = {}


def declare_panel(panel: Panel) -> None:
    """Add a panel to its page; a page has one panel of a name."""
    if PANELS.setdefault((panel.page, panel.name), panel) != panel:
        raise ValueError(f"two panels {panel.name} on {panel.page}")


def panels_for(page: str) -> list[Panel]:
    """List the panels of a page in their order."""
    return sorted(
        (panel for panel in PANELS.values() if panel.page == page), key=lambda panel: (panel.order, panel.name)
    )


def shown_panels(page: str, **words: Any) -> list[ShownPanel]:
    """Fill the panels of a page. Each selector says its own query count."""
    shown = []
    for panel in panels_for(page):
        content = panel.selector(**words)
        if content is not None:
            shown.append(ShownPanel(panel.name, panel.template, content))
    return shown
