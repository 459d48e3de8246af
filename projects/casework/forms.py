"""Forms of casework."""

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms

from registry.web.forms import FilterForm


class LeverageFilter(FilterForm):
    """What the ranking can be narrowed by; only what occurs in it is offered."""

    district = forms.ChoiceField(label="区")
    township = forms.ChoiceField(label="街道、乡镇")
    type = forms.ChoiceField(label="堵点类型")
    holder = forms.ChoiceField(label="现在由谁办")

    def __init__(self, *args: Any, choices: Mapping[str, Sequence[tuple[str, str]]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, field in self.fields.items():
            field.choices = [("", "全部"), *choices[name]]  # type: ignore[attr-defined]
