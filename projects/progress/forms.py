"""Forms of progress: moves, standing, corrections."""

from collections.abc import Sequence
from typing import Any

from django import forms

from projects.ledger.choices import ProjectStatus
from projects.ledger.models import Building, Project, Unit
from projects.progress.models import ReturnKind, SampleResult
from projects.progress.selectors.mismatches import OPEN, STATES
from projects.progress.services.mismatches import home_called
from registry.kernel.authority import Actor
from registry.kernel.days import DayRule
from registry.kernel.errors import DomainError
from registry.kernel.periods import Month
from registry.kernel.stages import HOLD_REASONS, RESIDUAL_REASONS, STAGES, Standing, Track
from registry.store.form_fields import RangeTicks
from registry.store.project_field import HINT, ProjectField
from registry.web.attachments.forms import UploadsField
from registry.web.forms import ConfirmForm, DayField, EditForm, FilterForm, RowsField, ServiceForm


def targets(actor: Actor) -> list[tuple[str, str]]:
    """Return the stages to which the actor may move units, as "track:stage" choices."""
    return [
        (f"{track.value}:{stage.code}", f"{track.label}：{stage.label}")
        for track, stages in STAGES.items()
        for stage in stages
        if actor.may_advance(track, stage.code)
    ]


class AdvanceForm(ServiceForm):
    """Where chosen units go, on which day, on what evidence."""

    target = forms.ChoiceField(label="办理至")
    occurred_on = DayField(label="办理日期")
    evidence = forms.CharField(label="凭证", max_length=200, required=False, help_text="清单编号、签收表编号等")

    def __init__(self, *args: Any, actor: Actor, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["target"].choices = targets(actor)  # type: ignore[attr-defined]

    @property
    def words(self) -> dict[str, Any]:
        """What the service is told."""
        track, _, stage = self.cleaned_data["target"].partition(":")
        return {
            "track": Track(track),
            "to": stage,
            "occurred_on": self.cleaned_data["occurred_on"],
            "evidence": self.cleaned_data["evidence"],
        }


BY_THE_REGISTRY = frozenset({"accepted", "recorded", "printed"})


class ManyForm(ServiceForm):
    """An act on many units, looked at in numbers; whoever chose all units of a filter types how many it touches."""

    unit = forms.Field(widget=forms.MultipleHiddenInput, required=False)
    every = forms.BooleanField(widget=forms.HiddenInput, required=False)
    next = forms.CharField(widget=forms.HiddenInput, required=False)
    count = forms.IntegerField(label="输入数量确认")

    def __init__(self, *args: Any, expected: int | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.expected = expected
        if expected is None:
            del self.fields["count"]

    def clean_count(self) -> int:
        """The number must be the one on the page."""
        count = int(self.cleaned_data["count"])
        if count != self.expected:
            raise forms.ValidationError(f"数量不符：应为{self.expected}。请核对后再输入。")
        return count


class HandInForm(ManyForm):
    """On which day, by which list, papers go to the registration centre."""

    on = DayField(label="送件日期")
    list_no = forms.CharField(label="送件清单号", max_length=80, required=False)
    field_order = ["on", "list_no", "count"]

    @property
    def words(self) -> dict[str, Any]:
        """What the service is told."""
        return {name: self.cleaned_data[name] for name in ("on", "list_no")}


class ReturnForm(ManyForm):
    """On which day, how and why the registration centre gave papers back, and the number of its paper."""

    required_if = {"paper_no": "补正、不予受理必填"}

    on = DayField(label="退回日期")
    kind = forms.TypedChoiceField(label="退回方式", choices=ReturnKind.choices, coerce=ReturnKind)
    lacks = forms.CharField(
        label="退回原因", max_length=300, widget=forms.Textarea(attrs={"rows": 3}), help_text="一次写明所缺的全部材料"
    )
    paper_no = forms.CharField(
        label="告知书编号", max_length=80, required=False, help_text="登记机构出具的补正、不予受理告知书"
    )
    field_order = ["on", "kind", "lacks", "paper_no", "count"]

    @property
    def words(self) -> dict[str, Any]:
        """What the service is told."""
        return {name: self.cleaned_data[name] for name in ("on", "kind", "lacks", "paper_no")}


class TakeBackForm(ServiceForm):
    """Why the last thing noted of a home's papers is taken back."""

    reason = forms.CharField(label="撤销原因", max_length=200)


class AdvanceManyForm(ManyForm, AdvanceForm):
    """A move of many units, looked at in numbers: what is to be done is carried hidden, the evidence can be mended.

    What the registry did is only copied here, so copying by hand names its own list or business number.
    """

    field_order = ["evidence", "count"]

    def __init__(self, *args: Any, target: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["target"].widget = forms.HiddenInput()
        self.fields["occurred_on"].widget = forms.HiddenInput()
        if target.rpartition(":")[2] in BY_THE_REGISTRY:
            self.fields["evidence"].required = True
            self.fields["evidence"].label = "补录依据"
            self.fields["evidence"].help_text = "登记系统的清单号或业务号；手工补录必须填写"


class StandingForm(EditForm):
    """How a unit stands, why, until when it is looked at again."""

    not_shown = frozenset({"reason", "evidence", "on", "review_on"})
    required_if = {"reason": "非正常状态必填", "evidence": "非正常状态必填", "review_on": "暂缓必填"}

    standing = forms.TypedChoiceField(
        label="改为", choices=[(one.value, one.label) for one in Standing], coerce=Standing
    )
    reason = forms.ChoiceField(label="原因", choices=[("", "—"), *HOLD_REASONS.items()], required=False)
    evidence = forms.CharField(label="依据", max_length=200, required=False)
    on = DayField(label="起始日期")
    review_on = DayField(rule=DayRule.DUE, label="复查日期", required=False)


class ResidualForm(ServiceForm):
    """Why units are left over, on what evidence, until when they are looked at again."""

    unit_ids = forms.TypedMultipleChoiceField(label="户", coerce=int, widget=forms.CheckboxSelectMultiple)
    reason = forms.ChoiceField(
        label="原因", choices=[(code, label) for code, label in HOLD_REASONS.items() if code in RESIDUAL_REASONS]
    )
    evidence = forms.CharField(label="依据", max_length=200)
    review_on = DayField(rule=DayRule.DUE, label="复查日期", help_text="逾期未复查的，自动重新计入未办")
    uploads = UploadsField(label="证明材料")

    def __init__(self, *args: Any, units: list[tuple[int, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["unit_ids"].choices = units  # type: ignore[attr-defined]


class CloseOutForm(ServiceForm):
    """Declare a project zero, or closed."""

    status = forms.TypedChoiceField(
        label="办理",
        choices=[(one.value, one.label) for one in (ProjectStatus.ZEROED, ProjectStatus.CLOSED)],
        coerce=ProjectStatus,
    )
    on = DayField(label="日期")


class UndoBulkForm(ConfirmForm):
    """Why a bulk move is taken back, and the number of homes typed."""

    reason = forms.CharField(label="撤销原因", max_length=200)
    field_order = ["reason", "count"]


class CorrectionForm(ServiceForm):
    """Which track's last record is wrong, and why."""

    track = forms.TypedChoiceField(label="更正事项", choices=[(one.value, one.label) for one in Track], coerce=Track)
    reason = forms.CharField(label="原因", widget=forms.Textarea(attrs={"rows": 3}), max_length=200)


class RevealForm(ServiceForm):
    """Why the clear text is needed."""

    reason = forms.CharField(label="事由", max_length=200, help_text="窗口办理、核对材料等；会记入操作记录")


class ChooseMergeForm(forms.Form):
    """Which project is the same as this one."""

    absorbed = ProjectField(
        label="并入的项目", help_text=f"{HINT}；该项目的楼栋、户、堵点、承诺均归入本项目，原编号仍可查询"
    )

    def __init__(self, *args: Any, actor: Actor, project: Project, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.project = project
        self.fields["absorbed"].actor = actor  # type: ignore[attr-defined]

    def clean_absorbed(self) -> Project:
        """Another project within reach."""
        absorbed: Project = self.cleaned_data["absorbed"]
        if absorbed.pk == self.project.pk:
            raise forms.ValidationError("不能把项目并入它自己。请选择另一个项目。")
        return absorbed


class ApartForm(ServiceForm):
    """Why two projects that look alike are not one, or why that is taken back."""

    reason = forms.CharField(label="理由", max_length=200, help_text="如：两期分别立项、分别供地")


class MergeForm(ConfirmForm):
    """From when, why, new numbers for buildings that bear the same, and the number of units typed."""

    on = DayField(label="合并日期")
    reason = forms.CharField(label="合并原因", max_length=200, help_text="如：同一项目以登记名、推广名重复建立")

    def __init__(self, *args: Any, clashing: list[Building], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.clashing = clashing
        for one in clashing:
            self.fields[f"number_{one.pk}"] = forms.CharField(
                label=f"并入的{one.name}改为几号楼", max_length=20, help_text="两边都有这个楼号"
            )
        self.order_fields(["on", "reason", *(f"number_{one.pk}" for one in clashing), "count"])

    @property
    def words(self) -> dict[str, Any]:
        """What the service is told."""
        return {
            "on": self.cleaned_data["on"],
            "reason": self.cleaned_data["reason"],
            "numbers": {one.pk: self.cleaned_data[f"number_{one.pk}"] for one in self.clashing},
        }


class ChooseSplitForm(forms.Form):
    """Which buildings leave."""

    buildings = RowsField(
        label="拆分的楼栋", queryset=Building.objects.none(), widget=RangeTicks, help_text="原项目至少保留一栋"
    )

    def __init__(self, *args: Any, project: Project, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        standing = Building.objects.filter(project=project).order_by("number_order", "id")
        self.fields["buildings"].queryset = standing  # type: ignore[attr-defined]

    def clean_buildings(self) -> list[Building]:
        """Buildings of the project; never all of them."""
        leaving = list(self.cleaned_data["buildings"])
        if len(leaving) == len(self.fields["buildings"].queryset):  # type: ignore[attr-defined]
            raise forms.ValidationError("不能拆分全部楼栋。原项目请至少保留一栋。")
        return leaving


class SplitForm(ConfirmForm):
    """Code and name of the new project, from when, why, and the number of units typed."""

    code = forms.CharField(label="新项目编号", max_length=20)
    name = forms.CharField(label="新项目名称", max_length=80)
    on = DayField(label="拆分日期")
    reason = forms.CharField(label="拆分原因", max_length=200)
    field_order = ["code", "name", "on", "reason", "count"]

    @property
    def words(self) -> dict[str, Any]:
        """What the service is told."""
        return {name: self.cleaned_data[name] for name in ("code", "name", "on", "reason")}


class SampleForm(ServiceForm):
    """A month, how many homes, by which seed."""

    month = forms.CharField(label="发证月份", max_length=10, help_text="如2022-02；抽该月登记发证的住宅")
    size = forms.IntegerField(label="抽取户数", min_value=1, max_value=2_000, initial=100)
    seed = forms.IntegerField(
        label="种子", min_value=0, max_value=999_999_999, help_text="任取一个数，写在核查表上；同一个种子抽出的户相同"
    )

    def clean_month(self) -> Month:
        """The month as the ledger has it."""
        try:
            return Month.parse(self.cleaned_data["month"])
        except DomainError as error:
            raise forms.ValidationError(str(error)) from error


class SampleResultForm(ServiceForm):
    """What was found at homes of a sample, chosen by their boxes."""

    required_if = {"finding": "不属实的必填"}

    ordinals = forms.TypedMultipleChoiceField(
        label="已核查的户", coerce=int, widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "未选择户。请勾选已核查的户。"},
    )  # fmt: skip
    result = forms.ChoiceField(label="核查结果", choices=SampleResult.choices)
    finding = forms.CharField(label="核查情况", max_length=200, required=False, help_text="不写姓名、电话")
    on = DayField(label="核查日期")

    def __init__(self, *args: Any, waiting: Sequence[tuple[int, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["ordinals"].choices = waiting  # type: ignore[attr-defined]


class MismatchFilter(FilterForm):
    """Which rows of lists: open or how settled, of which project."""

    state = forms.ChoiceField(label="状态", choices=list(STATES.items()), initial=OPEN)
    project = forms.CharField(label="项目编号", max_length=20)


class SettleMismatchForm(ServiceForm):
    """The home that a row of a list means, or what is wrong with the row."""

    home = forms.CharField(
        label="所指的户", max_length=40, required=False, help_text="户号，如9-3-502；清单有误的不填。"
    )
    on = DayField(label="办理日期", help_text="登记中心等单位办理的日期。")
    answer = forms.CharField(
        label="说明", max_length=300, required=False, help_text="清单有误的写明有误的内容；不写姓名、电话。"
    )

    def __init__(self, *args: Any, project: Project, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._project = project

    def clean_home(self) -> Unit | None:
        """Give the home that is meant, if one is named."""
        text = self.cleaned_data["home"].strip()
        if not text:
            return None
        try:
            return home_called(self._project, text)
        except DomainError as refusal:
            raise forms.ValidationError(refusal.message) from refusal
