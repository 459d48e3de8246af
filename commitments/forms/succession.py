"""The form by which a successor is named."""

from typing import Any

from django import forms

from commitments.models import SuccessorKind
from registry.accounts.models import Organisation
from registry.web.forms import DayField, ServiceForm


class SuccessionForm(ServiceForm):
    """Who is gone, who takes over, as what, on what basis, from which day."""

    former = forms.ModelChoiceField(queryset=Organisation.objects.none(), label="原单位")
    successor = forms.ModelChoiceField(queryset=Organisation.objects.none(), label="承接单位")
    kind = forms.TypedChoiceField(label="承接方类型", choices=SuccessorKind.choices, coerce=SuccessorKind)
    decision = forms.CharField(label="依据", max_length=120, help_text="裁定、指定文件或会议纪要的文号")
    effective_on = DayField(label="承接日期")

    def __init__(self, *args: Any, formers: Any, successors: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["former"].queryset = formers  # type: ignore[attr-defined]
        self.fields["successor"].queryset = successors  # type: ignore[attr-defined]
