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


class RangeTicks(forms.CheckboxSelectMultiple):
    """Boxes to tick, and a range of them ticked in one go: from one to another, as they stand."""

    is_range = True
    sides = (("from", "连续勾选：自"), ("to", "至"))

    def value_from_datadict(self, data: Any, files: Any, name: str) -> Any:
        """Return what was ticked, with all between the two ends if a range was chosen; one end alone is itself."""
        ticked = list(super().value_from_datadict(data, files, name) or [])
        keys = [str(key) for key, _ in self.choices]
        ends = [keys.index(end) for side in ("from", "to") if (end := str(data.get(f"{name}_{side}", ""))) in keys]
        ranged = keys[min(ends) : max(ends) + 1] if ends else []
        return ticked + [key for key in ranged if key not in ticked]

    def value_omitted_from_data(self, data: Any, files: Any, name: str) -> bool:
        """Tell that nothing of it was sent: never sure, as of every box."""
        return False


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
