"""Fields of forms that every app may use; they stand this low because the record of acts has a filter too."""

from datetime import date
from typing import Any

from django import forms

FIRST_DAY = date(1949, 10, 1)
LAST_DAY = date(2099, 12, 31)


class DateInput(forms.DateInput):
    """A day, by the browser's own picker; typed as 2022-03-08 in those without one."""

    input_type = "date"

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__(attrs, format="%Y-%m-%d")


class DayField(forms.DateField):
    """A day that the registry can mean: from 1949 to 2099. A year typed wrong (0022, 9999) is asked back at once.

    Whether a day may lie ahead, or before the project, is the service's to say: it knows what happened when.
    """

    widget = DateInput
    default_error_messages = {
        "invalid": "请填写正确的日期，如2022-03-08。",
        "out_of_range": f"日期应在{FIRST_DAY.year}年{FIRST_DAY.month}月{FIRST_DAY.day}日至{LAST_DAY.year}年"
        f"{LAST_DAY.month}月{LAST_DAY.day}日之间。请核对年份。",
    }

    def clean(self, value: Any) -> date | None:
        """Read the day and hold it against the bounds."""
        day: date | None = super().clean(value)
        if day is not None and not FIRST_DAY <= day <= LAST_DAY:
            raise forms.ValidationError(self.error_messages["out_of_range"], code="out_of_range")
        return day
