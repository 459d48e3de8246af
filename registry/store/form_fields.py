"""Fields of forms that every app may use; they stand this low because the record of acts has a filter too."""

from datetime import date
from typing import Any

from django import forms

from registry.kernel.dates import read_day
from registry.kernel.days import DayRefused, DayRule, DayWord, require_day
from registry.kernel.numerals import whole_number
from registry.store.clock import database_now, moment_here, shanghai_day


class DateInput(forms.DateInput):
    """A day, by the browser's own picker; typed as 2022-03-08 in those without one."""

    input_type = "date"

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__(attrs, format="%Y-%m-%d")


class RowsField(forms.ModelMultipleChoiceField):  # type: ignore[type-arg]  # no parameter at run time
    """Some of the rows offered, by their keys: a key of 30 digits is none, and SQLite raises at it."""

    def clean(self, value: Any) -> Any:
        """Refuse what no key can be before the database is asked."""
        for key in value if isinstance(value, (list, tuple)) else ():
            if whole_number(str(key)) is None:
                raise forms.ValidationError(
                    self.error_messages["invalid_choice"], code="invalid_choice", params={"value": key}
                )
        return super().clean(value)


def _today() -> date:
    return shanghai_day(moment_here())


class DayField(forms.DateField):
    """A day that the registry can mean, by what it is the day of: what happened is not ahead, a year is not 9999.

    One that must be stated begins with today, but for a day that stands on a paper or a photo (`is_of_paper`).

    Whether it may lie before the project or another day is the service's to say: it knows what happened when.
    """

    widget = DateInput

    def __init__(self, *, rule: DayRule = DayRule.FACT, is_of_paper: bool = False, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        if self.required and self.initial is None and rule in (DayRule.FACT, DayRule.START) and not is_of_paper:
            self.initial = _today
        self.rule = rule

    def to_python(self, value: Any) -> date | None:
        """Read the day by the one reader of days, as lists do."""
        if value in self.empty_values:
            return None
        try:
            return read_day(value).day
        except DayRefused as refusal:
            raise forms.ValidationError(refusal.message, code="invalid") from refusal

    def clean(self, value: Any) -> date | None:
        """Read the day and hold it against its bounds."""
        day: date | None = super().clean(value)
        if day is None:
            return None
        if self.rule is not DayRule.ANY:
            try:
                require_day(day, DayWord(self.rule, str(self.label or "日期")), today=shanghai_day(database_now()))
            except DayRefused as refusal:
                raise forms.ValidationError(refusal.message, code="impossible") from refusal
        return day
