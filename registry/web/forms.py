"""Bases of forms for the apps above."""

from typing import Any

from django import forms

from registry.accounts.editing import EditForm
from registry.accounts.forms import ServiceForm
from registry.store.form_fields import DateInput, DayField, RowsField

__all__ = ["ConfirmForm", "DateInput", "DayField", "EditForm", "FilterForm", "RowsField", "ServiceForm"]


class FilterForm(forms.Form):
    """A filter bar: GET, nothing required, what isn't valid is not filtered by."""

    use_required_attribute = False

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            field.required = False

    @property
    def words(self) -> dict[str, Any]:
        """The fields that were given and are valid."""
        self.is_valid()
        return {name: value for name, value in self.cleaned_data.items() if value not in (None, "", [])}


class ConfirmForm(ServiceForm):
    """An act that can't be taken back asks to type the number of what it touches."""

    count = forms.IntegerField(label="输入数量确认")

    def __init__(self, *args: Any, expected: int, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.expected = expected

    def clean_count(self) -> int:
        """The number must be the one on the page."""
        count = int(self.cleaned_data["count"])
        if count != self.expected:
            raise forms.ValidationError(f"数量不符：应为{self.expected}。请核对后再输入。")
        return count
