"""The filter bar of the list of letters and decisions."""

from collections.abc import Mapping
from typing import Any

from django import forms

from registry.web.forms import FilterForm

ALL = [("", "全部")]


class InstrumentFilter(FilterForm):
    """State, kind, district, issuer, lateness, and words."""

    state = forms.ChoiceField(label="状态")
    kind = forms.ChoiceField(label="种类")
    district = forms.ChoiceField(label="区")
    issuer = forms.ChoiceField(label="出具单位")
    overdue = forms.ChoiceField(label="逾期")
    q = forms.CharField(label="查找", max_length=40, widget=forms.TextInput(attrs={"placeholder": "文号、标题、项目"}))

    def __init__(self, *args: Any, choices: Mapping[str, Any], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, found in choices.items():
            self.fields[name].choices = [*ALL, *found]  # type: ignore[attr-defined]
