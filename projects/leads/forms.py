"""Forms of the leads."""

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms

from projects.leads.choices import Channel, TicketKind
from projects.ledger.models import Building, Project, Unit
from registry.accounts.selectors.areas import Choices
from registry.kernel.authority import Actor
from registry.kernel.tickets import TimeClass
from registry.store.project_field import ProjectField
from registry.web.forms import FilterForm, ServiceForm

TIME_CLASSES = [(each.value, each.label) for each in TimeClass]
ANY = ("", "全部")


class TicketFilter(FilterForm):
    """What the list of tickets can be narrowed by."""

    state = forms.ChoiceField(label="状态")
    matter = forms.ChoiceField(label="是否本事项")
    channel = forms.ChoiceField(label="来源")
    time_class = forms.ChoiceField(label="办理时限")
    q = forms.CharField(label="工单编号", max_length=40)

    def __init__(self, *args: Any, choices: Mapping[str, Sequence[tuple[str, str]]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, offered in choices.items():
            self.fields[name].choices = [ANY, *offered]  # type: ignore[attr-defined]


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


class ReasonForm(ServiceForm):
    """Why."""

    reason = forms.CharField(label="理由", max_length=300, widget=forms.Textarea(attrs={"rows": 3}))
