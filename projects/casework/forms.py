"""Forms of casework."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from django import forms

from projects.casework.models import Policy, PolicyLevel
from projects.casework.selectors.clock import candidates
from projects.casework.selectors.policies import conditions_by_code, lifts_of
from projects.casework.services.tasks import TaskDraft
from projects.gates.models import Blocker, BlockerType, LiftKind
from registry.accounts.models import Organisation
from registry.kernel.authority import Actor
from registry.kernel.days import DayRule
from registry.store.project_field import HINT, ProjectField
from registry.web.attachments.forms import UploadsField
from registry.web.forms import DayField, EditForm, FilterForm, RowsField, ServiceForm

NOT_CALLED = ("developer", "audit", "operations", "city_task_force")


class LeverageFilter(FilterForm):
    """What the ranking can be narrowed by; only what occurs in it is offered."""

    district = forms.ChoiceField(label="区")
    township = forms.ChoiceField(label="街道、乡镇")
    type = forms.ChoiceField(label="堵点类型")
    holder = forms.ChoiceField(label="责任单位")

    def __init__(self, *args: Any, choices: Mapping[str, Sequence[tuple[str, str]]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, field in self.fields.items():
            field.choices = [("", "全部"), *choices[name]]  # type: ignore[attr-defined]


class HandOverForm(ServiceForm):
    """To whom the ball goes, from when, within how many working days, why."""

    to = forms.ModelChoiceField(label="移交至", queryset=Organisation.objects.none())
    on = DayField(label="移交日期")
    limit_days = forms.IntegerField(label="办理时限（工作日）", min_value=1, max_value=365)
    reason = forms.CharField(label="交办事项", max_length=300, widget=forms.Textarea(attrs={"rows": 3}))

    def __init__(self, *args: Any, blocker: Blocker, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        to = candidates(blocker).exclude(pk=blocker.responsible_id or 0)
        self.fields["to"].queryset = to  # type: ignore[attr-defined]


class ReturnBallForm(ServiceForm):
    """Why the ball goes back."""

    on = DayField(label="退回日期")
    reason = forms.CharField(label="退回原因", max_length=300, widget=forms.Textarea(attrs={"rows": 3}))


class PauseClockForm(ServiceForm):
    """Why the clock stands still."""

    on = DayField(label="起始日期")
    reason = forms.CharField(
        label="暂停原因", max_length=200, help_text="写明暂停事由和依据，如：待法院判决（（2022）×民初1号）"
    )


class ResumeClockForm(ServiceForm):
    """From when it runs again."""

    on = DayField(label="起始日期")


class WhistleForm(ServiceForm):
    """Which departments are called, where and when, and what they are to solve."""

    text = forms.CharField(label="请求解决的事项", max_length=300, widget=forms.Textarea(attrs={"rows": 3}))
    organisations = RowsField(
        label="报到部门", queryset=Organisation.objects.none(), widget=forms.CheckboxSelectMultiple
    )
    place = forms.CharField(label="地点", max_length=120)
    meet_at = forms.DateTimeField(
        label="到场时间",
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
    )
    limit_days = forms.IntegerField(label="答复时限（工作日）", min_value=1, max_value=365, initial=5)

    def __init__(self, *args: Any, blocker: Blocker, own: int, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        called = candidates(blocker).exclude(pk=own).exclude(kind__in=NOT_CALLED)
        self.fields["organisations"].queryset = called  # type: ignore[attr-defined]


class AnswerForm(ServiceForm):
    """What a department answers, with its papers."""

    answer = forms.CharField(
        label="答复", max_length=300, widget=forms.Textarea(attrs={"rows": 4}), help_text="是否办理、办理措施、完成时限"
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
    called = forms.ChoiceField(label="应报到部门")
    q = forms.CharField(label="查找", max_length=40, widget=forms.TextInput(attrs={"placeholder": "事项、项目、堵点"}))

    def __init__(self, *args: Any, choices: Mapping[str, Sequence[tuple[str, str]]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, found in choices.items():
            self.fields[name].choices = [("", "全部"), *found]  # type: ignore[attr-defined]


def lifts_in_words(said: Mapping[Any, str]) -> str:
    """Say which types are lifted, each with its condition."""
    return "；".join(f"{kind} {condition}".strip() for kind, condition in said.items())


CONDITIONS: Final = 3


class PolicyForm(ServiceForm):
    """A policy: where it stands in the frame, and which blocker types it may lift, each with its condition."""

    required_if = {"number": "发布前必填"}

    level = forms.ChoiceField(label="层级", choices=PolicyLevel.choices)
    number = forms.CharField(label="文号", max_length=80, required=False, help_text="发布前必填")
    title = forms.CharField(label="标题", max_length=120)
    organ = forms.CharField(label="发文机关", max_length=120)
    summary = forms.CharField(label="要点", max_length=500, required=False, widget=forms.Textarea(attrs={"rows": 3}))
    types = RowsField(
        label="可解除的堵点", queryset=BlockerType.objects.none(), widget=forms.CheckboxSelectMultiple,
        help_text="只能实际办结的类型不在此列",
    )  # fmt: skip

    def __init__(self, *args: Any, policy: Policy | None = None, **kwargs: Any) -> None:
        stands = 0
        if policy is not None:
            lifts = lifts_of(policy)
            kwargs["initial"] = {
                **{name: getattr(policy, name) for name in ("level", "number", "title", "organ", "summary")},
                "types": [lift.type_id for lift in lifts],
            }
            narrowed = [lift for lift in lifts if lift.condition]
            for n, lift in enumerate(narrowed, start=1):
                kwargs["initial"] |= {f"condition_{n}_type": lift.type_id, f"condition_{n}_text": lift.condition}
            stands = len(narrowed)
        super().__init__(*args, **kwargs)
        liftable = BlockerType.objects.filter(is_active=True).exclude(lift=LiftKind.NOTHING).order_by("code")
        self.fields["types"].queryset = liftable  # type: ignore[attr-defined]
        self.rows = max(CONDITIONS, stands + 2)
        while f"condition_{self.rows + 1}_type" in self.data and self.rows < liftable.count():
            self.rows += 1  # the form was opened while more conditions stood
        for n in self._numbers:
            self.fields[f"condition_{n}_type"] = forms.ModelChoiceField(
                label=f"附加条件{n}", queryset=liftable, required=False, empty_label="—",
                help_text="上方已选、须另附条件的堵点；无附加条件的不填",
            )  # fmt: skip
            self.fields[f"condition_{n}_text"] = forms.CharField(
                label="条件", max_length=200, required=False, help_text="如：企业已进入破产程序"
            )

    def clean(self) -> dict[str, Any] | None:
        """Refuse a condition without its type, a type without its condition, one not chosen above, one twice."""
        cleaned = super().clean()
        chosen, told = {kind.pk for kind in self.cleaned_data.get("types", ())}, set()
        for n in self._numbers:
            names = f"condition_{n}_type", f"condition_{n}_text"
            kind, text = (self.cleaned_data.get(name) for name in names)
            if kind is None:
                if text and names[0] not in self.errors:
                    self.add_error(names[0], "请选择此条件所附的堵点，或删去条件。")
                continue
            if not text and names[1] not in self.errors:
                self.add_error(names[1], f"请填写{kind}的条件；无附加条件的，不选堵点。")
            if kind.pk not in chosen:
                self.add_error(names[0], f"{kind}未在“可解除的堵点”中选中。请先选中，或改选。")
            elif kind.pk in told:
                self.add_error(names[0], f"{kind}已另有一项条件。请合并为一项。")
            told.add(kind.pk)
        return cleaned

    @property
    def words(self) -> dict[str, Any]:
        """What the service is told."""
        cleaned = dict(self.cleaned_data)
        types = cleaned.pop("types")
        rows = [(cleaned.pop(f"condition_{n}_type"), cleaned.pop(f"condition_{n}_text")) for n in self._numbers]
        conditions = {kind.pk: text for kind, text in rows if kind is not None}
        return {**cleaned, "lifts": {kind: conditions.get(kind.pk, "") for kind in types}}

    @property
    def _numbers(self) -> range:
        return range(1, self.rows + 1)


class ChangePolicyForm(EditForm, PolicyForm):
    """A draft, changed: the types with their conditions are one thing."""

    parts = {"lifts": ("可解除的堵点、各类的条件", "types", "condition")}
    in_words = {"lifts": lifts_in_words}

    def __init__(self, *args: Any, policy: Policy, **kwargs: Any) -> None:
        super().__init__(*args, policy=policy, **kwargs)
        self.whole = {"lifts": conditions_by_code(policy)}


class IssuePolicyForm(ServiceForm):
    """From when."""

    issued_on = DayField(label="发布日期", is_of_paper=True)
    reason = forms.CharField(label="说明", max_length=200, help_text="如：经市政府专题会议审议通过")


class EndPolicyForm(ServiceForm):
    """From when it no longer holds, and why."""

    on = DayField(label="废止日期")
    reason = forms.CharField(label="废止原因", max_length=200)


TASKS = 5


class MeetingForm(ServiceForm):
    """A meeting or an instruction, with up to five tasks."""

    is_instruction = forms.TypedChoiceField(
        label="种类", choices=[("0", "专班会议"), ("1", "领导批示")], coerce=lambda value: value == "1"
    )
    title = forms.CharField(label="名称", max_length=120, help_text="如：专班第12次例会、关于周庄嘉园三期的批示")
    held_on = DayField(label="日期")
    leader = forms.CharField(label="主持人、批示人", max_length=60)
    place = forms.CharField(label="地点", max_length=80, required=False)
    number = forms.CharField(label="文号", max_length=80, required=False)
    text = forms.CharField(label="纪要、批示全文", max_length=2000, widget=forms.Textarea(attrs={"rows": 5}))

    def __init__(self, *args: Any, owners: Any, actor: Actor, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for n in range(1, TASKS + 1):
            self.fields[f"t{n}_text"] = forms.CharField(
                label=f"任务{n}", max_length=300, required=False, help_text="任务内容"
            )
            self.fields[f"t{n}_owner"] = forms.ModelChoiceField(
                label="责任单位", queryset=owners, required=False, empty_label="—"
            )
            self.fields[f"t{n}_due_on"] = DayField(rule=DayRule.DUE, label="完成期限", required=False)
            self.fields[f"t{n}_project"] = ProjectField(
                actor=actor, required=False, help_text=f"{HINT}；不限于单个项目的不填"
            )

    @property
    def words(self) -> dict[str, Any]:
        """What the service is told: a task is taken as meant once anything of it is filled in."""
        names = ("is_instruction", "title", "held_on", "leader", "place", "number", "text")
        return {**{name: self.cleaned_data[name] for name in names}, "tasks": self.tasks}

    @property
    def tasks(self) -> list[TaskDraft]:
        """The tasks as the service takes them."""
        tasks = []
        for n in range(1, TASKS + 1):
            part = {name: self.cleaned_data.get(f"t{n}_{name}") for name in ("text", "owner", "due_on", "project")}
            if any(part.values()):
                tasks.append(TaskDraft(part["text"] or "", part["owner"], part["due_on"], part["project"]))
        return tasks


class TaskFilter(FilterForm):
    """State, owner, words."""

    state = forms.ChoiceField(label="状态")
    owner = forms.ChoiceField(label="责任单位")
    q = forms.CharField(label="查找", max_length=40, widget=forms.TextInput(attrs={"placeholder": "事项、项目、编号"}))

    def __init__(self, *args: Any, choices: Mapping[str, Sequence[tuple[str, str]]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, found in choices.items():
            self.fields[name].choices = [("", "全部"), *found]  # type: ignore[attr-defined]


class ReportTaskForm(ServiceForm):
    """What was done, and whether it is all."""

    text = forms.CharField(label="办理情况", max_length=300, widget=forms.Textarea(attrs={"rows": 4}))
    is_done = forms.BooleanField(label="已完成，提请核定", required=False)


class AcceptTaskForm(ServiceForm):
    """What was found."""

    text = forms.CharField(label="核定意见", max_length=300, widget=forms.Textarea(attrs={"rows": 3}))


class ExtendTaskForm(ServiceForm):
    """A later day, and why."""

    due_on = DayField(rule=DayRule.DUE, label="新期限")
    reason = forms.CharField(label="延期原因", max_length=200)
