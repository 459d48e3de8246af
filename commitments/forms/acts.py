"""Forms of what is done with an instrument and its obligations."""

from typing import Any

from django import forms

from registry.web.forms import DateInput, ServiceForm


class SignForm(ServiceForm):
    """Number and date of signing; the count typed proves that the preview was read."""

    number = forms.CharField(label="文号", max_length=80, help_text="如 ×政函〔2021〕18号")
    signed_on = forms.DateField(label="签署日期", widget=DateInput())
    count = forms.IntegerField(label="填入将打通的套数", help_text="照上面的预览填，表示已经看过")

    def __init__(self, *args: Any, expected: int, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.expected = expected

    def clean_count(self) -> int:
        """The number must be the one of the preview."""
        count = int(self.cleaned_data["count"])
        if count != self.expected:
            raise forms.ValidationError(f"与预览不符：预览是{self.expected}套。请核对后再填。")
        return count


class ApproveForm(ServiceForm):
    """From which day it is effective."""

    effective_on = forms.DateField(label="生效日期", widget=DateInput())


class ReportForm(ServiceForm):
    """Progress on a promise."""

    text = forms.CharField(label="进展", widget=forms.Textarea(attrs={"rows": 3}), max_length=300)
    on = forms.DateField(label="日期", widget=DateInput())
    is_done = forms.BooleanField(label="已经做到，请核验", required=False)


class VerifyForm(ServiceForm):
    """What was seen, when, and whether it is kept."""

    evidence = forms.CharField(label="核验凭据", widget=forms.Textarea(attrs={"rows": 3}), max_length=300)
    on = forms.DateField(label="核验日期", widget=DateInput())
    passed = forms.TypedChoiceField(
        label="结论",
        choices=[("1", "做到了，予以核验"), ("0", "没有做到，退回整改")],
        coerce=lambda value: value == "1",
    )


class ExtendForm(ServiceForm):
    """A later date, and why."""

    new_due_on = forms.DateField(label="新期限", widget=DateInput())
    reason = forms.CharField(label="原因", max_length=200)
