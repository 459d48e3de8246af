"""Forms of casework."""

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms

from projects.casework.selectors.clock import candidates
from projects.gates.models import Blocker
from registry.accounts.models import Organisation
from registry.web.attachments.forms import UploadsField
from registry.web.forms import DateInput, FilterForm, ServiceForm

NOT_CALLED = ("developer", "audit", "operations", "city_task_force")


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


class HandOverForm(ServiceForm):
    """To whom the ball goes, from when, within how many working days, why."""

    to = forms.ModelChoiceField(label="交给哪个单位", queryset=Organisation.objects.none())
    on = forms.DateField(label="移交日期", widget=DateInput())
    limit_days = forms.IntegerField(label="几个工作日内办完", min_value=1, max_value=365)
    reason = forms.CharField(label="交办什么", max_length=300, widget=forms.Textarea(attrs={"rows": 3}))

    def __init__(self, *args: Any, blocker: Blocker, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        to = candidates(blocker).exclude(pk=blocker.responsible_id or 0)
        self.fields["to"].queryset = to  # type: ignore[attr-defined]


class ReturnBallForm(ServiceForm):
    """Why the ball goes back."""

    on = forms.DateField(label="退回日期", widget=DateInput())
    reason = forms.CharField(label="退回原因", max_length=300, widget=forms.Textarea(attrs={"rows": 3}))


class PauseClockForm(ServiceForm):
    """Why the clock stands still."""

    on = forms.DateField(label="自哪天起", widget=DateInput())
    reason = forms.CharField(
        label="暂停原因", max_length=200, help_text="写明等什么、凭什么，如：等法院判决（2022）×民初1号"
    )


class ResumeClockForm(ServiceForm):
    """From when it runs again."""

    on = forms.DateField(label="自哪天起", widget=DateInput())


class WhistleForm(ServiceForm):
    """Which departments are called, where and when, and what they are to solve."""

    text = forms.CharField(label="要解决什么", max_length=300, widget=forms.Textarea(attrs={"rows": 3}))
    organisations = forms.ModelMultipleChoiceField(
        label="请哪些部门", queryset=Organisation.objects.none(), widget=forms.CheckboxSelectMultiple
    )
    place = forms.CharField(label="地点", max_length=120)
    meet_at = forms.DateTimeField(
        label="到场时间",
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
    )
    limit_days = forms.IntegerField(label="几个工作日内答复", min_value=1, max_value=365, initial=5)

    def __init__(self, *args: Any, blocker: Blocker, own: int, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        called = candidates(blocker).exclude(pk=own).exclude(kind__in=NOT_CALLED)
        self.fields["organisations"].queryset = called  # type: ignore[attr-defined]


class AnswerForm(ServiceForm):
    """What a department answers, with its papers."""

    answer = forms.CharField(
        label="答复", max_length=300, widget=forms.Textarea(attrs={"rows": 4}), help_text="办不办、怎么办、何时办完"
    )
    uploads = UploadsField(label="附件", required=False)


class SendBackForm(ServiceForm):
    """Why an answer goes back."""

    reason = forms.CharField(label="退回原因", max_length=300, widget=forms.Textarea(attrs={"rows": 3}))


class CloseWhistleForm(ServiceForm):
    """What came of it."""

    note = forms.CharField(label="办结说明", max_length=300, widget=forms.Textarea(attrs={"rows": 3}))


class WhistleFilter(FilterForm):
    """State, district, who was called, and words."""

    state = forms.ChoiceField(label="状态")
    district = forms.ChoiceField(label="区")
    called = forms.ChoiceField(label="请了谁")
    q = forms.CharField(label="查找", max_length=40, widget=forms.TextInput(attrs={"placeholder": "事项、项目、堵点"}))

    def __init__(self, *args: Any, choices: Mapping[str, Sequence[tuple[str, str]]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, found in choices.items():
            self.fields[name].choices = [("", "全部"), *found]  # type: ignore[attr-defined]
