"""Settings: what a city or a district decides for itself, with a default, declared by the app that reads it.

A value stands from a day on (`accounts.models.Setting`); the table of settings is the sum of what the apps declare in
their `ready()`. The kernel knows what a value may be and how the office says it.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any, Final

from registry.kernel.errors import DomainError
from registry.kernel.numerals import whole_number
from registry.kernel.registries import Registry


class SettingKind(StrEnum):
    """What a value of a setting is."""

    YES_NO = "yes_no"
    NUMBER = "number"
    DAY = "day"
    TEXT = "text"


class Reach(StrEnum):
    """For whom a setting has a value of its own."""

    CITY = "city"  # one for the city
    ORGANS = "organs"  # one for the organs of each district, one for those of the city itself
    DISTRICTS = "districts"  # one for each district


class SettingRefused(DomainError):
    """A value that a setting cannot have."""


@dataclass(frozen=True)
class SettingSpec:
    """One setting: its stored name, where it stands on the page, what it may be, and what holds without one.

    `default` takes the code of the district ("" for the city). Numbers lie within `least` and `most`. `check` refuses a
    text that it cannot be. With `has_page` another page than the settings' own shows it and proposes it.
    """

    name: str
    group: str
    label: str
    kind: SettingKind
    default: Callable[[str], Any]
    reach: Reach = Reach.CITY
    unit: str = ""
    least: int = 0
    most: int = 100_000
    hint: str = ""
    check: Callable[[str], None] | None = None
    has_page: bool = False

    def parse(self, text: str) -> bool | int | str:
        """Return the value that a text states, as it is stored. Refused: what the setting cannot be."""
        text = text.strip()
        if self.kind is SettingKind.YES_NO and text in ("yes", "no"):
            return text == "yes"
        if self.kind is SettingKind.NUMBER:
            number = whole_number(text)
            if number is not None and self.least <= number <= self.most:
                return number
            raise SettingRefused(f"{self.label}须在{self.least}至{self.most}之间，填整数。", field="value")
        if self.kind is SettingKind.DAY:
            try:
                return date.fromisoformat(text).isoformat()
            except ValueError:
                pass
            raise SettingRefused(f"{self.label}要填日期，如2024-12-31。", field="value")
        if self.kind is SettingKind.TEXT and 0 < len(text) <= self.most:
            if self.check is not None:
                self.check(text)
            return text
        raise SettingRefused(f"{self.label}未填写，或不是这项设置的值。请重新填写。", field="value")

    def text(self, value: Any) -> str:
        """Return the text of a stored value, as `parse` reads it."""
        return ("yes" if value else "no") if self.kind is SettingKind.YES_NO else str(value)

    def read(self, stored: Any) -> Any:
        """Return a stored value as the program takes it: a day as a day."""
        return date.fromisoformat(stored) if self.kind is SettingKind.DAY and isinstance(stored, str) else stored

    def say(self, value: Any) -> str:
        """Return a value as the office says it."""
        return ("是" if value else "否") if self.kind is SettingKind.YES_NO else f"{value}{self.unit}"


SETTINGS: Final[Registry[SettingSpec]] = Registry()


def declare_settings(*specs: SettingSpec) -> None:
    """Add an app's settings; a name has one declaration."""
    SETTINGS.declare(*specs)
