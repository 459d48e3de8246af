"""The first days of an installation, as a list that ticks itself off: each app declares its step, derived from rows.

In an app's `ready()`: `declare_first_steps(FirstStep(50, "项目", …))`. The list stands on the administrators' desks
until the last step, the first closed month, is done.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from registry.kernel.authority import Actor, Role
from registry.kernel.registries import Registry
from registry.web.navigation import address_of
from registry.web.panels import Panel

READERS: Final = (Role.SYSTEM_ADMIN, Role.SECURITY_ADMIN)


@dataclass(frozen=True)
class FirstStep:
    """One step: its place, its word, what it means, who does it and where, and whether it is done. One query."""

    order: int
    name: str
    what: str
    who: str
    view: str
    is_done: Callable[[], bool]


@dataclass(frozen=True)
class ShownStep:
    """A step as the desk shows it; `url` leads to where it is done, or to the people who may do it."""

    step: FirstStep
    is_done: bool
    is_next: bool
    url: str
    is_own: bool  # whether the reader may do it; else the link leads to the people, among whom somebody may


STEPS: Final[Registry[FirstStep]] = Registry()


def declare_first_steps(*steps: FirstStep) -> None:
    """Add steps."""
    STEPS.declare(*steps)


def first_day_panel(*, actor: Actor, on: Any, **_: Any) -> Mapping[str, Any] | None:
    """Return the steps of the first days. A query a step until the last is done, one from then on."""
    ordered = sorted(STEPS.values(), key=lambda step: step.order)
    if actor.role not in READERS or not ordered or ordered[-1].is_done():
        return None
    done = [step.is_done() for step in ordered]
    following = done.index(False) if False in done else len(done)
    shown = [
        ShownStep(step, is_done, n == following, *_where(step, actor))
        for n, (step, is_done) in enumerate(zip(ordered, done, strict=True))
    ]
    return {"steps": shown, "left": done.count(False)}


def _where(step: FirstStep, actor: Actor) -> tuple[str, bool]:
    url, mark = address_of(step.view)
    if mark is not None and mark.admits(actor):
        return url, True
    return address_of("accounts:people")[0], False


PANELS: Final = (Panel("desk.top", 5, "first_day", first_day_panel, "web/panels/first_day.html"),)
