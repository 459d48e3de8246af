"""Forms of the leads."""

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms

from projects.leads.choices import Channel, Satisfaction, TicketKind
from projects.leads.models import Ticket
from projects.leads.selectors.handling import executors_for
from projects.leads.selectors.proposals import ProposalLine
from projects.leads.selectors.rates import DIMENSIONS
from projects.ledger.models import Building, Project, Unit
from registry.accounts.models import Organisation
from registry.accounts.selectors.areas import Choices
from registry.kernel.authority import Actor
from registry.kernel.errors import DomainError
from registry.kernel.periods import Month
from registry.kernel.tickets import TimeClass
from registry.store.project_field import ProjectField
from registry.web.forms import FilterForm, RowsField, ServiceForm

TIME_CLASSES = [(each.value, each.label) for each in TimeClass]
ANY = ("", "全部")


class TicketFilter(FilterForm):
    """What the list of tickets can be narrowed by."""

    state = forms.ChoiceField(label="状态")
    matter = forms.ChoiceField(label="是否本事项")
    channel = forms.ChoiceField(label="来源")
    time_class = forms.ChoiceField(label="办理时限")
    township = forms.ChoiceField(label="街道、乡镇")
    q = forms.CharField(label="工单编号", max_length=40)

    def __init__(self, *args: Any, choices: Mapping[str, Sequence[tuple[str, str]]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, offered in choices.items():
            first = [] if name == "state" else [ANY]
            self.fields[name].choices = [*first, *offered]  # type: ignore[attr-defined]


class TicketForm(ServiceForm):
    """One ticket, typed."""

    number = forms.CharField(label="工单编号", max_length=40, help_text="12345派单上的编号；来访的填接访登记号")
    channel = forms.ChoiceField(label="来源", choices=Channel.choices)
    received_at = forms.DateTimeField(
        label="来电时间",
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
    )
    time_class = forms.ChoiceField(label="办理时限", choices=TIME_CLASSES, initial=TimeClass.FIFTEEN_DAYS.value)
    text = forms.CharField(label="诉求内容", max_length=5000, widget=forms.Textarea(attrs={"rows": 6}))
    address = forms.CharField(label="诉求地址", max_length=120, required=False)
    township_code = forms.ChoiceField(label="街道、乡镇", required=False)
    caller_name = forms.CharField(label="诉求人", max_length=40, required=False)
    caller_phone = forms.CharField(label="来电号码", max_length=30, required=False)
    kind = forms.ChoiceField(label="诉求类型", choices=[("", "未分类"), *TicketKind.choices], required=False)
    category = forms.CharField(label="诉求分类", max_length=60, required=False, help_text="按来件所列分类填写")

    def __init__(self, *args: Any, townships: Choices, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["township_code"].choices = [("", "不清楚"), *townships]  # type: ignore[attr-defined]


class MatchForm(ServiceForm):
    """Which project a ticket is about, and why; the building and the home are picked once the project is known."""

    project = ProjectField()
    building = forms.ModelChoiceField(label="楼栋", queryset=Building.objects.none(), required=False)
    unit = forms.ModelChoiceField(label="房屋", queryset=Unit.objects.none(), required=False)
    reason = forms.CharField(label="理由", max_length=300, widget=forms.Textarea(attrs={"rows": 3}))

    def __init__(self, *args: Any, actor: Actor, project: Project | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["project"].actor = actor  # type: ignore[attr-defined]
        if project is None:
            del self.fields["building"], self.fields["unit"]
            return
        self.fields["project"].initial = project.code
        buildings = Building.objects.filter(project=project).order_by("number_order", "id")
        self.fields["building"].queryset = buildings  # type: ignore[attr-defined]
        self.fields["unit"].queryset = Unit.objects.filter(building__project=project).order_by(  # type: ignore[attr-defined]
            "building__number_order", "id"
        )


class ConfirmForm(ServiceForm):
    """Which of the candidates a ticket is about."""

    candidate = forms.TypedChoiceField(label="候选项目", coerce=int, widget=forms.RadioSelect)

    def __init__(self, *args: Any, lines: Sequence[ProposalLine], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.lines = {line.project.pk: line for line in lines}
        self.fields["candidate"].choices = [(key, line.project.name) for key, line in self.lines.items()]  # type: ignore[attr-defined]

    def chosen(self) -> ProposalLine:
        """Return the candidate that was chosen."""
        return self.lines[self.cleaned_data["candidate"]]


MOMENT = {"attrs": {"type": "datetime-local"}, "format": "%Y-%m-%dT%H:%M"}
YES_NO = [("", "请选择"), ("yes", "是"), ("no", "否")]


class DispatchForm(ServiceForm):
    """Who leads, who assists."""

    lead = forms.ModelChoiceField(label="主办单位", queryset=Organisation.objects.none())
    assists = RowsField(
        label="协办单位", queryset=Organisation.objects.none(), widget=forms.CheckboxSelectMultiple, required=False
    )
    note = forms.CharField(label="派单意见", max_length=300, required=False)

    def __init__(self, *args: Any, ticket: Ticket, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("lead", "assists"):
            self.fields[name].queryset = executors_for(ticket)  # type: ignore[attr-defined]


class ContactForm(ServiceForm):
    """When somebody spoke with the caller, and what came of it."""

    contacted_at = forms.DateTimeField(label="联系时间", widget=forms.DateTimeInput(**MOMENT))  # type: ignore[arg-type]
    text = forms.CharField(label="联系情况", max_length=1000, widget=forms.Textarea(attrs={"rows": 4}))


class ReturnForm(ServiceForm):
    """Why a ticket is given back."""

    reason = forms.CharField(
        label="退回原因",
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="写明不属于本单位职责的依据，或应承办的单位",
    )


class TicketAnswerForm(ServiceForm):
    """What came of it."""

    text = forms.CharField(
        label="反馈内容",
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 6}),
        help_text="写明办理结果、答复诉求人的情况；暂不能办结的写明受阻环节和计划时间",
    )


class CallBackForm(ServiceForm):
    """Whether the caller was reached, and three answers."""

    called_at = forms.DateTimeField(label="回访时间", widget=forms.DateTimeInput(**MOMENT))  # type: ignore[arg-type]
    is_reached = forms.TypedChoiceField(label="是否接通", choices=YES_NO, coerce=lambda text: text == "yes")
    responded = forms.TypedChoiceField(
        label="承办单位是否与您联系",
        choices=YES_NO,
        coerce=lambda text: text == "yes",
        empty_value=None,
        required=False,
    )
    solved = forms.TypedChoiceField(
        label="诉求是否解决", choices=YES_NO, coerce=lambda text: text == "yes", empty_value=None, required=False
    )
    satisfied = forms.ChoiceField(
        label="对办理是否满意", choices=[("", "请选择"), *Satisfaction.choices], required=False
    )
    remark = forms.CharField(
        label="回访记录", max_length=1000, required=False, widget=forms.Textarea(attrs={"rows": 3})
    )


class OpeningCallForm(ServiceForm):
    """What came of a call to somebody whose building is open."""

    is_reached = forms.TypedChoiceField(label="是否接通", choices=YES_NO, coerce=lambda text: text == "yes")
    text = forms.CharField(label="告知情况", max_length=1000, widget=forms.Textarea(attrs={"rows": 3}))


class ExcludeForm(ServiceForm):
    """On which rule a ticket is to be excluded, and why."""

    basis = forms.CharField(label="剔除依据", max_length=120, help_text="考核办法的文号和条款")
    reason = forms.CharField(label="剔除原因", max_length=300, widget=forms.Textarea(attrs={"rows": 3}))


class ReasonForm(ServiceForm):
    """Why."""

    reason = forms.CharField(label="理由", max_length=300, widget=forms.Textarea(attrs={"rows": 3}))


class MonthChoice(forms.CharField):
    """A month as 2022-03."""

    def clean(self, value: Any) -> Any:
        """Return the month; what is none is not filtered by."""
        text = str(super().clean(value) or "")
        try:
            return Month.parse(text) if text else None
        except DomainError as refusal:
            raise forms.ValidationError(refusal.message) from refusal


class RateFilter(FilterForm):
    """Of which month of the hotline, and by what."""

    month = MonthChoice(label="统计期", max_length=10, widget=forms.TextInput(attrs={"placeholder": "如2022-03"}))
    by = forms.ChoiceField(label="按", choices=list(DIMENSIONS.items()))
