"""Forms of the office."""

from django import forms

from projects.office.choices import CHECKLISTS
from registry.kernel.days import DayRule
from registry.web.forms import DayField


class ChecklistForm(forms.Form):
    """Whose list, as of when; `use` is that of a unit, which may have a list of its own."""

    of = forms.ChoiceField(choices=CHECKLISTS, required=False)
    use = forms.CharField(max_length=12, required=False)
    on = DayField(rule=DayRule.ANY, label="适用日期", required=False)
