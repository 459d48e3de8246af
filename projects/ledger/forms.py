"""Forms of projects."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from django import forms

from projects.ledger.choices import (
    HOUSING_TYPES,
    AliasKind,
    ApplicantKind,
    DeveloperCondition,
    NameScheme,
    ProjectStatus,
)
from projects.ledger.models import Project
from projects.ledger.models.project import NoteKind
from registry.accounts.models import Organisation
from registry.accounts.selectors.areas import Choices
from registry.kernel.days import DayRule
from registry.store.form_fields import RowsField
from registry.web.forms import DayField, EditForm, ServiceForm


class NoteForm(ServiceForm):
    """A dated note of progress or of measures next."""

    kind = forms.TypedChoiceField(label="内容类别", choices=NoteKind.choices, coerce=NoteKind)
    text = forms.CharField(label="内容", widget=forms.Textarea(attrs={"rows": 4}), max_length=1000)
    noted_on = DayField(label="日期")


class ProjectForm(ServiceForm):
    """A project taken into the ledger, with the scope test."""

    code = forms.CharField(label="项目编号", max_length=20, help_text="如 XM-0001，全市唯一")
    name = forms.CharField(label="项目名称", max_length=80)
    township_code = forms.ChoiceField(label="街道、乡镇")
    location = forms.CharField(label="坐落", max_length=120, required=False)
    housing_type = forms.ChoiceField(label="房屋类型", choices=HOUSING_TYPES)
    taken_in_on = DayField(label="纳入日期")
    sold_on = DayField(label="建成售出日期", is_of_paper=True)
    is_state_owned = forms.BooleanField(label="国有土地", required=False, help_text="集体土地上的小产权房不予纳入")
    is_buyer_innocent = forms.BooleanField(label="购房人无过错", required=False)

    def __init__(self, *args: Any, townships: Choices, cut_off: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        places = self.fields["township_code"]
        places.choices = [("", "请选择"), *townships]  # type: ignore[attr-defined]
        if not townships:
            places.help_text = "行政区划表中尚无本区的街道、乡镇。请系统管理员在“基础数据”中导入。"
        self.fields["sold_on"].help_text = f"晚于{cut_off}的不予纳入"


class ParticularsForm(EditForm):
    """What a project is and where it lies."""

    name = forms.CharField(label="项目名称", max_length=80, help_text="变更名称后，原名称列为曾用名，仍可查询")
    location = forms.CharField(label="坐落", max_length=120, required=False)
    housing_type = forms.ChoiceField(label="房屋类型", choices=HOUSING_TYPES)
    programme = forms.CharField(label="专项", max_length=40, required=False)
    batch = forms.CharField(label="批次", max_length=40, required=False)
    occupied_from = forms.IntegerField(label="入住年份自", min_value=1949, max_value=2100, required=False)
    occupied_to = forms.IntegerField(label="入住年份至", min_value=1949, max_value=2100, required=False)
    sold_on = DayField(label="建成售出日期", required=False)


class AliasForm(ServiceForm):
    """Another name by which the project is found."""

    kind = forms.TypedChoiceField(
        label="类别",
        choices=[one for one in AliasKind.choices if one[0] != AliasKind.FORMER_CODE],
        coerce=AliasKind,
    )
    text = forms.CharField(
        label="名称", max_length=120, help_text="地址范围如“双桥东路9—12号院”；楼号编法如“施工号A1—A36”"
    )


class CheckRevealsForm(ServiceForm):
    """What looking into many reveals of a person found."""

    reason = forms.CharField(label="核查情况", max_length=200, help_text="如：当日集中办证，逐户核对身份证，属正常办理")


class DeveloperForm(EditForm):
    """The firm that built it, and whether it still is."""

    name = forms.CharField(label="开发建设单位", max_length=120)
    credit_code = forms.CharField(label="统一社会信用代码", max_length=18, required=False)
    condition = forms.TypedChoiceField(label="存续状况", choices=DeveloperCondition.choices, coerce=DeveloperCondition)


class ApplicantForm(ServiceForm):
    """Who applies in the developer's place."""

    kind = forms.TypedChoiceField(label="类别", choices=ApplicantKind.choices, coerce=ApplicantKind)
    name = forms.CharField(label="名称", max_length=120)
    credit_code = forms.CharField(label="统一社会信用代码", max_length=18, required=False)
    basis = forms.CharField(label="依据", max_length=200, help_text="承继文件、指定文件、会议纪要的文号")
    effective_on = DayField(label="起始日期")


class ParticipationForm(ServiceForm):
    """Organisations named into a project, or out of it, from a day on."""

    organisations = RowsField(
        label="单位",
        queryset=Organisation.objects.none(),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "未选择单位。请至少选一个。"},
    )
    takes_part = forms.TypedChoiceField(
        label="办理事项",
        choices=(("in", "列入参与单位"), ("out", "移出参与单位")),
        coerce=lambda word: word == "in",
        widget=forms.RadioSelect,
        initial="in",
    )
    effective_on = DayField(label="起始日期")
    reason = forms.CharField(label="原因", max_length=200, help_text="如：区专班会议纪要文号、分工调整")

    def __init__(self, *args: Any, organisations: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["organisations"].queryset = organisations  # type: ignore[attr-defined]


class ManyParticipationForm(ParticipationForm):
    """The same for several projects at once."""

    projects = RowsField(
        label="项目",
        queryset=Project.objects.none(),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "未选择项目。请至少选一个。"},
    )
    field_order = ("projects", "organisations", "takes_part", "effective_on", "reason")

    def __init__(self, *args: Any, projects: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["projects"].queryset = projects  # type: ignore[attr-defined]


class PlanForm(EditForm):
    """The project's own plan and who answers for it."""

    status = forms.ChoiceField(label="状态", choices=ProjectStatus.choices, help_text="清零、销号在“清零核对”中办理")
    primary_issue = forms.ChoiceField(label="主要问题", required=False, help_text="按它合计各类问题的项目")
    plan = forms.CharField(label="一项目一策", widget=forms.Textarea(attrs={"rows": 5}), required=False)
    leader = forms.CharField(label="责任领导", max_length=40, required=False)
    officer = forms.CharField(label="责任人", max_length=40, required=False)
    target_on = DayField(rule=DayRule.DUE, label="计划清零", required=False)

    def __init__(self, *args: Any, issues: Sequence[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offered = [(code, f"{code} {label}") for code, label in issues]
        stands = str((self.initial or {}).get("primary_issue") or "")
        kept = [(stands, stands)] if stands and stands not in dict(offered) else []
        self.fields["primary_issue"].choices = [("", "未确定"), *kept, *offered]  # type: ignore[attr-defined]


class UnitNamesForm(ServiceForm):
    """A list of another office: one line a unit."""

    scheme = forms.ChoiceField(label="编号体系", choices=NameScheme.choices)
    starts = DayField(label="起始日期")
    text = forms.CharField(
        label="清单", widget=forms.Textarea(attrs={"rows": 8}), help_text="每行一户：名称 层 面积，如 甲-201 2 88.51"
    )
