"""Where official papers stand in the bar, and what they offer on pages of apps below."""

from typing import Any

from registry.web.actions import Action
from registry.web.navigation import NavEntry


def _unit(unit: Any) -> tuple[str, int]:
    return unit.building.project.code, unit.pk


def _signed_letter(instrument: Any) -> tuple[str] | None:
    """Only a letter that has its number goes out as a paper."""
    return (instrument.code,) if instrument.number and getattr(instrument, "letter", None) else None


NAVIGATION = (NavEntry(80, "文书", "papers:documents"),)
PAGES = {"paper": "papers:paper"}
ACTIONS = (
    Action("project", 110, "项目简报", "papers:brief"),
    Action("project", 120, "批量出通知书", "papers:notices"),
    Action("unit", 20, "出办证通知书", "papers:notice", args=_unit),
    Action("letter", 10, "出承诺函 PDF", "papers:letter", args=_signed_letter),
)
