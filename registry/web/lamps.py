"""Lights for lateness: shape, word and number, never colour alone. One table for desks, queues and lists."""

from dataclasses import dataclass
from datetime import date
from typing import Final

from registry.kernel.lateness import QUARTER, how_late, is_long

SOON: Final = 3  # days before the day itself


@dataclass(frozen=True)
class Lamp:
    """A light: its class, its words."""

    css: str
    words: str


LEGEND: Final = (
    Lamp("go", "正常"),
    Lamp("soon", f"临期：余{SOON}日以内"),
    Lamp("over", "逾期"),
    Lamp("long", f"长期逾期：过{QUARTER}日"),
)
GROUPS: Final = (("late", "逾期"), ("soon", "今日和临期"), ("calm", "正常"))


def lamp_of(due_on: date | None, on: date) -> Lamp:
    """Return the light of a thing that falls due on a day; without a day it is calm."""
    if due_on is None:
        return Lamp("go", "无期限")
    left = (due_on - on).days
    if left < 0:
        return Lamp("long" if is_long(-left) else "over", f"逾期{how_late(-left)}")
    if left == 0:
        return Lamp("soon", "今日")
    return Lamp("soon" if left <= SOON else "go", f"余{left:,}日")


def group_of(lamp: Lamp) -> str:
    """Return the group of a light: late, soon, or calm."""
    return {"over": "late", "long": "late", "soon": "soon"}.get(lamp.css, "calm")
