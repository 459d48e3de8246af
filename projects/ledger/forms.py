"""Forms of projects."""

from django import forms

from projects.ledger.choices import HOUSING_TYPES, ProjectStatus
from projects.ledger.models.project import NoteKind
from registry.web.forms import DateInput, ServiceForm


class NoteForm(ServiceForm):
    """A dated note of progress or of measures next."""

    kind = forms.TypedChoiceField(label="写什么", choices=NoteKind.choices, coerce=NoteKind)
    text = forms.CharField(label="内容", widget=forms.Textarea(attrs={"rows": 4}), max_length=1000)
    noted_on = forms.DateField(label="日期", widget=DateInput())


class ProjectForm(ServiceForm):
    """A project taken into the ledger, with the scope test."""

    code = forms.CharField(label="项目编号", max_length=20, help_text="如 CY-0137，全市唯一")
    name = forms.CharField(label="项目名称", max_length=80)
    district_code = forms.CharField(label="区代码", max_length=6, min_length=6)
    district_name = forms.CharField(label="区", max_length=20)
    township_code = forms.CharField(label="街道、乡镇代码", max_length=9, min_length=9)
    township_name = forms.CharField(label="街道、乡镇", max_length=40)
    location = forms.CharField(label="坐落", max_length=120, required=False)
    housing_type = forms.ChoiceField(label="房屋类型", choices=HOUSING_TYPES)
    taken_in_on = forms.DateField(label="纳入日期", widget=DateInput())
    is_state_owned = forms.BooleanField(
        label="国有土地，已建成出售，购房人无过错", required=False, help_text="集体土地上的小产权房不予纳入"
    )


class PlanForm(ServiceForm):
    """The project's own plan and who answers for it."""

    status = forms.ChoiceField(label="状态", choices=ProjectStatus.choices)
    primary_issue = forms.CharField(
        label="主要问题", max_length=4, required=False, help_text="堵点类型编码，如 P03；用于合计"
    )
    plan = forms.CharField(label="一项目一策", widget=forms.Textarea(attrs={"rows": 5}), required=False)
    leader = forms.CharField(label="责任领导", max_length=40, required=False)
    officer = forms.CharField(label="责任人", max_length=40, required=False)
    target_on = forms.DateField(label="计划清零", widget=DateInput(), required=False)
