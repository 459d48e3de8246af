"""Cells of the tables: what a value is called in a file, and what is refused in words that say what to write."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from import_export.widgets import BooleanWidget, DateWidget, ForeignKeyWidget, IntegerWidget, Widget

from registry.accounts.models import Organisation
from registry.kernel.numerals import whole_number


class ChoiceWidget(Widget):  # type: ignore[misc]
    """A choice by its label; the code is taken too."""

    def __init__(self, choices: dict[str, str], *, former: Mapping[str, str] | None = None) -> None:
        super().__init__()
        self.choices = choices
        self.codes = {**(former or {}), **{label: code for code, label in choices.items()}}

    def clean(self, value: Any, row: Any = None, **kwargs: Any) -> str:
        """The code of a label."""
        text = str(value or "").strip()
        code = self.codes.get(text, text)
        if code not in self.choices:
            raise ValueError(f"“{text}”不在可选值里。可填：{'、'.join(self.choices.values())}。")
        return code

    def render(self, value: Any, obj: Any = None, **kwargs: Any) -> str:
        """The label of a code."""
        return self.choices.get(str(value or ""), str(value or ""))


class ManyWidget(ChoiceWidget):
    """Several choices in one cell, separated by 、."""

    def clean(self, value: Any, row: Any = None, **kwargs: Any) -> list[str]:  # type: ignore[override]
        """The codes, each once, in the order of the table."""
        words = [word for word in str(value or "").replace("，", "、").replace(",", "、").split("、") if word.strip()]
        cleaned = {super(ManyWidget, self).clean(word) for word in words}
        return [code for code in self.choices if code in cleaned]

    def render(self, value: Any, obj: Any = None, **kwargs: Any) -> str:
        """The labels."""
        return "、".join(self.choices.get(code, code) for code in value or ())


class YesWidget(BooleanWidget):  # type: ignore[misc]
    """是 or 否."""

    TRUE_VALUES = ["是", "1", 1, True, "true", "TRUE"]
    FALSE_VALUES = ["否", "0", 0, False, "false", "FALSE"]

    def clean(self, value: Any, row: Any = None, **kwargs: Any) -> bool:
        """Nothing but these two: the library takes whatever it doesn't know for no."""
        text = value.strip() if isinstance(value, str) else value
        if text not in [*self.TRUE_VALUES, *self.FALSE_VALUES]:
            raise ValueError("请填“是”或“否”。")
        return text in self.TRUE_VALUES

    def render(self, value: Any, obj: Any = None, **kwargs: Any) -> str:
        """是 or 否."""
        return "是" if value else "否"


class DayWidget(DateWidget):  # type: ignore[misc]
    """A day as 2022-03-08, or a real date of the sheet."""

    def clean(self, value: Any, row: Any = None, **kwargs: Any) -> date:
        """A day, or words on how to write it."""
        try:
            day: date | None = super().clean(value, row, **kwargs)
        except ValueError:
            day = None
        if day is None:
            raise ValueError(f"“{value or ''}”不是日期。请写成2022-03-08。")
        return day


class CountWidget(IntegerWidget):  # type: ignore[misc]
    """A whole number within bounds."""

    def __init__(self, low: int = 1, high: int = 999) -> None:
        super().__init__()
        self.low, self.high = low, high

    def clean(self, value: Any, row: Any = None, **kwargs: Any) -> int:
        """The number, or words on what to write."""
        text = str("" if value is None else value).strip().removesuffix(".0")
        number = whole_number(text)
        if number is None or not self.low <= number <= self.high:
            raise ValueError(f"“{text}”不是{self.low}—{self.high}的整数。")
        return number


class YearWidget(IntegerWidget):  # type: ignore[misc]
    """A year of the calendar."""

    def clean(self, value: Any, row: Any = None, **kwargs: Any) -> int:
        """A year from 1990 to 2099."""
        text = str(value or "").strip().removesuffix(".0").removesuffix("年")
        year = whole_number(text)
        if year is None or not 1990 <= year < 2100:
            raise ValueError(f"“{text}”不是年份。请写成2022。")
        return year


class ParentWidget(ForeignKeyWidget):  # type: ignore[misc]
    """The organisation above, by its code."""

    def clean(self, value: Any, row: Any = None, **kwargs: Any) -> Organisation | None:
        """The organisation, or words that there is none of this code."""
        code = str(value or "").strip()
        if not code:
            return None
        organisation: Organisation | None = Organisation.objects.filter(code=code).first()
        if organisation is None:
            raise ValueError(f"没有编码为“{code}”的单位。请先登记上级单位。")
        return organisation
